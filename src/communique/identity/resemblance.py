"""How a name resembles those of an entity: by its letters, and by the words that the two have in common.

Nothing is linked for its resemblance; it decides what a curator is asked about and shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.identity import names
from communique.identity.words import PEOPLES, SORTS

if TYPE_CHECKING:
    from communique.identity.clues import Clues
    from communique.identity.known import Entity, Known

NEAR = 84.0
"""From here on, something new has to be told apart from what it resembles."""
KIN = 83.0
"""Of names whose letters differ and whose words go together: that is asked about, and no more."""
_ON_ONE_SIDE = 70.0
_FULL_NAME = 2


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How much an entity is like a name.

    Attributes:
        likeness: from 0 to 100.
        known_as: the name of the entity that is likest.
        reasons: what speaks for it, that name first.

    """

    likeness: float
    known_as: str
    reasons: tuple[str, ...]


def resemblance(name: str, entity: Entity, clues: Clues, known: Known) -> Resemblance:
    """Return how much an entity is like a name, by all its names and by what the source says beside it."""
    score, text = max(
        ((_by_letters(entity.kind, name, known_as), known_as) for known_as, _ in entity.names),
        default=(0.0, ""),
    )
    reasons = [f"known as “{text}”"]
    if entity.kind == "person":
        family = _shared_names(name, text)
        if family and set(clues.posts) & entity.posts:
            score = max(score, NEAR)
            reasons.append("a name in common, and the same post")
        elif family and clues.side and clues.side in entity.sides:
            score = max(score, _ON_ONE_SIDE)
            reasons.append("a name in common, and the same side")
        if _initialled(name, text):
            score = max(score, NEAR)
            reasons.append("the same but for an initial")
    if score < NEAR:
        kinship = _kin_of_person if entity.kind == "person" else _kin
        if reason := kinship(name, entity, clues, known):
            score = KIN
            reasons.append(reason)
    return Resemblance(score, text, tuple(reasons))


def told_apart(entity: Entity, clues: Clues, known: Known) -> bool:
    """Return whether what the source says rules an entity out: it is another country's or body's."""
    if entity.kind == "body":
        return bool(clues.side and (own := entity.fact("government")) and own != clues.side)
    if entity.kind == "post":
        body = entity.fact("postIn")
        if clues.body and body:
            return not within(body, clues.body, known)
        return bool(clues.country and (own := known.country_of(entity)) and own != clues.country)
    return False


def within(one: str, other: str, known: Known) -> bool:
    """Return whether one body is a unit of another, on whatever level, either way round."""

    def above(iri: str) -> set[str]:
        found: set[str] = set()
        while iri and iri not in found:
            found.add(iri)
            entity = known.entities.get(iri)
            iri = (entity.fact("unitOf") if entity else None) or ""
        return found

    return one in above(other) or other in above(one)


def _by_letters(kind: str, one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 100."""
    score = names.likeness(one, other)
    if kind in {"topic", "post", "mechanism", "occasion", "instrument"} and _numbers(one) != _numbers(other):
        return min(score, KIN - 1)
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


def _kin_of_person(name: str, entity: Entity, clues: Clues, _known: Known) -> str | None:
    """Return why two names of people whose letters differ may still be one's."""
    texts = [text for text, _ in entity.names]
    bare = " ".join(names.bare_words(name))
    # One name alone says nothing beside a whole one: Chang-Yang Lee is not Thea Lee.
    full = [text for text in texts if names.is_full(text)] if names.is_full(name) else []
    if any(names.holds(bare, text) for text in full or texts):
        return "all of one name is in the other"
    other_script = not any(names.same_script(name, text) for text in texts)
    if other_script and clues.side in entity.sides and set(clues.posts) & entity.posts:
        return "the same post, and known in another script only"
    return None


def _kin(name: str, entity: Entity, clues: Clues, known: Known) -> str | None:
    """Return why two names whose letters differ may still be one's: how their words go together."""
    texts = [text for text, _ in entity.names]
    if any(names.holds(name, text) for text in texts):
        return "all of one name is in the other"
    if any(names.abbreviates(name, text) for text in texts):
        return "one name's first letters make the other"
    if entity.kind == "body" and (own := _own_words(name, entity, clues, known)):
        return f"of this government's bodies, no other has “{min(own)}” in its name"
    return None


def _telling_words(name: str, clues: Clues) -> set[str]:
    """Return the words of a body's name that tell it from other bodies of its government."""
    of_country = {word for people in PEOPLES.get(clues.country or "", ()) for word in people.split()}
    return names.telling_words(name) - SORTS["body"] - of_country


def _own_words(name: str, entity: Entity, clues: Clues, known: Known) -> set[str]:
    """Return the telling words that a name shares with a body, and with no other of its government."""

    def words_of(body: Entity) -> set[str]:
        return {word for text, _ in body.names for word in _telling_words(text, clues)}

    own = _telling_words(name, clues) & words_of(entity)
    if own:
        government = entity.fact("government")
        for other in known.of_kind("body"):
            if other.iri != entity.iri and other.fact("government") == government:
                own -= words_of(other)
    return own
