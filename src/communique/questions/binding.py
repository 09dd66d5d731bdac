"""Binds the values of parameters into a query: as terms, never as pasted text.

A query holds one line ``VALUES ?_name { … }`` for each parameter. The clause is replaced whole by one with a
term that this module writes, so that every engine is sent the same text.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from communique.errors import EndpointError, QuestionError
from communique.namespaces import PREFIXES
from communique.questions.entities import entities, nearest, resolve, shown, slug
from communique.questions.header import PLAIN_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.questions.header import Parameter, Question
    from communique.store.protocol import Store

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ADDRESS = re.compile(r'https?://[^\x00-\x20\x7f<>"{}|^`\\]+')
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONGEST_STRING = 1000


def bind(question: Question, values: Mapping[str, str], store: Store) -> tuple[str, dict[str, str]]:
    """Return the query text with the values bound, and the values as understood.

    Args:
        question: the saved question.
        values: what was given, by the parameter's name.
        store: the graph that the question is put to; it knows which entities there are.

    Raises:
        QuestionError: if a parameter is unknown or missing, or a value is not one of its type.

    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in values:
        if name not in known:
            offered = ", ".join(known) or "none"
            raise QuestionError(
                f"{question.name} has no parameter `{name}`.{nearest(name, known)} It has: {offered}."
            )
    text, understood = question.text, {}
    for parameter in question.parameters:
        given = values.get(parameter.name)
        if given is None:
            if parameter.required:
                raise QuestionError(
                    f"{question.name} needs `{parameter.name}`: {parameter.description} "
                    f"For example {parameter.name}={parameter.example}."
                )
            term = "UNDEF"
        else:
            term, understood[parameter.name] = _term(parameter, given, store)
        text = _replace(text, parameter.name, term)
    return text, understood


def choices(parameter: Parameter, store: Store) -> dict[str, str]:
    """Return the values that a parameter can have, each with its label; empty where any value may do."""
    if parameter.type == "choice":
        return {choice: choice for choice in parameter.choices}
    if parameter.type in PLAIN_TYPES:
        return {}
    return {slug(iri, parameter.type): names[0] for iri, names in entities(parameter.type, store).items()}


def _term(parameter: Parameter, given: str, store: Store) -> tuple[str, str]:
    match parameter.type:
        case "integer":
            if not _INTEGER.fullmatch(given):
                raise _not_of_type(parameter, given, "a whole number in digits, such as 2")
            return str(int(given)), str(int(given))
        case "date":
            try:
                if not _DATE.fullmatch(given):
                    raise ValueError
                date.fromisoformat(given)
            except ValueError:
                raise _not_of_type(parameter, given, "a day as YYYY-MM-DD, such as 2024-02-05") from None
            return f'"{given}"^^<{PREFIXES["xsd"]}date>', given
        case "choice":
            if given not in parameter.choices:
                raise _not_of_type(
                    parameter,
                    given,
                    f"one of {', '.join(parameter.choices)}",
                    nearest(given, parameter.choices),
                )
            return _string(given), given
        case "string":
            if len(given) > _LONGEST_STRING or _UNWRITABLE.search(given):
                raise _not_of_type(parameter, given, f"a text of at most {_LONGEST_STRING} characters")
            return _string(given), given
        case "endpoint":
            address = _endpoint(parameter, given)
            return f"<{address}>", address
    iri = resolve(parameter.type, given, store)
    return f"<{iri}>", iri


def _endpoint(parameter: Parameter, given: str) -> str:
    from communique.store.transport import checked_address  # noqa: PLC0415 - few questions leave the graph

    try:
        address = checked_address(given)
    except EndpointError as error:
        raise _not_of_type(
            parameter, given, "the address of a SPARQL endpoint", f" {_reason(error)}"
        ) from None
    if not _ADDRESS.fullmatch(address):
        raise _not_of_type(parameter, given, "the address of a SPARQL endpoint, with its signs escaped")
    return address


def _reason(error: EndpointError) -> str:
    return str(error).removeprefix(f"{error.endpoint}: ")


def _replace(text: str, name: str, term: str) -> str:
    clause = re.compile(rf"VALUES \?_{re.escape(name)} \{{[^}}]*\}}")
    return clause.sub(lambda _: f"VALUES ?_{name} {{ {term} }}", text)


def _string(value: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def _not_of_type(parameter: Parameter, given: str, wanted: str, hint: str = "") -> QuestionError:
    return QuestionError(f"{parameter.name} is {shown(given)}; it must be {wanted}.{hint}")
