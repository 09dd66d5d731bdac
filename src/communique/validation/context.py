"""What a record is judged among: the ontology and the rest of the shipped graph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph
from rdflib import BNode, Literal, URIRef

from communique.errors import Location, UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

    from communique.layout import Layout

Triple = tuple["Node", "Node", "Node"]


@dataclass(frozen=True, slots=True)
class Context:
    """The rest of the graph.

    Attributes:
        triples: what the files of the layout state, without those that are judged in their place.
        described_in: for each subject, the file that describes it.

    """

    triples: tuple[Triple, ...]
    described_in: dict[Node, Path]


def context_of(judged: Iterable[Path], layout: Layout) -> Context:
    """Return what stands in the layout beside the judged files.

    A judged file that is a file of the layout takes that file's place.
    """
    replaced = {path.resolve() for path in judged}
    triples: list[Triple] = []
    described_in: dict[Node, Path] = {}
    for path in (*layout.ontology_files, *layout.data_files):
        if path.resolve() in replaced:
            continue
        stated = load(path)
        triples.extend(stated)
        for subject, _, _ in stated:
            described_in.setdefault(subject, path)
    return Context(tuple(triples), described_in)


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
            (_node(quad.subject), URIRef(quad.predicate.value), _node(quad.object)) for quad in quads
        )
    except SyntaxError as error:
        raise UnreadableInputError(
            Location(str(path), error.lineno or 1, error.offset or 1), str(error.msg)
        ) from None


def _node(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | object) -> Node:
    """Return a term as rdflib has it, a literal as it was written."""
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if not isinstance(term, pyoxigraph.Literal):
        raise TypeError(f"Not a term of RDF 1.1: {term}")
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    if str(datatype) == _STRING:
        return Literal(term.value)
    return Literal(term.value, datatype=datatype, normalize=False)


_STRING = "http://www.w3.org/2001/XMLSchema#string"
