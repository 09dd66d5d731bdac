"""What in the values of a file is hardly meant, whatever its shapes say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rdflib import RDFS, SKOS, VOID, XSD, Literal, URIRef

from communique.isolation.addresses import decoded, fault_of_address
from communique.isolation.refusal import Notice, shown
from communique.isolation.texts import faults_of_text
from communique.located.lexical import is_well_formed, looks_like_an_identifier
from communique.located.places import at_value, name_of, of_fault, place_of
from communique.namespaces import PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from communique.located.places import Triple
    from communique.located.turtle import LocatedTurtle

MANY_NAMES = 1000
"""More names than these of one thing are a mistake of a program."""


def addresses(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield addresses that lead where they must not, or are written in two ways."""
    spellings: dict[str, Node] = {}
    for triple in located.graph:
        for term in triple:
            if not isinstance(term, URIRef):
                continue
            at = place_of(located, triple, term)
            if fault := fault_of_address(str(term)):
                yield of_fault(at, fault)
            plain = decoded(str(term))
            other = spellings.setdefault(plain, term)
            if other != term:
                yield Notice(
                    at,
                    "address-twin",
                    False,
                    f"<{term}> and <{other}> are one address in two spellings, and so two things here.",
                    "Write it in one way throughout.",
                )


def texts(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield texts that are not words in the language that they say."""
    escaped = any("\\u" in line or "\\U" in line for line in located.lines)
    for triple in located.graph:
        value = triple[2]
        if not isinstance(value, Literal) or (value.datatype not in {None, XSD.string}):
            continue
        for fault in faults_of_text(str(value), value.language, escaped=escaped):
            if fault.rule != "address-as-text" or triple[1] not in _ADDRESSES_AS_TEXT:
                yield of_fault(place_of(located, triple, value), fault)


_ADDRESSES_AS_TEXT = {VOID.uriSpace, VOID.uriRegexPattern, URIRef(PREFIXES["vann"] + "preferredNamespaceUri")}


def values(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield values that are not of the form of their datatype."""
    for triple in located.graph:
        value = triple[2]
        if not isinstance(value, Literal) or value.datatype is None:
            continue
        text, datatype = str(value), str(value.datatype)
        if not is_well_formed(text, datatype):
            yield at_value(
                located,
                triple,
                "ill-typed",
                f"“{shown(text[:40])}” is no value of {shorten(datatype)}.",
                _FORMS.get(value.datatype, "Mend the value or its datatype."),
            )
        elif looks_like_an_identifier(text, datatype):
            yield at_value(
                located,
                triple,
                "leading-zero",
                f"“{text}” is the number {int(text)} to a program.",
                "Write an identifier as text, a number without zeros before it.",
                violation=False,
            )
        elif datatype.startswith(str(XSD)) and re.match(r"-?\d{5,}-", text):
            yield at_value(
                located,
                triple,
                "far-year",
                "The year has more than four digits; most programs cannot read it.",
                "Mend the year.",
                violation=False,
            )


_FORMS = {
    XSD.date: "Write a day of the calendar: year, month, day, as in 2024-02-06.",
    XSD.dateTime: "Write a moment of the calendar, as in 2024-02-06T09:00:00Z.",
    XSD.duration: "Write a length of time, as in PT2H for two hours.",
    XSD.boolean: "Write true or false.",
    XSD.integer: "Write digits only.",
}


def names(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield names that are too many, no names or without a language, and numbers cut by a comma."""
    counted: Counter[tuple[Node, Node]] = Counter()
    for triple in located.graph:
        subject, predicate, value = triple
        if predicate in {RDFS.label, SKOS.prefLabel, SKOS.altLabel}:
            counted[subject, predicate] += 1
            if counted[subject, predicate] == MANY_NAMES + 1:
                yield at_value(
                    located,
                    triple,
                    "many-names",
                    f"{name_of(subject)} has more than {MANY_NAMES:,} names.",
                    "Keep those that are in use.",
                    violation=False,
                )
            if predicate != SKOS.altLabel and (subject, SKOS.altLabel, value) in located.graph:
                yield at_value(
                    located,
                    (subject, SKOS.altLabel, value),
                    "name-twice",
                    f"{name_of(subject)} has this name already as its label.",
                    "Remove the second one.",
                )
            if not isinstance(value, Literal):
                yield at_value(
                    located, triple, "address-as-name", "The name is an address.", 'Write it as text: "…"@en.'
                )
            elif value.language is None and value.datatype is None:
                yield at_value(
                    located,
                    triple,
                    "no-language",
                    "The name does not say its language.",
                    'Add the language tag: "…"@en.',
                    violation=False,
                )
    whole: dict[tuple[Node, Node], list[Triple]] = defaultdict(list)
    for triple in located.graph:
        if isinstance(triple[2], Literal) and triple[2].datatype == XSD.integer:
            whole[triple[0], triple[1]].append(triple)
    for pair in whole.values():
        places = sorted(
            (place_of(located, triple, triple[2]) for triple in pair), key=lambda at: (at.line, at.column)
        )
        if len(pair) == 2 and places[0].line == places[1].line:  # noqa: PLR2004 - whole and fraction
            between = located.line(places[0].line)[places[0].column - 1 : places[1].column - 1]
            if re.fullmatch(r"\d+,", between):
                yield Notice(
                    places[1],
                    "decimal-comma",
                    False,
                    "These are two whole numbers: the comma separates values.",
                    "Write a decimal point, or a blank after the comma if two numbers are meant.",
                )
