"""What a record is judged among: the ontology and the rest of the shipped graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph
from rdflib import BNode, Graph, Literal, URIRef

from communique.errors import Location, UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

    from communique.layout import Layout


@dataclass(frozen=True, slots=True)
class Context:
    """The rest of the graph.

    Attributes:
        graph: what the files of the layout state, without those that are judged in their place.
        described_in: for each subject, the file that describes it.

    """

    graph: Graph
    described_in: dict[Node, Path]


def context_of(judged: Iterable[Path], layout: Layout) -> Context:
    """Return what stands in the layout beside the judged files.

    A judged file that is a file of the layout takes that file's place.
    """
    replaced = {path.resolve() for path in judged}
    graph = Graph(bind_namespaces="none")
    described_in: dict[Node, Path] = {}
    for path in (*layout.ontology_files, *layout.data_files):
        if path.resolve() in replaced:
            continue
        for triple in load(path):
            graph.add(triple)
            described_in.setdefault(triple[0], path)
    return Context(graph, described_in)


def load(path: Path) -> Iterable[tuple[Node, Node, Node]]:
    """Return the triples of a file of the layout, read by the quick parser, without positions."""
    try:
        quads = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE, rename_blank_nodes=True)
        for quad in quads:
            yield _node(quad.subject), URIRef(quad.predicate.value), _node(quad.object)
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
