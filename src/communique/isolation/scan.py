"""Reads a SPARQL text as a row of tokens, and refuses what an engine must not be given.

Deep nesting ends the whole process of the engine, long groups keep its optimiser busy for minutes, and
SERVICE, FROM and updates reach beyond the graph. All of that shows in one pass over the tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.errors import Location, QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+|\#[^\n\r]*)
  | (?P<iri><[^\x00-\x20<>"{}|^`\\]*>)
  | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$][\w\u00b7]+)
  | (?P<blank>_:[\w.\-\u00b7]+)
  | (?P<name>(?:[^\W\d_][\w.\-\u00b7]*)?:
      (?:(?:[\w:.\-\u00b7]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:\-\u00b7]|%[0-9A-Fa-f]{2}|\\.))?)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<number>[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[^\W\d_]\w*)
  | (?P<sign>\^\^|\|\||&&|!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"])
_OPERATORS = frozenset(["||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "!", "IN"])
_GROUPS = frozenset(["FILTER", "BIND", "OPTIONAL", "UNION", "MINUS"])
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a query.

    Attributes:
        kind: iri, string, variable, blank, name (prefixed), language, number, word or sign.
        text: the token as it stands.
        start: its offset in the text, in characters.

    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Return the offset of the first character after the token."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a query may be.

    Attributes:
        characters: the length of the text.
        nesting: brackets within brackets.
        operators: operators of expressions, in all.
        groups: FILTER, BIND, OPTIONAL, UNION and MINUS, in all.
        steps: steps of property paths, and divisions, in all.
        statements: full stops, semicolons and commas between triple patterns, in all.

    """

    characters: int = 256_000
    nesting: int = 32
    operators: int = 400
    groups: int = 200
    steps: int = 64
    statements: int = 200


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a SPARQL text, without white space and comments."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), match.start())


def place(text: str, offset: int, name: str = "query") -> Location:
    """Return line and column of an offset."""
    before = text[:offset]
    return Location(name, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def check(text: str, limits: Limits | None = None, *, federated: bool = False) -> None:
    """Refuse a query that an engine must not be given.

    Args:
        text: the query.
        limits: how large it may be.
        federated: whether SERVICE is allowed, because the caller evaluates it.

    Raises:
        QueryError: naming line and column, the reason and what to do.

    """
    limits = limits or Limits()
    if len(text) > limits.characters:
        raise QueryError(
            f"query-too-complex: the query has {len(text)} characters; the limit is {limits.characters}."
        )
    depth = operators = groups = steps = statements = 0
    for token in tokens(text):
        word = token.text.upper() if token.kind == "word" else ""
        if word in _UPDATES:
            raise QueryError(f"{place(text, token.start)}: {word} changes data; this graph is read only.")
        if word == "SERVICE" and not federated:
            raise QueryError(
                f"{place(text, token.start)}: service-not-allowed: SERVICE would call another server. "
                "Ask that server yourself, with `--endpoint`."
            )
        if word == "FROM":
            raise QueryError(
                f"{place(text, token.start)}: unknown-graph: there is one graph only; leave FROM out."
            )
        if token.kind == "sign" and token.text in _OPENING:
            depth += 1
        elif token.kind == "sign" and token.text in _CLOSING:
            depth -= 1
        groups += word in _GROUPS
        steps += token.text == "/"
        operators += token.text in _OPERATORS or word == "IN"
        statements += token.kind == "sign" and token.text in ".;,"
        for found, most, what in (
            (depth, limits.nesting, "brackets within brackets"),
            (operators, limits.operators, "operators"),
            (groups, limits.groups, "filters, bindings and optional or alternative parts"),
            (steps, limits.steps, "steps of paths"),
            (statements, limits.statements, "triple patterns"),
        ):
            if found > most:
                raise QueryError(
                    f"{place(text, token.start)}: query-too-complex: more than {most} {what}. "
                    "Ask in several smaller queries."
                )
