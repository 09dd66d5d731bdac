"""What is wrong with the syntax of Turtle, in plain words, at the very sign, and what to write instead."""

from __future__ import annotations

import re

from communique.errors import Location
from communique.isolation.gate import place
from communique.isolation.refusal import RefusedInputError, line_of, shown

SYNTAX = "unreadable"
"""The rule of what is not in the syntax of its ending."""

_HINTS = {
    r"A dot is expected|by a dot": "The statement before has no full stop, or a sign is out of place.",
    r"Unexpected escape character": "Write two backslashes for one.",
    r"not a valid hexadecimal": r"After \\u come four hexadecimal digits.",
    r"encoding D[89A-F]": "Write the character itself.",
    r"^(?:TRUE|FALSE|True|False) is": "Write true or false in small letters.",
    r"^@PREFIX": "Write @prefix in small letters.",
    r"followed by a prefix and its value": "Write the address in angle brackets: <…>.",
    r"^-\d+ is": 'Put dates into quotes: "2024-01-31"^^xsd:date.',
    r"^[?$]\w": "Turtle has no variables: they are for queries.",
    r"^\{ is": "Turtle has no braces: named graphs are TriG, rules are N3.",
    r"^\^ is": 'Two carets stand before a datatype: "2024-01-31"^^xsd:date.',
    r"^\. is not a valid subject": "One full stop ends a statement; after PREFIX without @ stands none.",
    r"is not a valid subject": "The statement before it has ended: by a comma where a semicolon is meant, or "
    "by a quotation mark within a text, which takes a backslash before it.",
    r"is not a valid predicate": "A name takes a prefix, as in cmq:date; the word a alone has none.",
    r"is not a valid RDF object": "A text stands in quotation marks; a name takes a prefix.",
    r"language code should": 'Write the language as in "…"@en, or leave the @ out.',
    r"should end with a": "Close the bracket before the full stop.",
    r"Line jumps": "Close the quotation mark on its line, or put three around a text of several lines.",
    r"Unexpected end": "A full stop is missing, a quotation mark or bracket never closed, or the rest lost.",
    r"^'[“”‘’„«»]'": 'Write straight quotes ("), not those of a word processor.',
    r"prefix \S+ has not been declared": "Add its @prefix line at the top, or mend the name.",
    r"No scheme found": "Write the address whole, or use a prefix.",
    r"Invalid IRI code point '[ \\]": "Close the address with > before it, or percent-encode it.",
    r"Invalid IRI code point": "Percent-encode it, or mend the address.",
    r"^'/' is not allowed": "Comments start with #; an address stands whole in <…>.",
    r"is not allowed at the beginning": r"Put a backslash before it, or write the address whole in <…>.",
}
"""What pyoxigraph says, as patterns, and what to do."""

_PLAINER = (
    (re.compile(r" subject or graph name$"), " subject"),
    (re.compile(r" RDF object$"), " object"),
    (re.compile(r"^Line jumps are not allowed in string literals, use \\n$"), "A line ends within a text"),
    (re.compile(r"^Unexpected end(?: of file)?$"), "The file ends before its last statement does"),
    (re.compile(r"^Quads must be followed by a dot$"), "A full stop is missing"),
)
_SAID_PLACE = re.compile(r"^Parser error [^:]*: |\s*\(line \d+\)$")


def refusal(error: SyntaxError, text: str, path: str) -> RefusedInputError:
    """Return what pyoxigraph refuses, with the place, the reason, what to do, and the line itself."""
    reason = _SAID_PLACE.sub("", str(error.msg)).rstrip(".")
    hint = next((hint for sign, hint in _HINTS.items() if re.search(sign, reason)), "")
    at = _place(error, reason, text, path)
    rule = "relative-iri" if "No scheme found" in reason else SYNTAX
    for wordy, plain in _PLAINER:
        reason = wordy.sub(plain, reason)
    return RefusedInputError(at, rule, f"{shown(reason)}. {hint}".rstrip(), line_of(text, at))


def _place(error: SyntaxError, reason: str, text: str, path: str) -> Location:
    """Return the place of an error; where nothing stands there any more, the end of what does."""
    line, column = error.lineno or 1, error.offset or 1
    lines = text.split("\n")
    if line > len(lines):  # Its lines end as those of the old Macintosh.
        return Location(path, line, column)
    if line > 1 and not "\n".join(lines[line - 1 :])[column - 1 :].strip():
        return place(text, len(text.rstrip()), path)
    return Location(path, line, _exact(lines[line - 1], column, reason))


def _exact(line: str, column: int, reason: str) -> int:
    """Return the column of the very sign that a reason names, where the parser points beside it."""
    named = re.search(r"code point '(.)'", reason)
    if named:
        escape = re.compile(
            rf"{re.escape(named[1])}|\\u0*{ord(named[1]):x}(?![0-9a-f])|\\U0*{ord(named[1]):x}", re.I
        )
        found = escape.search(line, column)
    else:
        named = re.search(r"'((?:\\[uU]|%)[^']*)'", reason)
        found = (
            re.compile(re.escape(named[1])).search(line, max(column - len(named[1]), 0)) if named else None
        )
    return found.start() + 1 if found else column
