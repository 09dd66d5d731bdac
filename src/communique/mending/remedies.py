"""Remedies: for a term that is wrong in a way that only one other term mends, that term and the reason.

Certain means that nothing but the remedy can have been meant, by the files of the graph alone; what looks
wrong and has no certain remedy is told as a doubt. ``docs/decisions/0009-certain-remedies.md`` says where
the line is drawn.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.mending.demands import Described, form, plain
from communique.mending.literals import INTEGERS, LANG_STRING, READ, STRING, TEXTS, value, without_blanks
from communique.mending.occurrences import TYPE
from communique.mending.proposals import Doubt, Proposal
from communique.namespaces import BASE, PREFIXES, TERM, shorten

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from communique.mending.demands import Demand, Knowledge
    from communique.mending.occurrences import Occurrence, Reading, Term


ELEMENTS = "http://purl.org/dc/elements/1.1/"
_XSD, _DCTERMS = PREFIXES["xsd"], PREFIXES["dcterms"]

_DATATYPES = TEXTS | INTEGERS | READ | {_XSD + name for name in ("dateTime", "decimal", "double", "duration")}
_SCRIPTS = {
    **{language: {"LATIN"} for language in ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv")},
    "ja": {"CJK", "HIRAGANA", "KATAKANA"},
    "ko": {"CJK", "HANGUL"},
    "zh": {"CJK"},
}
_PRINTED = {TERM + "firstWords", TERM + "lastWords", _DCTERMS + "title"}
_ABOUT_IRIS = {_DCTERMS + "isReplacedBy", _DCTERMS + "replaces"}
_LANGUAGE = _DCTERMS + "language"
_HINTS = 20
_HOUSES = sorted({BASE, *PREFIXES.values()}, key=len, reverse=True)


class View:
    """One file as it stands after the remedies so far, beside all that is known.

    Attributes:
        terms: the terms of the file by occurrence, those that are mended as they will be.
        own: what the files at hand describe.

    """

    def __init__(self, reading: Reading, terms: Sequence[Term], knowledge: Knowledge, own: Described) -> None:
        self.terms = terms
        self.own = own
        self._reading = reading
        self._knowledge = knowledge
        self._hints = 0
        self._values: dict[tuple[Term, str], list[Term]] = {}
        for index, occurrence in enumerate(reading.occurrences):
            if occurrence.predicate is not None and occurrence.subject is not None:
                key = (terms[occurrence.subject], terms[occurrence.predicate].value)
                self._values.setdefault(key, []).append(terms[index])
        languages = {
            value.value
            for (subject, path), values in self._values.items()
            if path == _LANGUAGE and TERM + "Source" in self._types(subject)
            for value in values
        }
        self._language = languages.pop() if len(languages) == 1 else None

    def remedy(self, index: int) -> Proposal | Doubt | None:
        """Return what to do about an occurrence: mend it, tell of it, or nothing."""
        occurrence, term = self._reading.occurrences[index], self.terms[index]
        if isinstance(term, Literal):
            return self._literal(occurrence, term)
        if not isinstance(term, NamedNode):
            return None
        if occurrence.role == "predicate":
            return self._predicate(occurrence, term.value)
        if occurrence.role == "subject":
            return self._subject(term.value)
        path = self._path(occurrence)
        if path == TYPE.value:
            return self._vocabulary(term.value, self._knowledge.classes, "class")
        return self._object(occurrence, term.value, path)

    def dublin_core(self, occurrence: Occurrence, iri: str) -> str | None:
        """Return the Dublin Core term for an element, where the subject may have it and only it."""
        found = _DCTERMS + iri.removeprefix(ELEMENTS)
        if not iri.startswith(ELEMENTS) or occurrence.role != "predicate" or occurrence.subject is None:
            return None
        types = self._types(self.terms[occurrence.subject])
        known = found in self._knowledge.properties and types
        return found if known and self._knowledge.allows(types, found) else None

    def knows(self, iri: str) -> bool:
        """Return whether an IRI is a term or is described, maybe in another form."""
        known = self._knowledge
        if iri in _DATATYPES or form(iri) in known.property_twins or form(iri) in known.class_twins:
            return True
        return self._described(iri)

    def _described(self, iri: str) -> bool:
        return iri in self.own or self._knowledge.describes(iri)

    def _nearest(self, iri: str) -> str:
        """Return a question after the nearest IRI that is described; a file of many faults gets a few."""
        self._hints += 1
        if self._hints > _HINTS:
            return ""
        start = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        twins = [*self.own.twins.values(), *self._knowledge.described.twins.values()]
        return _nearest(iri, {one for same in twins for one in same if one.startswith(start)})

    def _types(self, subject: Term) -> list[str]:
        return [
            term.value for term in self._values.get((subject, TYPE.value), ()) if isinstance(term, NamedNode)
        ]

    def _path(self, occurrence: Occurrence) -> str | None:
        return None if occurrence.predicate is None else self.terms[occurrence.predicate].value

    def _demand(self, occurrence: Occurrence) -> Demand | None:
        path = self._path(occurrence)
        if path is None or occurrence.subject is None:
            return None
        return self._knowledge.demand(self._types(self.terms[occurrence.subject]), path)

    def _predicate(self, occurrence: Occurrence, iri: str) -> Proposal | Doubt | None:
        if found := self.dublin_core(occurrence, iri):
            return Proposal(
                "dublin-core",
                NamedNode(found),
                f"Data uses the Dublin Core terms; {shorten(found)} has this name.",
            )
        types = () if occurrence.subject is None else self._types(self.terms[occurrence.subject])
        return self._vocabulary(iri, self._knowledge.properties, "property", types)

    def _vocabulary(
        self, iri: str, known: Collection[str], word: str, types: Collection[str] = ()
    ) -> Proposal | Doubt | None:
        """Return the declared term that a term is a twin of."""
        if iri in known:
            return None
        if house := _house(iri, _HOUSES):
            return house
        twins = self._knowledge.class_twins if word == "class" else self._knowledge.property_twins
        found = [one for one in twins.get(form(iri), ()) if self._knowledge.allows(types, one)]
        if len(found) == 1:
            return _twin(iri, found[0], f"the only declared {word}")
        if iri.startswith(TERM):
            return Doubt(f"{shorten(iri)} is not declared as a {word}.{_nearest(iri, known)}")
        return None

    def _subject(self, iri: str) -> Proposal | Doubt | None:
        if house := _house(iri, (BASE,)):
            return house
        if iri.startswith(BASE) and plain(iri) != iri:
            return Proposal(
                "iri-form", NamedNode(plain(iri)), "These characters need no percent escape in an IRI."
            )
        twins = {*self.own.twins.get(form(iri), ()), *self._knowledge.described.twins.get(form(iri), ())} - {
            iri
        }
        if twins and iri.startswith(BASE):
            return Doubt(
                f"{shorten(iri)} is described beside {shorten(min(twins))}, which differs in form alone. "
                "Describe it once, under one IRI."
            )
        return None

    def _object(self, occurrence: Occurrence, iri: str, path: str | None) -> Proposal | Doubt | None:
        if path in _ABOUT_IRIS or self._described(iri):
            return None
        demand = self._demand(occurrence)
        proposal = _house(iri, (BASE,)) or self._retired(iri) or self._described_twin(iri)
        new = proposal.term.value if proposal and isinstance(proposal.term, NamedNode) else ""
        if proposal and (
            proposal.name == "namespace" or not demand or self._knowledge.fits(new, demand, self.own)
        ):
            return proposal
        if not iri.startswith(BASE) or (demand is not None and not demand.wants_iri):
            return None
        if proposal:
            return Doubt(f"{shorten(new)} may be meant, which is not of the kind that is asked for here.")
        return Doubt(f"Nothing describes {shorten(iri)}.{self._nearest(iri)}")

    def _retired(self, iri: str) -> Proposal | None:
        if new := self._replacement(iri):
            told = f"{shorten(iri)} is retired: dcterms:isReplacedBy {shorten(new)}."
            return Proposal("retired-iri", NamedNode(new), told)
        return None

    def _described_twin(self, iri: str) -> Proposal | None:
        twins = {
            *self.own.twins.get(form(iri), ()),
            *self._knowledge.described.twins.get(form(iri), ()),
        }
        return _twin(iri, twins.pop(), "the only thing described") if len(twins) == 1 else None

    def _replacement(self, iri: str) -> str | None:
        """Return what a retired IRI was replaced by, at the end of the chain, if there is one end.

        An IRI that is still described is not retired: its thing has a successor, which is another thing.
        """
        seen = {iri}
        while True:
            following = self.own.retired.get(iri, set()) | self._knowledge.described.retired.get(iri, set())
            if len(following) != 1:
                return None
            (iri,) = following
            if iri in seen:
                return None
            if self._described(iri):
                return iri
            seen.add(iri)

    def _literal(self, occurrence: Occurrence, literal: Literal) -> Proposal | Doubt | None:
        demand = self._demand(occurrence)
        if demand is None:
            return None
        given = LANG_STRING if literal.language else literal.datatype.value
        if found := without_blanks(literal, given, demand):
            return found
        if demand.wants_iri:
            return self._iri_in_quotes(literal.value, demand) if given in TEXTS else None
        if demand.datatype == LANG_STRING:
            return self._without_language(occurrence, literal, demand) if given == STRING else None
        return value(literal, given, demand)

    def _iri_in_quotes(self, text: str, demand: Demand) -> Proposal | Doubt | None:
        """Return the thing whose IRI, whole or as a prefixed name, stands in quotes."""
        prefix, _, local = text.partition(":")
        bound = {one.prefix: one.iri for one in self._reading.namespaces}
        iri = text if "://" in text else {**PREFIXES, **bound}.get(prefix, "") + local
        anywhere = not demand.classes and not demand.scheme
        whole = re.match(r"https?://[^\s/]", text) is not None
        known = self._described(iri) and self._knowledge.fits(iri, demand, self.own)
        if (known or (anywhere and whole)) and demand.allows(iri):
            try:
                node = NamedNode(iri)
            except ValueError:
                return Doubt(f"The address in quotes is not one: {text[:80]}")
            return Proposal(
                "iri-as-text", node, "The thing itself is asked for here, not a text with its IRI."
            )
        return Doubt(
            "A text stands where a thing is asked for. Write the thing's IRI if it is in a register."
        )

    def _without_language(
        self, occurrence: Occurrence, literal: Literal, demand: Demand
    ) -> Proposal | Doubt | None:
        """Return words with the language that is told: the source's for its words, else the shape's."""
        subject, path = self.terms[occurrence.subject or 0], self._path(occurrence) or ""
        if path in _PRINTED or path.endswith("AsPrinted"):
            language, why = self._language, "the source's dcterms:language"
        else:
            values = self._values.get((subject, path), ())
            languages = {value.language for value in values if isinstance(value, Literal)}
            untagged = [value for value in values if isinstance(value, Literal) and not value.language]
            alone = len(untagged) == 1 and demand.language not in languages
            language, why = (demand.language if alone else None), "the language that the shape asks for"
        if language is None:
            return Doubt("These words have no language, and nothing tells it for certain. Add it: @en.")
        language = language.lower()
        scripts = _SCRIPTS.get(language.partition("-")[0])
        if scripts is None or not _written_in(literal.value, scripts):
            return Doubt(f"These words have no language, and do not look like {why}, {language}. Add it.")
        return Proposal("language", Literal(literal.value, language=language), f"It is {why}: {language}.")


def _house(iri: str, houses: Collection[str]) -> Proposal | None:
    """Return an IRI with the namespace that it has but for the scheme or the host's capitals."""
    if any(iri.startswith(house) for house in houses):
        return None
    scheme, _, rest = iri.partition("://")
    if scheme.lower() not in {"http", "https"}:
        return None
    host, slash, path = rest.partition("/")
    for other in ("https://", "http://"):
        found = f"{other}{host.lower()}{slash}{path}"
        house = next((one for one in houses if found.startswith(one)), None)
        if house:
            return Proposal("namespace", NamedNode(found), f"The namespace is written {house}.")
    return None


def namespace(iri: str, uses: Collection[str], view: View) -> tuple[str, str] | None:
    """Return the namespace that a prefix line means, and the reason; None where it is right or not certain.

    Args:
        iri: what the line says.
        uses: the local names that are used with the prefix.
        view: what is known.

    """
    if iri in PREFIXES.values():
        return None
    if house := _house(iri, _HOUSES):
        return house.term.value, house.reason
    found = [one for one in PREFIXES.values() if form(one) == form(iri)]
    if len(found) == 1 and uses and all(local and view.knows(found[0] + local) for local in uses):
        return found[0], f"The namespace is written {found[0]}, and all names used with it are known there."
    return None


def _twin(iri: str, twin: str, what: str) -> Proposal:
    """Return the remedy for a twin, named by what tells the two apart."""
    same = plain(iri).rstrip("/#") == twin.rstrip("/#")
    return Proposal(
        "iri-form" if same else "name-case",
        NamedNode(twin),
        f"{shorten(twin)} is {what} that differs from it in form alone.",
    )


def _nearest(iri: str, known: Collection[str]) -> str:
    near = get_close_matches(iri, known, n=1, cutoff=0.88)
    return f" Did you mean {shorten(near[0])}?" if near else ""


def _written_in(text: str, scripts: set[str]) -> bool:
    """Return whether all letters of a text are of some scripts; Latin names may stand among others."""
    found = {unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}
    found = {"LATIN" if one in {"FEMININE", "MASCULINE"} else one for one in found}
    if "LATIN" in scripts:
        return found <= scripts
    return bool(found & scripts) and found <= {
        *scripts,
        "LATIN",
        "FULLWIDTH",
        "HALFWIDTH",
        "KATAKANA-HIRAGANA",
    }
