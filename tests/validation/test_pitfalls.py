"""The pitfalls of pySHACL and rdflib that must not show through."""

from __future__ import annotations

import re
from pathlib import Path

import pyshacl
import pytest
from rdflib import SH, Graph, Literal

from communique.errors import UnreadableInputError
from communique.isolation.refusal import RefusedInputError
from communique.isolation.worker import run
from communique.layout import Layout
from communique.located.reading import read
from communique.validation.judge import shapes_of, validate

SHIPPED = Layout.shipped()
HEAD = """\
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/communique/shape/> .
@prefix person: <https://w3id.org/communique/person/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
FIRST = HEAD.count("\n") + 1
PERSON = HEAD + 'person:example a foaf:Person ;\n    rdfs:label "Example"@en .\n'


@pytest.fixture
def graph(tmp_path: Path) -> Layout:
    """A layout whose only shapes are those that a test writes."""
    root = tmp_path / "graph"
    for folder in ("data", "queries", "shapes", "ontology/concepts"):
        (root / folder).mkdir(parents=True)
    (root / "ontology" / "communique.ttl").write_bytes(SHIPPED.ontology_files[0].read_bytes())
    return Layout.at(root)


def shapes(graph: Layout, text: str) -> Path:
    path = graph.root / "shapes" / "own.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def person(tmp_path: Path, text: str = PERSON) -> Path:
    path = tmp_path / "person.ttl"
    path.write_text(text, encoding="utf-8")
    return path


SCRIPT = 'shape:S a sh:NodeShape ; sh:targetClass foaf:Person ;\n    sh:js [ sh:jsFunctionName "f" ] .\n'


def test_pyshacl_itself_takes_a_script_that_it_does_not_run_for_conformance() -> None:
    conforms, _, _ = pyshacl.validate(
        Graph().parse(data=PERSON, format="turtle"),
        shacl_graph=Graph().parse(data=HEAD + SCRIPT, format="turtle"),
    )
    assert conforms


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (SCRIPT, "js"),
        ("shape:S a sh:NodeShape ;\n    sh:rule [ a sh:TripleRule ] .\n", "rule"),
        ("shape:S a sh:NodeShape ;\n    sh:target [ a sh:SPARQLTarget ] .\n", "target"),
        ("shape:S a sh:NodeShape ;\n    sh:expression [ sh:union () ] .\n", "expression"),
        ("shape:F a rdfs:Class ;\n    a sh:SPARQLFunction .\n", "SPARQLFunction"),
        ("shape:C a rdfs:Class ;\n    a sh:ConstraintComponent .\n", "ConstraintComponent"),
        ("shape:S a sh:PropertyShape ;\n    sh:minCuont 1 .\n", "minCuont"),
        ("<urn:s>\n    sh:shapesGraph <urn:more> .\n", "shapesGraph"),
        ("<urn:s>\n    sh:entailment <urn:rdfs> .\n", "entailment"),
    ],
)
def test_shapes_that_are_not_judged_are_an_error_and_never_conformance(
    text: str, term: str, graph: Layout, tmp_path: Path
) -> None:
    path = shapes(graph, text)
    with pytest.raises(RefusedInputError) as caught:
        validate([person(tmp_path)], layout=graph)
    assert caught.value.rule == "shape-not-judged"
    assert (caught.value.location.path, caught.value.location.line) == (str(path), FIRST + 1)
    assert f"sh:{term}" in caught.value.reason


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }",
        "SELECT $this FROM <file:///etc/hostname> WHERE { ?a ?b ?c }",
        "SELECT $this WHERE { " + "{" * 100 + "}" * 100 + " }",
    ],
)
def test_queries_of_shapes_do_not_leave_the_graph(query: str, graph: Layout, tmp_path: Path) -> None:
    shapes(
        graph,
        f'shape:S a sh:NodeShape ; sh:targetClass foaf:Person ;\n    sh:sparql [ sh:select "{query}" ] .\n',
    )
    with pytest.raises(RefusedInputError, match="A query of a shape is refused") as caught:
        validate([person(tmp_path)], layout=graph)
    assert (caught.value.rule, caught.value.location.line) == ("shape-query", FIRST + 1)


def test_the_shipped_shapes_are_judged_whole() -> None:
    assert len(shapes_of(SHIPPED)) > 1_000


def test_a_message_is_shown_in_one_language(graph: Layout, tmp_path: Path) -> None:
    shapes(
        graph,
        "shape:S a sh:NodeShape ; sh:targetClass foaf:Person ; sh:property shape:P .\n"
        'shape:P a sh:PropertyShape ; sh:path foaf:name ; sh:minCount 1 ; sh:message "Nennen Sie ihn."@de,\n'
        '    "Name them."@en, "名前を書く。"@ja .\n',
    )
    (finding,) = validate([person(tmp_path)], layout=graph)
    assert finding.remedy == "Name them."
    assert "Nennen" not in finding.message


def test_a_message_without_english_is_shown_all_the_same(graph: Layout, tmp_path: Path) -> None:
    shapes(
        graph,
        "shape:S a sh:NodeShape ; sh:targetClass foaf:Person ; sh:property shape:P .\n"
        "shape:P a sh:PropertyShape ; sh:path foaf:name ; sh:minCount 1 ;\n"
        '    sh:message "Nennen Sie ihn."@de .\n',
    )
    (finding,) = validate([person(tmp_path)], layout=graph)
    assert finding.remedy == "Nennen Sie ihn."


def test_faults_of_vocabularies_are_not_the_curators(graph: Layout, tmp_path: Path) -> None:
    """The ontology and other files of the graph are what is judged among, not what is judged."""
    shapes(
        graph,
        "shape:S a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:property shape:P .\n"
        "shape:P a sh:PropertyShape ; sh:path rdfs:label ; sh:datatype rdf:langString .\n",
    )
    vocabulary = graph.root / "ontology" / "concepts" / "foreign.ttl"
    vocabulary.write_text(
        HEAD + '<urn:term> rdfs:label "no language" ; rdfs:comment "2024-13-01"^^xsd:date .\n',
        encoding="utf-8",
    )
    assert list(validate([person(tmp_path)], layout=graph)) == []
    report = validate([vocabulary], layout=graph)
    assert {finding.rule for finding in report} >= {"P", "ill-typed"}
    assert {finding.location.path for finding in report} == {str(vocabulary)}


def test_a_vocabulary_that_cannot_be_read_is_named_itself(graph: Layout, tmp_path: Path) -> None:
    broken = graph.root / "ontology" / "concepts" / "broken.ttl"
    broken.write_text("<urn:a> <urn:b>\n<urn:c> ,\n", encoding="utf-8")
    with pytest.raises(UnreadableInputError) as caught:
        validate([person(tmp_path)], layout=graph)
    assert Path(caught.value.location.path).name == "broken.ttl"


@pytest.mark.parametrize(
    ("value", "faulty"),
    [
        ('"2024-02-29"^^xsd:date', False),
        ('"2023-02-29"^^xsd:date', True),
        ('"2024-02-06+09:00"^^xsd:date', False),
        ('"2024-02-06T24:00:00"^^xsd:dateTime', False),
        ('"2024-02-06T25:00:00Z"^^xsd:dateTime', True),
        ('"2024-02-06T10:00"^^xsd:dateTime', True),
        ('"-0044-03-15"^^xsd:date', False),
        ('"P1Y2M"^^xsd:duration', False),
        ('"P"^^xsd:duration', True),
        ('"PT"^^xsd:duration', True),
        ('"yes"^^xsd:boolean', True),
        ('"1"^^xsd:boolean', False),
        ('"1,5"^^xsd:decimal', True),
        ('"1e5"^^xsd:decimal', True),
        ('"1e5"^^xsd:double', False),
        ('"-1"^^xsd:nonNegativeInteger', True),
        ('"300"^^xsd:unsignedByte', True),
        ('"١٢"^^xsd:integer', True),
        ('"--02-29"^^xsd:gMonthDay', False),
        ('"--02-30"^^xsd:gMonthDay', True),
        ('"a b"^^xsd:anyURI', True),
        ('"en_GB"^^xsd:language', True),
        ('"anything"^^<https://example.org/type>', False),
    ],
)
def test_a_value_that_is_none_of_its_datatype_is_found_at_its_place(
    value: str, faulty: bool, tmp_path: Path
) -> None:
    path = person(tmp_path, PERSON.replace('"Example"@en .', f'"Example"@en ;\n    rdfs:comment {value} .'))
    found = [notice for notice in read(path).notices if notice.rule == "ill-typed"]
    assert bool(found) is faulty
    if faulty:
        assert (found[0].location.line, found[0].location.column) == (FIRST + 2, 18)


def test_the_offset_of_a_day_is_kept_in_each_syntax(tmp_path: Path) -> None:
    """rdflib drops it without a word when it brings a value to its normal form."""
    date = "http://www.w3.org/2001/XMLSchema#date"
    assert str(Literal("2024-02-06+09:00", datatype=date)) == "2024-02-06"
    files = {
        "day.ttl": f'<urn:a> <urn:b> "2024-02-06+09:00"^^<{date}> .\n',
        "day.nt": f'<urn:a> <urn:b> "2024-02-06+09:00"^^<{date}> .\n',
        "day.nq": f'<urn:a> <urn:b> "2024-02-06+09:00"^^<{date}> .\n',
        "day.trig": f'<urn:a> <urn:b> "2024-02-06+09:00"^^<{date}> .\n',
        "day.jsonld": f'{{"@id": "urn:a", "urn:b": {{"@value": "2024-02-06+09:00", "@type": "{date}"}}}}',
        "day.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:x:">'
        f'<rdf:Description rdf:about="urn:a"><e:b rdf:datatype="{date}">2024-02-06+09:00</e:b>'
        "</rdf:Description></rdf:RDF>",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert {str(value) for value in read(tmp_path / name).graph.objects()} == {"2024-02-06+09:00"}, name


def match(payload: bytes) -> bytes:
    """Return whether a pattern, the first line, matches the rest."""
    pattern, _, text = payload.decode().partition("\n")
    return str(re.search(pattern, text) is not None).encode()


def test_the_patterns_of_the_shapes_do_not_blow_up() -> None:
    """Each is given what makes a pattern with choices within repetitions take for ever."""
    patterns = sorted({str(pattern) for pattern in shapes_of(SHIPPED).objects(None, SH.pattern)})
    assert patterns
    for text in (
        "a" * 30_000 + "!",
        " a" * 15_000 + " ",
        "a-" * 15_000 + "!",
        "https://" + "a/" * 15_000 + " ",
    ):
        for pattern in patterns:
            assert run(match, f"{pattern}\n{text}".encode()) in {b"True", b"False"}
