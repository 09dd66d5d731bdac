"""Which occasion an event is: by its mechanism, number, days and kind; never by its label alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from communique.identity.deciding import Candidate, Decision, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from communique.identity.known import Entity, Known, Told

_CLOCKS_APART = 1
"""Days by which two accounts of one sitting may differ for their clocks alone."""
_NEAR = 31
"""Days within which another occasion of a mechanism is near enough to be asked about."""


@dataclass(frozen=True, slots=True)
class Event:
    """What the facts of a source say that tells one occasion from another.

    Attributes:
        label: the event's label.
        mechanism: the mechanism, by IRI.
        number: its number, as the page counts.
        kind: the concept of its kind, by IRI.
        days: the days that the page gives.
        source: the source, by IRI.
        facility: of a facility's case or a step of it: the facility, by IRI.

    """

    label: str
    mechanism: str
    number: int | None
    kind: str | None
    days: frozenset[date]
    source: str
    facility: str | None = None


def decide_occasion(
    event: Event, known: Known, broader: Mapping[str, Collection[str]], taken: Collection[str] = ()
) -> Decision:
    """Return which occasion an event is, whether it is new, or what it may be.

    Args:
        event: the event.
        known: what the graph knows.
        broader: the kinds above each kind of occasion.
        taken: the occasions that other events of the same source are.

    """
    weighed = [
        found
        for entity in known.of_kind("occasion")
        if entity.iri not in taken and mechanism_of(entity, known) == event.mechanism
        if (found := _weighed(entity, event, known, broader))
    ]
    sure = [candidate for candidate in weighed if not candidate.cons and candidate.likeness == _SURE]
    ordered = tuple(sorted(weighed, key=lambda c: (len(c.cons), -c.likeness, c.entity.iri)))
    if len(sure) == 1:
        return Decision(
            "occasion", event.label, Outcome.LINK, sure[0].entity, ordered, "; ".join(sure[0].pros)
        )
    if sure:
        return Decision("occasion", event.label, Outcome.ASK, None, ordered, "it may be any of several")
    near = [candidate for candidate in weighed if not candidate.cons]
    if near:
        return Decision("occasion", event.label, Outcome.ASK, None, ordered, "it may be one that is known")
    if event.number is None and not event.days:
        return Decision(
            "occasion", event.label, Outcome.ASK, None, ordered, "the source gives neither a number nor a day"
        )
    return Decision(
        "occasion", event.label, Outcome.CREATE, None, ordered, "no known one has its number or day"
    )


_SURE, _MAYBE, _OTHER = 100.0, 80.0, 50.0


def mechanism_of(entity: Entity, known: Known) -> str | None:
    """Return the mechanism of an occasion, which the topmost one names."""
    here: Entity | None = entity
    for _ in range(5):
        if here is None or here.fact("under"):
            break
        here = known.entities.get(here.fact("partOf") or "")
    return here.fact("under") if here else None


def _weighed(
    entity: Entity, event: Event, known: Known, broader: Mapping[str, Collection[str]]
) -> Candidate | None:
    """Return what speaks for and against an event's being an occasion; None where nothing speaks for it."""
    told = known.told.get(entity.iri)
    pros, cons = [], []
    if cons_of_facility := _facility_speaks(entity, event, known):
        cons.append(cons_of_facility)
    numbers = {int(number) for number in entity.facts.get("ordinal", ())} | (told.numbers if told else set())
    if event.number is not None and numbers:
        if event.number in numbers:
            pros.append(f"the same number, {event.number}")
        else:
            cons.append(f"it is number {min(numbers)}")
    apart = _days_apart(event, told)
    if apart is not None:
        if apart <= _CLOCKS_APART:
            pros.append("the same day" if apart == 0 else "a day beside, as clocks may differ")
        elif apart > _NEAR:
            cons.append(f"{apart} days apart")
        else:
            cons += [f"{apart} days apart"] if not pros else []
            pros += [f"{apart} days apart"] if pros else []
    same_kind = _kinds_agree(event.kind, told, broader)
    if same_kind is False:
        cons.append("it is of another kind")
    elif same_kind:
        pros.append("the same kind")
    if told and event.source in told.sources:
        pros.append("this source's record is about it")
        return Candidate(entity, _SURE, tuple(pros), ())
    weighty = [pro for pro in pros if "number" in pro or "day" in pro]
    if not weighty and (event.number is not None or event.days):
        return Candidate(entity, _OTHER, tuple(pros), tuple(cons)) if pros and cons else None
    sure = bool(weighty) and same_kind is not False and not _is_part_of_many(entity, event, told)
    return Candidate(
        entity, _SURE if sure else _MAYBE, tuple(pros) or ("of the same mechanism",), tuple(cons)
    )


def _is_part_of_many(entity: Entity, event: Event, told: Told | None) -> bool:
    """Return whether only the kind could tell an occasion from its parts or siblings, and no kind is told."""
    return bool(entity.fact("partOf")) and (event.kind is None or not told or not told.kinds)


def _facility_speaks(entity: Entity, event: Event, known: Known) -> str | None:
    """Return why an occasion is another facility's, if it is."""
    case = entity if entity.fact("facility") else known.entities.get(entity.fact("partOf") or "")
    of = case.fact("facility") if case else None
    if event.facility == of:
        return None
    if of is None or event.facility is None:
        return "only one of the two is of a facility"
    return "it is of another facility"


def _days_apart(event: Event, told: Told | None) -> int | None:
    """Return how many days lie between an event and what is told of an occasion; None without a day."""
    days = [date.fromisoformat(day[:10]) for day in told.days] if told else []
    if not days or not event.days:
        return None
    return min(abs((one - other).days) for one in event.days for other in days)


def _kinds_agree(kind: str | None, told: Told | None, broader: Mapping[str, Collection[str]]) -> bool | None:
    """Return whether a kind is one that is told, above one or below one; None where no kind is told."""
    if kind is None or not told or not told.kinds:
        return None
    return any(
        kind == other or other in broader.get(kind, ()) or kind in broader.get(other, ())
        for other in told.kinds
    )
