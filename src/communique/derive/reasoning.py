"""OWL 2 RL: what follows from the ontology's axioms, and where the data contradict them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from owlrl import DeductiveClosure
from owlrl.OWLRL import OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from communique.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]

_ERROR_VOCABULARY = "http://www.daml.org/2002/03/agents/agent-ont#"

_FAMILIES = (
    {
        XSD.decimal,
        XSD.integer,
        XSD.nonNegativeInteger,
        XSD.nonPositiveInteger,
        XSD.positiveInteger,
        XSD.negativeInteger,
        XSD.long,
        XSD.int,
        XSD.short,
        XSD.byte,
        XSD.unsignedLong,
        XSD.unsignedInt,
        XSD.unsignedShort,
        XSD.unsignedByte,
    },
    {
        XSD.string,
        XSD.normalizedString,
        XSD.token,
        XSD.language,
        XSD.Name,
        XSD.NCName,
        XSD.NMTOKEN,
    },
    {XSD.dateTime, XSD.dateTimeStamp},
)
"""Datatypes with values in common; any two datatypes of different families have none."""


@dataclass(frozen=True, slots=True, order=True)
class Inconsistency:
    """A contradiction, by one of the rules of OWL 2 RL whose conclusion is false.

    Attributes:
        rule: the rule's name in the recommendation, such as ``cax-dw``.
        message: what contradicts what, in one sentence.
        nodes: the individual first, then what else the rule matched.

    """

    rule: str
    message: str
    nodes: tuple[Node, ...]


class _Semantics(OWLRL_Semantics):  # type: ignore[misc]  # owlrl is not typed
    """The rules of owlrl without reflexive equality.

    ``x owl:sameAs x`` of every node tells nothing, and makes the closure grow with the square.
    """

    def _equality(self, triple: Triple, cycle_num: int) -> None:
        subject, predicate, value = triple
        if predicate == OWL.sameAs and subject != value:
            super()._equality(triple, cycle_num)


def close(graph: Graph) -> Graph:
    """Return a new graph: the given one and all that follows from it by OWL 2 RL.

    Statements about literals are left out, since RDF cannot write them; ``inconsistencies``
    sees them. The given graph should hold the ontology, the concepts and data, never the
    alignments, whose foreign axioms are not ours to reason with.
    """
    closed = _expand(graph)
    for triple in [*closed.triples((None, None, None))]:
        if isinstance(triple[0], Literal) or _is_error(triple):
            closed.remove(triple)
    return closed


def inconsistencies(graph: Graph) -> list[Inconsistency]:
    """Return the contradictions in what follows from the graph, sorted; none if it is consistent.

    The false rules are read from the closure here and not from owlrl, which reports them as
    sentences without nodes and never compares the last member of a list of different
    individuals or disjoint properties. Left out are the rules on cardinality and on negative
    statements: the ontology's own profile has neither.
    """
    closed = _expand(graph)
    found = {
        *_equality(closed),
        *_properties(closed),
        *_classes(closed),
        *_datatypes(closed),
    }
    return sorted(found, key=lambda item: (item.rule, item.message))


def _expand(graph: Graph) -> Graph:
    copy = Graph()
    for triple in graph:
        copy.add(triple)
    # Without the improved datatypes: those change rdflib's own conversions for the whole process.
    DeductiveClosure(_Semantics, improved_datatypes=False).expand(copy)
    return copy


def _is_error(triple: Triple) -> bool:
    return any(str(node).startswith(_ERROR_VOCABULARY) for node in triple[1:])


def _name(node: Node) -> str:
    return shorten(str(node)) if isinstance(node, URIRef) else node.n3()


def _found(rule: str, sentence: str, *nodes: Node) -> Inconsistency:
    return Inconsistency(rule, sentence.format(*(_name(node) for node in nodes)), nodes)


def _members(closed: Graph, kind: URIRef, *links: URIRef) -> Iterator[tuple[Node, Node]]:
    """Yield each pair of members of each axiom of the kind ``owl:All…``."""
    for axiom in closed.subjects(RDF.type, kind):
        for link in links:
            for head in closed.objects(axiom, link):
                yield from combinations(closed.items(head), 2)


def _equality(closed: Graph) -> Iterator[Inconsistency]:
    sentence = "{} and {} are stated to be different, and are the same by other statements."
    for left, right in closed.subject_objects(OWL.differentFrom):
        if left == right or (left, OWL.sameAs, right) in closed:
            yield _found("eq-diff1", sentence, left, right)
    for left, right in _members(closed, OWL.AllDifferent, OWL.members, OWL.distinctMembers):
        if left == right or (left, OWL.sameAs, right) in closed:
            yield _found("eq-diff2", sentence, left, right)


def _properties(closed: Graph) -> Iterator[Inconsistency]:
    for link in closed.subjects(RDF.type, OWL.IrreflexiveProperty):
        for node, value in closed.subject_objects(link):
            if node == value:
                yield _found("prp-irp", "{} has {} to itself.", node, link)
    for link in closed.subjects(RDF.type, OWL.AsymmetricProperty):
        for node, value in closed.subject_objects(link):
            if (value, link, node) in closed:
                yield _found("prp-asyp", "{} and {} have {} to each other.", node, value, link)
    sentence = "{} has both {} and {} to {}, which exclude each other."
    for rule, pairs in (
        ("prp-pdw", closed.subject_objects(OWL.propertyDisjointWith)),
        ("prp-adp", _members(closed, OWL.AllDisjointProperties, OWL.members)),
    ):
        for left, right in pairs:
            for node, value in closed.subject_objects(left):
                if (node, right, value) in closed:
                    yield _found(rule, sentence, node, left, right, value)


def _classes(closed: Graph) -> Iterator[Inconsistency]:
    for node in closed.subjects(RDF.type, OWL.Nothing):
        yield _found("cls-nothing2", "{} is in owl:Nothing, which has no members.", node)
    sentence = "{} is both in {} and in {}, which exclude each other."
    for rule, pairs in (
        ("cls-com", closed.subject_objects(OWL.complementOf)),
        ("cax-dw", closed.subject_objects(OWL.disjointWith)),
        ("cax-adc", _members(closed, OWL.AllDisjointClasses, OWL.members)),
    ):
        for left, right in pairs:
            for node in closed.subjects(RDF.type, left):
                if not isinstance(node, Literal) and (node, RDF.type, right) in closed:
                    yield _found(rule, sentence, node, left, right)


def _datatypes(closed: Graph) -> Iterator[Inconsistency]:
    for literal in {value for value in closed.objects() if isinstance(value, Literal)}:
        if literal.ill_typed and literal.datatype is not None:
            sentence = "{} is not how a value of {} is written."
            yield _found("dt-not-type", sentence, literal, literal.datatype)
    for node, kind in closed.subject_objects(RDF.type):
        if not isinstance(node, Literal) or node.ill_typed or kind == OWL.Thing:
            continue
        if (kind, RDF.type, OWL.Class) in closed:
            yield _found("dt-not-type", "{} is text where a member of {} is due.", node, kind)
        elif (kind, RDF.type, RDFS.Datatype) in closed and not _may_be(node, kind):
            yield _found("dt-not-type", "{} is not a value of {}.", node, kind)


def _may_be(literal: Literal, kind: Node) -> bool:
    """Return whether a value of the literal's datatype can be one of another datatype too."""
    own = literal.datatype or (RDF.langString if literal.language else XSD.string)
    return (
        kind in (own, RDFS.Literal)
        or (kind == RDF.PlainLiteral and own in (XSD.string, RDF.langString))
        or any(own in family and kind in family for family in _FAMILIES)
    )
