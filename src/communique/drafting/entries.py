"""What the registers gain from one source: entries that are new, and spellings that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.drafting.registers import Additions, proposed_name, scheme_of
from communique.identity import names
from communique.identity.known import KINDS, Entity, file_of

if TYPE_CHECKING:
    from communique.drafting.facts import Facts
    from communique.identity.clues import Clues
    from communique.identity.known import Known


class Entries:
    """Entries and spellings that are to be added; what the graph knows learns them at once."""

    def __init__(self, known: Known, language: str) -> None:
        """Take what the graph knows and the language of the page."""
        self.additions = Additions()
        self._known = known
        self._language = language

    def language_of(self, printed: str, kind: str) -> str:
        """Return the language of a name that is printed."""
        # Topics are in the compiler's words, whatever the page's language.
        page = "en" if kind == "topic" else self._language
        return names.language_of(printed, page)

    def learn(self, entity: Entity, printed: str, at: tuple[str | int, ...], *, by_curator: bool) -> None:
        """Add a spelling that the entity is not yet known by."""
        language = self.language_of(printed, entity.kind)
        if any(name.casefold() == printed.casefold() for name, _ in entity.names):
            return
        if at[:1] == ("publisher",) and names.has_remark(printed):
            return
        if entity.kind in {"government", "post"} and not by_curator:
            return  # No record prints these as names; they are kept only where they had to be decided.
        entity.names.append((printed, language))
        file = file_of(entity.kind, self._known.country_of(entity))
        self.additions.add(file, entity.iri, "skos:altLabel", ox.Literal(printed, language=language))
        self._known.add(entity)

    def describe(self, kind: str, english: str, printed: str, clues: Clues, told: Facts) -> str:
        """Describe something new, and return its IRI."""
        language = self.language_of(printed, kind)
        iri = self.iri_for(kind, english, clues, told)
        entity = Entity(iri, kind, english, [(english, "en")])
        facts = self._described(entity, told, clues)
        title = names.title_without_acting(english) if kind == "post" else english
        entity.label = title
        self.additions.describe(
            kind,
            iri,
            ox.Literal(title, language="en"),
            facts,
            country=clues.country if kind == "body" else None,
        )
        file = file_of(kind, clues.country)
        if printed not in {english, title} and kind != "post":
            native = (
                "skos:altLabel"
                if language == "en"
                else ("skos:prefLabel" if kind in {"topic", "place"} else "rdfs:label")
            )
            self.additions.add(file, iri, native, ox.Literal(printed, language=language))
            entity.names.append((printed, language))
        self._known.add(entity)
        for other in told.get("distinct_from") or ():
            if distinct := self._known.named(other):
                first = min(entity, distinct, key=lambda one: one.iri)
                home = file_of(first.kind, self._known.country_of(first))
                self.additions.tell_apart(iri, distinct.iri, home)
        return iri

    def iri_for(self, kind: str, english: str, clues: Clues, told: Facts) -> str:
        """Return the IRI of something new: the one that is decided, else one made of its name."""
        if told.get("new"):
            prefix, _, local = str(told["new"]).partition(":")
            return KINDS[prefix] + local
        body = self._known.entities.get(clues.body or "")
        title = names.title_without_acting(english) if kind == "post" else english
        return KINDS[kind] + proposed_name(kind, title, clues.country, body, self._known.entities)

    def _described(
        self, entity: Entity, told: Facts, clues: Clues
    ) -> list[tuple[str, ox.NamedNode | ox.Literal]]:
        """Return what is stated of something new beside its names, and let the entity know it."""
        facts: list[tuple[str, ox.NamedNode | ox.Literal]] = []

        def state(prop: str, value: str | None, literal: ox.Literal | None = None) -> None:
            if value:
                facts.append((prop, literal or ox.NamedNode(value)))
                entity.facts[prop.partition(":")[2]].add(value)

        match entity.kind:
            case "body":
                state("cmq:government", clues.side)
                if above := told.get("part_of"):
                    parent = self._known.named(above)
                    state("org:unitOf", parent.iri if parent else None)
            case "post":
                state("org:postIn", clues.body)
            case "organization":
                state("org:classification", clues.kind)
            case "facility":
                state("org:siteOf", clues.body)
            case "government":
                state("cmq:countryCode", told["country_code"], ox.Literal(told["country_code"]))
                state("cmq:seatZone", told["zone"], ox.Literal(told["zone"]))
            case "topic" | "place":
                state("skos:definition", told["definition"], ox.Literal(told["definition"], language="en"))
                if zone := told.get("zone"):
                    state("cmq:seatZone", zone, ox.Literal(zone))
                broader = self._known.named(told.get("broader") or "")
                scheme = scheme_of(entity.kind)
                state(
                    "skos:broader" if broader else "skos:topConceptOf",
                    broader.iri if broader else scheme.value,
                )
                facts.append(("skos:inScheme", scheme))
            case _:
                pass
        return facts
