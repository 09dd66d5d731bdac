"""What files state, kept apart by file, and nothing that follows from it: the context of a record.

Shapes judge what was written. So neither derived statements nor links may enter, and a value must come back
as it was written: an engine that knows a datatype keeps the value and writes ``01`` as ``1``. Literals are
therefore stored under another name of their datatype, which no engine knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import quote, unquote

import pyoxigraph as ox

from communique.errors import Location, UnreadableInputError
from communique.namespaces import BASE, DERIVED, PREFIXES
from communique.store.protocol import BlankNode, Iri, Literal, Term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from communique.store.protocol import Store

Triple = tuple[Term, Iri, Term]
Wanted: TypeAlias = "Mapping[tuple[bool, str | None], Collection[Term]]"
"""What is asked for: for ``(False, p)``, what p leads to from nodes; for ``(True, p)``, from where p leads to
them. Without a p, any property."""

_EngineTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_STRING = PREFIXES["xsd"] + "string"
_AS_WRITTEN = "as-written:"
_FILE = "file:///"
_INDEX = ox.NamedNode("index:of-namespaces")
_HOLDS = ox.NamedNode("index:holds")


class Stated(Protocol):
    """The statements of a graph's files, read a part at a time."""

    def read(self, wanted: Wanted, without: Collection[str] = ()) -> Iterator[Triple]:
        """Return the wanted triples, without those of the files that are left out."""
        ...

    def everything(self, without: Collection[str] = ()) -> Iterator[Triple]:
        """Return all triples, without those of the files that are left out."""
        ...

    def homes(self, subject: Term) -> Sequence[str]:
        """Return the files that describe a subject, by their names in the graph."""
        ...

    def names(self) -> AbstractSet[str]:
        """Return the files, by their names in the graph, such as ``data/register/people.ttl``."""
        ...

    def has(self, name: str) -> bool:
        """Return whether there is a file of this name."""
        ...

    def typed(self, namespace: str) -> Iterator[str]:
        """Return the IRIs of a namespace that have a type."""
        ...


class StatedStore:
    """The statements of files, in memory or in a folder on disk that is only read."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def of_files(cls, files: Mapping[str, Path]) -> StatedStore:
        """Return what files state, by their names.

        Raises:
            UnreadableInputError: if a file is not Turtle, with the line and column.

        """
        store = ox.Store()
        store.bulk_extend(_quads(files))
        return cls(store)

    @classmethod
    def at(cls, folder: Path) -> StatedStore:
        """Return what ``write`` has put into a folder."""
        return cls(ox.Store.read_only(str(folder)))

    @staticmethod
    def write(files: Mapping[str, Path], folder: Path) -> None:
        """Put what files state into a new folder."""
        store = ox.Store(str(folder))
        store.bulk_extend(_quads(files))
        store.optimize()
        store.flush()

    def read(self, wanted: Wanted, without: Collection[str] = ()) -> Iterator[Triple]:
        """Return the wanted triples; see the protocol."""
        hidden = {"", *without}
        for (backwards, predicate), nodes in wanted.items():
            prop = None if predicate is None else ox.NamedNode(predicate)
            for node in nodes:
                term = _to_engine(node)
                if backwards:
                    found = self._store.quads_for_pattern(None, prop, term, None)
                elif isinstance(term, ox.Literal):
                    continue
                else:
                    found = self._store.quads_for_pattern(term, prop, None, None)
                yield from (_triple(quad) for quad in found if _name_of(quad.graph_name) not in hidden)

    def everything(self, without: Collection[str] = ()) -> Iterator[Triple]:
        """Return all triples; see the protocol."""
        hidden = {"", *without}
        return (_triple(quad) for quad in self._store if _name_of(quad.graph_name) not in hidden)

    def homes(self, subject: Term) -> Sequence[str]:
        """Return the files that describe a subject; see the protocol."""
        term = _to_engine(subject)
        if isinstance(term, ox.Literal):
            return ()
        return sorted(
            {_name_of(quad.graph_name) for quad in self._store.quads_for_pattern(term, None, None, None)}
            - {""}
        )

    def names(self) -> AbstractSet[str]:
        """Return the files; see the protocol."""
        return {_name_of(graph) for graph in self._store.named_graphs()} - {""}

    def has(self, name: str) -> bool:
        """Return whether there is a file of this name; see the protocol."""
        return self._store.contains_named_graph(_graph_of(name))

    def typed(self, namespace: str) -> Iterator[str]:
        """Return the IRIs of a namespace that have a type; see the protocol."""
        if not namespace:
            return
        for quad in self._store.quads_for_pattern(ox.NamedNode(namespace), _HOLDS, None, _INDEX):
            if isinstance(quad.object, ox.NamedNode):
                yield quad.object.value


class StatedEndpoint:
    """The statements of a graph whose release an endpoint holds, told apart by their names.

    An endpoint has one graph of all. Derived nodes have IRIs of their own, and what is derived of others has
    properties and classes that data never states. It does not know files.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, wanted: Wanted, without: Collection[str] = ()) -> Iterator[Triple]:  # noqa: ARG002
        """Return the wanted triples; see the protocol. Files are not known, so none is left out."""
        rows = [
            (backwards, predicate, term)
            for (backwards, predicate), nodes in wanted.items()
            for term in nodes
            if not isinstance(term, BlankNode) and (backwards or isinstance(term, Iri))
        ]
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            groups = [
                f"{{ VALUES ({names}) {{ {' '.join(values)} }} ?s ?p ?o }}"
                for names, values in (
                    ("?s ?p", [f"({_n3(t)} <{p}>)" for back, p, t in part if p and not back]),
                    ("?o ?p", [f"({_n3(t)} <{p}>)" for back, p, t in part if p and back]),
                    ("?s", [f"({_n3(t)})" for back, p, t in part if not p and not back]),
                    ("?o", [f"({_n3(t)})" for back, p, t in part if not p and back]),
                )
                if values
            ]
            yield from self._stated(f"SELECT ?s ?p ?o WHERE {{ {' UNION '.join(groups)} }}")

    def everything(self, without: Collection[str] = ()) -> Iterator[Triple]:  # noqa: ARG002
        """Return all triples; see the protocol."""
        return self._stated("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")

    def homes(self, subject: Term) -> Sequence[str]:  # noqa: ARG002
        """Return nothing: an endpoint does not know files."""
        return ()

    def names(self) -> AbstractSet[str]:
        """Return nothing: an endpoint does not know files."""
        return frozenset()

    def has(self, name: str) -> bool:  # noqa: ARG002
        """Return False: an endpoint does not know files."""
        return False

    def typed(self, namespace: str) -> Iterator[str]:
        """Return the IRIs of a namespace that have a type; see the protocol."""
        start = _n3(Literal(namespace))
        query = f"SELECT DISTINCT ?s WHERE {{ ?s a ?type FILTER(STRSTARTS(STR(?s), {start})) }}"
        return (str(row[0]) for row in self._store.select(query).rows if isinstance(row[0], Iri))

    def _stated(self, query: str) -> Iterator[Triple]:
        for subject, predicate, obj in self._store.select(query).rows:
            if not isinstance(predicate, Iri) or subject is None or obj is None:
                continue
            if str(subject).startswith(DERIVED) or predicate.value in _NEVER_STATED:
                continue
            if predicate.value == _TYPE.value and str(obj) in _DERIVED_CLASSES:
                continue
            yield subject, predicate, obj


_ROWS = 400
_NEVER_STATED = {
    PREFIXES["cmq"] + "passageUrl",
    PREFIXES["void"] + "subset",
    *(PREFIXES["skos"] + f"{sort}Match" for sort in ("exact", "close", "broad", "narrow", "related")),
}
_DERIVED_CLASSES = {PREFIXES["cmq"] + name for name in ("GovernmentDialogue", "StakeholderDialogue")}


def _quads(files: Mapping[str, Path]) -> Iterator[ox.Quad]:
    for name, path in files.items():
        graph = _graph_of(name)
        try:
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                yield ox.Quad(quad.subject, quad.predicate, _hidden(quad.object), graph)
                if quad.predicate == _TYPE and isinstance(quad.subject, ox.NamedNode):
                    # An engine cannot look IRIs up by how they begin.
                    yield ox.Quad(
                        ox.NamedNode(namespace_of(quad.subject.value)), _HOLDS, quad.subject, _INDEX
                    )
        except (SyntaxError, OSError) as error:
            location = Location(str(path), getattr(error, "lineno", 1) or 1, getattr(error, "offset", 1) or 1)
            raise UnreadableInputError(location, getattr(error, "msg", None) or str(error)) from None


def namespace_of(iri: str) -> str:
    """Return an IRI up to its last ``/`` or ``#``; all of it, where it has neither."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] or iri


def _graph_of(name: str) -> ox.NamedNode:
    return ox.NamedNode(_FILE + quote(name))


def _name_of(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    """Return the file of a graph; nothing for what is not stated, but kept to find names."""
    if isinstance(graph, ox.NamedNode) and graph.value.startswith(_FILE):
        return unquote(graph.value.removeprefix(_FILE))
    return ""


def _hidden(term: _EngineTerm) -> _EngineTerm:
    if not isinstance(term, ox.Literal) or term.language or term.datatype.value == _STRING:
        return term
    return ox.Literal(term.value, datatype=ox.NamedNode(_AS_WRITTEN + term.datatype.value))


def _triple(quad: ox.Quad) -> Triple:
    return _from_engine(quad.subject), Iri(quad.predicate.value), _from_engine(quad.object)


def _from_engine(term: object) -> Term:
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.BlankNode():
            return BlankNode(term.value)
        case ox.Literal():
            return Literal(term.value, term.datatype.value.removeprefix(_AS_WRITTEN), term.language or "")
    raise TypeError(f"Not a term of RDF 1.1: {term}")


def _to_engine(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    match term:
        case Iri():
            return ox.NamedNode(term.value)
        case BlankNode():
            return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return _hidden(ox.Literal(term.value, datatype=ox.NamedNode(term.datatype)))  # type: ignore[return-value]


def _n3(term: Term) -> str:
    """Return a term as SPARQL writes it; an IRI that SPARQL cannot write becomes one that nothing has."""
    if isinstance(term, Iri):
        return f"<{term.value}>" if _UNWRITABLE.isdisjoint(term.value) else f"<{BASE}none>"
    if isinstance(term, Literal) and term.language:
        return str(ox.Literal(term.value, language=term.language))
    return str(ox.Literal(term.value, datatype=ox.NamedNode(getattr(term, "datatype", _STRING))))


_UNWRITABLE = frozenset('<>"{}|^`\\' + "".join(map(chr, range(0x21))))
