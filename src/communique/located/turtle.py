"""Turtle with positions: the same graph as a plain parse, and where each triple was written.

pyoxigraph is the gate: what it refuses is refused, with line and column. rdflib's own parser then
reads the text once more, and a subclass notes where each subject and each object stands.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph
from rdflib import RDF, Graph, Literal
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser

from communique.errors import Location
from communique.isolation.gate import MAX_STATEMENTS
from communique.isolation.refusal import Notice, RefusedInputError, line_of
from communique.isolation.turtle import scan
from communique.located.syntax import SYNTAX, refusal
from communique.namespaces import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableSequence

    from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class LocatedTurtle:
    """One file of Turtle, read.

    Attributes:
        path: the file, as it was named.
        lines: its text, line by line.
        graph: what it states, each literal as it was written.
        objects: where the object of a triple stands, at its first writing.
        subjects: where a subject is first described.
        notices: what is odd about the text.

    """

    path: str
    lines: tuple[str, ...]
    graph: Graph
    objects: dict[tuple[Node, Node, Node], Location]
    subjects: dict[Node, Location]
    notices: tuple[Notice, ...] = ()

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


_TURTLE = pyoxigraph.RdfFormat.TURTLE


def parse(text: str, path: str = "<text>", form: pyoxigraph.RdfFormat = _TURTLE) -> LocatedTurtle:
    """Return Turtle, or N-Triples, with its positions; ``path`` is only what messages call it.

    Raises RefusedInputError, in plain words, for whatever is neither.
    """
    notices = scan(text, path)
    deque(_checked(text, path, form), maxlen=0)
    graph = Graph(store="SimpleMemory", bind_namespaces="none")
    places = _Places(text, path)
    parser = _LocatedParser(_LexicalSink(graph), places)
    try:
        with quiet_terms():
            parser.loadBuf(text)
    except _TooManyStatementsError as error:
        at = places.subjects.get(error.subject, Location(path)) if error.subject else Location(path)
        said = (
            f"From here on, the file states more than {MAX_STATEMENTS:,} things, which is the most. Split it."
        )
        raise RefusedInputError(at, "file-too-large", said, line_of(text, at)) from None
    except RecursionError:
        raise RefusedInputError(
            Location(path), "nested-too-deep", "The nesting is too deep. Give inner nodes names of their own."
        ) from None
    except SyntaxError as error:
        # What only one of the two parsers reads is refused too.
        at = places.at(min(getattr(error, "_i", 0), max(len(text) - 1, 0)))
        reason = getattr(error, "_why", str(error))
        said = f"Not every parser of Turtle reads this: {reason}."
        if text.startswith("@", error_at := min(getattr(error, "_i", 0), len(text))) and error_at:
            said = 'Write the language right behind the text, without a blank: "…"@en.'
        raise RefusedInputError(at, SYNTAX, said, line_of(text, at)) from None
    except ValueError as error:
        # Python refuses to read a number of thousands of digits.
        raise RefusedInputError(Location(path), SYNTAX, f"A number cannot be read: {error}.") from None
    lines = tuple(text.split("\n"))
    return LocatedTurtle(path, lines, graph, places.objects, places.subjects, tuple(notices))


@contextmanager
def quiet_terms() -> Iterator[None]:
    """Keep rdflib from logging ill-formed values: the shapes report them, in place."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def statements(text: str, path: str = "<text>") -> list[pyoxigraph.Quad]:
    """Return what Turtle states, without positions; ``path`` is only what messages call it.

    Raises RefusedInputError, in plain words, for whatever is not Turtle.
    """
    scan(text, path)
    return list(_checked(text, path, _TURTLE))


def _checked(text: str, path: str, form: pyoxigraph.RdfFormat) -> Iterator[pyoxigraph.Quad]:
    """Refuse what pyoxigraph refuses, with the place, the reason, what to do, and the line itself."""
    try:
        for quad in pyoxigraph.parse(text, format=form):
            _check_object(quad.object, text, path)
            yield quad
    except SyntaxError as error:
        raise refusal(error, text, path) from None


def _check_object(term: object, text: str, path: str) -> None:
    """Refuse triple terms, and literals of markup: rdflib would parse those, at any cost."""
    if isinstance(term, pyoxigraph.Triple):
        rule, sign = "rdf12-not-supported", r"<<"
        reason = "Triple terms are of RDF 1.2 and not read. State the triple itself."
    elif isinstance(term, pyoxigraph.Literal) and term.datatype.value in _MARKUP:
        rule, sign = "markup-literal", r"\^\^\s*\S*(HTML|XMLLiteral)\b"
        reason = "Literals of HTML or XML are not read. Write plain text with its language."
    elif isinstance(term, pyoxigraph.Literal) and "\0" in term.value:
        rule, sign = "nul", r"\\u0000|\\U00000000"
        reason = "A text holds the character NUL. Remove it."
    else:
        return
    found = re.search(sign, text)
    at = _Places(text, path).at(found.start() if found else 0)
    raise RefusedInputError(at, rule, reason, line_of(text, at))


_MARKUP = {str(RDF.HTML), str(RDF.XMLLiteral)}


class _Places:
    """Line and column of what the parser meets."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
        self.objects: dict[tuple[Node, Node, Node], Location] = {}
        self.subjects: dict[Node, Location] = {}

    def at(self, offset: int) -> Location:
        """Return the line and column of an offset into the text."""
        line = bisect_right(self._starts, offset)
        return Location(self._path, line, offset - self._starts[line - 1] + 1)


class _LexicalSink(RDFSink):
    """A sink that keeps literals as they were written: ``"01"`` stays, and so does an offset."""

    def newLiteral(self, s: str, dt: Any, lang: str | None) -> Literal:  # noqa: N802
        """Return a literal that has not been brought to its normal form."""
        if dt:
            return Literal(s, datatype=dt, normalize=False)
        return Literal(s, lang=lang)


class _TooManyStatementsError(Exception):
    """A text states more than is judged; with the subject that is then described."""

    def __init__(self, subject: Node | None) -> None:
        super().__init__()
        self.subject = subject


class _LocatedParser(SinkParser):
    """rdflib's Turtle parser, noting where each subject and object starts.

    The base class makes the statements of a list ``a, b, c`` only when all of the list has been
    read, and would report the place of its end for each. So the starts are noted as the objects
    are read, and taken up in the same order when the statements are made. An object that is itself
    a nested node makes its own statements first: the starts of the outer list are set aside last.
    """

    def __init__(self, sink: RDFSink, places: _Places) -> None:
        # Any base will do: the gate has refused relative IRIs that no ``@base`` resolves.
        super().__init__(sink, baseURI=BASE, turtle=True)
        self._sink = sink
        self._places = places
        self._starts: deque[int] = deque()
        self._statement_start: int | None = None
        self._subject: Node | None = None
        self._statements = 0

    def statement(self, argstr: str, i: int) -> int:
        """Note where a subject starts, then read its statement."""
        self._statement_start = self.skipSpace(argstr, i)
        return super().statement(argstr, i)

    def property_list(self, argstr: str, i: int, subj: Any) -> int:
        """Note the place of a subject, or of the first property of a nested node."""
        start = self._statement_start
        if start is None:
            start = max(self.skipSpace(argstr, i), 0)
        self._statement_start = None
        node = self._sink.normalise(None, subj)
        self._places.subjects.setdefault(node, self._places.at(start))
        self._subject = node
        return super().property_list(argstr, i, subj)

    def objectList(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802
        """Read a list of objects as the base class does, noting where each starts."""
        starts: list[int] = []
        while True:
            start = self.skipSpace(argstr, i)
            end = self.object(argstr, i, res)
            if end < 0:
                return -1
            starts.append(start)
            after = self.skipSpace(argstr, end)
            if after < 0:
                self.BadSyntax(argstr, after, "EOF found after object")
            if argstr[after] != ",":
                self._starts = deque(starts)
                return after
            i = after + 1

    def makeStatement(self, quadruple: Any) -> None:  # noqa: N802
        """Make a statement and keep the place of its object."""
        super().makeStatement(quadruple)
        self._statements += 1
        if self._statements > MAX_STATEMENTS:
            raise _TooManyStatementsError(self._subject)
        if self._starts:
            triple = tuple(self._sink.normalise(None, term) for term in quadruple[1:])
            predicate, subject, obj = triple
            place = self._places.at(self._starts.popleft())
            self._places.objects.setdefault((subject, predicate, obj), place)
