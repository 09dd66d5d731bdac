"""Calendar days on clocks: which moments a day amounts to in UTC, and where accounts of it meet.

A day in a zone is a half-open interval of UTC; alternatives are unions of intervals. A day whose clock is
*firm* (printed, or the clock of the place where people met) is taken at its word. A day whose clock is only
*assumed* could be meant on any of several clocks: it is refuted only where all of them are, and it never
narrows a window that a firm day gives.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date  # noqa: N812 - `date` is the name of the field below
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_EASTMOST = timedelta(hours=14)
_WESTMOST = timedelta(hours=-12)
_NEARBY = 3


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of UTC from ``opens``, included, to ``closes``, not included."""

    opens: datetime
    closes: datetime


Moments: TypeAlias = tuple[Interval, ...]
"""A union of intervals that neither touch nor overlap, in order of time."""


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A day as one source gives it.

    Attributes:
        node: the IRI of the statement, to lead back to it.
        date: the calendar date; None where only the day of the month is given.
        day_of_month: from 1 to 31, where ``date`` is None.
        zone: the IANA name of the clock, where one is printed or assumed.
        firm: whether the clock is printed or the place's; False where it is assumed or unknown.

    """

    node: str
    date: Date | None
    day_of_month: int | None = None
    zone: str | None = None
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What one source says of one day of an occasion: one of these days.

    Attributes:
        source: the IRI of the source.
        days: the alternatives, at least one.
        readouts: the IRIs of the readouts that say so.
        within: the first or last days of the longer spans of other accounts in which the one day lies that
            this account gives. It can be meant as a day of such a span, not as its first or last.

    """

    source: str
    days: tuple[Day, ...]
    readouts: tuple[str, ...] = ()
    within: tuple[Day, ...] = ()

    @property
    def firm(self) -> bool:
        """Return whether every alternative has a firm clock."""
        return all(day.firm for day in self.days)


@dataclass(frozen=True, slots=True)
class Window:
    """Where a day can lie by all of a maximal set of accounts that agree.

    Attributes:
        moments: the moments left.
        accounts: the accounts that agree, in order of source.
        firm: whether a firm account bounds the window; if not, it rests on assumed clocks.

    """

    moments: Moments
    accounts: tuple[Account, ...]
    firm: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two accounts of one day stand to each other.

    Attributes:
        judgement: ``same``, ``compatible`` or ``conflict``.
        reasons: the names of the reasons, in order.

    """

    judgement: str
    reasons: tuple[str, ...]


def moments_of_date(date: Date, zone: str) -> Moments:
    """Return the moments of a calendar date on the clock of an IANA zone.

    The offset is the one in force at each midnight, so that a day on which clocks change has 23 or 25
    hours. A date that a zone skipped altogether has no moments.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: if there is no such zone.

    """
    clock = ZoneInfo(zone)
    opens = datetime.combine(date, time.min, clock).astimezone(UTC)
    closes = datetime.combine(date + timedelta(days=1), time.min, clock).astimezone(UTC)
    return (Interval(opens, closes),) if opens < closes else ()


def moments_anywhere(date: Date) -> Moments:
    """Return the moments at which it is this date somewhere on Earth: from UTC+14 to UTC-12."""
    midnight = datetime.combine(date, time.min, UTC)
    return (Interval(midnight - _EASTMOST, midnight + timedelta(days=1) - _WESTMOST),)


def unite(parts: Iterable[Moments]) -> Moments:
    """Return the union of several sets of moments."""
    merged: list[Interval] = []
    for interval in sorted(interval for moments in parts for interval in moments):
        if merged and interval.opens <= merged[-1].closes:
            merged[-1] = Interval(merged[-1].opens, max(merged[-1].closes, interval.closes))
        else:
            merged.append(interval)
    return tuple(merged)


def intersect(left: Moments, right: Moments) -> Moments:
    """Return the moments that lie in both sets."""
    return tuple(
        Interval(max(a.opens, b.opens), min(a.closes, b.closes))
        for a in left
        for b in right
        if max(a.opens, b.opens) < min(a.closes, b.closes)
    )


def clocks_of(day: Day, party_zones: Iterable[str]) -> frozenset[str]:
    """Return the zones on whose clock a day can be meant: its own if firm, else the parties' too."""
    own = {day.zone} if day.zone else set()
    return frozenset(own) if day.firm else frozenset(own | set(party_zones))


def possible_moments(account: Account, party_zones: Sequence[str], near: Sequence[Date]) -> Moments:
    """Return all the moments that an account can mean, over its alternatives and their possible clocks.

    Where its day lies within a longer span, the bound of the span is one more alternative.

    Args:
        account: the account.
        party_zones: the zones of the seats of the governments that took part, and of where they met.
        near: the dates that all accounts give; a bare day of the month is looked for around them.

    """
    parts: list[Moments] = []
    for day in (*account.days, *account.within):
        clocks = sorted(clocks_of(day, party_zones))
        for date in _dates_of(day, near):
            parts.extend(
                (moments_of_date(date, clock) for clock in clocks) if clocks else [moments_anywhere(date)]
            )
    return unite(parts)


def compare(
    left: Account, right: Account, party_zones: Sequence[str], near: Sequence[Date] = ()
) -> Comparison:
    """Return how two accounts of one day stand to each other; the order of the two does not matter."""
    around = [*near, *(day.date for day in (*left.days, *right.days) if day.date)]

    def meet(one: Account, other: Account) -> bool:
        return bool(
            intersect(
                possible_moments(one, party_zones, around), possible_moments(other, party_zones, around)
            )
        )

    if not meet(replace(left, within=()), replace(right, within=())):
        if meet(left, right):
            return Comparison("compatible", ("precision",))
        return Comparison("conflict", ("different-values",))
    partial = any(day.date is None for day in (*left.days, *right.days))
    one_to_one = not partial and len(left.days) == len(right.days)
    on_one_clock = [
        (a, b)
        for a in left.days
        for b in right.days
        if _share_a_date(a, b, around)
        and (_any_clock(a, b, party_zones) or clocks_of(a, party_zones) & clocks_of(b, party_zones))
    ]
    if one_to_one and len({a for a, _ in on_one_clock}) == len({b for _, b in on_one_clock}) == len(
        left.days
    ):
        return Comparison("same", ())
    reasons = [] if on_one_clock else ["zone"]
    if not one_to_one:
        reasons.append("precision")
    return Comparison("compatible", tuple(reasons or ["precision"]))


def windows(accounts: Sequence[Account], party_zones: Sequence[str]) -> tuple[Window, ...]:
    """Return where a day can lie: one window where all accounts agree, several where they do not.

    Every maximal set of accounts that can be right together gives a window. It is bounded by the firm
    accounts of the set; only where there is none, by the others on any of their possible clocks.
    """
    near = [day.date for account in accounts for day in account.days if day.date]
    reach: Mapping[Account, Moments] = {
        account: moments for account in accounts if (moments := possible_moments(account, party_zones, near))
    }
    cuts = sorted({t for moments in reach.values() for i in moments for t in (i.opens, i.closes)})
    together = {
        frozenset(account for account, moments in reach.items() if intersect(moments, (segment,)))
        for segment in (Interval(a, b) for a, b in pairwise(cuts))
    }
    found = []
    for group in together:
        if not group or any(group < other for other in together):
            continue
        bounding = [account for account in group if account.firm] or list(group)
        left = reduce(intersect, (reach[account] for account in bounding))
        members = tuple(sorted(group, key=lambda account: account.source))
        found.append(Window(unite([left]), members, bounding[0].firm))
    return tuple(sorted(found, key=lambda w: (w.moments, [a.source for a in w.accounts])))


def _dates_of(day: Day, near: Sequence[Date]) -> list[Date]:
    if day.date is not None:
        return [day.date]
    # For want of any date, one month of 31 days serves to compare two bare days of the month.
    anchors = near or [Date(2000, 1, 1) + timedelta(days=n) for n in range(31)]
    around = {date + timedelta(days=n) for date in anchors for n in range(-_NEARBY, _NEARBY + 1)}
    return sorted(date for date in around if date.day == day.day_of_month)


def _share_a_date(left: Day, right: Day, near: Sequence[Date]) -> bool:
    return not set(_dates_of(left, near)).isdisjoint(_dates_of(right, near))


def _any_clock(left: Day, right: Day, party_zones: Sequence[str]) -> bool:
    return not clocks_of(left, party_zones) or not clocks_of(right, party_zones)
