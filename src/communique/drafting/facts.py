"""Files of facts: read safely, judged by the JSON Schema, each fault at its line."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from yaml.reader import ReaderError

from communique.errors import CommuniqueError, Location, UnreadableInputError
from communique.isolation.gate import decode
from communique.questions.entities import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

Facts: TypeAlias = "Mapping[str, Any]"
Steps: TypeAlias = "tuple[str | int, ...]"

LARGEST = 1_000_000
"""How many bytes a file of facts may have; a page of twenty names has four thousand."""
_DEEPEST = 20
_MOST = 200_000
"""How many values a file may have once its aliases are written out."""
_SHOWN = 80
_COLLECTIONS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_FORMATS = FormatChecker(["date"])


class FactsError(UnreadableInputError):
    """A file of facts does not have the form that the schema asks for.

    Attributes:
        faults: each fault with its place, by line.

    """

    def __init__(self, faults: Sequence[tuple[Location, str]]) -> None:
        (first, message), *others = faults
        super().__init__(first, "\n".join([message, *(f"{place}: {told}" for place, told in others)]))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Source:
    """The facts of one source.

    Attributes:
        facts: what the file says of it, by the names of the schema.
        path: the file.
        text: the file's text, where it holds this source alone; it is kept as it is.

    """

    facts: Facts
    path: str
    text: str | None
    _places: Mapping[Steps, Location]

    @property
    def id(self) -> str:
        """Return the source's short name."""
        return str(self.facts["id"])

    def place(self, *steps: str | int) -> Location:
        """Return where a fact stands, as ``place("events", 0, "chairs", 1)``, or the nearest above it."""
        while steps and steps not in self._places:
            steps = steps[:-1]
        return self._places.get(steps, Location(self.path))


def read_facts(path: Path) -> tuple[Source, ...]:
    """Return the sources of a file of facts.

    Raises:
        UnreadableInputError: if the file is no YAML, or YAML of a kind that facts do not need: tags, a key
            twice, aliases that make much of little.
        FactsError: if it does not have the form of the schema; it tells every fault.

    """
    name = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInputError(Location(name), f"It cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        message = f"The file has more than {LARGEST:,} bytes; split it, one source a file."
        raise UnreadableInputError(Location(name), message)
    return sources_of(decode(content, name), name)


def sources_of(text: str, name: str) -> tuple[Source, ...]:
    """Return the sources of a text; ``name`` stands for it in errors. See ``read_facts``."""
    reader = _Reader(name)
    document = reader.value(_node(text, name), ())
    _judge(document, reader)
    places = reader.places
    if isinstance(document, list):
        return tuple(
            Source(facts, name, None, {at[1:]: place for at, place in places.items() if at[:1] == (number,)})
            for number, facts in enumerate(document)
        )
    return (Source(document, name, text, places),)


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """Return the JSON Schema of files of facts."""
    text = files("communique.drafting").joinpath("facts.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def template(url: str, today: date) -> str:
    """Return an empty file of facts for the page at an address, with a word on each fact.

    Raises:
        CommuniqueError: if the address is none of a page.

    """
    form = schema()["$defs"]["source"]["properties"]["url"]
    if not Draft202012Validator(form).is_valid(url) or not _is_text(url):
        raise CommuniqueError(f"{shown(url)} is no address of a page; copy it whole, as https://ustr.gov/…")
    text = files("communique.drafting").joinpath("facts.template.yaml").read_text(encoding="utf-8")
    # The address last: whatever stands in it is not to be filled in.
    return text.replace("{today}", today.isoformat()).replace("{url}", _quoted(url))


def _quoted(text: str) -> str:
    return str(yaml.safe_dump(text, default_style='"', width=len(text) + 99)).strip()


def judge_decision(told: Facts) -> str | None:
    """Return what is wrong with a decision by itself, or None."""
    validator = Draft202012Validator({"$defs": schema()["$defs"], "$ref": "#/$defs/decision"})
    error = best_match(validator.iter_errors(told))
    if error is None:
        return None
    if error.absolute_path and isinstance(error.schema, dict) and "description" in error.schema:
        shown_value = json.dumps(error.instance, ensure_ascii=False, default=str)
        return f"`{error.absolute_path[-1]}` is {shown_value}. {error.schema['description']}"
    return f"{error.message}."


def _node(text: str, name: str) -> yaml.Node:
    """Return the root of a YAML text, which must hold one plain document."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise UnreadableInputError(Location(name), "The brackets are nested too deep to be facts.") from None
    except yaml.MarkedYAMLError as error:
        problem = " ".join(part for part in (error.context, error.problem) if part)
        raise _unreadable(
            error.problem_mark or error.context_mark, name, f"This is not YAML: {problem}."
        ) from None
    except ReaderError as error:
        before = text[: error.position]
        here = Location(name, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        message = (
            f"There is U+{ord(text[error.position]):04X} here, which is no character of a text; remove it."
        )
        raise UnreadableInputError(here, message) from None
    if root is None:
        raise UnreadableInputError(
            Location(name), "The file is empty. `communique draft --new URL` prints a template."
        )
    return root


def _unreadable(mark: yaml.Mark | None, name: str, message: str) -> UnreadableInputError:
    return UnreadableInputError(_location(mark, name), message)


def _location(mark: yaml.Mark | None, name: str) -> Location:
    return Location(name) if mark is None else Location(name, mark.line + 1, mark.column + 1)


class _Reader:
    """Takes plain values from YAML, and remembers where each value and each key stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Steps, Location] = {}
        self.keys: dict[Steps, Location] = {}

    def value(self, node: yaml.Node, steps: Steps) -> Any:
        """Return what a node says."""
        if len(steps) > _DEEPEST or len(self.places) > _MOST:
            raise self._refused(node, "Facts are neither this deep nor this many; look for aliases (`*`).")
        self.places[steps] = _location(node.start_mark, self.name)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in _COLLECTIONS:
            raise self._refused(node, f"`{node.tag}` is not read here; remove it.")
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*steps, number)) for number, item in enumerate(node.value)]
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._refused(key_node, "The name of a fact is one word, not a list.")
            key = str(key_node.value)
            if key in found:
                raise self._refused(key_node, f"`{key}` stands here twice; keep one.")
            self.keys[*steps, key] = _location(key_node.start_mark, self.name)
            found[key] = self.value(value_node, (*steps, key))
        return found

    def place(self, steps: Steps) -> Location:
        """Return where a value stands, or the nearest above it."""
        while steps and steps not in self.places:
            steps = steps[:-1]
        return self.places.get(steps, Location(self.name))

    def _scalar(self, node: yaml.ScalarNode) -> object:
        """Return a plain value; a date stays text, and so does a number that is a date's beginning."""
        kind = node.tag.rpartition(":")[2]
        text = str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.casefold() in {"true", "yes", "on"}
        if kind == "int" and text.isascii() and text.isdecimal() and len(text) < _DEEPEST:
            return int(text)
        if kind not in {"str", "timestamp", "int", "float"}:
            raise self._refused(node, f"`{node.tag}` is not read here; write plain text.")
        if not _is_text(text):
            raise self._refused(node, "This text holds a character that no page prints; remove it.")
        return text

    def _refused(self, node: yaml.Node, message: str) -> UnreadableInputError:
        return _unreadable(node.start_mark, self.name, message)


def _is_text(text: str) -> bool:
    """Return whether a text holds no control characters but line ends, and no half of a character."""
    return not any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in text)


def _judge(document: object, reader: _Reader) -> None:
    """Raise what the schema finds, every fault at its line."""
    several = isinstance(document, list)
    # Told which of the two forms is meant, the validator names the faults within it.
    form = schema()["oneOf"][several]
    validator = Draft202012Validator({"$defs": schema()["$defs"], **form}, format_checker=_FORMATS)
    faults: set[tuple[Location, str]] = set()
    for error in validator.iter_errors(document):
        inner = (best_match([error]) or error) if error.context else error
        steps: Steps = tuple(inner.absolute_path)
        if inner.validator == "additionalProperties":
            faults |= {(reader.keys[*steps, key], told) for key, told in _strange(inner)}
        else:
            faults.add((reader.place(steps), _sentence(inner, several=several)))
    if faults:
        raise FactsError(sorted(faults, key=lambda fault: (fault[0].line, fault[0].column, fault[1])))


def _strange(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield each name that is no fact of a form, with the nearest that is, or all that are."""
    form: Any = error.schema
    instance: Any = error.instance
    known = list(form.get("properties", ()))
    for key in instance:
        if key not in known:
            hint = nearest(key, known) or f" Known here: {', '.join(known)}."
            yield key, f"`{key}` is no fact of this form.{hint}"


def _sentence(error: ValidationError, *, several: bool) -> str:
    """Return what is wrong and what to write instead."""
    field = next((f"`{step}`" for step in reversed(error.absolute_path) if isinstance(step, str)), "The file")
    described = _description(error, several=several)
    rule: tuple[str, Any] = (str(error.validator), error.validator_value)
    instance: Any = error.instance
    told = json.dumps(instance, ensure_ascii=False, default=str)
    told = told if len(told) <= _SHOWN else told[:_SHOWN] + "…"
    match rule:
        case _ if instance is None:
            fault = f"{field} is empty."
        case "required", keys:
            missing = next(key for key in keys if key not in instance)
            form: Any = error.schema
            described = form["properties"][missing].get("description", "")
            fault = f"`{missing}` is missing."
        case "enum", choices:
            fault = f"{field} is {told}, and must be one of: {', '.join(filter(None, choices))}."
        case "oneOf", _ if not error.context:
            fault = f"{field} says more than one of these at once: {told}."
        case "minItems", _:
            fault = f"{field} is an empty list."
        case "type", wanted:
            kind = wanted if isinstance(wanted, str) else wanted[0]
            fault = f"{field} is {told}, {_WANTED[kind]}."
        case "minimum", least:
            fault = f"{field} is {told}, and must be at least {least}."
        case _:
            fault = f"{field} is {told}."
            described = described or f"{error.message}."
    # What the form asks for, beside what the fact is: a date as 2024-02-05, a short name in lower case.
    own = str(error.schema.get("description", "")) if isinstance(error.schema, dict) else ""
    hints = dict.fromkeys([described, own] if rule[0] in {"pattern", "format", "oneOf"} else [described])
    return " ".join([fault, *filter(None, hints)])


_WANTED = {
    "object": "where lines of `name: value` are asked for",
    "array": "and must be a list",
    "string": "which YAML takes for no text; write it in quotes",
    "integer": "and must be a whole number",
    "boolean": "and must be true or false",
}


def _description(error: ValidationError, *, several: bool) -> str:
    """Return what the schema says of the fact that is wrong: the last description on the way to it."""
    node: Any = schema()["oneOf"][several]
    found = ""
    for step in error.absolute_schema_path:
        while isinstance(node, dict) and "$ref" in node:
            node = schema()["$defs"][node["$ref"].rpartition("/")[2]]
            found = found or node.get("description", "")
        if step != "$ref":
            node = node[step]
        if isinstance(node, dict):
            found = node.get("description", found)
    return found
