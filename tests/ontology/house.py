"""What this ontology leaves out of OWL 2 RL on purpose, and the foreign axioms it may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, Graph, URIRef

from communique.namespaces import PREFIXES, TERM

from .profile import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node


def _iri(name: str) -> URIRef:
    prefix, local = name.split(":")
    return URIRef(PREFIXES[prefix] + local)


# Each of these makes two things one where data contradict each other, instead of reporting it.
_MERGING_KINDS = {
    OWL.FunctionalProperty: "functional property",
    OWL.InverseFunctionalProperty: "inverse functional property",
    OWL.NegativePropertyAssertion: "negative statement",
}
_MERGING_LINKS = {
    OWL.hasKey: "key",
    OWL.sameAs: "owl:sameAs",
    OWL.imports: "import",
    OWL.maxCardinality: "maximum cardinality",
    OWL.maxQualifiedCardinality: "maximum cardinality",
}
_FOREIGN_SUBJECT = "axiom about a foreign term"
_ALIGNMENT = "alignment in the core"

FORBIDDEN = frozenset({*_MERGING_KINDS.values(), *_MERGING_LINKS.values(), _FOREIGN_SUBJECT, _ALIGNMENT})
"""Every construct that ``violations`` can report."""

_AXIOMS = (
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    RDFS.domain,
    RDFS.range,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    OWL.disjointWith,
    OWL.propertyDisjointWith,
    OWL.inverseOf,
    OWL.propertyChainAxiom,
)
_CHARACTERISTICS = (
    OWL.TransitiveProperty,
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.IrreflexiveProperty,
    OWL.ReflexiveProperty,
)
_DELIBERATE = frozenset(
    (_iri(subject), predicate, _iri(value))
    for subject, predicate, value in (
        ("foaf:Person", RDFS.subClassOf, "cmq:Actor"),
        ("org:Organization", RDFS.subClassOf, "cmq:Actor"),
        ("foaf:Person", OWL.disjointWith, "org:Organization"),
        ("org:unitOf", RDFS.domain, "cmq:GovernmentBody"),
        ("org:unitOf", RDFS.range, "cmq:GovernmentBody"),
        ("org:postIn", RDFS.domain, "org:Post"),
        ("org:postIn", RDFS.range, "cmq:GovernmentBody"),
        ("org:siteOf", RDFS.domain, "org:Site"),
        ("org:siteOf", RDFS.range, "org:Organization"),
        ("org:originalOrganization", RDFS.domain, "org:ChangeEvent"),
        ("org:originalOrganization", RDFS.range, "cmq:GovernmentBody"),
        ("org:resultingOrganization", RDFS.domain, "org:ChangeEvent"),
        ("org:resultingOrganization", RDFS.range, "cmq:GovernmentBody"),
    )
)
"""Axioms that say how this graph uses a term of another vocabulary."""

_HIERARCHY = (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty)


def violations(graph: Graph) -> list[Violation]:
    """Return the constructs of OWL 2 RL that the project has decided against."""
    return [*_merging(graph), *_foreign(graph)]


def _merging(graph: Graph) -> Iterator[Violation]:
    for kind, construct in _MERGING_KINDS.items():
        for node in graph.subjects(RDF.type, kind):
            yield Violation(construct, node)
    for link, construct in _MERGING_LINKS.items():
        for node in graph.subjects(link, None):
            yield Violation(construct, node)


def _foreign(graph: Graph) -> Iterator[Violation]:
    for predicate in _AXIOMS:
        for subject, value in graph.subject_objects(predicate):
            if _is_foreign(subject) and (subject, predicate, value) not in _DELIBERATE:
                yield Violation(_FOREIGN_SUBJECT, subject)
            elif predicate in _HIERARCHY and not _is_foreign(subject) and _is_foreign(value):
                yield Violation(_ALIGNMENT, subject)
    for kind in _CHARACTERISTICS:
        for subject in graph.subjects(RDF.type, kind):
            if _is_foreign(subject):
                yield Violation(_FOREIGN_SUBJECT, subject)


def _is_foreign(node: Node) -> bool:
    return isinstance(node, URIRef) and not node.startswith(TERM)
