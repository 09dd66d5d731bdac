"""What a file of data must not state, and what in its values is hardly meant, whatever its shapes say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VOID, XSD, BNode, Literal, URIRef

from communique.errors import Location
from communique.isolation.addresses import Fault, decoded, fault_of_address
from communique.isolation.refusal import Notice, RefusedInputError, shown
from communique.isolation.texts import faults_of_text
from communique.namespaces import BASE, ONTOLOGY, PREFIXES, TERM, shorten
from communique.validation.lexical import is_well_formed, looks_like_an_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from communique.validation.turtle import LocatedTurtle

    Triple = tuple[Node, Node, Node]

_SCHEMA = (*map(str, (RDF, RDFS, OWL, XSD, SKOS, SH)), TERM, ONTOLOGY)
_SCHEMA_TYPES = frozenset(
    {RDF.Property, RDFS.Class, RDFS.Datatype}
    | {getattr(OWL, name) for name in ("Class", "Restriction", "ObjectProperty", "DatatypeProperty")}
    | {
        getattr(OWL, f"{kind}Property")
        for kind in ("Functional", "InverseFunctional", "Transitive", "Symmetric")
    }
    | {OWL.AsymmetricProperty, OWL.ReflexiveProperty, OWL.IrreflexiveProperty, OWL.AnnotationProperty}
)
_SCHEMA_PROPERTIES = frozenset(
    {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
    | {OWL.disjointWith, OWL.equivalentClass, OWL.equivalentProperty, OWL.inverseOf, OWL.propertyChainAxiom}
    | {OWL.hasKey, OWL.propertyDisjointWith}
)
MAX_SAME = 20
FEW_LOOPS, MAX_LOOPS = 0, 500
MANY_NAMES = 1000
"""More names than these of one thing are a mistake of a program."""


def check_statements(located: LocatedTurtle) -> list[Notice]:
    """Return what is wrong or odd in what a file states, each at its place, in the order of the file.

    Raises:
        RefusedInputError: if blank nodes are linked so that comparing them would never end.

    """
    found = [
        notice
        for check in (_schema, _addresses, _texts, _values, _names, _terms, _subjects, _same, _lists, _loops)
        for notice in check(located)
    ]
    return sorted(dict.fromkeys(found), key=lambda notice: (notice.location.line, notice.location.column))


def _schema(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield where data makes statements about the terms that it is written in, or brings shapes."""
    if (URIRef(ONTOLOGY), RDF.type, OWL.Ontology) in located.graph:
        return  # It is the ontology itself.
    for triple in located.graph:
        subject, predicate, value = triple
        if predicate == OWL.imports:
            yield _at_value(
                located,
                triple,
                "imports-not-followed",
                f"The import of {_name(value)} is not followed: nothing is fetched.",
                "Remove owl:imports; what a record needs is in the graph.",
                violation=False,
            )
        elif _is_of_shacl(predicate) or (predicate == RDF.type and _is_of_shacl(value)):
            yield _at_value(
                located,
                triple,
                "shapes-in-data",
                f"Data cannot bring shapes or rules of its own: {_name(predicate)} is a term of SHACL.",
                "Remove it; shapes have files of their own under shapes/.",
            )
        elif (
            predicate in _SCHEMA_PROPERTIES
            or (predicate == RDF.type and value in _SCHEMA_TYPES)
            or (isinstance(subject, URIRef) and str(subject).startswith(_SCHEMA))
        ):
            yield _at_value(
                located,
                triple,
                "schema-in-data",
                f"Data cannot say what terms mean: this is a statement about {_name(subject)}.",
                "Remove it; terms are declared in ontology/.",
            )


def _addresses(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield addresses that lead where they must not, or are written in two ways."""
    spellings: dict[str, Node] = {}
    for triple in located.graph:
        for term in triple:
            if not isinstance(term, URIRef):
                continue
            at = _place(located, triple, term)
            if fault := fault_of_address(str(term)):
                yield _notice(at, fault)
            plain = decoded(str(term))
            other = spellings.setdefault(plain, term)
            if other != term:
                yield Notice(
                    at,
                    "address-twin",
                    False,
                    f"<{term}> and <{other}> are one address in two spellings, and so two things here.",
                    "Write it in one way throughout.",
                )


def _texts(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield texts that are not words in the language that they say."""
    escaped = any("\\u" in line or "\\U" in line for line in located.lines)
    for triple in located.graph:
        value = triple[2]
        if not isinstance(value, Literal) or (value.datatype not in {None, XSD.string}):
            continue
        for fault in faults_of_text(str(value), value.language, escaped=escaped):
            if fault.rule != "address-as-text" or triple[1] not in _ADDRESSES_AS_TEXT:
                yield _notice(_place(located, triple, value), fault)


_ADDRESSES_AS_TEXT = {VOID.uriSpace, VOID.uriRegexPattern, URIRef(PREFIXES["vann"] + "preferredNamespaceUri")}


def _values(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield values that are not of the form of their datatype."""
    for triple in located.graph:
        value = triple[2]
        if not isinstance(value, Literal) or value.datatype is None:
            continue
        text, datatype = str(value), str(value.datatype)
        if not is_well_formed(text, datatype):
            yield _at_value(
                located,
                triple,
                "ill-typed",
                f"“{shown(text[:40])}” is no value of {shorten(datatype)}.",
                _FORMS.get(value.datatype, "Mend the value or its datatype."),
            )
        elif looks_like_an_identifier(text, datatype):
            yield _at_value(
                located,
                triple,
                "leading-zero",
                f"“{text}” is the number {int(text)} to a program.",
                "Write an identifier as text, a number without zeros before it.",
                violation=False,
            )
        elif datatype.startswith(str(XSD)) and re.match(r"-?\d{5,}-", text):
            yield _at_value(
                located,
                triple,
                "far-year",
                "The year has more than four digits; most programs cannot read it.",
                "Mend the year.",
                violation=False,
            )


_FORMS = {
    XSD.date: "Write a day of the calendar: year, month, day, as in 2024-02-06.",
    XSD.dateTime: "Write a moment of the calendar, as in 2024-02-06T09:00:00Z.",
    XSD.duration: "Write a length of time, as in PT2H for two hours.",
    XSD.boolean: "Write true or false.",
    XSD.integer: "Write digits only.",
}


def _names(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield names that are too many, no names or without a language, and numbers cut by a comma."""
    counted: Counter[tuple[Node, Node]] = Counter()
    for triple in located.graph:
        subject, predicate, value = triple
        if predicate in {RDFS.label, SKOS.prefLabel, SKOS.altLabel}:
            counted[subject, predicate] += 1
            if counted[subject, predicate] == MANY_NAMES + 1:
                yield _at_value(
                    located,
                    triple,
                    "many-names",
                    f"{_name(subject)} has more than {MANY_NAMES:,} names.",
                    "Keep those that are in use.",
                    violation=False,
                )
            if predicate != SKOS.altLabel and (subject, SKOS.altLabel, value) in located.graph:
                yield _at_value(
                    located,
                    (subject, SKOS.altLabel, value),
                    "name-twice",
                    f"{_name(subject)} has this name already as its label.",
                    "Remove the second one.",
                )
            if not isinstance(value, Literal):
                yield _at_value(
                    located, triple, "address-as-name", "The name is an address.", 'Write it as text: "…"@en.'
                )
            elif value.language is None and value.datatype is None:
                yield _at_value(
                    located,
                    triple,
                    "no-language",
                    "The name does not say its language.",
                    'Add the language tag: "…"@en.',
                    violation=False,
                )
    whole: dict[tuple[Node, Node], list[Triple]] = defaultdict(list)
    for triple in located.graph:
        if isinstance(triple[2], Literal) and triple[2].datatype == XSD.integer:
            whole[triple[0], triple[1]].append(triple)
    for pair in whole.values():
        places = sorted(
            (_place(located, triple, triple[2]) for triple in pair), key=lambda at: (at.line, at.column)
        )
        if len(pair) == 2 and places[0].line == places[1].line:  # noqa: PLR2004 - whole and fraction
            between = located.line(places[0].line)[places[0].column - 1 : places[1].column - 1]
            if re.fullmatch(r"\d+,", between):
                yield Notice(
                    places[1],
                    "decimal-comma",
                    False,
                    "These are two whole numbers: the comma separates values.",
                    "Write a decimal point, or a blank after the comma if two numbers are meant.",
                )


def _terms(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield terms that a well-known vocabulary does not have, or that are out of use."""
    for triple in located.graph:
        used = [triple[1], *([triple[2]] if triple[1] == RDF.type else [])]
        for term in used:
            if not isinstance(term, URIRef):
                continue
            if term.startswith(_OLD):
                yield _at_value(
                    located,
                    triple,
                    "old-term",
                    f"<{term}> is of the first Dublin Core, whose values are words only.",
                    f"Write dcterms:{term.removeprefix(_OLD)}.",
                    violation=False,
                )
            vocabulary = next((known for known in _VOCABULARIES if term.startswith(str(known))), None)
            if vocabulary is not None and term not in vocabulary:
                meant = get_close_matches(
                    term.removeprefix(str(vocabulary)),
                    [name.removeprefix(str(vocabulary)) for name in dir(vocabulary)],
                    1,
                )
                advice = (
                    f"Did you mean {_name(vocabulary[meant[0]])}?" if meant else "Use a term that it has."
                )
                yield _at_value(
                    located, triple, "unknown-term", f"The vocabulary has no {_name(term)}.", advice
                )


_OLD = "http://purl.org/dc/elements/1.1/"
_VOCABULARIES = (DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, VOID)


_POINTERS = {RDF.type, RDFS.seeAlso, OWL.imports, OWL.sameAs, FOAF.page, FOAF.homepage}
"""Properties whose values are described elsewhere."""


def _subjects(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield subjects without a class, names that nothing describes, and parts of themselves."""
    graph = located.graph
    subjects = set(graph.subjects(unique=True))
    spaces = {_space(subject) for subject in subjects if isinstance(subject, URIRef)}
    for subject in subjects:
        nested = isinstance(subject, BNode) and any(graph.subjects(None, subject))
        if not nested and (subject, RDF.type, None) not in graph and (subject, RDF.first, None) not in graph:
            yield Notice(
                located.subjects.get(subject, Location(located.path)),
                "untyped",
                True,
                f"{_name(subject)} does not say what it is, so that nothing judges it.",
                "Give its class: a cmq:Readout, a cmq:Day and so on.",
            )
    for triple in graph:
        value = triple[2]
        if isinstance(value, URIRef) and value not in subjects and triple[1] not in _POINTERS:
            space = _space(value)
            if space in spaces and not value.startswith(BASE) and not _is_of_shacl(triple[1]):
                yield _at_value(
                    located,
                    triple,
                    "dangling",
                    f"Nothing describes {_name(value)}, which has the file's own kind of name.",
                    "Describe it, or mend the name.",
                )
    parts = {whole: set(graph.objects(whole, DCTERMS.isPartOf)) for whole in graph.subjects(DCTERMS.isPartOf)}
    for whole in sorted(parts, key=str):
        above: set[Node] = set()
        ways = list(parts[whole])
        while ways:
            here = ways.pop()
            if here not in above:
                above.add(here)
                ways.extend(parts.get(here, ()))
        if whole in above:
            at = located.subjects.get(whole, Location(located.path))
            said = f"By the chain of parts, {_name(whole)} is a part of itself."
            yield Notice(at, "part-of-itself", True, said, "Mend dcterms:isPartOf here or further on.")
            break


def _space(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _same(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield things that are the same as too many, or as what they differ from."""
    groups = _Groups()
    for triple in located.graph.triples((None, OWL.sameAs, None)):
        subject, _, value = triple
        groups.join(subject, value)
        for one, other in ((subject, value), (value, subject)):
            if (one, OWL.differentFrom, other) in located.graph:
                yield _at_value(
                    located,
                    triple,
                    "same-and-different",
                    f"{_name(subject)} is said to be the same as {_name(value)} and different from it.",
                    "Keep the one that is true.",
                )
    for members in groups.all():
        if len(members) > MAX_SAME:
            first = min(members, key=str)
            yield Notice(
                located.subjects.get(first, Location(located.path)),
                "same-as-cluster",
                True,
                f"{len(members)} things are said to be one and the same, among them {_name(first)}.",
                f"No more than {MAX_SAME} may be: keep the links that are needed.",
            )


def _lists(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield nodes of lists that have not one member and one rest, or lead back."""
    graph = located.graph
    nodes = set(graph.subjects(RDF.first)) | set(graph.subjects(RDF.rest))
    rests = {node: list(graph.objects(node, RDF.rest)) for node in nodes}
    ends: dict[Node, bool] = {RDF.nil: True}
    for node in nodes:
        if len(list(graph.objects(node, RDF.first))) != 1 or len(rests[node]) != 1:
            yield _at_subject(
                located, node, "list-broken", "A node of a list has not one member and one rest."
            )
            continue
        way: dict[Node, None] = {}
        here = node
        while here not in ends and here not in way:
            way[here] = None
            here = rests[here][0] if len(rests.get(here, ())) == 1 else RDF.nil
        ends.update(dict.fromkeys(way, here not in way))
        if here in way:
            circle = list(way)[list(way).index(here) :]
            here = min(circle, key=lambda member: _order(located, member))
            yield _at_subject(located, here, "list-broken", "The list leads back into itself.")


def _loops(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield a notice where blank nodes form circles: nobody can say which is which."""
    groups = _Groups()
    loops = 0
    for subject, predicate, value in located.graph:
        if isinstance(subject, BNode) and isinstance(value, BNode) and predicate != RDF.rest:
            loops += not groups.join(subject, value)
            if loops > MAX_LOOPS:
                raise RefusedInputError(
                    located.subjects[subject],
                    "blank-node-web",
                    "Too many blank nodes point to each other. Give them IRIs.",
                )
    if loops > FEW_LOOPS:
        nodes = sum(len(members) for members in groups.all())
        first = min(
            (located.subjects[node] for node in located.subjects if isinstance(node, BNode)),
            key=lambda at: (at.line, at.column),
        )
        yield Notice(
            first,
            "blank-node-web",
            False,
            f"{nodes} blank nodes point to each other in circles; they are not compared with other versions.",
            "Give them IRIs.",
        )


class _Groups:
    """Things that are joined, group by group."""

    def __init__(self) -> None:
        self._above: dict[Node, Node] = {}

    def _top(self, node: Node) -> Node:
        self._above.setdefault(node, node)
        while self._above[node] != node:
            self._above[node] = node = self._above[self._above[node]]
        return node

    def join(self, one: Node, other: Node) -> bool:
        """Join the groups of two things; return False if they were of one group before."""
        first, second = self._top(one), self._top(other)
        self._above[first] = second
        return first != second

    def all(self) -> Iterable[list[Node]]:
        """Return the members of each group."""
        found: dict[Node, list[Node]] = defaultdict(list)
        for node in list(self._above):
            found[self._top(node)].append(node)
        return found.values()


def _is_of_shacl(node: Node) -> bool:
    return isinstance(node, URIRef) and str(node).startswith(str(SH))


def _name(node: Node) -> str:
    return shorten(str(node)) if isinstance(node, URIRef) else "this node"


def _place(located: LocatedTurtle, triple: Triple, term: Node) -> Location:
    subject, _, value = triple
    if term == subject and term != value:
        return located.subjects.get(subject, Location(located.path))
    return located.objects.get(triple) or located.subjects.get(subject, Location(located.path))


def _notice(at: Location, fault: Fault) -> Notice:
    return Notice(at, fault.rule, fault.violation, fault.sentence, fault.remedy)


def _at_value(
    located: LocatedTurtle, triple: Triple, rule: str, sentence: str, remedy: str, *, violation: bool = True
) -> Notice:
    return Notice(_place(located, triple, triple[2]), rule, violation, sentence, remedy)


def _order(located: LocatedTurtle, node: Node) -> tuple[int, int]:
    at = located.subjects.get(node, Location(located.path))
    return at.line, at.column


def _at_subject(located: LocatedTurtle, node: Node, rule: str, sentence: str) -> Notice:
    at = located.subjects.get(node, Location(located.path))
    return Notice(at, rule, True, sentence, "Write the list in round brackets: ( … ).")
