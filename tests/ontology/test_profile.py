"""The ontology is OWL 2 RL, keeps OWL 2 DL's global restrictions, and the project's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, XSD, BNode, Graph, URIRef

from communique.layout import Layout
from communique.namespaces import PREFIXES

from . import house, profile, restrictions

if TYPE_CHECKING:
    from collections.abc import Callable

    from .profile import Violation

    Checker = Callable[[Graph], list[Violation]]

FIXTURES = Path(__file__).parent / "profile-fixtures"
REPORTS = "# Reports: "
CHECKERS: dict[str, tuple[Checker, frozenset[str]]] = {
    "forbidden": (profile.violations, profile.FORBIDDEN),
    "restricted": (restrictions.violations, restrictions.FORBIDDEN),
    "house": (house.violations, house.FORBIDDEN),
}


def _fixtures(prefix: str) -> list[Path]:
    return sorted(FIXTURES.glob(f"{prefix}-*.ttl"))


def _expected(path: Path) -> str:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(REPORTS), f"{path.name} must begin with '{REPORTS}'"
    return first.removeprefix(REPORTS)


@pytest.mark.parametrize("prefix", CHECKERS)
def test_ontology_keeps_the_rules(prefix: str) -> None:
    graph = Graph()
    for path in Layout.shipped().ontology_files:
        graph.parse(path)
    assert CHECKERS[prefix][0](graph) == []


@pytest.mark.parametrize(
    ("prefix", "path"),
    [pytest.param(prefix, path, id=path.stem) for prefix in CHECKERS for path in _fixtures(prefix)],
)
def test_planted_construct_is_reported_by_name(prefix: str, path: Path) -> None:
    found = CHECKERS[prefix][0](Graph().parse(path))
    assert {violation.construct for violation in found} == {_expected(path)}


@pytest.mark.parametrize("prefix", CHECKERS)
def test_each_reportable_construct_has_a_fixture(prefix: str) -> None:
    assert {_expected(path) for path in _fixtures(prefix)} == CHECKERS[prefix][1]


@pytest.mark.parametrize("path", _fixtures("allowed"), ids=lambda path: path.stem)
def test_allowed_construct_passes(path: Path) -> None:
    graph = Graph().parse(path)
    assert profile.violations(graph) == []
    assert restrictions.violations(graph) == []


def test_date_is_no_datatype_of_the_profile_and_moments_are() -> None:
    assert XSD.date not in profile.DATATYPES
    assert {XSD.dateTime, XSD.dateTimeStamp} <= profile.DATATYPES


def test_class_without_an_expression_is_an_error() -> None:
    graph = Graph()
    graph.add((URIRef("urn:a"), RDFS.subClassOf, BNode()))
    with pytest.raises(ValueError, match="no class expression"):
        profile.violations(graph)


def test_terms_of_other_vocabularies_are_declared() -> None:
    """Without imports, OWL 2 DL needs a declaration of each foreign class and property."""
    graph = Graph().parse(Layout.shipped().root / "ontology" / "communique.ttl")
    used = {*graph.predicates(), *graph.objects(None, RDF.type), *graph.objects(None, RDF.first)}
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf):
        used |= set(graph.objects(None, predicate))
    declared = set(graph.subjects(RDF.type, None))
    built_in = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd"))
    assert [str(term) for term in used - declared if not str(term).startswith(built_in)] == []
