"""A pass over JSON-LD before a parser of RDF sees it: nothing remote, nothing deep, nothing ambiguous."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from communique.errors import Location
from communique.isolation.gate import place
from communique.isolation.refusal import RefusedInputError

MAX_DEPTH = 32
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+")|(?P<open>[\[{])|(?P<close>[\]}])|(?P<sign>[:,])|(?P<other>[^\s"\[\]{}:,]++)""",
    re.DOTALL,
)


def check(text: str) -> None:
    """Refuse JSON-LD that is not JSON, is nested deep, says a thing twice, or needs another file.

    Raises:
        RefusedInputError: with line and column.

    """
    _check_words(text, keys=False)
    try:
        json.loads(text, parse_constant=_not_a_number, parse_int=str)
    except json.JSONDecodeError as error:
        raise RefusedInputError(
            Location("", error.lineno, error.colno),
            "unreadable",
            f"This is not JSON: {error.msg}.{_hint(error)}",
        ) from None
    except _NotANumberError as error:
        raise _refusal(
            text,
            max(text.find(str(error)), 0),
            "no-number",
            f"{error} is no number of JSON. Write a number or text.",
        ) from None
    _check_words(text, keys=True)


def _hint(error: json.JSONDecodeError) -> str:
    if "property name" in error.msg and error.doc[: error.pos].rstrip().endswith(","):
        return " Remove the comma before it, or put the name into double quotes."
    return ""


class _NotANumberError(Exception):
    pass


def _not_a_number(name: str) -> NoReturn:
    raise _NotANumberError(name)


def _check_words(text: str, *, keys: bool) -> None:
    """Check the depth of a text, or, where it is known to be JSON, its keys, contexts and numbers as well."""
    open_: list[set[str] | None] = []  # the keys of each object that is open; None for a list
    contexts: list[bool] = []  # for each, whether it is (a part of) a context
    before, key = "", ""
    for found in _TOKEN.finditer(text):
        kind, word, start = found.lastgroup, found[0], found.start()
        if kind == "open":
            if len(open_) == MAX_DEPTH:
                raise _refusal(
                    text,
                    start,
                    "nested-too-deep",
                    f"More than {MAX_DEPTH} brackets are open here. Use @id to link.",
                )
            of_context = key == "@context" or (bool(contexts) and contexts[-1] and open_[-1] is None)
            open_.append(set() if word == "{" else None)
            contexts.append(of_context)
            key = "" if word == "{" else key
        elif kind == "close" and open_:
            open_.pop()
            contexts.pop()
            key = ""
        elif keys and kind == "string":
            value = json.loads(word)
            inside = open_[-1] if open_ else None
            if inside is not None and before in "{,":
                if value in inside:
                    raise _refusal(
                        text,
                        start,
                        "key-twice",
                        f"The key “{value}” is given twice. Give it one list of values.",
                    )
                inside.add(value)
                key = value
            elif (
                key == "@context"
                or (key == "@import" and contexts and contexts[-1])
                or (open_ and open_[-1] is None and contexts[-1])
            ):
                raise _refusal(
                    text,
                    start,
                    "remote-context",
                    f"The context “{value}” is another file. Write it out here: nothing is fetched.",
                )
        elif keys and kind == "other" and _is_endless(word):
            raise _refusal(
                text, start, "no-number", f"{word[:40]} is larger than numbers can be. Write it as text."
            )
        if kind == "sign" and word == "," and open_ and open_[-1] is not None:
            key = ""
        before = word if len(word) == 1 else "x"


def _is_endless(word: str) -> bool:
    try:
        return math.isinf(float(word))
    except ValueError:
        return False


def _refusal(text: str, offset: int, rule: str, message: str) -> RefusedInputError:
    return RefusedInputError(place(text, offset, ""), rule, message)
