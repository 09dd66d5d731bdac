"""The ontology and everything that uses its namespace conform to the shapes of style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDFS, SH, Graph, URIRef

from communique.graph import DialogueGraph
from communique.layout import Layout
from communique.namespaces import PREFIXES, TERM

LAYOUT = Layout.shipped()
SHAPES = Graph().parse(LAYOUT.root / "shapes" / "ontology.ttl")
FIXTURES = Path(__file__).parent / "style-fixtures"
NAMES = sorted(
    str(shape).removeprefix(PREFIXES["shape"])
    for kind in (SH.NodeShape, SH.PropertyShape)
    for shape in SHAPES.subjects(None, kind)
)
CONTAINERS = {"Ontology", "Namespace"}
"""Node shapes that only gather property shapes, and report nothing themselves."""


def _reported(graph: Graph) -> set[str]:
    """Return the names of the shapes that report the graph, by the innermost named shape."""
    report = validate(graph, shacl_graph=SHAPES, advanced=True)[1]
    return {
        str(shape).removeprefix(PREFIXES["shape"])
        for result in report.subjects(None, SH.ValidationResult)
        for shape in report.objects(result, SH.sourceShape)
    }


def _fixtures(kind: str) -> list[Path]:
    return sorted(FIXTURES.glob(f"*/{kind}-*.ttl"))


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_ontology_and_alignments_conform() -> None:
    graph = Graph()
    for name in ("communique", "alignments"):
        graph.parse(LAYOUT.root / "ontology" / f"{name}.ttl")
    conforms, _, text = validate(graph, shacl_graph=SHAPES, advanced=True)
    assert conforms, text


def test_every_term_used_in_the_graph_or_the_shapes_is_declared() -> None:
    graph = Graph()
    for path in [*LAYOUT.ontology_files, *LAYOUT.data_files, *(LAYOUT.root / "shapes").glob("*.ttl")]:
        graph.parse(path)
    guard = URIRef(PREFIXES["shape"] + "Namespace-guard")
    conforms, _, text = validate(graph, shacl_graph=SHAPES, use_shapes=[guard], advanced=True)
    assert conforms, text


def test_every_term_that_a_rule_derives_is_declared() -> None:
    graph = DialogueGraph.open().to_rdflib()
    terms = {str(node) for triple in graph for node in triple if str(node).startswith(TERM)} - {TERM}
    declared = {str(term) for term in graph.subjects(RDFS.isDefinedBy, None)}
    assert {TERM + "Claim", TERM + "saidBy"} <= terms
    assert terms - declared == set()


def test_every_term_used_in_a_query_or_a_shape_query_is_declared() -> None:
    declared = {
        str(term).removeprefix(TERM)
        for term in Graph().parse(LAYOUT.root / "ontology" / "communique.ttl").subjects()
        if str(term).startswith(TERM)
    }
    files = [*(LAYOUT.root / "queries").rglob("*.rq"), *(LAYOUT.root / "shapes").glob("*.ttl")]
    unknown = {
        (path.name, name)
        for path in files
        for name in re.findall(r"(?<![\w-])cmq:(\w+)", path.read_text(encoding="utf-8"))
        if name not in declared
    }
    assert unknown == set()


@pytest.mark.parametrize("path", _fixtures("valid"), ids=_id)
def test_valid_fixture_conforms(path: Path) -> None:
    assert _reported(Graph().parse(path)) == set()


@pytest.mark.parametrize("path", _fixtures("invalid"), ids=_id)
def test_invalid_fixture_is_reported_by_its_shape_alone(path: Path) -> None:
    assert _reported(Graph().parse(path)) == {path.parent.name}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in CONTAINERS])
def test_each_shape_has_fixtures_of_both_kinds(name: str) -> None:
    folder = FIXTURES / name
    assert list(folder.glob("valid-*.ttl"))
    assert list(folder.glob("invalid-*.ttl"))


@pytest.mark.parametrize("name", NAMES)
def test_each_shape_has_a_name_a_message_and_a_severity(name: str) -> None:
    shape = URIRef(PREFIXES["shape"] + name)
    for predicate in (SH.name, SH.message, SH.severity):
        assert len(list(SHAPES.objects(shape, predicate))) == 1, predicate
