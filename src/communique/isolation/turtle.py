"""Reads Turtle as a row of tokens before a parser does, and refuses what parsers do not survive.

Nesting, and literals, addresses, lists and prefixes without end, show in one pass. Wherever the tokens are
not those of Turtle the pass ends: there the parser ends, too.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from communique.isolation.gate import place
from communique.isolation.refusal import Notice, RefusedInputError, line_of
from communique.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.errors import Location

MAX_LITERAL = 64 * 1024
MAX_IRI = 2048
MAX_NESTING = 64
MAX_LANGUAGE = 35
FEW_NOTICES = 10
FEW_MEMBERS, MAX_MEMBERS = 1_000, 10_000
FEW_PREFIXES, MAX_PREFIXES = 500, 50_000
"""Above the first number there is a warning, above the second a refusal."""

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]++|\#[^\n]*+)
  | (?P<bind>(?:@prefix|(?i:PREFIX))\s++(?P<prefix>[^\s:<>"'\#]*+):\s*+<(?P<namespace>[^<>\s]*+)>)
  | (?P<triple><<)
  | (?P<iri><[^<>"{}|^`\x00-\x20]*+>)
  | (?P<string>\"{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+\"{3}|'{3}[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'{3}
      |"(?!"")[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+"|'(?!'')[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*+'|""|'')
  | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
  | (?P<open>[\[({])
  | (?P<close>[\])}])
  | (?P<word>(?:[^\s\#<>"'\[\](){}\\@]|\\.)++)
  """,
    re.VERBOSE | re.DOTALL,
)


def scan(text: str, path: str) -> list[Notice]:
    """Return what is odd about the size of things in Turtle.

    Raises:
        RefusedInputError: if something is larger, or nested deeper, than is read.

    """
    return list(_Scan(text, path).notices())


class _Scan:
    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._prefixes: dict[str, str] = {}
        self._twins: dict[str, str] = {}
        self._bindings = 0
        self._told: Counter[str] = Counter()

    def notices(self) -> Iterator[Notice]:
        """Yield the notices in the order of the text, no more than a few of each rule."""
        brackets: list[list[int]] = []  # for each open bracket: its offset, and what stands in it
        end = 0
        while found := _TOKEN.match(self._text, end):
            start, end = found.span()
            kind = found.lastgroup if found.lastgroup != "namespace" else "bind"
            if kind == "space":
                continue
            if kind == "open":
                brackets.append([start, 0])
                if len(brackets) > MAX_NESTING:
                    raise self._refusal(
                        start,
                        "nested-too-deep",
                        f"More than {MAX_NESTING} brackets are open here. Give inner nodes names.",
                    )
                continue
            if kind == "close" and brackets:
                brackets.pop()
            elif kind == "triple" and self._text.startswith("<" * 7, start):
                raise self._refusal(
                    start,
                    "unreadable",
                    "Git could not merge here and left both sides. Keep what is right and remove the marks.",
                )
            elif kind == "triple":
                raise self._refusal(
                    start,
                    "rdf12-not-supported",
                    "Triple terms are of RDF 1.2 and not read. State the triple itself.",
                )
            elif kind == "bind":
                yield from self._binding(start, found["prefix"], found["namespace"])
            else:
                yield from self._token(str(kind), start, end)
            if brackets and kind not in {"language", "bind"} and self._text[brackets[-1][0]] == "(":
                brackets[-1][1] += 1
                if brackets[-1][1] in {FEW_MEMBERS + 1, MAX_MEMBERS + 1}:
                    yield self._long_list(*brackets[-1])

    def _long_list(self, start: int, members: int) -> Notice:
        if members > MAX_MEMBERS:
            raise self._refusal(
                start, "list-too-long", f"More than {MAX_MEMBERS:,} members are not read. Split the list."
            )
        return self._notice(
            start, "long-list", f"The list has more than {FEW_MEMBERS:,} members.", "Split the list."
        )

    def _token(self, kind: str, start: int, end: int) -> Iterator[Notice]:
        size = end - start
        if kind == "iri" and size > MAX_IRI:
            raise self._refusal(
                start,
                "iri-too-long",
                f"The address has {size:,} characters; at most {MAX_IRI:,} are read. Mend or shorten it.",
            )
        if kind in {"string", "word"} and size > MAX_LITERAL:
            raise self._refusal(
                start,
                "literal-too-long",
                f"The value has {size:,} characters; at most {MAX_LITERAL:,} are read. Point to a page.",
            )
        if kind == "language" and size > MAX_LANGUAGE + 1 and self._is_news("long-language-tag"):
            yield self._notice(
                start,
                "long-language-tag",
                f"The language tag has {size - 1} characters, which is more than {MAX_LANGUAGE}.",
                "Write a registered tag, such as en or ja.",
            )

    def _binding(self, start: int, prefix: str, namespace: str) -> Iterator[Notice]:
        self._bindings += 1
        if self._bindings == FEW_PREFIXES + 1:
            yield self._notice(
                start,
                "many-prefixes",
                f"The file binds more than {FEW_PREFIXES} prefixes.",
                "Keep those that it uses.",
            )
        if self._bindings > MAX_PREFIXES:
            raise self._refusal(
                start,
                "too-many-prefixes",
                f"More than {MAX_PREFIXES:,} prefixes are not read. Keep those in use.",
            )
        before = self._prefixes.get(prefix, namespace)
        if before != namespace and self._is_news("prefix-rebound"):
            yield self._notice(
                start,
                "prefix-rebound",
                f"The prefix {prefix}: stood for <{before}> and stands for <{namespace}> from here on.",
                "Give the second namespace a prefix of its own.",
            )
        usual = PREFIXES.get(prefix, namespace)
        if _plain(usual) != _plain(namespace) and self._is_news("prefix-namespace"):
            yield self._notice(
                start,
                "prefix-namespace",
                f"The prefix {prefix}: is known to stand for <{usual}>, and stands for <{namespace}> here.",
                "Mend the namespace, or take another prefix.",
            )
        twin = self._twins.setdefault(_plain(namespace), namespace)
        if twin != namespace and self._is_news("namespace-twin"):
            yield self._notice(
                start,
                "namespace-twin",
                f"The file binds <{twin}> and <{namespace}>, which are two namespaces.",
                "Keep the one that the vocabulary itself uses.",
            )
        self._prefixes[prefix] = namespace

    def _is_news(self, rule: str) -> bool:
        self._told[rule] += 1
        return self._told[rule] <= FEW_NOTICES

    def _notice(self, start: int, rule: str, sentence: str, remedy: str) -> Notice:
        return Notice(self._at(start), rule, False, sentence, remedy)

    def _refusal(self, start: int, rule: str, message: str) -> RefusedInputError:
        at = self._at(start)
        return RefusedInputError(at, rule, message, line_of(self._text, at))

    def _at(self, offset: int) -> Location:
        return place(self._text, offset, self._path)


def _plain(namespace: str) -> str:
    """Return a namespace without regard to http or https."""
    return namespace.replace("https:", "http:", 1)
