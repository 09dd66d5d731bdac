"""What follows where accounts of one occasion are of different length, and where it has a town."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from communique.derive.rules import derive
from communique.layout import Layout
from communique.namespaces import PREFIXES
from communique.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + "PREFIX : <urn:test:>\n"
MEETING = """
government:france cmq:seatZone "Europe/Paris" .
government:united-states cmq:seatZone "America/New_York" .
occasion:meeting a cmq:Dialogue .
"""
PARIS = ("Europe/Paris", "place")


def day(name: str, date: str, clock: tuple[str, str] | None) -> str:
    zone = f'; cmq:zone "{clock[0]}" ; cmq:zoneBasis zone-basis:{clock[1]}' if clock else ""
    return f':{name} cmq:date "{date}"^^xsd:date {zone} .\n'


def account(source: str, clock: tuple[str, str] | None = PARIS, about: str = "meeting", **days: str) -> str:
    """Return a readout by a source; its days are given as property=dates, with blanks between."""
    text = (
        f"source:{source} cmq:extentRead extent:whole .\n"
        f":{source} a cmq:Readout ; cmq:about occasion:{about} ; cmq:fromSource source:{source} ;\n"
        "  cmq:party government:france, government:united-states .\n"
    )
    for name, dates in days.items():
        for date in dates.split():
            node = f"{source}-{name}-{date}"
            text += f":{source} cmq:{name} :{node} .\n" + day(node, f"2022-05-{date}", clock)
    return text


def opened(folder: Path, text: str) -> EmbeddedStore:
    path = folder / "meeting.ttl"
    path.write_text(HEAD + MEETING + text, encoding="utf-8")
    layout = Layout.shipped()
    store = EmbeddedStore()
    for file in (*layout.ontology_files, path):
        store.load(file)
    derive(store, layout.rule_files)
    return store


def verdicts(store: EmbeddedStore, bound: str) -> dict[frozenset[str], tuple[str, str]]:
    """Return judgement and reason for each pair of sources that are compared on a bound."""
    query = f"""{HEAD}
    SELECT ?source ?other ?judgement ?reason WHERE {{
      ?verdict cmq:about occasion:meeting ; cmq:property property:{bound} ; cmq:judgement ?judgement ;
        cmq:claim ?claim, ?another .
      OPTIONAL {{ ?verdict cmq:reason ?reason }}
      ?claim cmq:saidBy ?source . ?another cmq:saidBy ?other .
      FILTER (STR(?claim) < STR(?another))
    }}"""
    short = [[str(term).rpartition("/")[2] for term in row] for row in store.select(query).rows]
    return {frozenset((source, other)): (judgement, reason) for source, other, judgement, reason in short}


def windows(store: EmbeddedStore, bound: str) -> list[tuple[str, str]]:
    query = f"""{HEAD}SELECT ?opens ?closes WHERE {{
      ?window a cmq:Window ; cmq:about occasion:meeting ; cmq:property property:{bound} ;
        cmq:interval [ cmq:opensAt ?opens ; cmq:closesAt ?closes ] }} ORDER BY ?opens"""
    return [(str(opens), str(closes)) for opens, closes in store.select(query).rows]


SPAN = account("span", startsOn="15", endsOn="17")
PRECISION, CONFLICT = ("compatible", "precision"), ("conflict", "different-values")


@pytest.mark.parametrize(
    ("date", "verdict"), [("14", CONFLICT), ("16", PRECISION), ("17", PRECISION), ("18", CONFLICT)]
)
def test_a_single_day_is_judged_by_whether_it_lies_in_the_span(
    tmp_path: Path, date: str, verdict: tuple[str, str]
) -> None:
    store = opened(tmp_path, SPAN + account("single", heldOn=date))
    assert verdicts(store, "first-day") == {frozenset(("span", "single")): verdict}
    assert verdicts(store, "last-day") == {}
    assert len(windows(store, "first-day")) == (1 if verdict == PRECISION else 2)


def test_the_window_of_a_span_and_its_days_is_where_the_span_starts(tmp_path: Path) -> None:
    store = opened(tmp_path, SPAN + account("single", heldOn="17") + account("another", heldOn="16"))
    pairs = map(frozenset, combinations(("span", "single", "another"), 2))
    assert verdicts(store, "first-day") == dict.fromkeys(pairs, PRECISION)
    assert windows(store, "first-day") == [("2022-05-14T22:00:00Z", "2022-05-15T22:00:00Z")]


def test_two_spans_are_compared_at_their_ends(tmp_path: Path) -> None:
    store = opened(tmp_path, SPAN + account("shorter", startsOn="15", endsOn="16"))
    assert verdicts(store, "first-day") == {}
    assert verdicts(store, "last-day") == {frozenset(("span", "shorter")): CONFLICT}


@pytest.mark.parametrize(("date", "verdict"), [("16", CONFLICT), ("17", PRECISION)])
def test_between_two_separate_days_there_is_no_span(
    tmp_path: Path, date: str, verdict: tuple[str, str]
) -> None:
    store = opened(tmp_path, account("two", heldOn="15 17") + account("single", heldOn=date))
    assert verdicts(store, "first-day") == {frozenset(("two", "single")): verdict}


def test_alternatives_are_no_single_day(tmp_path: Path) -> None:
    store = opened(tmp_path, SPAN + account("either", heldOnOneOf="16 17"))
    assert verdicts(store, "first-day") == {frozenset(("span", "either")): CONFLICT}


def test_a_day_without_a_clock_can_be_meant_on_that_of_the_town(tmp_path: Path) -> None:
    perth = 'place:perth cmq:seatZone "Australia/Perth" .\n'
    there = account("there", ("Australia/Perth", "place"), heldOn="16")
    unclear = account("unclear", None, heldOn="16")
    without = opened(tmp_path, there + unclear)
    assert verdicts(without, "first-day") == {frozenset(("there", "unclear")): ("compatible", "zone")}
    told = opened(tmp_path, perth + there + unclear + ":there cmq:place place:perth .\n")
    assert verdicts(told, "first-day") == {frozenset(("there", "unclear")): ("same", "None")}
    # The place of a case is the facility's: nobody need have met there.
    case = opened(
        tmp_path, perth + there + unclear + ":there cmq:place place:perth .\noccasion:meeting a cmq:Case ."
    )
    assert verdicts(case, "first-day") == {frozenset(("there", "unclear")): ("compatible", "zone")}
