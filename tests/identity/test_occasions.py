"""Which occasion an event is: its number, its days and its kind tell, never its label."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.identity.deciding import Decision, Outcome
from communique.identity.known import KINDS, Entity, Known, Told
from communique.identity.occasions import Event, decide_occasion

if TYPE_CHECKING:
    from collections.abc import Collection

FORUM, OTHER_FORUM = KINDS["mechanism"] + "forum", KINDS["mechanism"] + "other-forum"
MILL, MINE = KINDS["facility"] + "mill", KINDS["facility"] + "mine"
KIND = "https://w3id.org/communique/concept/occasion-kind/"
BROADER = {KIND + "industry-outreach": {KIND + "stakeholder-dialogue"}}


def occasion(local: str, told: Told | None = None, **facts: str) -> tuple[Entity, Told | None]:
    entity = Entity(KINDS["occasion"] + local, "occasion", local.replace("-", " "))
    for key, value in facts.items():
        entity.facts[key].add(value)
    return entity, told


def told(*days: str, number: int | None = None, kind: str | None = None, by: str = "source:a") -> Told:
    return Told({by}, {number} if number else set(), {KIND + kind} if kind else set(), set(days))


def known(*occasions: tuple[Entity, Told | None]) -> Known:
    entities = {entity.iri: entity for entity, _ in occasions}
    return Known(entities, {entity.iri: said for entity, said in occasions if said}, broader=BROADER)


def event(
    *days: str,
    number: int | None = None,
    kind: str | None = None,
    facility: str | None = None,
    label: str = "An event",
    source: str = "source:new",
) -> Event:
    on = frozenset(date.fromisoformat(day) for day in days)
    return Event(label, FORUM, number, KIND + kind if kind else None, on, source, facility)


def decide(wanted: Event, *occasions: tuple[Entity, Told | None], taken: Collection[str] = ()) -> Decision:
    return decide_occasion(wanted, known(*occasions), BROADER, taken)


SECOND = occasion("second", told("2027-05-04", number=2, kind="ministerial"), under=FORUM, ordinal="2")


@pytest.mark.parametrize(
    "wanted",
    [
        event("2027-05-04", number=2, kind="ministerial"),
        event(number=2),
        event("2027-05-04", kind="ministerial"),
        event("2027-05-04"),
        event("2027-05-03"),
        event("2027-05-05", kind="ministerial"),
        event("2027-06-20", "2027-05-04"),
    ],
    ids=["all", "number", "day-and-kind", "day", "day-before", "day-after-and-kind", "one-of-two-days"],
)
def test_the_same_number_or_the_same_day_by_any_clock_links(wanted: Event) -> None:
    decision = decide(wanted, SECOND)
    assert decision.outcome is Outcome.LINK
    assert decision.entity is SECOND[0]


@pytest.mark.parametrize(
    "wanted",
    [
        event("2027-05-04", number=3),
        event("2028-05-04", kind="ministerial"),
        event(number=3, kind="ministerial"),
        event("2027-05-07", number=3, kind="signing"),
    ],
    ids=["number", "year", "number-and-kind", "number-day-and-kind"],
)
def test_another_number_or_a_day_far_off_is_another_occasion(wanted: Event) -> None:
    assert decide(wanted, SECOND).outcome is Outcome.CREATE


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (event("2027-05-04", kind="signing"), "it is of another kind"),
        (event("2027-05-10", kind="ministerial"), "6 days apart"),
    ],
)
def test_a_day_or_a_kind_that_does_not_fit_is_no_link(wanted: Event, reason: str) -> None:
    decision = decide(wanted, SECOND)
    assert decision.outcome is not Outcome.LINK
    assert reason in str(decision.candidates[0])


def test_a_number_on_a_day_near_by_links_and_says_how_far_it_is() -> None:
    decision = decide(event("2027-05-10", number=2), SECOND)
    assert decision.outcome is Outcome.LINK
    assert "6 days apart" in decision.reason


def test_without_number_and_day_it_is_asked() -> None:
    assert decide(event()).outcome is Outcome.ASK
    decision = decide(event(kind="ministerial"), SECOND)
    assert decision.outcome is Outcome.ASK
    assert decision.candidates


def test_two_of_one_day_and_kind_are_asked() -> None:
    other = occasion("breakfast", told("2027-05-04", kind="ministerial"), under=FORUM)
    decision = decide(event("2027-05-04", kind="ministerial"), SECOND, other)
    assert decision.outcome is Outcome.ASK
    assert len(decision.candidates) == 2


def test_a_narrower_kind_is_the_same_kind() -> None:
    known_as = occasion("talks", told("2027-05-04", kind="stakeholder-dialogue"), under=FORUM)
    assert decide(event("2027-05-04", kind="industry-outreach"), known_as).outcome is Outcome.LINK


def test_a_part_of_a_round_is_only_linked_where_its_kind_tells_it_from_the_others() -> None:
    whole = occasion("round", under=FORUM, ordinal="1")
    parts = [
        occasion(local, told("2027-05-04", kind=kind), partOf=whole[0].iri)
        for local, kind in (("part-a", "government-dialogue"), ("part-b", "stakeholder-dialogue"))
    ]
    by_kind = decide(event("2027-05-04", kind="government-dialogue"), whole, *parts)
    assert (by_kind.outcome, by_kind.entity) == (Outcome.LINK, parts[0][0])
    assert decide(event("2027-05-04"), whole, *parts).outcome is Outcome.ASK


def test_a_case_of_another_facility_is_another_occasion() -> None:
    case = occasion("mill", told("2027-05-04", kind="case"), under=FORUM, facility=MILL)
    step = occasion("mill-plan", told("2027-05-04", kind="remediation-plan"), partOf=case[0].iri)
    same = decide(event("2027-05-04", kind="remediation-plan", facility=MILL), case, step)
    assert (same.outcome, same.entity) == (Outcome.LINK, step[0])
    for facility in (MINE, None):
        other = decide(event("2027-05-04", kind="remediation-plan", facility=facility), case, step)
        assert other.outcome is Outcome.CREATE


def test_an_occasion_of_another_mechanism_is_none() -> None:
    elsewhere = occasion("elsewhere", told("2027-05-04", number=2), under=OTHER_FORUM)
    decision = decide(event("2027-05-04", number=2), elsewhere)
    assert (decision.outcome, decision.candidates) == (Outcome.CREATE, ())


def test_what_another_event_of_the_source_is_cannot_be_meant_again() -> None:
    decision = decide(event("2027-05-04"), SECOND, taken={SECOND[0].iri})
    assert decision.outcome is Outcome.CREATE


def test_what_the_sources_own_record_is_about_is_meant() -> None:
    own = occasion("own", told("2027-05-04", by="source:new", kind="ministerial"), under=FORUM)
    decision = decide(event("2027-05-04", kind="ministerial"), own)
    assert decision.outcome is Outcome.LINK
    assert "this source's record is about it" in decision.reason


labels = st.one_of(st.just("second"), st.just("second ministerial"), st.text(min_size=1))


@given(labels)
def test_no_label_ever_links(label: str) -> None:
    plain, named = (decide(event("2029-01-01", label=text), SECOND) for text in ("An event", label))
    assert (named.outcome, named.entity, named.candidates) == (plain.outcome, plain.entity, plain.candidates)
    assert decide(event(label=label), SECOND).outcome is Outcome.ASK


@given(labels, st.integers(1, 9), st.dates(date(2027, 1, 1), date(2027, 12, 31)))
def test_a_label_changes_nothing_of_any_decision(label: str, number: int, on: date) -> None:
    one, other = (
        decide(event(on.isoformat(), number=number, label=text), SECOND) for text in ("An event", label)
    )
    assert (one.outcome, one.entity, one.reason) == (other.outcome, other.entity, other.reason)
