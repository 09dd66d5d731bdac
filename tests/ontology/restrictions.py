"""The global restrictions of OWL 2 DL (Structural Specification, 11.2) that matter to rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, Graph, Literal

from .profile import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

_SIMPLE_ONLY = {
    OWL.FunctionalProperty: "FunctionalObjectProperty on a composite property",
    OWL.InverseFunctionalProperty: "InverseFunctionalObjectProperty on a composite property",
    OWL.IrreflexiveProperty: "IrreflexiveObjectProperty on a composite property",
    OWL.AsymmetricProperty: "AsymmetricObjectProperty on a composite property",
}
_COUNTING = (
    OWL.cardinality,
    OWL.minCardinality,
    OWL.maxCardinality,
    OWL.qualifiedCardinality,
    OWL.minQualifiedCardinality,
    OWL.maxQualifiedCardinality,
)
_CARDINALITY = "cardinality on a composite property"
_SELF = "ObjectHasSelf on a composite property"
_DISJOINT = "DisjointObjectProperties on a composite property"
_IRREGULAR = "property hierarchy that is not regular"

FORBIDDEN = frozenset({*_SIMPLE_ONLY.values(), _CARDINALITY, _SELF, _DISJOINT, _IRREGULAR})
"""Every construct that ``violations`` can report."""


def violations(graph: Graph) -> list[Violation]:
    """Return the uses of composite properties that OWL 2 DL forbids, and irregular chains."""
    return [*_uses(graph, _composite(graph)), *_irregular(graph)]


def _below(graph: Graph) -> Iterator[tuple[Node, Node]]:
    """Yield (property, property above it), where being composite passes upwards."""
    yield from graph.subject_objects(RDFS.subPropertyOf)
    for link in (OWL.equivalentProperty, OWL.inverseOf):
        for left, right in graph.subject_objects(link):
            yield left, right
            yield right, left


def _composite(graph: Graph) -> set[Node]:
    found = {
        *graph.subjects(RDF.type, OWL.TransitiveProperty),
        *graph.subjects(OWL.propertyChainAxiom, None),
    }
    links = list(_below(graph))
    while grown := {above for below, above in links if below in found} - found:
        found |= grown
    return found


def _uses(graph: Graph, composite: set[Node]) -> Iterator[Violation]:
    for kind, construct in _SIMPLE_ONLY.items():
        for link in graph.subjects(RDF.type, kind):
            if link in composite:
                yield Violation(construct, link)
    for restriction, link in graph.subject_objects(OWL.onProperty):
        if link in composite:
            if any((restriction, count, None) in graph for count in _COUNTING):
                yield Violation(_CARDINALITY, link)
            if (restriction, OWL.hasSelf, Literal(True)) in graph:
                yield Violation(_SELF, link)
    pairs = [*graph.subject_objects(OWL.propertyDisjointWith)]
    for axiom in graph.subjects(RDF.type, OWL.AllDisjointProperties):
        for head in graph.objects(axiom, OWL.members):
            pairs.append(tuple(graph.items(head)))  # type: ignore[arg-type]  # any length will do
    for link in {link for pair in pairs for link in pair} & composite:
        yield Violation(_DISJOINT, link)


def _irregular(graph: Graph) -> Iterator[Violation]:
    """Yield each chain with a member that would have to come before its own whole.

    The members of a chain must come before the property that it defines in some strict order,
    save that property itself as the first or the last member, or as both of two.
    """
    strict: set[tuple[Node, Node]] = set()
    for whole, head in graph.subject_objects(OWL.propertyChainAxiom):
        chain = list(graph.items(head))
        if chain == [whole, whole]:
            continue
        if chain and chain[0] == whole:
            chain = chain[1:]
        elif chain and chain[-1] == whole:
            chain = chain[:-1]
        strict |= {(member, whole) for member in chain}
    order = strict | set(_below(graph))
    for member, whole in sorted(strict):
        if member in _reached(whole, order):
            yield Violation(_IRREGULAR, whole)


def _reached(start: Node, order: set[tuple[Node, Node]]) -> set[Node]:
    found = {start}
    while grown := {after for before, after in order if before in found} - found:
        found |= grown
    return found
