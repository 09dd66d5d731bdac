"""The grammar of OWL 2 RL (OWL 2 Profiles, section 4.2), read from an RDF graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class Violation:
    """A construct that the profile, or another rule for the ontology, does not allow."""

    construct: str
    node: Node


DATATYPES = frozenset(
    {RDF.PlainLiteral, RDF.XMLLiteral, RDFS.Literal}
    | {
        XSD[name]
        for name in [
            "decimal",
            "integer",
            "nonNegativeInteger",
            "nonPositiveInteger",
            "positiveInteger",
            "negativeInteger",
            "long",
            "int",
            "short",
            "byte",
            "unsignedLong",
            "unsignedInt",
            "unsignedShort",
            "unsignedByte",
            "float",
            "double",
            "string",
            "normalizedString",
            "token",
            "language",
            "Name",
            "NCName",
            "NMTOKEN",
            "boolean",
            "hexBinary",
            "base64Binary",
            "anyURI",
            "dateTime",
            "dateTimeStamp",
        ]
    }
)
"""The datatypes of OWL 2 RL: xsd:date is not one of them."""

_CONNECTIVES = {
    OWL.intersectionOf: "ObjectIntersectionOf",
    OWL.unionOf: "ObjectUnionOf",
    OWL.complementOf: "ObjectComplementOf",
    OWL.oneOf: "ObjectOneOf",
}
_RESTRICTIONS = {
    OWL.someValuesFrom: "SomeValuesFrom",
    OWL.allValuesFrom: "AllValuesFrom",
    OWL.hasValue: "HasValue",
    OWL.hasSelf: "HasSelf",
    OWL.minCardinality: "MinCardinality",
    OWL.minQualifiedCardinality: "MinCardinality",
    OWL.maxCardinality: "MaxCardinality",
    OWL.maxQualifiedCardinality: "MaxCardinality",
    OWL.cardinality: "ExactCardinality",
    OWL.qualifiedCardinality: "ExactCardinality",
}
_DATA_RANGES = {
    OWL.unionOf: "DataUnionOf",
    OWL.datatypeComplementOf: "DataComplementOf",
    OWL.oneOf: "DataOneOf",
    OWL.onDatatype: "DatatypeRestriction",
}
_EXPRESSIONS = frozenset(_CONNECTIVES.values()) | {
    f"{sort}{name}"
    for sort in ("Object", "Data")
    for name in _RESTRICTIONS.values()
    if (sort, name) != ("Data", "HasSelf")
}
_ALLOWED = {
    "subclass": frozenset(
        [
            "ObjectIntersectionOf",
            "ObjectUnionOf",
            "ObjectOneOf",
            "ObjectSomeValuesFrom",
            "ObjectHasValue",
            "DataSomeValuesFrom",
            "DataHasValue",
        ]
    ),
    "superclass": frozenset(
        [
            "ObjectIntersectionOf",
            "ObjectComplementOf",
            "ObjectAllValuesFrom",
            "ObjectHasValue",
            "ObjectMaxCardinality",
            "DataAllValuesFrom",
            "DataHasValue",
            "DataMaxCardinality",
        ]
    ),
    "equivalent class": frozenset(["ObjectIntersectionOf", "ObjectHasValue", "DataHasValue"]),
}

FORBIDDEN = frozenset(
    {
        "DisjointUnion",
        "ReflexiveObjectProperty",
        "ObjectPropertyChain of fewer than two",
        "ObjectMaxCardinality above one",
        "DataMaxCardinality above one",
        "datatype outside OWL 2 RL",
        *_DATA_RANGES.values(),
        *(f"owl:Thing in {position} position" for position in _ALLOWED),
        *(
            f"{name} in {position} position"
            for position, allowed in _ALLOWED.items()
            for name in _EXPRESSIONS - allowed
        ),
    }
)
"""Every construct that ``violations`` can report."""


def violations(graph: Graph) -> list[Violation]:
    """Return what in the graph's axioms and assertions lies outside OWL 2 RL."""
    return list(_Grammar(graph).axioms())


class _Grammar:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def axioms(self) -> Iterator[Violation]:
        yield from self._class_axioms()
        yield from self._property_axioms()
        for individual, kind in self.graph.subject_objects(RDF.type):
            if kind == OWL.Thing or isinstance(kind, BNode):
                yield from self._class(kind, "superclass")
            if kind == OWL.ReflexiveProperty:
                yield Violation("ReflexiveObjectProperty", individual)

    def _class_axioms(self) -> Iterator[Violation]:
        for sub, above in self.graph.subject_objects(RDFS.subClassOf):
            yield from self._class(sub, "subclass")
            yield from self._class(above, "superclass")
        for left, right in self.graph.subject_objects(OWL.equivalentClass):
            if (left, RDF.type, RDFS.Datatype) in self.graph:
                yield from self._data_range(right)
            else:
                yield from self._class(left, "equivalent class")
                yield from self._class(right, "equivalent class")
        for link in _CONNECTIVES:  # a named class with a connective of its own is defined by it
            for node in self.graph.subjects(link, None):
                if isinstance(node, URIRef):
                    yield from self._expression(node, "equivalent class")
        for left, right in self.graph.subject_objects(OWL.disjointWith):
            yield from self._class(left, "subclass")
            yield from self._class(right, "subclass")
        for axiom in self.graph.subjects(RDF.type, OWL.AllDisjointClasses):
            for head in self.graph.objects(axiom, OWL.members):
                yield from self._each(head, "subclass")
        for node in self.graph.subjects(OWL.disjointUnionOf, None):
            yield Violation("DisjointUnion", node)
        for node in self.graph.subjects(OWL.hasKey, None):
            yield from self._class(node, "subclass")

    def _property_axioms(self) -> Iterator[Violation]:
        for link, kind in self.graph.subject_objects(RDFS.domain):
            if not self._is(link, OWL.AnnotationProperty):
                yield from self._class(kind, "superclass")
        for link, kind in self.graph.subject_objects(RDFS.range):
            if self._is(link, OWL.DatatypeProperty):
                yield from self._data_range(kind)
            elif not self._is(link, OWL.AnnotationProperty):
                yield from self._class(kind, "superclass")
        for link, head in self.graph.subject_objects(OWL.propertyChainAxiom):
            if len(list(self.graph.items(head))) <= 1:
                yield Violation("ObjectPropertyChain of fewer than two", link)

    def _is(self, node: Node, kind: URIRef) -> bool:
        return (node, RDF.type, kind) in self.graph

    def _class(self, node: Node, position: str) -> Iterator[Violation]:
        if node == OWL.Thing:
            yield Violation(f"owl:Thing in {position} position", node)
        elif isinstance(node, BNode):
            yield from self._expression(node, position)

    def _each(self, head: Node, position: str) -> Iterator[Violation]:
        for member in self.graph.items(head):
            yield from self._class(member, position)

    def _expression(self, node: Node, position: str) -> Iterator[Violation]:
        name, value = self._read(node)
        if name not in _ALLOWED[position]:
            yield Violation(f"{name} in {position} position", node)
        elif name in ("ObjectIntersectionOf", "ObjectUnionOf"):
            yield from self._each(value, position)
        elif name == "ObjectComplementOf":
            yield from self._class(value, "subclass")
        elif name in ("ObjectSomeValuesFrom", "ObjectAllValuesFrom"):
            # Thing may fill an existential restriction, though it may not stand for itself.
            if value != OWL.Thing or name == "ObjectAllValuesFrom":
                yield from self._class(value, position)
        elif name in ("DataSomeValuesFrom", "DataAllValuesFrom"):
            yield from self._data_range(value)
        elif name in ("ObjectMaxCardinality", "DataMaxCardinality"):
            yield from self._max_cardinality(node, name, value)

    def _max_cardinality(self, node: Node, name: str, value: Node) -> Iterator[Violation]:
        if not isinstance(value, Literal) or value.toPython() not in (0, 1):
            yield Violation(f"{name} above one", node)
        for filler in self.graph.objects(node, OWL.onClass):
            if filler != OWL.Thing:
                yield from self._class(filler, "subclass")
        for filler in self.graph.objects(node, OWL.onDataRange):
            yield from self._data_range(filler)

    def _read(self, node: Node) -> tuple[str, Node]:
        """Return the name of a class expression in the functional syntax, and what it is over."""
        for link, name in _CONNECTIVES.items():
            for value in self.graph.objects(node, link):
                return name, value
        link_of = self.graph.value(node, OWL.onProperty)
        sort = "Data" if link_of and self._is(link_of, OWL.DatatypeProperty) else "Object"
        for link, name in _RESTRICTIONS.items():
            for value in self.graph.objects(node, link):
                return f"{sort}{name}", value
        raise ValueError(f"{node} is used as a class and is no class expression of OWL 2")

    def _data_range(self, node: Node) -> Iterator[Violation]:
        for link, name in _DATA_RANGES.items():
            if (node, link, None) in self.graph:
                yield Violation(name, node)
                return
        head = self.graph.value(node, OWL.intersectionOf)
        if head is not None:
            for member in self.graph.items(head):
                yield from self._data_range(member)
        elif node not in DATATYPES and (node, OWL.equivalentClass, None) not in self.graph:
            yield Violation("datatype outside OWL 2 RL", node)
