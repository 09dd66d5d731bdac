"""Who is who: whether a name means an entity that is known, somebody new, or is for a curator to decide.

What is decided without asking must be right: names that are the same but for their writing, and nothing that
speaks against it. Likeness of letters alone never links, and it never lets something new in unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from communique.identity import names
from communique.identity.known import keys_of
from communique.identity.names import Match
from communique.identity.resemblance import KIN, NEAR, resemblance, told_apart, within
from communique.identity.words import SORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from communique.identity.clues import Clues
    from communique.identity.known import Entity, Known


class Outcome(StrEnum):
    """What becomes of a name."""

    LINK = "link"
    CREATE = "create"
    ASK = "ask"
    LEAVE_OUT = "leave out"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant, and what speaks for it and against it."""

    entity: Entity
    likeness: float
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()
    known_as: str = ""

    def __str__(self) -> str:
        reasons = [*self.pros, *(f"but {con}" for con in self.cons)]
        return f"{self.entity.slug} “{self.entity.label}”: {'; '.join(reasons)}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one name, and why.

    Attributes:
        kind: the kind of entity.
        name: the name in the facts.
        outcome: what becomes of it.
        entity: the entity that it is linked to.
        candidates: what it may mean, the likeliest first.
        reason: why it was decided so, or what has to be decided.
        by_curator: whether a curator has decided it.

    """

    kind: str
    name: str
    outcome: Outcome
    entity: Entity | None
    candidates: tuple[Candidate, ...]
    reason: str
    by_curator: bool = False

    @property
    def near(self) -> tuple[Candidate, ...]:
        """Return the candidates that something new must be told apart from."""
        return tuple(candidate for candidate in self.candidates if candidate.likeness >= NEAR)


_WORTH_SHOWING = 70.0
_SHOWN = 5
_SAID = {
    Match.FOLDED: "the same name",
    Match.REORDERED: "the same words in another order",
    Match.SHORT: "the same in short",
}


def decide(kind: str, name: str, clues: Clues, known: Known) -> Decision:
    """Return what becomes of a name of a kind, by what the graph knows and what the source says beside it."""
    hits = known.with_key(kind, keys_of(kind, name, clues.country))
    candidates = [_weighed(known.entities[iri], how, name, clues, known) for iri, how in hits.items()]
    standing = [candidate for candidate in candidates if not candidate.cons]
    if standing:
        best = max(hits[candidate.entity.iri] for candidate in standing)
        strictest = [c for c in standing if hits[c.entity.iri] == best] if best == Match.FOLDED else standing
        backed = [candidate for candidate in strictest if len(candidate.pros) > 1]
        chosen = strictest if len(strictest) == 1 else backed
        if len(chosen) == 1:
            (only,) = chosen
            if doubt := _doubt(kind, name, hits[only.entity.iri], only, clues):
                return _asked(kind, name, candidates, doubt)
            return Decision(kind, name, Outcome.LINK, only.entity, tuple(candidates), "; ".join(only.pros))
        return _asked(kind, name, candidates, "several are known by this name")
    if candidates:
        return _asked(kind, name, candidates, "the name is known, but something speaks against it")
    return _unknown(kind, name, clues, known)


def _weighed(entity: Entity, how: Match, name: str, clues: Clues, known: Known) -> Candidate:
    """Return an entity with what speaks for and against its being meant; the first reason is the name."""
    pros, cons = [_SAID[how]], list[str]()
    speaks = _SPEAKS.get(entity.kind)
    for pro, reason in speaks(entity, name, clues, known) if speaks else ():
        if how is Match.SHORT or entity.kind != "place":
            (pros if pro else cons).append(reason)
    return Candidate(entity, 100.0, tuple(pros), tuple(cons))


def _label(iri: str | None, known: Known) -> str:
    entity = known.entities.get(iri or "")
    return entity.label if entity else str(iri)


def _of_person(entity: Entity, _name: str, clues: Clues, known: Known) -> Iterator[tuple[bool, str]]:
    if clues.side and clues.side in entity.sides:
        yield True, f"also on the side of {_label(clues.side, known)}"
    elif clues.side and entity.sides:
        others = ", ".join(sorted(_label(iri, known) for iri in entity.sides))
        yield False, f"records put that person on the side of {others}"
    if shared := entity.posts & set(clues.posts):
        yield True, f"held that post: {_label(min(shared), known)}"
    if clues.body and clues.body in entity.bodies:
        yield True, f"also acts for {_label(clues.body, known)}"


def _of_body(entity: Entity, _name: str, clues: Clues, known: Known) -> Iterator[tuple[bool, str]]:
    government = entity.fact("government")
    if clues.side and government:
        same = government == clues.side
        yield same, f"{'a' if same else 'that is a'} body of {_label(government, known)}"


def _of_post(entity: Entity, _name: str, clues: Clues, known: Known) -> Iterator[tuple[bool, str]]:
    body, country = entity.fact("postIn"), known.country_of(entity)
    if clues.body and body:
        if body == clues.body:
            yield True, f"a post in {_label(body, known)}"
        elif not within(body, clues.body, known):
            yield False, f"that is a post in {_label(body, known)}"
    elif clues.country and country:
        yield country == clues.country, f"a post of {country}"


def _of_organization(entity: Entity, _name: str, clues: Clues, _known: Known) -> Iterator[tuple[bool, str]]:
    if clues.kind and entity.fact("classification") == clues.kind:
        yield True, "of the same kind"


def _of_place(entity: Entity, name: str, _clues: Clues, _known: Known) -> Iterator[tuple[bool, str]]:
    """Tell whether the country behind the comma is one that the place is described with."""
    _, comma, country = name.partition(",")
    if comma:
        described = entity.facts.get("definition") or ()
        told = names.folded(" ".join([*described, *(text for text, _ in entity.names)]))
        inside = names.folded(country.rpartition(",")[2]) in told
        yield inside, f"in {country.strip()}" if inside else f"nothing tells that it is in {country.strip()}"


_SPEAKS: Mapping[str, Callable[[Entity, str, Clues, Known], Iterator[tuple[bool, str]]]] = {
    "person": _of_person,
    "body": _of_body,
    "post": _of_post,
    "organization": _of_organization,
    "place": _of_place,
}
"""What tells two of one name apart, by the kind of entity: each reason, and whether it speaks for the one."""


def _doubt(kind: str, name: str, how: Match, only: Candidate, clues: Clues) -> str | None:
    """Return why the one candidate is not certain, or None."""
    backed = len(only.pros) > 1
    words = names.folded(names.brackets(name)[0]).split()
    if kind == "person" and not backed and not names.is_full(name):
        return "one name alone may be anybody's"
    if how is Match.SHORT and not (kind in {"person", "place"} and backed):
        return "the names are the same in short only"
    if kind == "body" and not clues.side and words and words[0] in SORTS["body"]:
        return "other countries have a body of this name, and the source puts it on no side"
    if kind == "instrument" and names.telling_words(name) <= SORTS["instrument"]:
        return "many are called so, and the name does not tell which"
    if kind == "post" and not clues.body and not backed:
        return "others have such a post, and the source puts it in no body and on no side"
    return None


def _asked(kind: str, name: str, candidates: Iterable[Candidate], reason: str) -> Decision:
    ordered = sorted(candidates, key=lambda c: (len(c.cons), -c.likeness, -len(c.pros), c.entity.iri))
    return Decision(kind, name, Outcome.ASK, None, tuple(ordered[:_SHOWN]), reason)


def _unknown(kind: str, name: str, clues: Clues, known: Known) -> Decision:
    """Return what becomes of a name that nobody is known by: new, unless it looks like somebody who is."""
    alike = alike_to(kind, name, clues, known)
    if any(candidate.likeness >= KIN for candidate in alike):
        return _asked(kind, name, alike, "no entry has this very name; these are near")
    if missing := _missing(kind, name, clues):
        return _asked(kind, name, alike, f"it is new, and {missing}")
    return Decision(kind, name, Outcome.CREATE, None, tuple(alike), "nothing known is near")


def _missing(kind: str, name: str, clues: Clues) -> str | None:
    """Return what must be known before something new can be described, if that is not known."""
    if kind == "person":
        if names.is_behind_title(name):
            return "a title stands before the name: give the name alone with `label:`"
        return None if names.is_full(name) else "one name alone is not enough for a person"
    if kind in {"body", "organization", "facility"} and names.is_common(name):
        return "it is written like no name; who is not named goes under `unnamed`"
    if kind == "body":
        return None if clues.side else "the source does not say of which government"
    if kind == "post":
        return None if clues.body else "the source does not say of which body"
    needs = {
        "government": "a country code and a clock",
        "topic": "a definition",
        "place": "a definition and a clock",
    }
    return f"needs {needs[kind]}" if kind in needs else None


def alike_to(kind: str, name: str, clues: Clues, known: Known) -> list[Candidate]:
    """Return the entities whose names look like a name, the likeliest first; none need be meant."""
    found: list[Candidate] = []
    for entity in known.of_kind(kind):
        if told_apart(entity, clues, known):
            continue
        seen = resemblance(name, entity, clues, known)
        if seen.likeness >= _WORTH_SHOWING:
            found.append(Candidate(entity, seen.likeness, seen.reasons, (), seen.known_as))
    return sorted(found, key=lambda c: (-c.likeness, c.entity.iri))[:_SHOWN]
