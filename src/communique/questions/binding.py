"""Binds the values of parameters into a query: as terms, never as pasted text.

A query holds one line ``VALUES ?_name { … }`` for each parameter. The clause is replaced whole by one with a
term that this module writes, so that every engine is sent the same text.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from communique.errors import QuestionError
from communique.namespaces import BASE, CONCEPT, PREFIXES, SCHEMES
from communique.questions.header import PLAIN_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from communique.questions.header import Parameter, Question
    from communique.store.protocol import Store

_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>"{}|^`\\]*')
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONGEST_STRING = 1000
_SUGGESTIONS = 3
_LISTED = 10
_SHOWN = 60


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
    base = _base(parameter.type)
    return {iri.removeprefix(base): names[0] for iri, names in sorted(_entities(base, store).items())}


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean …?`` with the known word that is nearest, or an empty string."""
    near = get_close_matches(word, list(known), 1, 0.5)
    return f" Did you mean {near[0]}?" if near else ""


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
    iri = _entity(parameter, given, store)
    return f"<{iri}>", iri


def _entity(parameter: Parameter, given: str, store: Store) -> str:
    base = _base(parameter.type)
    entities = _entities(base, store)
    wanted = given.strip()
    iri = wanted if wanted.startswith(base) else base + wanted.removeprefix(f"{parameter.type}:")
    if iri in entities and _IRI.fullmatch(iri):
        return iri
    named = [
        iri for iri, names in entities.items() if wanted.casefold() in (name.casefold() for name in names)
    ]
    if len(named) == 1:
        return named[0]
    spellings = {name: iri.removeprefix(base) for iri, names in entities.items() for name in names}
    spellings |= {iri.removeprefix(base): iri.removeprefix(base) for iri in entities}
    near = get_close_matches(wanted.rpartition("/")[2], spellings, _SUGGESTIONS, 0.5)
    hints = list(dict.fromkeys(spellings[match] for match in near))
    hint = f" Did you mean {' or '.join(hints)}?" if hints else ""
    known = ", ".join(iri.removeprefix(base) for iri in list(entities)[:_LISTED])
    more = f" … ({len(entities)} in all)" if len(entities) > _LISTED else ""
    raise QuestionError(
        f"There is no {parameter.type} {_shown(given)}.{hint} "
        + (f"Known: {known}{more}." if entities else f"The graph knows no {parameter.type} at all.")
    )


def _entities(base: str, store: Store) -> dict[str, list[str]]:
    """Return every entity under a base IRI with its names, the label first."""
    rows = store.select(
        f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
        PREFIX skos: <{PREFIXES["skos"]}>
        SELECT ?entity ?name ?rank WHERE {{
          {{ ?entity rdfs:label|skos:prefLabel ?name BIND(0 AS ?rank) }}
          UNION {{ ?entity skos:altLabel ?name BIND(1 AS ?rank) }}
          FILTER(STRSTARTS(STR(?entity), "{base}"))
        }}"""
    ).rows
    found: dict[str, list[str]] = {}
    order = sorted((str(r[2]), getattr(r[1], "language", "") != "en", str(r[1]), str(r[0])) for r in rows)
    for _, _, name, entity in order:
        if "#" not in entity:
            found.setdefault(entity, []).append(name)
    return found


def _base(kind: str) -> str:
    return f"{CONCEPT}{kind}/" if kind in SCHEMES else f"{BASE}{kind}/"


def _replace(text: str, name: str, term: str) -> str:
    clause = re.compile(rf"VALUES \?_{re.escape(name)} \{{[^}}]*\}}")
    return clause.sub(lambda _: f"VALUES ?_{name} {{ {term} }}", text)


def _string(value: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def _not_of_type(parameter: Parameter, given: str, wanted: str, hint: str = "") -> QuestionError:
    return QuestionError(f"{parameter.name} is {_shown(given)}; it must be {wanted}.{hint}")


def _shown(text: str) -> str:
    """Return a value as it can be printed: short, and with nothing in it that moves a cursor."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "`" + "".join(c if c.isprintable() else f"\\u{{{ord(c):04X}}}" for c in short) + "`"
