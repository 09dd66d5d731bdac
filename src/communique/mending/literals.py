"""Remedies for values: a date, a code or a text in a form that is not quite the one that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.located.lexical import is_well_formed, looks_like_an_identifier
from communique.mending.proposals import Doubt, Proposal
from communique.namespaces import PREFIXES, shorten

if TYPE_CHECKING:
    from communique.mending.demands import Demand

_XSD = PREFIXES["xsd"]
STRING, LANG_STRING = _XSD + "string", PREFIXES["rdf"] + "langString"
TEXTS = {
    STRING,
    LANG_STRING,
    *(_XSD + name for name in ("anyURI", "normalizedString", "token", "language")),
}
INTEGERS = {
    _XSD + name
    for name in (
        *("int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
}
READ = {_XSD + name for name in ("boolean", "date", "gDay", "gYear", "gYearMonth", "integer")}
"""Datatypes whose values have one form: what can be read as one of them was meant as nothing else."""


def without_blanks(literal: Literal, given: str, demand: Demand) -> Proposal | None:
    """Return a text without the blanks around it, where it is wrong with them and right without."""
    text, stripped = literal.value, literal.value.strip()
    wanted = demand.datatype
    if not stripped or stripped == text or not (given in TEXTS or (wanted and not _valid(text, wanted))):
        return None
    wrong = demand.wants_iri or not demand.allows(text) or not _valid(text, wanted)
    right = demand.wants_iri or (demand.allows(stripped) and _valid(stripped, wanted))
    if not (wrong and right):
        return None
    return Proposal("blanks", _like(literal, stripped), "Blanks around a value are no part of it.")


def value(literal: Literal, given: str, demand: Demand) -> Proposal | Doubt | None:
    """Return a value as the datatype or the list that is asked for has it."""
    if given in TEXTS and (demand.datatype == STRING or (not demand.datatype and demand.choices)):
        return _code(literal, demand)
    if demand.datatype is None or given == demand.datatype:
        return None
    return _datatype(literal.value, given, demand)


def _code(literal: Literal, demand: Demand) -> Proposal | Doubt | None:
    """Return a code as it is listed, or as its pattern asks, without a language or other datatype."""
    text = literal.value
    if demand.allows(text):
        if literal == Literal(text):
            return None
        return Proposal(
            "datatype", Literal(text), "A code is a plain text, of no language or other datatype."
        )
    listed = {one for one in demand.choices if one.casefold() == text.casefold()}
    if not listed and demand.pattern is not None and demand.datatype == STRING:
        primary, dash, region = text.partition("-")
        listed = {
            one
            for one in (text.lower(), text.upper(), primary.lower() + dash + region.upper())
            if demand.allows(one)
        }
    if len(listed) == 1:
        return Proposal("code-case", Literal(listed.pop()), "Only this form of the code is allowed.")
    return Doubt("This is none of the values that are allowed here.")


def _datatype(text: str, given: str, demand: Demand) -> Proposal | Doubt:
    """Return a value with the datatype that is asked for, where it can be read as that alone."""
    wanted = demand.datatype or STRING
    read = is_well_formed(text, wanted) and demand.allows(text) and not looks_like_an_identifier(text, wanted)
    misfit = given in TEXTS or given in INTEGERS or not is_well_formed(text, given)
    if wanted in READ and misfit and read:
        return Proposal(
            "datatype",
            Literal(text, datatype=NamedNode(wanted)),
            f"It can be read as {shorten(wanted)}, as asked for.",
        )
    return Doubt(f"This cannot be read as {shorten(wanted)}, which is asked for here.")


def _like(literal: Literal, text: str) -> Literal:
    """Return another text with a literal's language and datatype."""
    if literal.language:
        return Literal(text, language=literal.language)
    return Literal(text, datatype=literal.datatype)


def _valid(text: str, datatype: str | None) -> bool:
    return datatype is None or is_well_formed(text, datatype)
