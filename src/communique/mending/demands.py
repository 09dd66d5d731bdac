"""What is known and what is demanded: the terms and entities there are, and what shapes ask of a value.

Read from the files of the graph by the quick parser, without rdflib: mending does not judge.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pyoxigraph as ox

from communique.errors import Location, UnreadableInputError
from communique.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from communique.layout import Layout

_OWL, _RDFS, _SKOS = PREFIXES["owl"], PREFIXES["rdfs"], PREFIXES["skos"]
_TYPE = PREFIXES["rdf"] + "type"
_IN_SCHEME = _SKOS + "inScheme"
_SOURCE = PREFIXES["source"]
_REPLACED_BY = PREFIXES["dcterms"] + "isReplacedBy"
_HEADER = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("sh", "skos", "rdf"))
_DEMANDS = """
SELECT ?class ?path ?closed ?datatype ?nodeKind ?valueClass ?scheme ?pattern ?flags ?language WHERE {
    ?shape sh:targetClass ?class ; sh:property ?property .
    ?property sh:path ?path .
    FILTER (isIRI(?path))
    OPTIONAL { ?shape sh:closed ?closed }
    OPTIONAL { ?property sh:datatype ?datatype }
    OPTIONAL { ?property sh:nodeKind ?nodeKind }
    OPTIONAL { ?property sh:class|(sh:or/rdf:rest*/rdf:first/sh:class) ?valueClass }
    OPTIONAL { ?property sh:node/sh:property [ sh:path skos:inScheme ; sh:hasValue ?scheme ] }
    OPTIONAL { ?property sh:pattern ?pattern }
    OPTIONAL { ?property sh:flags ?flags }
    OPTIONAL {
        ?property sh:qualifiedMinCount ?least ; sh:qualifiedValueShape/sh:languageIn ?languages .
        ?languages rdf:first ?language ; rdf:rest () .
        FILTER (?least > 0)
    }
}"""
_IGNORED = """
SELECT ?class ?path WHERE {
    ?shape sh:targetClass ?class ; sh:closed true ; sh:ignoredProperties/rdf:rest*/rdf:first ?path .
}"""
_CHOICES = """
SELECT ?path ?choice WHERE {
    ?property sh:path/(sh:alternativePath/rdf:rest*/rdf:first)? ?path ;
        sh:in/rdf:rest*/rdf:first ?choice .
    FILTER (isIRI(?property) && isIRI(?path) && isLiteral(?choice))
}"""


@dataclass(slots=True)
class Demand:
    """What shapes ask of the values of one property of one thing."""

    datatype: str | None = None
    pattern: re.Pattern[str] | None = None
    wants_iri: bool = False
    classes: set[str] = field(default_factory=set)
    scheme: str | None = None
    choices: frozenset[str] = frozenset()
    language: str | None = None

    def allows(self, text: str) -> bool:
        """Return whether a text matches the pattern and is one of the choices, where there are such."""
        return (self.pattern is None or self.pattern.search(text) is not None) and (
            not self.choices or text in self.choices
        )


_OF_OWL = {_OWL + "differentFrom": Demand(wants_iri=True)}
"""What OWL itself asks for, of properties that shapes leave alone."""


@dataclass(slots=True)
class Described:
    """Things that are described, and what is said of them that mending needs."""

    types: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    schemes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    retired: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    twins: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, subject: str, predicate: str, value: str) -> None:
        """Take in one statement about a thing."""
        if predicate == _REPLACED_BY:
            self.retired[subject].add(value)
            return
        self.twins[form(subject)].add(subject)
        if predicate == _TYPE:
            self.types[subject].add(value)
        elif predicate == _IN_SCHEME:
            self.schemes[subject].add(value)

    def __contains__(self, iri: str) -> bool:
        return iri in self.twins.get(form(iri), ())


class Knowledge:
    """The terms of the ontology and shapes, and all that the graph describes."""

    def __init__(self, layout: Layout, judged: Iterable[Path] = ()) -> None:
        """Read the terms and shapes.

        Args:
            layout: the files of the graph.
            judged: files that are mended. What they describe is theirs to tell, in whatever state they are.

        """
        judged = {path.resolve() for path in judged}
        ontology = [path for path in layout.ontology_files if path.resolve() not in judged]
        data = [path for path in layout.data_files if path.resolve() not in judged]
        self._shape_files = layout.shape_files
        self._near = [*ontology, *(path for path in data if "readouts" not in path.parts)]
        self._far = [path for path in data if "readouts" in path.parts]
        self.properties: set[str] = {_TYPE}
        self.classes: set[str] = set()
        self._above: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in _triples(ontology):
            if predicate == _TYPE and value.startswith(_OWL) and value.endswith("Property"):
                self.properties.add(subject)
            elif predicate == _TYPE and value == _OWL + "Class":
                self.classes.add(subject)
            elif predicate == _RDFS + "subClassOf":
                self._above[subject].add(value)
        self._demands: dict[tuple[str, str], Demand] = {}
        self._closed: dict[str, set[str]] = defaultdict(set)
        self._read_shapes()
        self.classes |= set(self._closed)
        self.property_twins = _by_form(self.properties)
        self.class_twins = _by_form(self.classes)

    @cached_property
    def described(self) -> Described:
        """Return what the registers describe, concepts and vocabulary included, and what was looked up."""
        found = Described()
        for subject, predicate, value in _triples(self._near):
            found.add(subject, predicate, value)
        return found

    def describes(self, iri: str) -> bool:
        """Return whether the graph describes an IRI.

        A source and its parts are looked up in the one file that is named after the source: of records there
        are many, and a record is about few sources.
        """
        found = self.described
        start, source, page = form(iri).partition(form(_SOURCE) + "/")
        if source and not start and iri not in found:
            name = page.partition("#")[0]
            for path in self._readouts.pop(name, ()):
                for subject, predicate, value in _triples([path]):
                    found.add(subject, predicate, value)
        return iri in found

    @cached_property
    def _readouts(self) -> dict[str, list[Path]]:
        """Return the files of records that were not read yet, by name."""
        found: dict[str, list[Path]] = defaultdict(list)
        for path in self._far:
            found[path.stem.casefold()].append(path)
        return dict(found)

    def classes_of(self, types: Iterable[str]) -> set[str]:
        """Return classes with all that stand above them."""
        found: set[str] = set()
        waiting = list(types)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._above.get(one, ())
        return found

    def demand(self, types: Iterable[str], path: str) -> Demand | None:
        """Return what is asked of a property's values, of things of some types; None if nothing is."""
        found = (self._demands.get((one, path)) for one in sorted(self.classes_of(types)))
        return next((one for one in found if one is not None), _OF_OWL.get(path))

    def allows(self, types: Iterable[str], path: str) -> bool:
        """Return whether things of some types may have a property, as far as closed shapes tell."""
        closed = [self._closed[one] for one in self.classes_of(types) if one in self._closed]
        return all(path in allowed for allowed in closed)

    def fits(self, iri: str, demand: Demand, own: Described) -> bool:
        """Return whether a described thing is of the class or scheme that is asked for."""
        sources = (own, self.described)
        if demand.scheme is not None:
            return any(demand.scheme in one.schemes.get(iri, ()) for one in sources)
        if demand.classes:
            types = {kind for one in sources for kind in one.types.get(iri, ())}
            return bool(self.classes_of(types) & demand.classes)
        return True

    def _read_shapes(self) -> None:
        store = ox.Store()
        for path in self._shape_files:
            _read(path, store)
        for row in _rows(store, _DEMANDS):
            kind, prop = row["class"], row["path"]
            self.properties.add(prop)
            self.classes.add(kind)
            if row.get("closed") == "true":
                self._closed[kind].add(prop)
            demand = self._demands.setdefault((kind, prop), Demand())
            demand.datatype = row.get("datatype", demand.datatype)
            demand.scheme = row.get("scheme", demand.scheme)
            demand.language = row.get("language", demand.language)
            if "pattern" in row:
                demand.pattern = re.compile(row["pattern"], re.DOTALL if "s" in row.get("flags", "") else 0)
            if "valueClass" in row:
                demand.classes.add(row["valueClass"])
            if demand.classes or demand.scheme or row.get("nodeKind") == PREFIXES["sh"] + "IRI":
                demand.wants_iri = True
        for row in _rows(store, _IGNORED):
            self._closed[row["class"]].add(row["path"])
            self.properties.add(row["path"])
        choices: dict[str, set[str]] = defaultdict(set)
        for row in _rows(store, _CHOICES):
            choices[row["path"]].add(row["choice"])
        for (_, prop), demand in self._demands.items():
            demand.choices = frozenset(choices.get(prop, ()))


def form(iri: str) -> str:
    """Return what an IRI has in common with the ways to misspell it that change no word of it.

    These are the scheme http or https, capitals, needless percent escapes, and a slash or hash at the end.
    """
    scheme, separator, rest = iri.partition("://")
    text = rest if separator and scheme.casefold() in {"http", "https"} else iri
    return plain(text).casefold().rstrip("/#")


def plain(iri: str) -> str:
    """Return an IRI without percent escapes of characters that need none (RFC 3986, 2.3)."""
    return _PERCENT.sub(lambda found: _unreserved(found.group()), iri)


_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def _unreserved(escape: str) -> str:
    character = unquote(escape, errors="replace")
    return character if len(character) == 1 and quote(character, safe="~") == character else escape


def _by_form(iris: Iterable[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for iri in iris:
        found[form(iri)].add(iri)
    return found


def _triples(paths: Iterable[Path]) -> Iterable[tuple[str, str, str]]:
    """Return the statements of files about things with an IRI."""
    for path in paths:
        for quad in _read(path):
            if isinstance(quad.subject, ox.NamedNode):
                value = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
                yield quad.subject.value, quad.predicate.value, value


def _read(path: Path, store: ox.Store | None = None) -> list[ox.Quad]:
    """Return the statements of a file; with a store, put them there as well."""
    try:
        quads = list(ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    except SyntaxError as error:
        raise UnreadableInputError(
            Location(str(path), error.lineno or 1, error.offset or 1), str(error.msg)
        ) from None
    if store is not None:
        store.extend(quads)
    return quads


def _rows(store: ox.Store, query: str) -> Iterable[dict[str, str]]:
    """Return the rows of a query, as texts; what is not bound is left out."""
    answer = store.query(_HEADER + query)
    if not isinstance(answer, ox.QuerySolutions):
        raise TypeError("The query selects nothing.")
    names = [variable.value for variable in answer.variables]
    for row in answer:
        bound = ((name, row[name]) for name in names)
        yield {name: term.value for name, term in bound if isinstance(term, ox.NamedNode | ox.Literal)}
