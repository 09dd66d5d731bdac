"""Who is who: whether a name means an entity that is known, somebody new, or is for a curator to decide.

What is decided without asking must be right: names that are the same but for their writing, and nothing that
speaks against it. Likeness of letters alone never links, and it never lets something new in unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from communique.drafting import names
from communique.drafting.known import keys_of
from communique.drafting.names import Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from communique.drafting.known import Entity, Known


class Outcome(StrEnum):
    """What becomes of a name."""

    LINK = "link"
    CREATE = "create"
    ASK = "ask"
    LEAVE_OUT = "leave out"


@dataclass(frozen=True, slots=True)
class Clues:
    """What a source says beside a name.

    Attributes:
        side: the government on whose side it stands, by IRI.
        country: that government's code.
        body: the body that it belongs to or acts for, by IRI.
        posts: the posts that its title means, by IRI.
        kind: the concept of the kind of organisation, by IRI.

    """

    side: str | None = None
    country: str | None = None
    body: str | None = None
    posts: tuple[str, ...] = ()
    kind: str | None = None


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
        return tuple(candidate for candidate in self.candidates if candidate.likeness >= _NEAR)


_NEAR = 84.0
_WORTH_SHOWING = 70.0
_SHOWN = 5
_FULL_NAME = 2
_SAID = {
    Match.FOLDED: "the same name",
    Match.REORDERED: "the same words in another order",
    Match.SHORT: "the same in short",
}
_GENERIC = frozenset(
    "ministry department office agency bureau council commission secretariat parliament".split()  # noqa: SIM905
)


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
        elif not _within(body, clues.body, known):
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


def _within(one: str, other: str, known: Known) -> bool:
    """Return whether one body is a unit of another, on whatever level, either way round."""

    def above(iri: str) -> set[str]:
        found: set[str] = set()
        while iri and iri not in found:
            found.add(iri)
            entity = known.entities.get(iri)
            iri = (entity.fact("unitOf") if entity else None) or ""
        return found

    return one in above(other) or other in above(one)


def _doubt(kind: str, name: str, how: Match, only: Candidate, clues: Clues) -> str | None:
    """Return why the one candidate is not certain, or None."""
    backed = len(only.pros) > 1
    words = names.folded(names.brackets(name)[0]).split()
    if kind == "person" and not backed and not names.is_full(name):
        return "one name alone may be anybody's"
    if how is Match.SHORT and not (kind in {"person", "place"} and backed):
        return "the names are the same in short only"
    if kind == "body" and not clues.side and words and words[0] in _GENERIC:
        return "other countries have a body of this name, and the source puts it on no side"
    return None


def _asked(kind: str, name: str, candidates: Iterable[Candidate], reason: str) -> Decision:
    ordered = sorted(candidates, key=lambda c: (len(c.cons), -len(c.pros), -c.likeness, c.entity.iri))
    return Decision(kind, name, Outcome.ASK, None, tuple(ordered[:_SHOWN]), reason)


def _unknown(kind: str, name: str, clues: Clues, known: Known) -> Decision:
    """Return what becomes of a name that nobody is known by: new, unless it looks like somebody who is."""
    alike = alike_to(kind, name, clues, known)
    near = [candidate for candidate in alike if candidate.likeness >= _NEAR]
    if near:
        return _asked(kind, name, alike, "nobody is known by this very name; these are near")
    if missing := _missing(kind, name, clues):
        return _asked(kind, name, alike, f"it is new, and {missing}")
    return Decision(kind, name, Outcome.CREATE, None, tuple(alike), "nothing known is near")


def _missing(kind: str, name: str, clues: Clues) -> str | None:
    """Return what must be known before something new can be described, if that is not known."""
    if kind == "person":
        return None if names.is_full(name) else "one name alone is not enough for a person"
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
        if _told_apart(kind, entity, clues, known):
            continue
        score, text = max(
            ((_resemblance(kind, name, known_as), known_as) for known_as, _ in entity.names),
            default=(0.0, ""),
        )
        pros = [f"known as “{text}”"]
        if kind == "person":
            family = _shared_names(name, text)
            same_post = set(clues.posts) & entity.posts
            if same_post and family:
                score = max(score, _NEAR)
                pros.append("a name in common, and the same post")
            elif family and clues.side and clues.side in entity.sides:
                score = max(score, _WORTH_SHOWING)
                pros.append("a name in common, and the same side")
            if _initialled(name, text):
                score = max(score, _NEAR)
                pros.append("the same but for an initial")
        if score >= _WORTH_SHOWING:
            found.append(Candidate(entity, score, tuple(pros), (), text))
    return sorted(found, key=lambda c: (-c.likeness, c.entity.iri))[:_SHOWN]


def _told_apart(kind: str, entity: Entity, clues: Clues, known: Known) -> bool:
    """Return whether what the source says rules an entity out: it is another country's or body's."""
    if kind == "body":
        return bool(clues.side and (own := entity.fact("government")) and own != clues.side)
    if kind == "post":
        body = entity.fact("postIn")
        if clues.body and body:
            return not _within(body, clues.body, known)
        return bool(clues.country and (own := known.country_of(entity)) and own != clues.country)
    return False


def _resemblance(kind: str, one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 100."""
    score = names.likeness(one, other)
    if kind in {"topic", "post", "mechanism", "occasion", "instrument"} and _numbers(one) != _numbers(other):
        return min(score, _NEAR - 1)
    return score


def _numbers(name: str) -> tuple[str, ...]:
    return tuple(word for word in names.folded(name).split() if word.isdecimal())


def _shared_names(one: str, other: str) -> set[str]:
    """Return the words of more than one letter that two names of people share."""
    return {w for w in names.folded(one).split() if len(w) > 1} & {
        w for w in names.folded(other).split() if len(w) > 1
    }


def _initialled(one: str, other: str) -> bool:
    """Return whether one name is the other with a given name cut to its initial, or to a short form."""
    first, second = names.folded(one).split(), names.folded(other).split()
    if len(first) < _FULL_NAME or len(second) < _FULL_NAME or first[-1] != second[-1] or first == second:
        return False
    return first[0] != second[0] and (first[0].startswith(second[0]) or second[0].startswith(first[0]))
