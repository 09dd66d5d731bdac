"""The default engine: pyoxigraph, in memory or on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import Location, QueryError, UnreadableInputError
from communique.store.protocol import BlankNode, Iri, Literal, Table, Term

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Triple = tuple[Term, Iri, Term]


class EmbeddedStore:
    """A store in the memory of this process, or a folder on disk that is only read."""

    def __init__(self, folder: Path | None = None) -> None:
        self._store = ox.Store() if folder is None else ox.Store.read_only(str(folder))

    @staticmethod
    def write(dump: bytes, folder: Path) -> None:
        """Write N-Triples into a new store on disk.

        Args:
            dump: the triples.
            folder: where the store goes; it must not exist yet.

        """
        store = ox.Store(str(folder))
        store.bulk_load(dump, format=ox.RdfFormat.N_TRIPLES)
        store.optimize()
        store.flush()

    def __len__(self) -> int:
        return len(self._store)

    def load(self, path: Path) -> None:
        """Add the triples of a Turtle file.

        Raises:
            UnreadableInputError: if the file is not Turtle, with the line and column.

        """
        try:
            self._store.load(path=str(path), format=ox.RdfFormat.TURTLE)
        except (SyntaxError, OSError) as error:
            location = Location(str(path), getattr(error, "lineno", 1) or 1, getattr(error, "offset", 1) or 1)
            raise UnreadableInputError(location, getattr(error, "msg", None) or str(error)) from None

    def load_text(self, text: str, name: str) -> None:
        """Add the triples of a Turtle text; ``name`` stands for it in errors.

        Raises:
            UnreadableInputError: if the text is not Turtle, with the line and column.

        """
        try:
            self._store.load(text.encode(), format=ox.RdfFormat.TURTLE)
        except SyntaxError as error:
            raise UnreadableInputError(
                Location(name, error.lineno or 1, error.offset or 1), error.msg
            ) from None

    def add(self, triples: Iterable[Triple]) -> None:
        """Add triples."""
        self._store.extend(
            ox.Quad(_to_engine(s), ox.NamedNode(p.value), _to_engine(o))  # type: ignore[arg-type]
            for s, p, o in triples
        )

    def select(self, query: str) -> Table:
        """Return the rows of a query; see the protocol."""
        found = self._query(query)
        if isinstance(found, ox.QueryBoolean):
            truth = Literal("true" if found else "false", "http://www.w3.org/2001/XMLSchema#boolean")
            return Table(("ask",), ((truth,),))
        if isinstance(found, ox.QueryTriples):
            parts = ("subject", "predicate", "object")
            return Table(parts, tuple(tuple(_from_engine(getattr(t, p)) for p in parts) for t in found))
        variables = tuple(variable.value for variable in found.variables)
        return Table(
            variables,
            tuple(tuple(_from_engine(solution[name]) for name in variables) for solution in found),
        )

    def construct(self, query: str) -> int:
        """Add what a CONSTRUCT query gives, and return how many triples were new."""
        found = self._query(query)
        if not isinstance(found, ox.QueryTriples):
            raise QueryError("A rule must be a CONSTRUCT query.")
        before = len(self._store)
        self._store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in found])
        return len(self._store) - before

    def dump(self) -> bytes:
        """Return every triple as N-Triples, sorted by line."""
        text = self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
        return b"".join(sorted(text.splitlines(keepends=True)))

    def _query(self, query: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        try:
            return self._store.query(query)
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"The query is not SPARQL 1.1: {error}") from None


def _to_engine(term: Term) -> ox.NamedNode | ox.Literal | ox.BlankNode:
    match term:
        case Iri():
            return ox.NamedNode(term.value)
        case BlankNode():
            return ox.BlankNode(term.value)
        case Literal(language=language) if language:
            return ox.Literal(term.value, language=language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def _from_engine(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple | None) -> Term | None:
    match term:
        case None:
            return None
        case ox.NamedNode():
            return Iri(term.value)
        case ox.BlankNode():
            return BlankNode(term.value)
        case ox.Literal():
            return Literal(term.value, term.datatype.value, term.language or "")
    raise QueryError("The answer holds a triple as a term, which this graph does not use.")
