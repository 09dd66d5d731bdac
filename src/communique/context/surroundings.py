"""What a record is judged among: of the rest of the graph as much as judging it can read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph
from rdflib import BNode, Graph, Literal, URIRef

from communique.context.footprint import members_of
from communique.context.queries import UnboundedError
from communique.errors import Location, UnreadableInputError
from communique.store import protocol
from communique.store.stated import StatedStore, namespace_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from rdflib.term import Node

    from communique.context.footprint import Footprint
    from communique.context.reach import Key
    from communique.layout import Layout
    from communique.store.stated import Stated

Triple = tuple["Node", "Node", "Node"]


@dataclass(frozen=True, slots=True)
class Context:
    """The part of the rest of the graph that judging some nodes can read.

    Attributes:
        triples: the statements.
        whole: why it is all of the rest, where it is.

    """

    triples: AbstractSet[Triple]
    whole: str | None = None


class Surroundings:
    """A graph in which files take the place of its own, or are added.

    A file of the graph takes its own place, and so does one whose path ends as that of a file of the
    graph, such as ``data/register/people.ttl`` in another checkout. What the graph says of a subject that
    the files describe as well is left out.

    Attributes:
        few_beside: whether the files are most of the graph.

    """

    def __init__(
        self, judged: Mapping[Path, Graph], stated: Stated, root: Path, without: Collection[str] = ()
    ) -> None:
        self._own = Graph(store="SimpleMemory", bind_namespaces="none")
        for graph in judged.values():
            for triple in graph:
                self._own.add(triple)
        self._stated = stated
        self._described = set(self._own.subjects(unique=True))
        self.few_beside = len(judged) > 1 and len(stated.names()) < 2 * len(judged)
        self._replaced = {*without, *(name for path in judged if (name := _name(path, root, stated)))}

    def read(self, wanted: Mapping[Key, AbstractSet[Node]]) -> Iterator[Triple]:
        """Return the triples that the keys tell of the nodes."""
        for (backwards, predicate), nodes in wanted.items():
            for node in nodes:
                pattern = (None, predicate, node) if backwards else (node, predicate, None)
                yield from self._own.triples(pattern)
        beyond = {
            (backwards, None if predicate is None else str(predicate)): [_term(node) for node in nodes]
            for (backwards, predicate), nodes in wanted.items()
        }
        yield from self._beside(self._stated.read(beyond, self._replaced))

    def everything(self) -> Iterator[Triple]:
        """Return all triples of the graph that the files do not replace."""
        return self._beside(self._stated.everything(self._replaced))

    def homes(self, subject: Node) -> list[str]:
        """Return the files of the graph that describe a subject, besides those that are replaced."""
        return [name for name in self._stated.homes(_term(subject)) if name not in self._replaced]

    def like(self, node: URIRef) -> set[Node]:
        """Return the IRIs that are described in the namespace of another."""
        namespace = namespace_of(str(node))
        described = {subject for subject in self._described if str(subject).startswith(namespace)}
        return described | {URIRef(iri) for iri in self._stated.typed(namespace)}

    def _beside(self, triples: Iterable[protocol.Term | tuple[protocol.Term, ...]]) -> Iterator[Triple]:
        for subject, predicate, obj in triples:  # type: ignore[misc]
            node = _node(subject)
            if node not in self._described:
                yield node, URIRef(predicate.value), _node(obj)


class Described(Graph):
    """A graph that looks further than its own triples for what is said of a node: labels, types.

    Judging needs only what it reads; to tell what was found needs names as well.
    """

    def __init__(self, graph: Graph, surroundings: Surroundings) -> None:
        super().__init__(bind_namespaces="none")
        self._near = graph
        self._surroundings = surroundings

    def triples(self, pattern: tuple[Node | None, ...]) -> Iterator[Triple]:  # type: ignore[override]
        """Return the triples of a pattern; where it names the subject, all that the graph has."""
        subject, predicate, obj = pattern
        if subject is None:
            yield from self._near.triples(pattern)  # type: ignore[arg-type]
            return
        key = (False, predicate if isinstance(predicate, URIRef) else None)
        for triple in set(self._surroundings.read({key: {subject}})):
            if obj is None or triple[2] == obj:
                yield triple

    def like(self, node: URIRef) -> set[Node]:
        """Return the IRIs that are described in the namespace of another."""
        return self._surroundings.like(node)


def context_of(judged: Iterable[Path], layout: Layout) -> Context:
    """Return all that stands in the layout beside the judged files: what a run over the whole is given."""
    surroundings = Surroundings(dict.fromkeys(judged, Graph()), stated_in(layout), layout.root)
    return Context(frozenset(surroundings.everything()), "the whole was asked for")


def reachable(
    focus: AbstractSet[Node], surroundings: Surroundings, footprint: Footprint, checks: Sequence[str]
) -> Context:
    """Return what judging the focus by the shapes and checks can read of the graph around it.

    Where little of the graph is left, it is all of that: choosing would take longer than judging.
    """
    if surroundings.few_beside:
        return Context(frozenset(surroundings.everything()), "the files are most of the graph")
    kinds = footprint.reach.walk(((footprint.kinds, node) for node in focus), surroundings)
    known = Graph(bind_namespaces="none")
    for triple in kinds:
        known.add(triple)
    members = members_of(focus, known)
    try:
        starts = [
            (footprint.shape(targets.shape), node)
            for targets in footprint.targets
            for node in targets.among(focus, known, members)
        ]
        starts += [(footprint.check(text), node) for text in checks for node in focus]
    except UnboundedError as error:
        return Context(frozenset(surroundings.everything()), str(error))
    return Context(kinds | footprint.reach.walk(starts, surroundings))


def stated_in(layout: Layout, without: Iterable[Path] = ()) -> StatedStore:
    """Return what the files of a layout state; files that have not changed since are not read again.

    Args:
        layout: the files.
        without: files that others take the place of, and that need not be readable.

    Raises:
        UnreadableInputError: if a file is not Turtle, with its line and column.

    """
    left_out = {path.resolve() for path in without}
    files = [(name, path) for name, path in layout.stated_files() if path.resolve() not in left_out]
    return _stored(tuple((name, path, path.stat().st_mtime_ns, path.stat().st_size) for name, path in files))


@lru_cache(maxsize=2)
def _stored(files: tuple[tuple[str, Path, int, int], ...]) -> StatedStore:
    return StatedStore.of_files({name: path for name, path, _, _ in files})


def load(path: Path) -> tuple[Triple, ...]:
    """Return the triples of a file of the layout, read by the quick parser, without positions.

    A file that has not changed since is not read again.
    """
    state = path.stat()
    return _parsed(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _parsed(path: Path, _changed: int, _size: int) -> tuple[Triple, ...]:
    try:
        quads = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE, rename_blank_nodes=True)
        return tuple(
            (node_of(quad.subject), URIRef(quad.predicate.value), node_of(quad.object)) for quad in quads
        )
    except SyntaxError as error:
        raise UnreadableInputError(
            Location(str(path), error.lineno or 1, error.offset or 1), str(error.msg)
        ) from None


def _name(path: Path, root: Path, stated: Stated) -> str | None:
    """Return the name in the graph of a file, if it is one of the graph's."""
    resolved, top = path.resolve(), root.resolve()
    if resolved.is_relative_to(top):
        name = resolved.relative_to(top).as_posix()
        return name if stated.has(name) else None
    ends = ("/".join(resolved.parts[start:]) for start in range(1, len(resolved.parts) - 1))
    return next((end for end in ends if stated.has(end)), None)


def _node(term: protocol.Term) -> Node:
    """Return a term as rdflib has it, a literal as it was written."""
    match term:
        case protocol.Iri():
            return URIRef(term.value)
        case protocol.BlankNode():
            return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    if term.datatype == _STRING:
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(term.datatype), normalize=False)


def _term(node: Node) -> protocol.Term:
    """Return a term of rdflib as the store has it."""
    if isinstance(node, URIRef):
        return protocol.Iri(str(node))
    if isinstance(node, BNode):
        return protocol.BlankNode(str(node))
    if not isinstance(node, Literal):
        raise TypeError(f"Not a term of RDF 1.1: {node}")
    if node.language:
        return protocol.Literal(str(node), _LANGUAGE_STRING, node.language)
    return protocol.Literal(str(node), str(node.datatype or _STRING))


def node_of(term: object) -> Node:
    """Return a term of pyoxigraph as rdflib has it, a literal as it was written."""
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if not isinstance(term, pyoxigraph.Literal):
        raise TypeError(f"Not a term of RDF 1.1: {term}")
    return _node(protocol.Literal(term.value, term.datatype.value, term.language or ""))


_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
