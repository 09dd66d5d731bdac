"""Mapping sets are read whole or refused with the line, and what they say can be asked."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique import DialogueGraph
from communique.errors import UnreadableInputError
from communique.layout import Layout
from communique.linking.mapping_sets import CLOSE, EXACT, MappingSet, read_mapping_set, triples
from communique.namespaces import BASE, PREFIXES
from communique.release import read_files
from communique.store.protocol import Iri

LAYOUT = Layout.shipped()
FILES = LAYOUT.link_files
HEADER = """\
# curie_map:
#   body: https://w3id.org/communique/body/
#   communique: https://w3id.org/communique/
#   dataset: https://w3id.org/communique/dataset/
#   ror: https://ror.org/
#   semapv: https://w3id.org/semapv/vocab/
#   skos: http://www.w3.org/2004/02/skos/core#
# mapping_set_id: https://w3id.org/communique/links/ror
# mapping_set_title: To ROR
# license: https://creativecommons.org/licenses/by/4.0/
# subject_source: communique:dataset
# object_source: dataset:ror
# mapping_date: 2026-11-24
"""
COLUMNS = (
    "subject_id subject_label predicate_id object_id mapping_justification author_label confidence see_also"
)
ROW = "body:jp-meti|METI|skos:exactMatch|ror:055tm7f07|semapv:ManualMappingCuration|us|0.95|https://ror.org/055tm7f07"
OTHER = ROW.replace("jp-meti", "us-state").replace("055tm7f07", "03vvynj75")
FIRST_ROW = HEADER.count("\n") + 2


def lines(*rows: str) -> str:
    return "".join(f"{row}\n".replace("|", "\t") for row in rows)


def written(folder: Path, *rows: str, header: str = HEADER, columns: str = COLUMNS) -> Path:
    path = folder / "ror.sssom.tsv"
    path.write_text(header + columns.replace(" ", "\t") + "\n" + lines(*rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.name.partition(".")[0])
def mappings(request: pytest.FixtureRequest) -> MappingSet:
    return read_mapping_set(request.param)


def test_there_are_mapping_sets() -> None:
    assert len(FILES) == 9


def test_a_set_has_the_name_of_its_file() -> None:
    for path in FILES:
        name = path.name.removesuffix(".sssom.tsv")
        found = read_mapping_set(path)
        assert (found.iri, found.object_source) == (f"{BASE}links/{name}", f"{PREFIXES['dataset']}{name}")
        assert found.subject_source == f"{BASE}dataset"


def test_what_is_linked_is_in_the_graph_under_that_label(mappings: MappingSet, graph: DialogueGraph) -> None:
    for link in mappings.links:
        rows = graph.sparql(
            f"SELECT ?label {{ <{link.subject}> <{PREFIXES['rdfs']}label> ?label "
            "FILTER(LANG(?label) = 'en') }"
        )
        assert [row.label for row in rows] == [link.label]


def test_identifiers_lie_in_the_dataset(mappings: MappingSet, graph: DialogueGraph) -> None:
    (row,) = graph.sparql(
        f"SELECT ?space {{ <{mappings.object_source}> <{PREFIXES['void']}uriSpace> ?space }}"
    )
    assert all(link.object.startswith(row.space) for link in mappings.links)


def test_rows_are_in_order_and_well_made(mappings: MappingSet) -> None:
    keys = [(link.subject, link.predicate == EXACT, link.object) for link in mappings.links]
    assert keys == sorted(keys)
    exact = [link.subject for link in mappings.links if link.predicate == EXACT]
    assert len(set(exact)) == len(exact)


def test_the_graph_holds_each_link_and_the_proof(mappings: MappingSet, graph: DialogueGraph) -> None:
    name = mappings.object_source.rpartition("/")[2]
    answer = graph.ask("identifiers-of", dataset=name)
    assert {(row.entity, row.match, row.identifier, row.confidence, row.passage) for row in answer} == {
        (link.subject, link.predicate, link.object, link.confidence, min(link.pages))
        for link in mappings.links
    }
    assert {row.links for row in answer} == {mappings.iri}


def test_a_link_is_proved_by_a_page_and_no_folder(mappings: MappingSet) -> None:
    pages = {page for link in mappings.links for page in link.pages}
    assert pages
    assert not {page for page in pages if "/tree/" in page or page.endswith("/")}


def test_a_set_is_described(mappings: MappingSet, graph: DialogueGraph) -> None:
    rows = graph.sparql(
        f"PREFIX void: <{PREFIXES['void']}> PREFIX dcterms: <{PREFIXES['dcterms']}> SELECT * {{ "
        f"<{mappings.iri}> a void:Linkset ; void:subjectsTarget ?start ; void:objectsTarget ?to ; "
        "void:triples ?n ; dcterms:license ?license ; dcterms:issued ?issued ; void:linkPredicate ?p }"
    )
    assert {row.start for row in rows} == {mappings.subject_source}
    assert {row.p for row in rows} == {link.predicate for link in mappings.links}
    for row in rows:
        assert (row.to, row.n, row.license) == (mappings.object_source, len(mappings.links), mappings.license)
        assert row.issued == mappings.issued


def test_a_set_becomes_triples(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, OTHER.replace("exact", "close"))
    found = list(triples(read_mapping_set(path)))
    assert (Iri(f"{BASE}body/jp-meti"), Iri(EXACT), Iri("https://ror.org/055tm7f07")) in found
    assert (Iri(f"{BASE}body/us-state"), Iri(CLOSE), Iri("https://ror.org/03vvynj75")) in found
    assert len({subject for subject, p, _ in found if p == Iri(PREFIXES["rdf"] + "subject")}) == 2


def test_a_link_keeps_its_iri_when_rows_move(tmp_path: Path) -> None:
    one = set(triples(read_mapping_set(written(tmp_path, ROW, OTHER))))
    assert one == set(triples(read_mapping_set(written(tmp_path, OTHER, ROW))))


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ([ROW, OTHER.replace("body:", "bodi:")], 1, "bodi:us-state has no prefix"),
        ([ROW, OTHER + "|more"], 1, "9 cells, and 8 columns"),
        ([ROW, OTHER.replace("03vvynj75", "03vvynj76", 1)], 1, "ror:03vvynj76 fails its check digits"),
        ([ROW, OTHER.replace("skos:exactMatch", "skos:sameAs")], 1, "skos:sameAs is no link"),
        ([ROW, OTHER.replace("0.95", "0.7")], 1, "a confidence of 0.7 is too low"),
        ([ROW, OTHER.replace("0.95", "high")], 1, "the confidence high is no number"),
        ([ROW, OTHER.replace("0.95", "1.5")], 1, "the confidence 1.5 is no number"),
        (
            [ROW, OTHER.replace("https://ror.org/", "http://ror.org/")],
            1,
            "name a page by its https:// address",
        ),
        ([ROW, OTHER.replace("https://ror.org/03", "https://ror.org/ 03")], 1, "is not an address"),
        ([ROW, OTHER.replace("|us|", "||")], 1, "author_label is empty"),
        ([ROW, OTHER.replace("semapv:", "skos:")], 1, "no justification of SEMAPV"),
        ([ROW, OTHER.replace("body:us-state", "ror:03vvynj75")], 1, "is not a thing of this graph"),
        ([ROW, OTHER.replace("ror:03vvynj75", "body:us-dol")], 1, "link to another dataset"),
        ([ROW, ROW.replace("exact", "close")], 1, f"line {FIRST_ROW} links the same two already"),
        ([ROW, ROW.replace("jp-meti", "us-dol")], 1, f"line {FIRST_ROW} gives the same identifier"),
        ([ROW, '"open'], 1, "is not a row of a TSV file"),
        ([], -1, "has no links"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, rows: list[str], line: int, message: str) -> None:
    path = written(tmp_path, *rows)
    with pytest.raises(UnreadableInputError, match=message) as caught:
        read_mapping_set(path)
    # Without links, the line of the columns is named.
    assert (caught.value.location.path, caught.value.location.line) == (str(path), FIRST_ROW + line)


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        ("", 1, "begin the file with"),
        (HEADER.replace("# license", "# licence"), 1, "the header lacks license"),
        (HEADER.replace("# license: ", "# license: [ "), 11, "are not YAML"),
        (HEADER.replace("https://ror.org/", "https://example.org/", 1), 1, "the prefix ror stands for"),
        (HEADER.replace("2026-11-24", "today"), 1, "write `mapping_date` as YYYY-MM-DD"),
        (HEADER.replace("communique:dataset", "ours"), 1, "ours has no prefix"),
        (HEADER.replace("https://creative", "creative"), 1, "is not an address of the web"),
        (HEADER.replace("#   ror: https://ror.org/", "#   ror: 7"), 1, "one line `prefix: address`"),
    ],
)
def test_a_bad_header_is_told(tmp_path: Path, header: str, line: int, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message) as caught:
        read_mapping_set(written(tmp_path, ROW, header=header))
    assert caught.value.location.line == line


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (COLUMNS.replace(" see_also", ""), "the columns lack see_also"),
        (COLUMNS + " mood", "unknown columns: mood"),
        (COLUMNS + " see_also", "a column stands twice: see_also"),
    ],
)
def test_bad_columns_are_told(tmp_path: Path, columns: str, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message) as caught:
        read_mapping_set(written(tmp_path, ROW, columns=columns))
    assert caught.value.location.line == FIRST_ROW - 1


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_bytes(b"\xff")
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        read_mapping_set(path)


def test_a_bad_set_keeps_the_graph_from_being_read(tmp_path: Path) -> None:
    for folder in ("ontology", "shapes", "queries"):
        (tmp_path / folder).symlink_to(LAYOUT.root / folder)
    links = tmp_path / "data" / "links"
    links.mkdir(parents=True)
    path = written(links, ROW.replace("055tm7f07", "055tm7f08", 1))
    with pytest.raises(
        UnreadableInputError, match=rf"ror\.sssom\.tsv:{FIRST_ROW}:1: .* fails its check digits"
    ):
        read_files(Layout.at(tmp_path))
    path.write_text(path.read_text(encoding="utf-8").replace("055tm7f08", "055tm7f07"), encoding="utf-8")
    (row,) = DialogueGraph.open(tmp_path).sparql(f"SELECT ?o {{ ?s <{EXACT}> ?o }}")
    assert row.o == "https://ror.org/055tm7f07"


def test_every_dataset_that_is_described_is_linked_to() -> None:
    described = {
        str(quad.subject.value)
        for quad in ox.parse(path=str(LAYOUT.root / "data" / "links" / "datasets.ttl"))
        if isinstance(quad.subject, ox.NamedNode)
    }
    assert described == {read_mapping_set(path).object_source for path in FILES}


def validate(path: Path) -> subprocess.CompletedProcess[str]:
    if importlib.util.find_spec("sssom") is None:
        word = "sssom is not installed: pip install sssom"
        if os.environ.get("COMMUNIQUE_NO_SKIP") == "1":
            pytest.fail(word)
        pytest.skip(word)
    # In a process of its own: it loads half a hundred libraries, whose warnings are not ours.
    program = "import sys; from sssom.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "validate", str(path)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.partition(".")[0])
def test_sssom_py_finds_a_set_valid(path: Path) -> None:
    run = validate(path)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("0.95", "2.0", "validation errors"),
        ("# license", "# licence", "not a standard SSSOM mapping set metadata field"),
        ("2026-11-24", "today", "not well-formed"),
    ],
)
def test_sssom_py_finds_what_is_not_valid(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    path = written(tmp_path, ROW)
    path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    run = validate(path)
    assert message in run.stdout + run.stderr
