"""Every shape has a name, a message and a severity, and fixtures that show what it is for.

``<Shape>/invalid-*.ttl`` is found by that shape and no other; ``<Shape>/valid-*.ttl`` conforms. A
fixture is judged among the ontology, the concepts and ``context.ttl``, a register of a few lines.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef

from communique.context.surroundings import load
from communique.layout import Layout
from communique.namespaces import TERM
from communique.validation.findings import Severity
from communique.validation.judge import shapes_of, validate
from communique.validation.report import Report

HERE = Path(__file__).parent
SHIPPED = Layout.shipped()
SHAPE = "https://w3id.org/communique/shape/"
FIXTURES = sorted(HERE.glob("*/*.ttl"))
DERIVED_CLASSES = {
    "Claim",
    "GovernmentDialogue",
    "Interval",
    "StakeholderDialogue",
    "Verdict",
    "Window",
}


@cache
def shapes() -> Graph:
    return shapes_of(SHIPPED)


def named(kind: URIRef) -> set[str]:
    return {
        str(shape).removeprefix(SHAPE)
        for shape in shapes().subjects(RDF.type, kind)
        if isinstance(shape, URIRef)
    }


NODE_SHAPES = sorted(named(SH.NodeShape))
ALL_SHAPES = sorted({*NODE_SHAPES, *named(SH.PropertyShape)})


def judged(fixture: Path, small_graph: Layout) -> Report:
    return validate([fixture], layout=small_graph, severity=Severity.WARNING)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_fixture_is_found_by_its_own_shape_alone(fixture: Path, small_graph: Layout) -> None:
    report = judged(fixture, small_graph)
    expected = {fixture.parent.name} if fixture.name.startswith("invalid-") else set()
    assert {finding.rule for finding in report} == expected, report.to_text()


def test_fixtures_are_named_valid_or_invalid_and_belong_to_a_shape() -> None:
    assert [path for path in FIXTURES if not re.match(r"(in)?valid-[a-z0-9-]+\.ttl", path.name)] == []
    assert {path.parent.name for path in FIXTURES} - set(ALL_SHAPES) == set()


@pytest.mark.parametrize("shape", ALL_SHAPES)
def test_a_shape_has_an_invalid_fixture(shape: str) -> None:
    assert list((HERE / shape).glob("invalid-*.ttl"))


@pytest.mark.parametrize("shape", NODE_SHAPES)
def test_a_node_shape_has_a_valid_fixture(shape: str) -> None:
    assert list((HERE / shape).glob("valid-*.ttl"))


@pytest.mark.parametrize("shape", ALL_SHAPES)
def test_a_shape_has_one_name_one_message_and_one_severity(shape: str) -> None:
    node = URIRef(SHAPE + shape)
    for predicate in (SH.name, SH.message):
        (text,) = shapes().objects(node, predicate)
        assert isinstance(text, Literal)
        assert text.language == "en"
        assert str(text).strip() == str(text) != ""
    (message,) = shapes().objects(node, SH.message)
    assert str(message)[0].isupper()
    assert str(message).rstrip("…").endswith((".", "?"))
    (severity,) = shapes().objects(node, SH.severity)
    assert severity in {SH.Violation, SH.Warning}


def test_every_shape_has_a_name_of_its_own() -> None:
    """A blank node may stand inside a shape's constraint, never where a result names its shape."""
    listed = set(shapes().objects(None, SH.property)) - set(shapes().objects(None, SH.node / SH.property))
    anonymous = [shape for shape in listed if not isinstance(shape, URIRef)]
    inner = {
        shape
        for members in shapes().objects(None, SH.xone | SH["or"])
        for member in shapes().items(members)
        for shape in shapes().objects(member, SH.property)
    }
    assert set(anonymous) <= inner


def test_a_property_shape_is_used_or_has_a_target() -> None:
    for shape in named(SH.PropertyShape):
        node = URIRef(SHAPE + shape)
        used = (None, SH.property, node) in shapes()
        targeted = (node, SH.targetSubjectsOf, None) in shapes()
        assert used != targeted, shape


def test_queries_of_shapes_stay_within_the_graph() -> None:
    queries = [str(text) for text in shapes().objects(None, SH.select)]
    assert queries
    for query in queries:
        assert not re.search(r"\b(SERVICE|FROM|LOAD)\b", query)
        assert re.search(r"SELECT \$this ", query)
    users = set(shapes().subjects(SH.select, None))
    assert users == set(shapes().subjects(SH.prefixes, URIRef(SHAPE + "prefixes")))


def test_every_class_that_data_may_state_has_a_shape() -> None:
    (listed,) = shapes().objects(URIRef(SHAPE + "Subject-type"), SH["in"])
    allowed = set(shapes().items(listed))
    targeted = set(shapes().objects(None, SH.targetClass))
    outside = {str(cls) for cls in allowed - targeted}
    # Parts and kinds of the dataset's own description: vocabularies of others, not judged further.
    assert outside == {
        "http://www.w3.org/ns/dcat#Distribution",
        "http://rdfs.org/ns/void#Dataset",
        "http://rdfs.org/ns/void#Linkset",
    }
    assert not {str(cls).rpartition("#")[2] for cls in allowed} & DERIVED_CLASSES


def test_every_class_of_the_ontology_is_stated_or_derived() -> None:
    ontology = Graph()
    for triple in load(SHIPPED.root / "ontology" / "communique.ttl"):
        ontology.add(triple)
    owl_class = URIRef("http://www.w3.org/2002/07/owl#Class")
    classes = {
        str(cls).removeprefix(TERM)
        for cls in ontology.subjects(RDF.type, owl_class)
        if str(cls).startswith(TERM)
    }
    (listed,) = shapes().objects(URIRef(SHAPE + "Subject-type"), SH["in"])
    stated = {str(cls).rpartition("#")[2] for cls in shapes().items(listed)}
    superclasses = {"Actor", "Mention", "Occasion"}
    assert classes - stated == DERIVED_CLASSES | superclasses


def test_every_property_of_the_ontology_targets_the_subject_shape() -> None:
    """So that a subject without a type, or with a misspelt one, is still seen."""
    ontology = Graph()
    for triple in load(SHIPPED.root / "ontology" / "communique.ttl"):
        ontology.add(triple)
    owl = "http://www.w3.org/2002/07/owl#"
    properties = {
        prop
        for kind in ("ObjectProperty", "DatatypeProperty")
        for prop in ontology.subjects(RDF.type, URIRef(owl + kind))
        if str(prop).startswith(TERM)
    }
    targets = set(shapes().objects(URIRef(SHAPE + "Subject"), SH.targetSubjectsOf))
    assert properties - targets == set()


def test_every_listed_zone_exists() -> None:
    (listed,) = shapes().objects(URIRef(SHAPE + "Zone"), SH["in"])
    zones = [str(zone) for zone in shapes().items(listed)]
    assert zones == sorted(set(zones))
    assert [zone for zone in zones if ZoneInfo(zone).key != zone] == []
    assert {"America/New_York", "Asia/Tokyo", "Europe/Brussels", "UTC"} <= set(zones)
