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

    from communique.history.versions import Node, Statement, Term, Version


def term(name: str) -> ox.NamedNode:
    """Return the term that a prefixed name stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def _terms(names: str) -> tuple[ox.NamedNode, ...]:
    return tuple(map(term, names.split()))


TYPE, ABOUT, FROM = _terms("rdf:type cmq:about cmq:fromSource")
NAMES = _terms("rdfs:label skos:prefLabel")
ALIASES = _terms("skos:altLabel skos:hiddenLabel")
PARENTS = _terms("cmq:partOf cmq:under org:unitOf org:postIn skos:broader skos:topConceptOf")
READOUT, PARTICIPATION, MENTION = _terms("cmq:Readout cmq:Participation cmq:InstrumentMention")
DAY, EVIDENCE = _terms("cmq:Day cmq:Evidence")
MENTIONS, EVIDENCED, DATE = _terms("cmq:mentions cmq:evidence cmq:date")
PARTICIPANTS = _terms("cmq:participant cmq:participantKind")
_ROLE, _SIDE, _PRINTED = _terms("cmq:role cmq:side cmq:nameAsPrinted")
_LABELS = (*NAMES, *_terms("dcterms:title foaf:name"))
_NAMED_BY = {
    READOUT: (ABOUT,),
    DAY: _terms("cmq:date cmq:dayOfMonth cmq:zone"),
    PARTICIPATION: (*PARTICIPANTS, _ROLE, _SIDE),
    MENTION: _terms("cmq:instrument"),
    EVIDENCE: _terms("cmq:firstWords cmq:lastWords"),
}
"""What of a node within an account its own name tells already."""

_PROPERTIES = {
    **dict.fromkeys(NAMES, "name"),
    **dict.fromkeys(ALIASES, "other name"),
    term("cmq:heldOn"): "day",
    term("cmq:heldOnOneOf"): "day, one of several",
    term("cmq:startsOn"): "first day",
    term("cmq:endsOn"): "last day",
    term("dcterms:issued"): "day of issue",
    term("foaf:page"): "address",
    term("org:classification"): "kind",
}
_GROUPS = {
    "body": Group.BODIES,
    "change": Group.BODIES,
    "facility": Group.ORGANIZATIONS,
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
        sort = next((sort for sort in _NAMED_BY if self.is_a(node, sort)), None)
        told = [self._values(node, predicate) for predicate in _NAMED_BY[sort]] if sort else [""]
        if sort == PARTICIPATION:
            return told[0] or told[1] or self._values(node, _PRINTED)
        if sort == EVIDENCE:
            return f"“{' … '.join(told)}”"
        if sort == DAY:
            day, number, zone = told
            words = day or (f"{number} of a month" if number else _fragment(node))
            return f"{words} ({zone})" if zone else words
        return told[0]

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
        role = self._values(node, _ROLE) or "participant"
        side = self._values(node, _SIDE)
        return f"{role} ({side})" if side else role

    def noun(self, node: Node) -> str:
        """Return what sort of thing a node is."""
        if isinstance(node, ox.NamedNode) and node.value.startswith(CONCEPT):
            scheme, slash, _ = node.value.removeprefix(CONCEPT).partition("/")
            return scheme.replace("-", " ") if slash else "list"
        types = self._version.values(node, TYPE)
        nouns = {self._term(kind) for kind in types if isinstance(kind, ox.NamedNode)}
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
        return _PROPERTIES.get(predicate) or self._term(predicate)

    def _term(self, node: ox.NamedNode) -> str:
        """Return what a class or property is called: by the ontology, else by its own name, as words."""
        prefix, colon, local = shorten(node.value).partition(":")
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() if prefix in PREFIXES and colon else ""
        return self._labels.get(node) or shown(words or node.value)

    def is_a(self, node: Node, kind: ox.NamedNode) -> bool:
        """Return whether a node has a type."""
        return kind in self._version.values(node, TYPE)

    def facts(
        self, node: Node, parts: Collection[Node] = (), without: Collection[Statement] = ()
    ) -> list[str]:
        """Return what is said of a node, a line for each property, without what its name tells.

        Args:
            node: the node.
            parts: mentions and evidence that have lines of their own.
            without: statements to leave out.

        """
        told = {TYPE}
        for kind, properties in _NAMED_BY.items():
            if self.is_a(node, kind):
                told |= {FROM, *properties}
        lines = []
        found = self._version.descriptions.get(node, {})
        for predicate in sorted(found.keys() - told, key=lambda one: predicate_key(one.value)):
            values = {value for value in found[predicate] if (node, predicate, value) not in without}
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
