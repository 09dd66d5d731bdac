"""The graph says of each source what the corpus says of it: no more, and no less.

Where the two differ on purpose, the difference stands in a table here, with its reason.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from .shipped import CORPUS, STATED, iri, needs_corpus, select

MECHANISM = (
    "U.S.-Japan Task Force on the Promotion of Human Rights"
    " and International Labor Standards in Supply Chains"
)
LAUNCH: list[tuple[str, ...]] = [("launch", "mechanism")]
WHOLE: list[tuple[str, ...]] = [("round", "government", "stakeholders")]
PARTS: list[tuple[str, ...]] = [("government",), ("stakeholders",)]
READOUTS: dict[str, list[tuple[str, ...]]] = {
    "ustr-2023-01-06-task-force-launch": LAUNCH,
    "ustr-2023-01-tai-remarks-task-force-launch": LAUNCH,
    "jetro-2023-01-10-task-force-launch": LAUNCH,
    "jilaf-2023-task-force-launch": LAUNCH,
    "greenworldwide-2023-task-force-agencies": LAUNCH,
    "ustr-2024-02-task-force-round-1": [("round",), *PARTS],
    "meti-2024-02-14-task-force-round-1": WHOLE,
    "alchempro-2024-task-force-round-1": WHOLE,
    "jetro-2024-02-16-task-force-round-1": PARTS,
    "jiji-2024-task-force-round-1": WHOLE,
    "ustr-2024-12-18-task-force-round-2": PARTS,
    "meti-2024-12-19-task-force-round-2": [("round",), *PARTS],
    "jetro-2024-12-19-task-force-round-2": PARTS,
    "logi-today-2024-12-19-task-force-round-2": PARTS,
}
"""For each event of a source in the corpus, the readouts that tell of it in the graph."""

DAYS: dict[tuple[str, int], set[str]] = {
    # The page names no day of the signing; the corpus takes that of the page's issue.
    ("ustr-2023-01-06-task-force-launch", 0): set(),
    # The corpus has these days in its note alone, as the page prints no clock or no year.
    ("alchempro-2024-task-force-round-1", 0): {"2024-02-06", "2024-02-14"},
    # The page gives days of a month that it does not name.
    ("jiji-2024-task-force-round-1", 0): {"---05", "---13"},
}
BODIES: dict[tuple[str, int], tuple[str | None, str | None]] = {
    # USTR sits there by its chair, and is not among the agencies that "also participated".
    ("ustr-2024-02-task-force-round-1", 1): ("body:us-ustr", None),
    # Two bodies stand in one line of the page, and under one name in the corpus.
    ("greenworldwide-2023-task-force-agencies", 0): (None, "body:us-ice"),
}
"""For an event, the body that only the corpus lists, and the one that only the graph does."""
ALONE = {
    "U.S. Customs and Border Protection and Immigration and Customs Enforcement": (
        "U.S. Customs and Border Protection"
    )
}
"""A name of the corpus that means two bodies, and the first of them."""
UNNAMED = {
    # Beside the names, the page tells which kinds of stakeholders there were.
    ("ustr-2024-02-task-force-round-1", 2): 1,
}
"""For an event, how many groups without names the graph has beyond those of the corpus."""
PLACES: dict[tuple[str, int], set[tuple[str, ...]]] = {
    # A dateline is not the place of a meeting.
    ("ustr-2023-01-06-task-force-launch", 0): set(),
}
SIDES = {"Japan": "government:japan", "United States": "government:united-states"}


@cache
def _corpus() -> dict[str, dict[str, Any]]:
    """Return the entries of the corpus with an event under the Task Force, by identifier."""
    entries = yaml.safe_load((CORPUS / "accounts.yaml").read_text(encoding="utf-8"))
    return {
        entry["id"]: entry
        for entry in entries
        if any(event["mechanism"] == MECHANISM for event in entry["events"])
    }


def _event(source: str, number: int) -> dict[str, Any]:
    event: dict[str, Any] = _corpus()[source]["events"][number]
    return event


def _said(source: str, number: int, pattern: str, names: str, *more: str) -> set[tuple[str, ...]]:
    """Return what the readouts of an event, and some more, say by a pattern on ?readout."""
    own = " ".join(f"<{iri(f'source:{source}')}#{name}>" for name in (*READOUTS[source][number], *more))
    return select(STATED, f"SELECT {names} WHERE {{ VALUES ?readout {{ {own} }} {pattern} }}")


@cache
def _known() -> dict[str, set[str]]:
    """Return the actors of each name that the registers know."""
    rows = select(
        STATED,
        """
        SELECT ?name ?who WHERE {
            ?who rdfs:label|skos:altLabel ?name ; a ?class .
            FILTER (?class IN (cmq:GovernmentBody, foaf:Person, org:Organization))
        }
        """,
    )
    known: dict[str, set[str]] = {}
    for name, who in rows:
        known.setdefault(name, set()).add(who)
    return known


def _plain(name: str) -> str:
    """Return a name of the corpus without what its compiler adds in brackets."""
    return name.partition(" (")[0]


@cache
def _of(side: str) -> set[str]:
    """Return the bodies of a side's government."""
    return {body for (body,) in select(STATED, f"SELECT ?body {{ ?body cmq:government {SIDES[side]} }}")}


def _who(name: str, side: str | None = None) -> str:
    """Return the one actor that a name of the corpus means: of bodies that share it, that of the side."""
    found = _known()[_plain(name).removeprefix("the ")]
    [who] = found & _of(side) if len(found) > 1 and side else found
    return who


def _side(name: str | None) -> str:
    return "" if name is None else iri(SIDES[name])


events = pytest.mark.parametrize(
    ("source", "number"),
    [(source, number) for source, parts in READOUTS.items() for number in range(len(parts))],
)


@needs_corpus
def test_the_sources_are_those_of_the_corpus() -> None:
    stated = select(
        STATED,
        """
        SELECT ?source WHERE {
            ?readout cmq:fromSource ?source ; cmq:about ?about .
            { ?about cmq:partOf*/cmq:under mechanism:us-japan-labor-task-force }
            UNION { FILTER (?about = mechanism:us-japan-labor-task-force) }
        }
        """,
    )
    assert stated == {(iri(f"source:{name}"),) for name in _corpus()}
    assert {name: len(entry["events"]) for name, entry in _corpus().items()} == {
        name: len(parts) for name, parts in READOUTS.items()
    }


@needs_corpus
@pytest.mark.parametrize("source", READOUTS)
def test_a_source_is_described_as_in_the_corpus(source: str) -> None:
    entry = _corpus()[source]
    [stated] = select(
        STATED,
        f"""
        SELECT ?page ?title ?issued ?language ?kind ?extent ?address WHERE {{
            BIND (<{iri(f"source:{source}")}> AS ?source)
            ?source foaf:page ?page ; dcterms:language ?language ; cmq:sourceKind ?kind ;
                cmq:extentRead ?extent ; cmq:addressBasis ?address .
            OPTIONAL {{ ?source dcterms:title ?title }}
            OPTIONAL {{ ?source dcterms:issued ?issued }}
        }}
        """,
    )
    assert stated == (
        entry["url"],
        entry["title"] or "",
        entry["issued"] or "",
        entry["language"],
        iri(f"source-kind:{entry['source_kind']}"),
        iri(f"extent:{'beginning' if entry['truncated'] else 'whole'}"),
        iri(f"address-basis:{'inferred' if 'url_note' in entry else 'as-read'}"),
    )


@needs_corpus
@pytest.mark.parametrize("source", READOUTS)
def test_the_publisher_is_that_of_the_corpus(source: str) -> None:
    [(publisher,)] = select(STATED, f"SELECT ?who {{ source:{source} dcterms:publisher ?who }}")
    printed = _plain(_corpus()[source]["publisher"]).partition(" via ")[0]
    assert publisher == _who(printed)


@needs_corpus
@events
def test_the_days_are_those_of_the_corpus(source: str, number: int) -> None:
    event = _event(source, number)
    expected = {day for day in (event["start"], event["end"]) if day}
    stated = _said(source, number, "?readout cmq:heldOn/(cmq:date|cmq:dayOfMonth) ?day", "?day")
    assert {day for (day,) in stated} == DAYS.get((source, number), expected)


@needs_corpus
@events
def test_the_persons_are_those_of_the_corpus(source: str, number: int) -> None:
    expected = {
        (
            _who(chair["person"]),
            iri("role:" + chair["role"].removesuffix(" for the U.S.")),
            iri(SIDES[chair["side"]]),
            _who(chair["body"], chair["side"]),
            chair["title"],
            iri("holding:acting") if chair["acting"] else "",
        )
        for chair in _event(source, number)["chairs"]
    }
    stated = _said(
        source,
        number,
        """
        ?readout cmq:mentions ?mention .
        ?mention cmq:participant ?who ; cmq:role ?role ; cmq:side ?side ; cmq:onBehalfOf ?body ;
            cmq:titleAsPrinted ?title .
        OPTIONAL { ?mention cmq:holding ?holding }
        """,
        "?who ?role ?side ?body ?title ?holding",
    )
    assert stated == expected
    persons = _said(source, number, "?readout cmq:mentions/cmq:participant ?who . ?who a foaf:Person", "?who")
    assert persons == {(row[0],) for row in expected}


@needs_corpus
@events
def test_the_bodies_are_those_of_the_corpus(source: str, number: int) -> None:
    corpus_alone, graph_alone = BODIES.get((source, number), (None, None))
    expected = {
        (_who(ALONE.get(body["name"], body["name"]), body["side"]), iri(SIDES[body["side"]]))
        for body in _event(source, number)["bodies"]
    }
    united_states = iri("government:united-states")
    if corpus_alone is not None:
        assert (iri(corpus_alone), united_states) in expected
        expected.remove((iri(corpus_alone), united_states))
    if graph_alone is not None:
        expected.add((iri(graph_alone), united_states))
    stated = _said(
        source,
        number,
        """
        ?readout cmq:mentions ?mention .
        ?mention cmq:role ?role ; cmq:participant ?body ; cmq:side ?side .
        ?body a cmq:GovernmentBody .
        FILTER (?role IN (role:participant, role:member))
        """,
        "?body ?side",
    )
    assert stated == expected


@needs_corpus
@events
def test_the_stakeholders_are_those_of_the_corpus(source: str, number: int) -> None:
    listed = _event(source, number)["stakeholders"]
    named = [one for one in listed if one["type"] is not None]
    expected = {
        (
            _who(one["name"], one["side"]),
            _side(one["side"]),
            iri("organization-kind:" + one["type"].replace(" ", "-")),
        )
        for one in named
    }
    stated = _said(
        source,
        number,
        """
        ?readout cmq:mentions ?mention .
        ?mention cmq:participant ?who .
        ?who a org:Organization ; org:classification ?kind .
        OPTIONAL { ?mention cmq:side ?side }
        """,
        "?who ?side ?kind",
    )
    assert stated == expected
    unnamed = _said(source, number, "?readout cmq:mentions ?m . ?m cmq:participantKind ?kind", "?m")
    assert len(unnamed) == len(listed) - len(named) + UNNAMED.get((source, number), 0)


@needs_corpus
@events
def test_the_mode_parties_and_place_are_those_of_the_corpus(source: str, number: int) -> None:
    event = _event(source, number)
    modes = _said(source, number, "?readout cmq:mode ?mode", "?mode", "round")
    parties = _said(source, number, "?readout cmq:party ?party", "?party", "round")
    places = _said(source, number, "?readout cmq:placeAsPrinted ?place", "?place")
    assert modes == ({(iri(f"mode:{event['mode']}"),)} if event["mode"] else set())
    assert parties == {(iri(SIDES[name]),) for name in event["parties"]}
    expected = {(event["place"],)} if event["place"] else set()
    assert places == PLACES.get((source, number), expected)


@needs_corpus
@events
def test_the_round_has_the_number_of_the_corpus(source: str, number: int) -> None:
    given = _event(source, number)["round"]
    stated = _said(source, number, "?readout cmq:number ?number", "?number", "round")
    assert stated == (set() if given is None else {(str(given),)})


@needs_corpus
@events
@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("topics", "cmq:topic"),
        ("instruments", "cmq:mentions/cmq:instrument"),
        ("outcomes", "cmq:outcome"),
    ],
)
def test_topics_instruments_and_outcomes_are_as_many_as_in_the_corpus(
    source: str, number: int, key: str, path: str
) -> None:
    stated = _said(source, number, f"?readout {path} ?value", "?value")
    assert len(stated) == len(_event(source, number)[key])


@needs_corpus
@events
def test_the_evidence_has_the_words_of_the_corpus(source: str, number: int) -> None:
    expected = {(item["text_start"], item["text_end"]) for item in _event(source, number)["evidence"]}
    stated = _said(
        source,
        number,
        """
        ?readout (cmq:evidence|cmq:mentions/cmq:evidence) ?passage .
        ?passage cmq:firstWords ?first ; cmq:lastWords ?last .
        """,
        "?first ?last",
        "mechanism",
    )
    assert expected <= stated


@needs_corpus
@pytest.mark.parametrize("source", READOUTS)
def test_evidence_beyond_the_corpus_is_verified(source: str) -> None:
    known = {
        (item["text_start"], item["text_end"])
        for event in _corpus()[source]["events"]
        for item in event["evidence"]
    }
    stated = select(
        STATED,
        f"""
        SELECT ?first ?last ?verified WHERE {{
            ?passage cmq:fromSource source:{source} ; cmq:verified ?verified ;
                cmq:firstWords ?first ; cmq:lastWords ?last .
        }}
        """,
    )
    assert known <= {row[:2] for row in stated}
    assert {row[2] for row in stated if row[:2] not in known} <= {"true"}
