"""Files of facts: read safely, judged by the JSON Schema, each fault at its line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from communique.errors import CommuniqueError, Location, UnreadableInputError
from communique.isolation.gate import decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
_FORMATS = FormatChecker(["date"])


class FactsError(CommuniqueError):
    """A file of facts does not have the form that the schema asks for.

    Attributes:
        faults: each fault with its place, by line.

    """

    def __init__(self, faults: Sequence[tuple[Location, str]]) -> None:
        super().__init__("\n".join(f"{location}: {message}" for location, message in faults))
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
    places: dict[Steps, Location] = {}
    document = _value(_node(text, name), (), places, name)
    _judge(document, places, name)
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
    """Return an empty file of facts for the page at an address, with a word on each fact."""
    text = files("communique.drafting").joinpath("facts.template.yaml").read_text(encoding="utf-8")
    return text.replace("{url}", json.dumps(url, ensure_ascii=False)).replace("{today}", today.isoformat())


def judge_decision(told: Facts) -> str | None:
    """Return what is wrong with a decision by itself, or None."""
    validator = Draft202012Validator({"$defs": schema()["$defs"], "$ref": "#/$defs/decision"})
    error = best_match(validator.iter_errors(told))
    return None if error is None else str(error.message)


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
    except yaml.YAMLError as error:
        raise UnreadableInputError(Location(name), f"This is not YAML: {error}".splitlines()[0]) from None
    if root is None:
        raise UnreadableInputError(
            Location(name), "The file is empty. `communique draft --new URL` prints a template."
        )
    return root


def _unreadable(mark: yaml.Mark | None, name: str, message: str) -> UnreadableInputError:
    return UnreadableInputError(_location(mark, name), message)


def _location(mark: yaml.Mark | None, name: str) -> Location:
    return Location(name) if mark is None else Location(name, mark.line + 1, mark.column + 1)


def _value(node: yaml.Node, steps: Steps, places: dict[Steps, Location], name: str) -> Any:
    """Return what a node says, and remember where each part of it stands."""
    if len(steps) > _DEEPEST or len(places) > _MOST:
        raise _unreadable(
            node.start_mark, name, "Facts are neither this deep nor this many; look for aliases (`*`)."
        )
    places[steps] = _location(node.start_mark, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*steps, number), places, name) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                raise _unreadable(key_node.start_mark, name, f"`{key}` stands here twice; keep one.")
            found[key] = _value(value_node, (*steps, key), places, name)
        return found
    return _scalar(node, name)


def _scalar(node: yaml.Node, name: str) -> object:
    """Return a plain value; a date stays text, and so does a number that is a date's beginning."""
    kind = node.tag.rpartition(":")[2]
    text = str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.casefold() in {"true", "yes", "on"}
    if kind == "int" and text.isascii() and text.isdecimal() and len(text) < _DEEPEST:
        return int(text)
    if kind in {"str", "timestamp", "int", "float"}:
        return text
    raise _unreadable(node.start_mark, name, f"`{node.tag}` is not read here; write plain text.")


def _judge(document: object, places: Mapping[Steps, Location], name: str) -> None:
    """Raise what the schema finds, every fault at its line."""
    several = isinstance(document, list)
    # Told which of the two forms is meant, the validator names the faults within it.
    form = schema()["oneOf"][several]
    validator = Draft202012Validator({"$defs": schema()["$defs"], **form}, format_checker=_FORMATS)
    faults: list[tuple[Location, str]] = []
    for error in validator.iter_errors(document):
        inner = (best_match([error]) or error) if error.context else error
        steps: Steps = tuple(inner.absolute_path)
        while steps and steps not in places:
            steps = steps[:-1]
        faults.append((places.get(steps, Location(name)), _sentence(inner)))
    if faults:
        raise FactsError(sorted(set(faults), key=lambda fault: (fault[0].line, fault[0].column, fault[1])))


def _sentence(error: ValidationError) -> str:
    """Return what is wrong and what to write instead."""
    field = next((f"`{step}`" for step in reversed(error.absolute_path) if isinstance(step, str)), "The file")
    described = _description(error)
    form: Any = error.schema
    value: Any = error.validator_value
    instance: Any = error.instance
    if error.instance is None:
        return f"{field} is empty. {described}"
    shown = json.dumps(error.instance, ensure_ascii=False, default=str)
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    if error.validator == "additionalProperties":
        known = list(form.get("properties", ()))
        given = sorted(set(instance) - set(known))
        strange = " and ".join(f"`{key}`" for key in given)
        return f"{strange} is no fact of this form. Known here: {', '.join(known)}."
    if error.validator == "required":
        missing = [key for key in value if key not in instance]
        told = form.get("properties", {}).get(missing[0], {}).get("description", "")
        return f"`{missing[0]}` is missing. {told}".rstrip()
    if error.validator == "enum":
        choices = ", ".join("null" if choice is None else str(choice) for choice in value)
        return f"{field} is {shown}, and must be one of: {choices}."
    if error.validator == "oneOf" and not error.context:
        return f"{field} says more than one of these at once: {described or shown}"
    return f"{field} is {shown}. {described or error.message}"


def _description(error: ValidationError) -> str:
    """Return what the schema says of the fact that is wrong: the last description on the way to it."""
    several = bool(error.absolute_path) and isinstance(error.absolute_path[0], int)
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
