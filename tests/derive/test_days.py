"""Laws of days on clocks, and the cases that the Task Force's accounts are made of."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.derive.days import (
    Account,
    Comparison,
    Day,
    Interval,
    Moments,
    Window,
    compare,
    intersect,
    moments_anywhere,
    moments_of_date,
    possible_moments,
    unite,
    windows,
)

NEW_YORK, TOKYO, PARIS = "America/New_York", "Asia/Tokyo", "Europe/Paris"
PARTIES = (NEW_YORK, TOKYO)
ZONES = (
    NEW_YORK,
    TOKYO,
    "Europe/Brussels",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "America/Sao_Paulo",
)

zones = st.sampled_from(ZONES)
dates = st.dates(date(2024, 2, 25), date(2024, 4, 5))
any_dates = st.dates(date(1990, 1, 1), date(2035, 12, 31))


@st.composite
def days(draw: st.DrawFn, firm: st.SearchStrategy[bool] | None = None) -> Day:
    is_firm = draw(firm if firm is not None else st.booleans())
    zone = draw(zones) if is_firm else draw(st.none() | zones)
    return Day("urn:day", draw(dates), None, zone, is_firm)


@st.composite
def accounts(draw: st.DrawFn, firm: st.SearchStrategy[bool] | None = None) -> Account:
    found = draw(st.lists(days(firm), min_size=1, max_size=2, unique=True))
    return Account(f"urn:source:{draw(st.integers(0, 10**9))}", tuple(sorted(found, key=repr)))


def named(found: list[Account]) -> list[Account]:
    """Give every account a source of its own."""
    return [Account(f"urn:source:{n}", account.days) for n, account in enumerate(found)]


lists_of_accounts = st.lists(accounts(), min_size=1, max_size=5).map(named)


def covers(wide: Moments, narrow: Moments) -> bool:
    return intersect(wide, narrow) == narrow


def one(date_: str, zone: str | None, *, firm: bool, source: str = "a") -> Account:
    return Account(source, (Day("urn:" + source, date.fromisoformat(date_), None, zone, firm),))


def one_of(*dates_: str, zone: str, firm: bool, source: str) -> Account:
    return Account(
        source,
        tuple(Day(f"urn:{source}{d}", date.fromisoformat(d), None, zone, firm) for d in dates_),
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Calendar days


@given(any_dates, zones)
def test_a_day_ends_where_the_next_begins(day: date, zone: str) -> None:
    today, tomorrow = moments_of_date(day, zone), moments_of_date(day + timedelta(days=1), zone)
    assert today[0].closes == tomorrow[0].opens


@given(any_dates, zones)
def test_a_day_has_23_to_25_hours(day: date, zone: str) -> None:
    (interval,) = moments_of_date(day, zone)
    assert timedelta(hours=23) <= interval.closes - interval.opens <= timedelta(hours=25)


@given(any_dates, zones)
def test_a_day_on_any_clock_is_that_day_somewhere_on_earth(day: date, zone: str) -> None:
    assert covers(moments_anywhere(day), moments_of_date(day, zone))


@pytest.mark.parametrize(
    ("day", "zone", "opens", "hours"),
    [
        ("2024-02-05", NEW_YORK, "2024-02-05T05:00", 24),
        ("2024-03-10", NEW_YORK, "2024-03-10T05:00", 23),
        ("2024-11-03", NEW_YORK, "2024-11-03T04:00", 25),
        ("2024-10-07", NEW_YORK, "2024-10-07T04:00", 24),
        ("2024-10-06", TOKYO, "2024-10-05T15:00", 24),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00", 23),
    ],
)
def test_daylight_saving_is_respected(day: str, zone: str, opens: str, hours: int) -> None:
    expected = Interval(utc(opens), utc(opens) + timedelta(hours=hours))
    assert moments_of_date(date.fromisoformat(day), zone) == (expected,)


def test_a_date_that_a_zone_skipped_has_no_moments() -> None:
    assert moments_of_date(date(2011, 12, 30), "Pacific/Apia") == ()


# Sets of moments


@given(st.lists(st.tuples(dates, zones), max_size=6))
def test_union_is_sorted_and_disjoint_and_covers_its_parts(found: list[tuple[date, str]]) -> None:
    parts = [moments_of_date(*each) for each in found]
    union = unite(parts)
    assert all(a.closes < b.opens for a, b in pairwise(union))
    assert all(covers(union, part) for part in parts)


# Comparison


@given(accounts(), accounts())
def test_comparison_does_not_depend_on_the_order(left: Account, right: Account) -> None:
    assert compare(left, right, PARTIES) == compare(right, left, PARTIES)


@given(accounts())
def test_an_account_is_the_same_as_itself(account: Account) -> None:
    assert compare(account, account, PARTIES) == Comparison("same", ())


@given(accounts(st.just(True)), accounts(st.just(True)))
def test_firm_accounts_conflict_just_where_they_do_not_meet(left: Account, right: Account) -> None:
    meet = intersect(possible_moments(left, (), ()), possible_moments(right, (), ()))
    assert (compare(left, right, PARTIES).judgement == "conflict") == (not meet)


@given(dates, st.sampled_from(PARTIES), st.sampled_from(PARTIES))
def test_an_assumed_clock_never_makes_one_date_conflict_with_itself(day: date, a: str, b: str) -> None:
    left, right = one(day.isoformat(), a, firm=False), one(day.isoformat(), b, firm=True)
    assert compare(left, right, PARTIES).judgement == "same"


@pytest.mark.parametrize(
    ("left", "right", "judgement", "reasons"),
    [
        # Round 1: USTR names no clock, METI prints "Japan time", JETRO gives U.S. time.
        (
            one("2024-02-05", NEW_YORK, firm=False),
            one("2024-02-06", TOKYO, firm=True),
            "compatible",
            ("zone",),
        ),
        (
            one("2024-02-05", NEW_YORK, firm=False),
            one("2024-02-05", NEW_YORK, firm=True),
            "same",
            (),
        ),
        (
            one_of("2024-02-06", "2024-02-14", zone=TOKYO, firm=True, source="meti"),
            one("2024-02-05", NEW_YORK, firm=True),
            "compatible",
            ("zone", "precision"),
        ),
        (
            one_of("2024-02-05", "2024-02-13", zone=NEW_YORK, firm=False, source="ustr"),
            one("2024-02-05", NEW_YORK, firm=True),
            "compatible",
            ("precision",),
        ),
        # Round 2: METI's English date lies before USTR's on every clock.
        (
            one("2024-10-06", TOKYO, firm=True),
            one("2024-10-07", NEW_YORK, firm=False),
            "conflict",
            ("different-values",),
        ),
        (
            one("2024-10-06", TOKYO, firm=True),
            one("2024-10-08", TOKYO, firm=False),
            "conflict",
            ("different-values",),
        ),
        (
            one("2024-10-07", NEW_YORK, firm=False),
            one("2024-10-08", TOKYO, firm=False),
            "compatible",
            ("zone",),
        ),
        (
            one("2024-12-17", NEW_YORK, firm=False),
            one("2024-12-18", TOKYO, firm=True),
            "compatible",
            ("zone",),
        ),
        # A date in nobody's clock is refuted only where no clock on Earth saves it.
        (
            one("2024-02-06", None, firm=False),
            one("2024-02-05", NEW_YORK, firm=True),
            "compatible",
            ("zone",),
        ),
        (
            one("2024-02-09", None, firm=False),
            one("2024-02-05", NEW_YORK, firm=True),
            "conflict",
            ("different-values",),
        ),
    ],
)
def test_known_cases(left: Account, right: Account, judgement: str, reasons: tuple[str, ...]) -> None:
    assert compare(left, right, PARTIES) == Comparison(judgement, reasons)


def test_a_bare_day_of_the_month_is_compared_near_the_dates_that_others_give() -> None:
    jiji = Account("jiji", (Day("urn:jiji", None, 5, NEW_YORK, True),))
    assert compare(jiji, one("2024-02-05", NEW_YORK, firm=True), PARTIES) == Comparison(
        "compatible", ("precision",)
    )
    assert compare(jiji, one("2024-02-06", TOKYO, firm=True), PARTIES).judgement == "compatible"
    assert compare(jiji, one("2024-02-08", TOKYO, firm=True), PARTIES).judgement == "conflict"


def test_a_day_within_a_longer_span_is_compatible_with_where_the_span_starts() -> None:
    """One page says “on 16 May”, another “15–16 May”."""
    starts = one("2022-05-15", PARIS, firm=True, source="span")
    day = one("2022-05-16", PARIS, firm=True)
    assert compare(day, starts, PARTIES).judgement == "conflict"
    within = replace(day, within=starts.days)
    assert compare(within, starts, PARTIES) == Comparison("compatible", ("precision",))
    assert compare(starts, within, PARTIES) == Comparison("compatible", ("precision",))
    assert compare(within, one("2022-05-14", PARIS, firm=True), PARTIES).judgement == "conflict"


# Windows


def test_a_day_within_a_longer_span_is_in_one_window_with_it() -> None:
    starts = one("2022-05-15", PARIS, firm=True, source="span")
    day = replace(one("2022-05-16", PARIS, firm=True), within=starts.days)
    moments = moments_of_date(date(2022, 5, 15), PARIS)
    assert windows([day, starts], PARTIES) == (Window(moments, (day, starts), True),)


@given(lists_of_accounts, st.randoms(use_true_random=False))
def test_the_order_of_accounts_does_not_matter(found: list[Account], rng: random.Random) -> None:
    shuffled = rng.sample(found, len(found))
    assert windows(found, PARTIES) == windows(shuffled, PARTIES)


@given(lists_of_accounts, accounts())
def test_another_account_never_widens_the_window_where_all_agree(
    found: list[Account], another: Account
) -> None:
    more = [*found, Account("urn:another", another.days)]
    before, after = windows(found, PARTIES), windows(more, PARTIES)
    if len(before) == len(after) == 1 and len(after[0].accounts) == len(more) and before[0].firm:
        assert covers(before[0].moments, after[0].moments)


@given(lists_of_accounts, days(st.just(False)))
def test_a_date_in_an_assumed_clock_never_narrows_a_firm_window(found: list[Account], day: Day) -> None:
    before = windows(found, PARTIES)
    after = windows([*found, Account("urn:another", (day,))], PARTIES)
    if len(before) == len(after) == 1 and before[0].firm and after[0].firm:
        assert before[0].moments == after[0].moments


@given(lists_of_accounts)
def test_every_account_is_in_a_window_and_no_window_within_another(found: list[Account]) -> None:
    result = windows(found, PARTIES)
    members = [set(window.accounts) for window in result]
    assert set().union(*members) == set(found)
    assert not any(a < b for a in members for b in members)
    assert all(window.moments for window in result)


@given(st.lists(accounts(st.just(True)), min_size=1, max_size=5).map(named))
def test_firm_windows_against_plain_intersection(found: list[Account]) -> None:
    together = reduce(intersect, (possible_moments(a, (), ()) for a in found))
    result = windows(found, PARTIES)
    assert (len(result) == 1 and len(result[0].accounts) == len(found)) == bool(together)
    if together:
        assert result[0].moments == unite([together])


def test_the_first_round_is_narrowed_by_jetro_and_one_of_two_without() -> None:
    ustr = one_of("2024-02-05", "2024-02-13", zone=NEW_YORK, firm=False, source="ustr")
    meti = one_of("2024-02-06", "2024-02-14", zone=TOKYO, firm=True, source="meti")
    jetro = one("2024-02-05", NEW_YORK, firm=True, source="jetro")
    (without,) = windows([ustr, meti], PARTIES)
    assert without == Window(
        unite([moments_of_date(date(2024, 2, 6), TOKYO), moments_of_date(date(2024, 2, 14), TOKYO)]),
        (meti, ustr),
        True,
    )
    (heard,) = windows([ustr, meti, jetro], PARTIES)
    assert heard.moments == (Interval(utc("2024-02-05T15:00"), utc("2024-02-06T05:00")),)


def test_the_second_round_has_two_windows() -> None:
    ustr = one("2024-10-07", NEW_YORK, firm=False, source="ustr")
    meti = one("2024-10-06", TOKYO, firm=True, source="meti")
    jetro = one("2024-10-07", NEW_YORK, firm=True, source="jetro")
    report = one("2024-10-08", TOKYO, firm=False, source="report")
    first, second = windows([report, ustr, meti, jetro], PARTIES)
    assert [a.source for a in first.accounts] == ["meti"]
    assert [a.source for a in second.accounts] == ["jetro", "report", "ustr"]
    assert second.moments == moments_of_date(date(2024, 10, 7), NEW_YORK)
