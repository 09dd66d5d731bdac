"""Entries of the registers that may be one: found by name and day, silenced where a curator knows better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from rdflib import URIRef

from communique.errors import Location
from communique.identity.clues import Clues
from communique.identity.deciding import alike_to
from communique.identity.known import Known, file_of, keys_of
from communique.identity.occasions import mechanism_of
from communique.located.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.identity.known import Entity
    from communique.layout import Layout

_COMPARED = ("government", "body", "person", "post", "organization", "mechanism", "facility", "instrument")
_NEAR = 84.0
_CLOCKS_APART = 1


@dataclass(frozen=True, slots=True)
class Twins:
    """Two entries that may be one.

    Attributes:
        one: the entry whose IRI is smaller.
        other: the other one.
        reason: why they look alike.
        location: where the other one is described.

    """

    one: Entity
    other: Entity
    reason: str
    location: Location

    def __str__(self) -> str:
        return (
            f"{self.location}: {self.other.slug} “{self.other.label}” may be {self.one.slug} "
            f"“{self.one.label}”: {self.reason}. Merge them; or, if they are two, say so of the first: "
            f"{self.one.slug} owl:differentFrom {self.other.slug} ."
        )


def find_twins(layout: Layout) -> tuple[Twins, ...]:
    """Return the pairs of entries in a graph's registers that look like one and are not known to be two.

    Raises:
        UnreadableInputError: if a file is not Turtle, with its line and column.

    """
    known = Known.of(layout)
    found = {
        (one.iri, other.iri): (one, other, reason)
        for one, other, reason in (*_alike_by_name(known), *_alike_by_day(known))
        if other.iri not in one.facts.get("differentFrom", ())
        and one.iri not in other.facts.get("differentFrom", ())
    }
    return tuple(
        Twins(one, other, reason, _location(other, known, layout))
        for _, (one, other, reason) in sorted(found.items())
    )


def _alike_by_name(known: Known) -> Iterator[tuple[Entity, Entity, str]]:
    """Yield pairs that share a key or nearly all letters, and that no description tells apart."""
    for kind in _COMPARED:
        for entity in known.of_kind(kind):
            clues = Clues(
                side=entity.fact("government"), country=known.country_of(entity), body=entity.fact("postIn")
            )
            for name in {name for name, _ in entity.names}:
                shared = known.with_key(kind, keys_of(kind, name, clues.country))
                near = {c.entity.iri: c for c in alike_to(kind, name, clues, known) if c.likeness >= _NEAR}
                for iri in {*shared, *near} - {entity.iri}:
                    other = known.entities[iri]
                    if _told_apart(entity, other, known):
                        continue
                    first, second = sorted((entity, other), key=lambda one: one.iri)
                    alike = (
                        f"both are known as “{name}”"
                        if iri in shared
                        else f"“{name}” against “{near[iri].known_as}”"
                    )
                    yield first, second, alike


def _told_apart(one: Entity, other: Entity, known: Known) -> bool:
    """Return whether two entries cannot be one: two countries, bodies of two, posts in two bodies."""
    if one.kind in {"government", "body", "post"} and known.country_of(one) != known.country_of(other):
        return True
    return one.kind == "post" and one.fact("postIn") != other.fact("postIn")


def _alike_by_day(known: Known) -> Iterator[tuple[Entity, Entity, str]]:
    """Yield pairs of occasions of one mechanism, neither a part of the other, that share a kind and a day."""
    for one, other in combinations(sorted(known.of_kind("occasion"), key=lambda entity: entity.iri), 2):
        first, second = known.told.get(one.iri), known.told.get(other.iri)
        if not first or not second or mechanism_of(one, known) != mechanism_of(other, known):
            continue
        if other.iri in one.facts["partOf"] or one.iri in other.facts["partOf"]:
            continue
        days = [
            (a, b)
            for a in first.days
            for b in second.days
            if abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days) <= _CLOCKS_APART
        ]
        if days and first.kinds & second.kinds:
            kind = min(first.kinds & second.kinds).rpartition("/")[2]
            yield one, other, f"both are called {kind} and told of {' and '.join(sorted(set(min(days))))}"


def _location(entity: Entity, known: Known, layout: Layout) -> Location:
    path = layout.root / file_of(entity.kind, known.country_of(entity))
    return (
        read(path).subjects.get(URIRef(entity.iri), Location(str(path)))
        if path.is_file()
        else Location(str(path))
    )
