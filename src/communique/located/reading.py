"""Files in any syntax of RDF, read with positions.

Turtle and N-Triples are read here, by parsers that the scan before them keeps safe. The others are read by a
worker; where their statements stand is then found in the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph

from communique.errors import Location
from communique.isolation import parsing, worker
from communique.isolation.characters import check_characters
from communique.isolation.gate import Syntax, check_look, open_text, place
from communique.isolation.refusal import Notice, RefusedInputError, line_of
from communique.located.search import FoundPlaces
from communique.located.statements import check_statements
from communique.located.turtle import LocatedTurtle, parse

if TYPE_CHECKING:
    from pathlib import Path

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
    places = FoundPlaces(text, stated.graph)
    return LocatedTurtle(
        text.path,
        tuple(text.content.split("\n")),
        stated.graph,
        {triple: places.of_object(triple) for triple in stated.graph},
        {subject: places.of_subject(subject) for subject in stated.graph.subjects(unique=True)},
    )
