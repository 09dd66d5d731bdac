"""Reads a saved question: a SPARQL file whose comment lines that start with ``#+`` hold YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from communique.errors import QuestionError
from communique.questions.entities import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PLAIN_TYPES = ("date", "integer", "string", "choice", "endpoint")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_HEADER_KEYS = {"summary", "description", "tags", "parameters", "returns", "lists", "across"}
_PARAMETER_KEYS = {"type", "description", "example", "required", "choices"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question.

    Attributes:
        name: what a person calls it; the query's variable is the name with ``_`` before it.
        type: a kind of entity, a concept scheme, or one of ``PLAIN_TYPES``.
        description: what it narrows.
        example: a value that gives rows on the shipped data.
        required: whether the question makes no sense without it.
        choices: the values allowed, where the type is ``choice``.

    """

    name: str
    type: str
    description: str
    example: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question.

    Attributes:
        name: the name of its file, without the ending.
        summary: the question in plain words.
        description: what to know before relying on the answer.
        tags: words to find it by.
        parameters: what can be asked for, in order.
        returns: each column with what it holds, in order.
        lists: the columns whose cells hold several values.
        across: the column whose values a table spreads out side by side, or an empty string.
        text: the query as it stands in the file.

    """

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    returns: Mapping[str, str]
    lists: frozenset[str]
    across: str
    text: str

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Return the parameters that name a second endpoint; where there are any, asking leaves the graph."""
        return tuple(parameter.name for parameter in self.parameters if parameter.type == "endpoint")


def read_question(path: Path) -> Question:
    """Return the question in a file.

    Raises:
        QuestionError: if the header lacks something or holds something unknown; it says what.

    """
    text = path.read_text(encoding="utf-8")
    where = f"{path}:1:1"
    if not _NAME.fullmatch(path.stem):
        raise QuestionError(f"{where}: name the file with lower-case letters, digits and hyphens.")
    try:
        header = yaml.safe_load("\n".join(line[3:] for line in text.splitlines() if line.startswith("#+")))
    except yaml.YAMLError as error:
        raise QuestionError(f"{where}: the lines that start with `#+` are not YAML: {error}") from None
    if not isinstance(header, dict):
        raise QuestionError(f"{where}: begin the file with `#+ summary: …`.")
    if unknown := set(header) - _HEADER_KEYS:
        raise QuestionError(f"{where}: unknown in the header: {', '.join(sorted(unknown))}.")
    for key in ("summary", "returns"):
        if not header.get(key):
            raise QuestionError(f"{where}: the header lacks `{key}`.")
    parameters = tuple(
        _read_parameter(where, name, found, text) for name, found in (header.get("parameters") or {}).items()
    )
    return Question(
        name=path.stem,
        summary=str(header["summary"]).strip(),
        description=str(header.get("description") or "").strip(),
        tags=tuple(header.get("tags") or ()),
        parameters=parameters,
        returns={str(name): str(meaning) for name, meaning in header["returns"].items()},
        lists=frozenset(header.get("lists") or ()),
        across=str(header.get("across") or ""),
        text=text,
    )


def _read_parameter(where: str, name: str, found: dict[str, Any], text: str) -> Parameter:
    if unknown := set(found) - _PARAMETER_KEYS:
        raise QuestionError(f"{where}: unknown for the parameter {name}: {', '.join(sorted(unknown))}.")
    kind = str(found.get("type"))
    if kind not in (*PLAIN_TYPES, *KINDS):
        raise QuestionError(f"{where}: the parameter {name} has the unknown type `{kind}`.")
    if kind == "choice" and not found.get("choices"):
        raise QuestionError(f"{where}: the parameter {name} is a choice and lists no `choices`.")
    if f"VALUES ?_{name} {{" not in text:
        raise QuestionError(f"{where}: the query has no line `VALUES ?_{name} {{ UNDEF }}` to bind.")
    return Parameter(
        name=name,
        type=kind,
        description=str(found.get("description") or ""),
        example=str(found.get("example") or ""),
        required=bool(found.get("required", False)),
        choices=tuple(str(choice) for choice in found.get("choices") or ()),
    )
