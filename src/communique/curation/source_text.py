"""What a parser drops from a Turtle text: where each statement starts, and the comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\r\n]*)
    | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3}
               | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*')
    | (?P<iri><[^<>\s]*>)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+ | \.?\d+[eE][+-]?\d+ | \d*\.\d+ | \d+))
    | (?P<word>(?:\\.|[^\s\\"'<>\[\](){},;.\#]|\.+(?=[^\s"'<>\[\](){},;.\#]))+)
    | (?P<end>\.)
    | (?P<mark>[^\s])
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVES = ("@prefix", "@base", "@version")
_DIRECTIVES_WITHOUT_DOT = {"prefix": 3, "base": 2, "version": 2}
"""SPARQL's spelling, and the number of tokens after which it ends."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a Turtle text.

    Attributes:
        start: where its first character stands in the text.
        opening: its first token.
        is_directive: whether it binds a prefix or a base, and says no triple.
        apart: the paragraphs of comment before it that a blank line cuts off from it.
        above: the comment lines directly above it.
        inside: the comments within it and behind its end.

    """

    start: int
    opening: str
    is_directive: bool
    apart: list[list[str]]
    above: list[str]
    inside: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """The statements of a text in their order, and the paragraphs of comment after the last."""

    statements: list[Statement]
    tail: list[list[str]]


def outline(text: str) -> Outline:
    """Return the outline of a text that is known to be Turtle."""
    statements: list[Statement] = []
    waiting: list[tuple[int, str]] = []
    tokens = 0  # of the statement that is open; none is where this is 0
    line, counted, last_line = 1, 0, 0
    for match in TOKEN.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if match.lastgroup == "comment":
            comment = match.group().rstrip(" \t")
            if statements and (tokens or line == last_line):
                statements[-1].inside.append(comment)
            else:
                waiting.append((line, comment))
            continue
        if not tokens:
            apart, above = _split(waiting, line)
            opening = match.group()
            is_directive = opening in _DIRECTIVES or opening.lower() in _DIRECTIVES_WITHOUT_DOT
            statements.append(Statement(match.start(), opening, is_directive, apart, above))
            waiting = []
        tokens += 1
        full = _DIRECTIVES_WITHOUT_DOT.get(statements[-1].opening.lower())
        if match.lastgroup == "end" or tokens == full:
            tokens = 0
        last_line = line + match.group().count("\n")
    return Outline(statements, _paragraphs(waiting))


def _paragraphs(comments: list[tuple[int, str]]) -> list[list[str]]:
    """Return comment lines, grouped where they stand directly below each other."""
    paragraphs: list[list[str]] = []
    previous = -1
    for line, comment in comments:
        if line == previous + 1 and paragraphs:
            paragraphs[-1].append(comment)
        else:
            paragraphs.append([comment])
        previous = line
    return paragraphs


def _split(comments: list[tuple[int, str]], line: int) -> tuple[list[list[str]], list[str]]:
    """Return the paragraphs apart from a statement on a line, and the one directly above it."""
    paragraphs = _paragraphs(comments)
    if comments and comments[-1][0] == line - 1:
        return paragraphs[:-1], paragraphs[-1]
    return paragraphs, []
