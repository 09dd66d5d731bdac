"""The gate that each file passes first: from bytes to text, and to the syntax that it is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from communique.errors import Location
from communique.isolation.refusal import Notice, RefusedInputError, line_of, shown

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
"""Larger files are refused before they are read."""

MAX_STATEMENTS = 50_000
"""Files that state more are refused: judging takes a millisecond for some of them."""


class Syntax(Enum):
    """A way to write RDF: what it is called, and the endings of its files."""

    TURTLE = "Turtle", (".ttl",)
    N_TRIPLES = "N-Triples", (".nt",)
    TRIG = "TriG", (".trig",)
    N_QUADS = "N-Quads", (".nq",)
    JSON_LD = "JSON-LD", (".jsonld",)
    RDF_XML = "RDF/XML", (".rdf", ".owl")

    def __init__(self, title: str, endings: tuple[str, ...]) -> None:
        self.title = title
        self.endings = endings


SYNTAXES = {ending: syntax for syntax in Syntax for ending in syntax.endings}

_MARK = b"\xef\xbb\xbf"
_OTHERS = (
    # Longest first: the mark of UTF-32 starts with that of UTF-16.
    (re.compile(rb"\xff\xfe\x00\x00|\x00\x00\xfe\xff"), "UTF-32 text"),
    (
        re.compile(rb"\xff\xfe|\xfe\xff|(?:\x00[\t\n\r\x20-\x7e]){4}|(?:[\t\n\r\x20-\x7e]\x00){4}"),
        "UTF-16 text",
    ),
    (re.compile(rb"PK[\x03\x05]"), "a zip archive, as office programs write"),
    (re.compile(rb"\x1f\x8b"), "compressed with gzip"),
    (re.compile(rb"%PDF-"), "a PDF"),
)
_LOOKS = (
    (re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.I), "HTML"),
    (re.compile(r"\s*<\?xml|\s*<!DOCTYPE\s|\s*<!--|\s*<rdf:RDF\b"), Syntax.RDF_XML),
    # In Turtle a bracket opens a nested node, and no string can follow.
    (re.compile(r'\s*(?:\{\s*["}]|\[\s*\{|\[\s*\]\s*\Z)'), Syntax.JSON_LD),
    (re.compile(r"(?:\s|#[^\n]*\n)*(?:@prefix|@base|PREFIX|BASE)\s"), Syntax.TURTLE),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A file that has passed the gate.

    Attributes:
        path: its name, as messages write it.
        syntax: what its name says that it is.
        content: its text, without a byte order mark.
        notices: what was odd about it.

    """

    path: str
    syntax: Syntax
    content: str
    notices: tuple[Notice, ...] = ()


def open_text(path: Path) -> Text:
    """Return the text of a file.

    Raises:
        RefusedInputError: if it cannot be opened, is too large, is not UTF-8, or no syntax that is known.

    """
    name = shown(str(path))
    start = Location(name)
    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        known = ", ".join(f"{', '.join(known.endings)} ({known.title})" for known in Syntax)
        raise RefusedInputError(
            start, "unknown-ending", f"No syntax has the ending “{shown(path.suffix)}”. Known: {known}."
        )
    try:
        if path.exists() and not path.is_file():
            raise RefusedInputError(start, "no-file", "This is no ordinary file.")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise RefusedInputError(start, "no-file", f"The file cannot be opened: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise RefusedInputError(
            start,
            "file-too-large",
            f"The file has {path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read. Split it.",
        )
    notices = []
    if name != str(path):
        notices.append(
            Notice(
                start, "odd-file-name", False, f"The file's name is written {name}.", "Give it a plain name."
            )
        )
    return Text(name, syntax, decode(content, name), tuple(notices))


def decode(content: bytes, path: str) -> str:
    """Return bytes as the text that they are in strict UTF-8; one byte order mark is skipped.

    Raises:
        RefusedInputError: if they are not, naming what they look like.

    """
    for sign, what in _OTHERS:
        if sign.match(content):
            raise RefusedInputError(
                Location(path), "not-utf-8", f"The file is {what}. Save it as plain text in UTF-8."
            )
    content = content.removeprefix(_MARK)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        at = place(before, len(before), path)
        raise RefusedInputError(
            at,
            "not-utf-8",
            f"The byte 0x{content[error.start]:02X}, number {error.start:,} of the file, is not UTF-8. "
            "Save the file as UTF-8; it may have been saved as Windows-1252, Latin-1 or Shift JIS.",
            line_of(content.decode("utf-8", "replace"), at),
        ) from None
    if "\0" in text:
        raise RefusedInputError(
            place(text, text.index("\0"), path),
            "nul",
            "There is a NUL character here: the file is damaged, or not plain text.",
            line_of(text, place(text, text.index("\0"), path)),
        )
    return text


def check_look(text: Text) -> None:
    """Refuse a file whose text is plainly of another syntax than its ending says.

    Raises:
        RefusedInputError: at its first line, naming what it looks like.

    """
    looks = next((syntax for sign, syntax in _LOOKS if sign.match(text.content)), text.syntax)
    if looks == text.syntax or (looks is Syntax.TURTLE and text.syntax is Syntax.TRIG):
        return
    if isinstance(looks, Syntax):
        what, advice = looks.title, f"Name it *{looks.endings[0]}, or save it again"
    else:
        what, advice = looks, "It may be an error page that was saved in its place: fetch it again"
    start = Location(text.path)
    raise RefusedInputError(
        start,
        "wrong-syntax",
        f"The file is named as {text.syntax.title} and looks like {what}. {advice}.",
        line_of(text.content, start),
    )


def place(text: str, offset: int, path: str) -> Location:
    """Return line and column of an offset, both counted from 1 in characters."""
    before = text[:offset]
    return Location(path, before.count("\n") + 1, offset - before.rfind("\n"))
