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

from communique.errors import Location, UnreadableInputError
from communique.namespaces import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableSequence
    from pathlib import Path

    from rdflib.term import Node

MAX_BYTES = 20 * 1024 * 1024
"""Larger files are refused before they are read."""

_SUFFIXES = {".ttl", ".nt"}
_OTHER_MARKS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
}
_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LocatedTurtle:
    """One file of Turtle, read.

    Attributes:
        path: the file, as it was named.
        lines: its text, line by line.
        graph: what it states, each literal as it was written.
        objects: where the object of a triple stands, at its first writing.
        subjects: where a subject is first described.

    """

    path: str
    lines: tuple[str, ...]
    graph: Graph
    objects: dict[tuple[Node, Node, Node], Location]
    subjects: dict[Node, Location]

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def read(path: Path) -> LocatedTurtle:
    """Return a file of Turtle with its positions.

    Raises UnreadableInputError, in plain words, for whatever is not a readable file of Turtle.
    """
    return parse(_read_text(path), str(path))


def parse(text: str, path: str = "<text>") -> LocatedTurtle:
    """Return Turtle with its positions; ``path`` is only what messages call it."""
    _check_syntax(text, path)
    graph = Graph(bind_namespaces="none")
    places = _Places(text, path)
    parser = _LocatedParser(_LexicalSink(graph), places)
    try:
        with quiet_terms():
            parser.loadBuf(text)
    except RecursionError:
        raise UnreadableInputError(
            Location(path), "The Turtle is nested too deeply. Give inner nodes names of their own."
        ) from None
    except SyntaxError as error:
        # What only one of the two parsers reads is refused too.
        at = places.at(min(getattr(error, "_i", 0), max(len(text) - 1, 0)))
        reason = getattr(error, "_why", str(error))
        raise UnreadableInputError(at, f"This is not Turtle 1.1: {reason}.") from None
    except ValueError as error:
        # Python refuses to read a number of thousands of digits.
        raise UnreadableInputError(Location(path), f"A number cannot be read: {error}.") from None
    lines = tuple(text.split("\n"))
    return LocatedTurtle(path, lines, graph, places.objects, places.subjects)


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


def _read_text(path: Path) -> str:
    """Return the text of a file that looks like UTF-8 Turtle, else say why not."""
    start = Location(str(path))
    if path.suffix.lower() not in _SUFFIXES:
        raise UnreadableInputError(start, "Only Turtle is read here: the file's name must end in .ttl.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableInputError(
                start, f"The file has {size:,} bytes; at most {MAX_BYTES:,} are read. Split it."
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInputError(start, f"The file cannot be opened: {error.strerror}.") from None
    for mark, name in _OTHER_MARKS.items():
        if content.startswith(mark):
            raise UnreadableInputError(start, f"The file is {name}. Save it as UTF-8.")
    if content.startswith(_UTF8_MARK):
        raise UnreadableInputError(
            start, "The file starts with a byte order mark. Save it as UTF-8 without one (no BOM)."
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line_start = before.rfind("\n") + 1
        at = Location(str(path), before.count("\n") + 1, len(before) - line_start + 1)
        raise UnreadableInputError(
            at,
            f"The byte 0x{content[error.start]:02x} is not UTF-8. Save the file as UTF-8; "
            "it may have been saved as Windows-1252 or Shift JIS.",
        ) from None
    if "\0" in text:
        before = text[: text.index("\0")]
        at = Location(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise UnreadableInputError(
            at, "There is a NUL character here: the file is not plain text, or it is UTF-16."
        )
    return text


def _check_syntax(text: str, path: str) -> None:
    """Refuse what pyoxigraph refuses, with the place, the reason and the line itself."""
    try:
        for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE):
            _check_object(quad.object, text, path)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        reason = str(error.msg).partition(": ")[2] or str(error.msg)
        shown = text.split("\n")[line - 1].rstrip("\r") if line <= text.count("\n") + 1 else ""
        if len(shown) > _SHOWN:
            shown = shown[:_SHOWN] + "…"
        raise UnreadableInputError(
            Location(path, line, column), f"{reason.rstrip('.')}." + (f"\n{shown}" if shown else "")
        ) from None


_SHOWN = 200


def _check_object(term: object, text: str, path: str) -> None:
    """Refuse triple terms, and literals of markup: rdflib would parse those, at any cost."""
    if isinstance(term, pyoxigraph.Triple):
        sign, reason = r"<<", "Triple terms are of RDF 1.2 and not read. State the triple itself."
    elif isinstance(term, pyoxigraph.Literal) and term.datatype.value in _MARKUP:
        sign = r"\^\^\s*\S*(HTML|XMLLiteral)\b"
        reason = "Literals of HTML or XML are not read. Write plain text with its language."
    else:
        return
    found = re.search(sign, text)
    raise UnreadableInputError(_Places(text, path).at(found.start() if found else 0), reason)


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
        if self._starts:
            triple = tuple(self._sink.normalise(None, term) for term in quadruple[1:])
            predicate, subject, obj = triple
            place = self._places.at(self._starts.popleft())
            self._places.objects.setdefault((subject, predicate, obj), place)
