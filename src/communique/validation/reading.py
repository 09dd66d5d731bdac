"""Files in any syntax of RDF, read with positions.

Turtle and N-Triples are read here, by parsers that the scan before them keeps safe. The others are read by a
worker; where their statements stand is then found in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph
from rdflib import Literal, URIRef

from communique.errors import Location
from communique.isolation import parsing, worker
from communique.isolation.characters import check_characters
from communique.isolation.gate import Syntax, check_look, open_text, place
from communique.isolation.refusal import Notice, RefusedInputError, line_of
from communique.validation.statements import check_statements
from communique.validation.turtle import LocatedTurtle, parse

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

    from communique.isolation.gate import Text

_FORMS = {
    Syntax.TURTLE: pyoxigraph.RdfFormat.TURTLE,
    Syntax.N_TRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
}
_IN_A_WORKER = {
    Syntax.RDF_XML: parsing.read_rdfxml,
    Syntax.JSON_LD: parsing.read_jsonld,
    Syntax.TRIG: parsing.read_trig,
    Syntax.N_QUADS: parsing.read_nquads,
}


def read(path: Path) -> LocatedTurtle:
    """Return what a file states, with positions, and what is odd about it.

    Raises:
        RefusedInputError: in plain words, with line and column, if it cannot or must not be read.

    """
    text = open_text(path)
    check_look(text)
    if text.syntax in _FORMS:
        located = parse(text.content, text.path, _FORMS[text.syntax])
    else:
        located = _read_in_a_worker(text)
    notices = (
        *text.notices,
        *check_characters(text.content, text.path),
        *located.notices,
        *_entities(text),
        *_emptiness(located),
        *check_statements(located),
    )
    return replace(located, notices=notices)


def _entities(text: Text) -> list[Notice]:
    declared = text.content.find("<!ENTITY") if text.syntax is Syntax.RDF_XML else -1
    if declared < 0:
        return []
    return [
        Notice(
            place(text.content, declared, text.path),
            "xml-entities",
            False,
            "The file declares entities of its own, which few programs read.",
            "Write the addresses out, or declare namespaces.",
        )
    ]


def _emptiness(located: LocatedTurtle) -> list[Notice]:
    if len(located.graph):
        return []
    said = "The file states nothing"
    if any(line.strip() for line in located.lines):
        said += ", though it is not empty"
    return [
        Notice(
            Location(located.path),
            "no-statements",
            False,
            f"{said}.",
            "Write its statements, or remove the file. In JSON-LD, keys without context state nothing.",
        )
    ]


def _read_in_a_worker(text: Text) -> LocatedTurtle:
    try:
        triples = worker.run(_IN_A_WORKER[text.syntax], text.content.encode("utf-8"))
    except RefusedInputError as error:
        at = Location(text.path, error.location.line, error.location.column)
        raise RefusedInputError(at, error.rule, error.reason, line_of(text.content, at)) from None
    except worker.WorkerError as error:
        raise RefusedInputError(
            Location(text.path), error.rule, f"The file cannot be read. {error} Split or simplify it."
        ) from None
    try:
        stated = parse(triples.decode("utf-8"), text.path, _FORMS[Syntax.N_TRIPLES])
    except RefusedInputError as error:
        # The place is one in the triples, which nobody has written.
        message = error.reason.partition("\n")[0]
        raise RefusedInputError(Location(text.path), error.rule, message) from None
    places = _FoundPlaces(text, stated.graph)
    return LocatedTurtle(
        text.path,
        tuple(text.content.split("\n")),
        stated.graph,
        {triple: places.of_object(triple) for triple in stated.graph},
        {subject: places.of_subject(subject) for subject in stated.graph.subjects(unique=True)},
    )


class _FoundPlaces:
    """Places in a text whose parser does not tell them: where the words of a term first stand."""

    def __init__(self, text: Text, graph: Graph) -> None:
        self._text = text
        self._starts = {subject: self._find(subject, 0) for subject in graph.subjects(unique=True)}
        self._in_order = sorted(start for start in self._starts.values() if start is not None)

    def of_subject(self, subject: Node) -> Location:
        """Return where a subject's address, or its last part, first stands; else the first line."""
        return self._at(self._starts[subject] or 0)

    def of_object(self, triple: tuple[Node, Node, Node]) -> Location:
        """Return where an object stands between its subject and the next one; else the subject's place."""
        start = self._starts[triple[0]]
        if start is None:
            return self.of_subject(triple[0])
        after = bisect_right(self._in_order, start)
        end = self._in_order[after] if after < len(self._in_order) else len(self._text.content)
        found = self._find(triple[2], start + 1, end)
        return self._at(start if found is None else found)

    def _at(self, offset: int) -> Location:
        return place(self._text.content, offset, self._text.path)

    def _find(self, term: Node, start: int, end: int | None = None) -> int | None:
        end = len(self._text.content) if end is None else end
        words = [str(term)]
        if isinstance(term, URIRef):
            words.append(re.split(r"[/#:]", str(term))[-1])
        elif isinstance(term, Literal):
            words.append(str(term).partition("\n")[0].strip())
        else:
            return None
        for word in words:
            sign = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
            if word and (found := sign.search(self._text.content, start, end)):
                return found.start()
        return None
