"""What the rest of the package asks of a store, and the terms in which it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Iri:
    """An IRI."""

    value: str

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal: its lexical form, and its language or its datatype's IRI."""

    value: str
    datatype: str = "http://www.w3.org/2001/XMLSchema#string"
    language: str = ""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class BlankNode:
    """A blank node, by the label that the engine gave it in this answer."""

    value: str

    def __str__(self) -> str:
        return f"_:{self.value}"


Term = Iri | Literal | BlankNode
Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query: the names of its variables, and its rows in the engine's order.

    An ASK query has one row, in the column ``ask``. A CONSTRUCT query has a row for each triple, in the
    columns ``subject``, ``predicate`` and ``object``.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


class Store(Protocol):
    """Something that answers SPARQL 1.1 queries."""

    def select(self, query: str) -> Table:
        """Return the rows of a query.

        Raises:
            QueryError: if the text is not a query that the engine accepts.
            EndpointError: if a remote engine gives no answer that can be relied on.

        """
        ...

    def dump(self) -> bytes:
        """Return every triple of the default graph as N-Triples, sorted by line.

        Raises:
            EndpointError: if a remote engine gives no answer that can be relied on.

        """
        ...
