"""Words for what stands in a version: names of things, properties and values, as people say them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.curation.order import predicate_key
from communique.history.changes import Group
from communique.isolation.refusal import shown
from communique.namespaces import BASE, CONCEPT, PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from communique.history.versions import Node, Term, Version


def term(name: str) -> ox.NamedNode:
    """Return the term that a prefixed name stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


TYPE, ABOUT, FROM = term("rdf:type"), term("cmq:about"), term("cmq:fromSource")
NAMES = (term("rdfs:label"), term("skos:prefLabel"))
ALIASES = (term("skos:altLabel"), term("skos:hiddenLabel"))
PARENTS = frozenset(
    map(
        term,
        ("cmq:partOf", "cmq:under", "org:unitOf", "org:postIn", "skos:broader", "skos:topConceptOf"),
    )
)
READOUT, PARTICIPATION, MENTION = (
    term("cmq:Readout"),
    term("cmq:Participation"),
    term("cmq:InstrumentMention"),
)
DAY, EVIDENCE = term("cmq:Day"), term("cmq:Evidence")
MENTIONS, EVIDENCED, INSTRUMENT = term("cmq:mentions"), term("cmq:evidence"), term("cmq:instrument")
DATE = term("cmq:date")
PARTICIPANTS = (term("cmq:participant"), term("cmq:participantKind"))
_LABELS = (*NAMES, term("dcterms:title"), term("foaf:name"))
_NAMED_BY = {
    READOUT: (ABOUT,),
    DAY: (DATE, term("cmq:dayOfMonth"), term("cmq:zone")),
    PARTICIPATION: (*PARTICIPANTS, term("cmq:role"), term("cmq:side")),
    MENTION: (INSTRUMENT,),
    EVIDENCE: (term("cmq:firstWords"), term("cmq:lastWords")),
}
"""What of a node within an account its own name tells already."""

_PROPERTIES = {
    term(name): words
    for name, words in {
        "dcterms:issued": "day of issue",
        "dcterms:language": "language",
        "dcterms:publisher": "publisher",
        "dcterms:title": "title",
        "foaf:page": "address",
        "org:classification": "kind",
        "org:postIn": "post in",
        "org:unitOf": "unit of",
        "rdf:type": "type",
        "rdfs:label": "name",
        "rdfs:seeAlso": "see also",
        "skos:altLabel": "other name",
        "skos:broader": "broader",
        "skos:definition": "definition",
        "skos:editorialNote": "editorial note",
        "skos:inScheme": "list",
        "skos:prefLabel": "name",
        "skos:scopeNote": "scope note",
        "skos:topConceptOf": "broader",
        "cmq:heldOn": "day",
        "cmq:heldOnOneOf": "day, one of",
        "cmq:startsOn": "first day",
        "cmq:endsOn": "last day",
    }.items()
}
_NOUNS = {
    term("foaf:Person"): "person",
    term("org:Organization"): "organisation",
    term("org:Post"): "post",
    term("skos:ConceptScheme"): "list",
    term("void:Dataset"): "dataset",
}
_GROUPS = {
    "body": Group.BODIES,
    "government": Group.BODIES,
    "instrument": Group.INSTRUMENTS,
    "mechanism": Group.MECHANISMS,
    "occasion": Group.OCCASIONS,
    "organization": Group.ORGANIZATIONS,
    "person": Group.PEOPLE,
    "post": Group.POSTS,
    "source": Group.SOURCES,
}
_DEEP = 4
"""Names within names, at most."""
_XSD = PREFIXES["xsd"]
_PLAIN = {_XSD + name for name in ("string", "integer", "boolean")}


def is_local(node: Term) -> bool:
    """Return whether a node has no name of its own for people: it is part of a record."""
    if isinstance(node, ox.NamedNode):
        return node.value.startswith(PREFIXES["source"]) and "#" in node.value
    return isinstance(node, ox.BlankNode)


def group_of(node: Node) -> Group:
    """Return the sort of thing that a node is, as its address tells."""
    if is_local(node):
        return Group.ACCOUNTS if isinstance(node, ox.NamedNode) else Group.OTHERS
    if node.value.startswith(CONCEPT):
        return Group.LISTS
    register = node.value.removeprefix(BASE).partition("/")[0] if node.value.startswith(BASE) else ""
    return _GROUPS.get(register, Group.OTHERS)


def address(node: Node) -> str:
    """Return the address of a node, with a prefix if it is ours."""
    if isinstance(node, ox.BlankNode):
        return str(node)
    return shown(shorten(node.value) if node.value.startswith(BASE) else node.value)


class Words:
    """The words for what stands in one version.

    Args:
        version: the version.
        labels: the names of the ontology's terms.

    """

    def __init__(self, version: Version, labels: Mapping[ox.NamedNode, str]) -> None:
        self._version = version
        self._labels = labels
        self._naming: list[Node] = []

    def name(self, node: Term) -> str:
        """Return what a thing is called, or a value."""
        if isinstance(node, ox.Literal):
            return _literal(node)
        if isinstance(node, ox.NamedNode) and not is_local(node):
            return self._label(node) or self._labels.get(node) or address(node)
        if len(self._naming) == _DEEP or node in self._naming:
            return _fragment(node)
        # The name of a part is made of the names of others, which may be made of this one again.
        self._naming.append(node)
        try:
            return self._part(node) or self._label(node) or "; ".join(self.facts(node)) or _fragment(node)
        finally:
            self._naming.pop()

    def _part(self, node: Node) -> str:
        """Return what a part of an account is called, by its sort."""
        told = {sort: [self._values(node, end) for end in ends] for sort, ends in _NAMED_BY.items()}
        if self.is_a(node, PARTICIPATION):
            names = next((values for values in told[PARTICIPATION][:2] if values), "")
            return names or self._values(node, term("cmq:nameAsPrinted"))
        if self.is_a(node, EVIDENCE):
            return f"“{' … '.join(told[EVIDENCE])}”"
        if self.is_a(node, DAY):
            day, number, zone = told[DAY]
            words = day or (f"day {number} of a month" if number else _fragment(node))
            return f"{words} ({zone})" if zone else words
        return next((told[sort][0] for sort in (READOUT, MENTION) if self.is_a(node, sort)), "")

    def _values(self, node: Node, predicate: ox.NamedNode) -> str:
        return self.names(self._version.values(node, predicate))

    def names(self, nodes: Iterable[Term]) -> str:
        """Return the names of several, in order."""
        return ", ".join(sorted({self.name(node) for node in nodes}))

    def title(self, node: Node) -> str:
        """Return what a part of an account is called, after its sort: ``co-chair (Japan) Tai``."""
        return f"{self.seat(node)} {self.name(node)}"

    def seat(self, node: Node) -> str:
        """Return role and side of a participation, ``co-chair (Japan)``; of another node, its sort."""
        if not self.is_a(node, PARTICIPATION):
            return "instrument" if self.is_a(node, MENTION) else self.noun(node)
        role = self._values(node, term("cmq:role")) or "participant"
        side = self._values(node, term("cmq:side"))
        return f"{role} ({side})" if side else role

    def noun(self, node: Node) -> str:
        """Return what sort of thing a node is."""
        if isinstance(node, ox.NamedNode) and node.value.startswith(CONCEPT):
            scheme, slash, _ = node.value.removeprefix(CONCEPT).partition("/")
            return scheme.replace("-", " ") if slash else "list"
        types = self._version.values(node, TYPE)
        nouns = {_NOUNS.get(kind) or self.name(kind) for kind in types if isinstance(kind, ox.NamedNode)}
        return " and ".join(sorted(nouns)) or "thing"

    def whole(self, node: Node) -> str:
        """Return what a node is where it comes or goes as a whole."""
        if self.is_a(node, READOUT):
            return "account"
        return self.title(node) if is_local(node) else self.noun(node)

    def subject(self, node: Node) -> str:
        """Return the thing that a change of a node is a change of: of a part of an account, its source."""
        if not is_local(node):
            return self.name(node)
        source = self._version.values(node, FROM)
        if not source and isinstance(node, ox.NamedNode):
            source = {ox.NamedNode(node.value.partition("#")[0])}
        return self.names(source) or self.name(node)

    def about(self, node: Node) -> str:
        """Return what the accounts of a node tell of; nothing for evidence, which many share."""
        if not is_local(node) or self.is_a(node, EVIDENCE):
            return ""
        return self.names(
            value for readout in self._above(node) for value in self._version.values(readout, ABOUT)
        )

    def use(self, node: Node) -> str:
        """Return the properties that lead to a node, such as ``first day``."""
        return " and ".join(
            sorted({self.property(s.predicate) for s in self._version.mentions.get(node, ())})
        )

    def property(self, predicate: ox.NamedNode) -> str:
        """Return what a property is called."""
        if told := _PROPERTIES.get(predicate) or self._labels.get(predicate):
            return told
        prefix, colon, local = shorten(predicate.value).partition(":")
        if prefix not in PREFIXES or not colon:
            return shown(predicate.value)
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower()

    def is_a(self, node: Node, kind: ox.NamedNode) -> bool:
        """Return whether a node has a type."""
        return kind in self._version.values(node, TYPE)

    def facts(self, node: Node, parts: Collection[Node] = ()) -> list[str]:
        """Return what is said of a node, a line for each property, without what its name tells.

        Mentions and evidence are left out that are parts, of which each has a line of its own.
        """
        told = {TYPE}
        for kind, properties in _NAMED_BY.items():
            if self.is_a(node, kind):
                told |= {FROM, *properties}
        lines = []
        found = self._version.descriptions.get(node, {})
        for predicate in sorted(found.keys() - told, key=lambda one: predicate_key(one.value)):
            values = set(found[predicate])
            if predicate in NAMES:
                values.discard(self._called(node))
            elif predicate in (MENTIONS, EVIDENCED):
                values.difference_update(parts)
            if values:
                lines.append(f"{self.property(predicate)}: {'; '.join(sorted(map(self.name, values)))}")
        return lines

    def _above(self, node: Node) -> set[Node]:
        """Return the readouts that lead to a node."""
        found, ahead, seen = set(), [node], {node}
        while ahead:
            one = ahead.pop()
            if self.is_a(one, READOUT):
                found.add(one)
                continue
            above = {s.subject for s in self._version.mentions.get(one, ())} - seen
            seen |= above
            ahead += above
        return found

    def _label(self, node: Node) -> str:
        called = self._called(node)
        return shown(called.value) if called else ""

    def _called(self, node: Node) -> Term | None:
        for predicate in _LABELS:
            if values := self._version.values(node, predicate):
                return min(values, key=_rank)
        return None


def _rank(value: Term) -> tuple[bool, str]:
    return not (isinstance(value, ox.Literal) and value.language == "en"), str(value)


def _fragment(node: Node) -> str:
    return shown(node.value.rpartition("#")[2]) if isinstance(node, ox.NamedNode) else "(nameless)"


def _literal(value: ox.Literal) -> str:
    text = shown(value.value)
    if value.language:
        return text if value.language == "en" else f"{text} ({value.language})"
    if value.datatype.value == _XSD + "date":
        return _day(value.value) or text
    if value.datatype.value in _PLAIN:
        return text
    return f"{text} ({shorten(value.datatype.value)})"


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return f"{day:%B} {day.day}, {day.year}"
