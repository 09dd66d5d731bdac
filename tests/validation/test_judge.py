"""Judging records: what is found, where, in which words, and what is left alone."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pyshacl
import pytest
from rdflib import SH, Graph, URIRef

from communique.context.surroundings import context_of
from communique.errors import QueryError
from communique.layout import Layout
from communique.located.reading import read
from communique.located.turtle import quiet_terms
from communique.validation.findings import Severity
from communique.validation.judge import DESCRIBED_ONCE, shapes_of, validate
from communique.validation.record import Record
from communique.validation.shacl import judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdflib.term import Node

SHIPPED = Layout.shipped()
HEAD = """\
@prefix : <https://w3id.org/communique/source/context#> .
@prefix body: <https://w3id.org/communique/body/> .
@prefix cmq: <https://w3id.org/communique/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix government: <https://w3id.org/communique/government/> .
@prefix mechanism: <https://w3id.org/communique/mechanism/> .
@prefix occasion: <https://w3id.org/communique/occasion/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix person: <https://w3id.org/communique/person/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/communique/concept/role/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
FIRST = HEAD.count("\n") + 1


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a file of Turtle after the usual prefixes."""

    def written(text: str, name: str = "new.ttl") -> Path:
        path = tmp_path / name
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return written


def test_the_shipped_data_and_concepts_conform() -> None:
    report = validate(
        [SHIPPED.root / "data", SHIPPED.root / "ontology" / "concepts"],
        layout=SHIPPED,
        severity=Severity.WARNING,
    )
    assert report.conforms, report.to_text()
    assert len(report.files) == len(SHIPPED.data_files) + len(SHIPPED.concept_files)


def test_a_missing_property_points_to_the_first_line_of_its_subject(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    path = write(":mention a cmq:Participation ;\n    cmq:participant person:katy-mastman .\n")
    (finding,) = validate([path], layout=small_graph)
    assert str(finding.location) == f"{path}:{FIRST}:1"
    assert finding.rule == "Participation-role"
    assert finding.path == "cmq:role"
    assert finding.value is None
    assert finding.message.startswith("“role” (cmq:role) is missing. Give exactly one concept")
    assert finding.source_line == ":mention a cmq:Participation ;"
    assert finding.focus == "https://w3id.org/communique/source/context#mention"


def test_a_wrong_value_points_to_the_value_and_names_the_one_that_was_meant(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    path = write(
        "body:jp-moj a cmq:GovernmentBody ;\n"
        '    rdfs:label "Ministry of Justice"@en ;\n'
        "    cmq:government government:japn .\n"
    )
    (finding,) = validate([path], layout=small_graph)
    assert (finding.location.line, finding.location.column) == (FIRST + 2, 20)
    assert finding.value == "government:japn"
    assert finding.subject == "Ministry of Justice"
    assert finding.message.startswith(
        "Nothing describes government:japn. Did you mean government:japan? Name the one government"
    )


def test_a_misspelt_property_points_to_its_value_and_names_the_one_that_was_meant(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    path = write(
        "occasion:round-2 a cmq:Round ;\n"
        '    rdfs:label "Second round"@en ;\n'
        "    cmq:under mechanism:task-force ;\n"
        "    cmq:ordnial 2 .\n"
    )
    (finding,) = validate([path], layout=small_graph)
    assert (finding.location.line, finding.location.column) == (FIRST + 3, 17)
    assert finding.rule == "Round"
    assert "cmq:ordnial does not belong here. Did you mean cmq:ordinal?" in finding.message


def test_too_many_values_point_to_the_last(write: Callable[..., Path], small_graph: Layout) -> None:
    path = write(
        "body:jp-moj a cmq:GovernmentBody ;\n"
        '    rdfs:label "Ministry of Justice"@en ;\n'
        "    cmq:government government:japan,\n"
        "        government:united-states .\n"
    )
    (finding,) = validate([path], layout=small_graph)
    assert (finding.location.line, finding.location.column) == (FIRST + 3, 9)
    assert finding.message.startswith("“government” (cmq:government) has more than one value.")


def test_one_value_with_several_faults_of_one_rule_is_found_once(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    path = write('person:tai a foaf:Person ;\n    rdfs:label "Tai"@en ;\n    rdfs:seeAlso "page" .\n')
    assert [finding.rule for finding in validate([path], layout=small_graph)] == ["Entity-seeAlso"]


def test_findings_are_in_the_order_of_the_files(write: Callable[..., Path], small_graph: Layout) -> None:
    text = "".join(f'person:p{n} a foaf:Person ;\n    rdfs:label "P" .\n' for n in range(12))
    paths = [write(text.replace(":p", ":z"), "z.ttl"), write(text, "a.ttl")]
    places = [finding.location for finding in validate(paths, layout=small_graph)]
    assert len(places) == 24
    assert places == sorted(places, key=lambda at: (at.path, at.line, at.column))


def test_only_the_named_files_are_judged(write: Callable[..., Path], small_graph: Layout) -> None:
    (small_graph.root / "data" / "broken.ttl").write_text(
        HEAD + "person:tai a foaf:Person .\n", encoding="utf-8"
    )
    path = write('person:nishimura a foaf:Person ;\n    rdfs:label "Nishimura"@en .\n')
    assert list(validate([path], layout=small_graph)) == []
    report = validate([small_graph.root / "data" / "broken.ttl"], layout=small_graph)
    assert [finding.rule for finding in report] == ["Entity-label"]


def test_a_file_of_the_layout_takes_its_own_place(small_graph: Layout) -> None:
    path = small_graph.root / "data" / "people.ttl"
    path.write_text(HEAD + 'person:tai a foaf:Person ;\n    rdfs:label "Tai"@en .\n', "utf-8")
    assert list(validate([path], layout=small_graph)) == []
    path.write_text(HEAD + 'person:tai a foaf:Person ;\n    rdfs:label "Tai" .\n', "utf-8")
    (finding,) = validate([path], layout=small_graph)
    assert finding.rule == "Entity-label"


def test_a_file_that_describes_what_another_describes_is_told_once(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    path = write(
        'person:katy-mastman a foaf:Person ;\n    rdfs:label "Katy Mastman"@en .\n\n'
        'mechanism:partnership a cmq:Mechanism ;\n    rdfs:label "Partnership"@en .\n'
    )
    (finding,) = validate([path], layout=small_graph)
    assert finding.rule == DESCRIBED_ONCE
    assert finding.location.line == FIRST
    assert finding.message.startswith(
        "person:katy-mastman is described in data/context.ttl as well, and so is 1 other subject."
    )


def test_two_named_files_that_describe_one_subject_are_told(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    text = 'person:tai a foaf:Person ;\n    rdfs:label "Tai"@en .\n'
    report = validate([write(text, "a.ttl"), write(text, "b.ttl")], layout=small_graph)
    assert [finding.rule for finding in report] == [DESCRIBED_ONCE]


def test_the_threshold_decides_what_fails(write: Callable[..., Path], small_graph: Layout) -> None:
    path = write(
        ":readout a cmq:Readout ;\n"
        "    cmq:fromSource <https://w3id.org/communique/source/other> ;\n"
        "    cmq:about occasion:launch .\n"
    )
    lenient = validate([path], layout=small_graph)
    strict = validate([path], layout=small_graph, severity=Severity.WARNING)
    assert [finding.rule for finding in lenient] == ["Readout-backed"]
    assert [finding.severity for finding in strict] == [Severity.WARNING]
    assert (lenient.conforms, lenient.exit_code) == (True, 0)
    assert (strict.conforms, strict.exit_code) == (False, 1)


def test_a_check_reports_each_row_at_its_place(write: Callable[..., Path], small_graph: Layout) -> None:
    check = small_graph.root / "queries" / "checks" / "data" / "no-nicknames.rq"
    check.write_text(
        "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT ?focus ?path ?value ?message WHERE {\n"
        "  ?focus a foaf:Person ; rdfs:label ?value . FILTER (STRLEN(?value) < 20)\n"
        '  BIND (rdfs:label AS ?path) BIND ("Write the whole name." AS ?message)\n'
        "}\n",
        encoding="utf-8",
    )
    path = write('person:tai a foaf:Person ;\n    rdfs:label "Tai"@en .\n')
    (finding,) = validate([path], layout=small_graph)
    assert finding.rule == "no-nicknames"
    assert (finding.location.line, finding.location.column) == (FIRST + 1, 16)
    assert (finding.path, finding.value) == ("rdfs:label", '"Tai"@en')
    check.write_text("SELECT ?focus WHERE { ?focus ?p ?o }\n", encoding="utf-8")
    with pytest.raises(QueryError, match=r"must select \?focus and \?message"):
        validate([path], layout=small_graph)


def test_folders_are_searched_and_files_taken_once(
    write: Callable[..., Path], small_graph: Layout, tmp_path: Path
) -> None:
    (tmp_path / "new" / "deep").mkdir(parents=True)
    path = write("person:tai a foaf:Person .\n", "new/deep/people.ttl")
    report = validate([tmp_path / "new", path], layout=small_graph)
    assert report.files == (str(path),)
    assert len(report) == 1


def test_what_is_not_there_is_told(small_graph: Layout, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = validate([tmp_path / "none.ttl", tmp_path / "empty"], layout=small_graph)
    assert report.unreadable == (str(tmp_path / "empty"), str(tmp_path / "none.ttl"))
    empty, none = report
    assert empty.sentence.startswith("The folder holds no file *.ttl, *.nt")
    assert none.sentence == "There is no such file or folder."
    assert report.exit_code == 2


def test_what_cannot_be_read_is_told_beside_what_is_found_in_the_rest(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    bad = write("person:a a foaf:Person\nperson:b a foaf:Person .\n", "b-bad.ttl")
    faulty = write("person:tai a foaf:Person .\n", "a-faulty.ttl")
    html = write("", "c-page.jsonld")
    html.write_text("<html></html>\n", encoding="utf-8")
    alone = validate([faulty], layout=small_graph)
    report = validate([html, bad, faulty], layout=small_graph)
    assert report.files == (str(html), str(bad), str(faulty))
    assert report.unreadable == (str(bad), str(html))
    assert [finding for finding in report if finding.location.path == str(faulty)] == list(alone)
    assert len(alone) == 1
    rest = [(finding.location.path, finding.location.line, finding.rule) for finding in report][1:]
    assert rest == [
        (str(bad), bad.read_text("utf-8").count("\n"), "unreadable"),
        (str(html), 1, "wrong-syntax"),
    ]
    assert (report.exit_code, report.conforms) == (2, False)
    assert report.summary == f"1 file judged: 1 violation; {bad}, {html} cannot be read."


def test_nothing_is_fetched_and_nothing_is_printed(
    write: Callable[..., Path],
    small_graph: Layout,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    calls: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: calls.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: calls.append(address))
    path = write(
        "<http://127.0.0.1:9/onto> a owl:Ontology ;\n    owl:imports <http://127.0.0.1:9/more> .\n\n"
        ':day a cmq:Day ;\n    cmq:date "2024-13-01"^^xsd:date ;\n'
        "    rdfs:seeAlso <http://127.0.0.1:9/> .\n"
    )
    rules = {finding.rule for finding in validate([path], layout=small_graph)}
    assert rules == {"Day", "Day-date", "Subject-type", "imports-not-followed"}
    assert calls == []
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_rule_in_the_data_is_not_run(write: Callable[..., Path], small_graph: Layout) -> None:
    """Shapes come from the layout; what a record says of shapes is data like any other."""
    path = write(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix shape: <https://w3id.org/communique/shape/> .\n"
        "shape:Entity-label sh:deactivated true .\n"
        "person:tai a foaf:Person .\n"
    )
    assert "Entity-label" in {finding.rule for finding in validate([path], layout=small_graph)}


def test_the_same_is_found_as_by_a_full_run_of_pyshacl(
    write: Callable[..., Path], small_graph: Layout
) -> None:
    """The whole of the fixtures' faults in one file, judged by pySHACL's own entry point as well."""
    texts = [
        ":mention a cmq:Participation ;\n    cmq:participant person:nobody ;\n"
        "    cmq:role role:chair, cmq:nonsense .\n",
        ':day a cmq:Day ;\n    cmq:zone "JST" .\n',
        "occasion:round-2 a cmq:Round ;\n    cmq:under mechanism:task-force ;\n    cmq:ordinal 1 .\n",
        'body:a a cmq:GovernmentBody ;\n    rdfs:label "A"@en ;\n    org:unitOf body:a ;\n'
        "    cmq:government government:japan .\n",
        '[] a foaf:Person ;\n    rdfs:label "B"@en .\n',
        ':passage a cmq:Evidence ;\n    cmq:verified "yes" .\n',
    ]
    path = write("\n".join(texts))
    with quiet_terms():
        record = Record([read(path)], context_of([path], small_graph))
        shapes = shapes_of(small_graph)
        ours = {
            (result.shape, result.component, result.focus, result.value or result.focus)
            for result in judge(record.graph, shapes, record.subjects)
        }
        plain = Graph()
        for triple in record.graph:
            plain.add(triple)
        _, full, _ = pyshacl.validate(plain, shacl_graph=shapes, inference="none", inplace=True)
    assert isinstance(full, Graph)
    theirs: set[tuple[Node | None, ...]] = set()
    for result in full.objects(None, SH.result):
        focus = full.value(result, SH.focusNode)
        if focus not in record.subjects:
            continue
        value = full.value(result, SH.value) or focus
        shape, component = (
            full.value(result, predicate) for predicate in (SH.sourceShape, SH.sourceConstraintComponent)
        )
        theirs.add((shape, component, focus, value))
    assert len(ours) > 12
    assert ours == theirs
    assert all(isinstance(shape, URIRef) for shape, *_ in ours)
