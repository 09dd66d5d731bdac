"""What follows of a case and its steps: each step has days of its own, and tells nothing of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from communique.derive.rules import derive
from communique.layout import Layout
from communique.namespaces import PREFIXES
from communique.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + "PREFIX : <urn:test:>\n"
GRAPH = """
government:mexico cmq:seatZone "America/Mexico_City" .
government:united-states cmq:seatZone "America/New_York" .
source:release cmq:extentRead extent:whole .
source:report cmq:extentRead extent:whole .

occasion:case a cmq:Case ; cmq:under mechanism:rrm .
occasion:request a cmq:Step ; cmq:partOf occasion:case .
occasion:plan a cmq:Step ; cmq:partOf occasion:case .
occasion:closing a cmq:Step ; cmq:partOf occasion:case .

:case a cmq:Readout ; cmq:fromSource source:release ; cmq:about occasion:case ; cmq:kind occasion-kind:case ;
    cmq:party government:mexico, government:united-states .
:request a cmq:Readout ; cmq:fromSource source:release ; cmq:about occasion:request ;
    cmq:kind occasion-kind:request-for-review ; cmq:heldOn :request-day .
:closing a cmq:Readout ; cmq:fromSource source:release ; cmq:about occasion:closing ;
    cmq:kind occasion-kind:case-closing ; cmq:heldOn :closing-day .
:retold a cmq:Readout ; cmq:fromSource source:report ; cmq:about occasion:request ;
    cmq:kind occasion-kind:petition ; cmq:heldOn :retold-day .

:request-day a cmq:Day ; cmq:date "2022-06-06"^^xsd:date ; cmq:zone "America/New_York" ;
    cmq:zoneBasis zone-basis:stated .
:closing-day a cmq:Day ; cmq:date "2022-08-16"^^xsd:date ; cmq:zone "America/New_York" ;
    cmq:zoneBasis zone-basis:stated .
:retold-day a cmq:Day ; cmq:date "2022-06-06"^^xsd:date ; cmq:zone "America/Mexico_City" ;
    cmq:zoneBasis zone-basis:stated .
"""
RETOLD = """
source:history cmq:extentRead extent:whole .
:history a cmq:Readout ; cmq:fromSource source:history ; cmq:about occasion:case .
:request cmq:mode mode:virtual ; cmq:mentions [ cmq:participant person:minister ; cmq:role role:chair ;
    cmq:side government:mexico ], [ cmq:participant person:aide ; cmq:role role:participant ] .
"""
SPAN = """
:case cmq:startsOn :request-day ; cmq:endsOn :closing-day .
"""


def opened(tmp_path: Path, text: str = GRAPH) -> EmbeddedStore:
    path = tmp_path / "case.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    layout = Layout.shipped()
    store = EmbeddedStore()
    for file in (*layout.ontology_files, path):
        store.load(file)
    derive(store, layout.rule_files)
    return store


def windows(store: EmbeddedStore, occasion: str) -> list[tuple[str, ...]]:
    query = f"""{HEAD}SELECT ?property ?opens ?closes WHERE {{
      ?window a cmq:Window ; cmq:about occasion:{occasion} ; cmq:property ?property ;
        cmq:interval [ cmq:opensAt ?opens ; cmq:closesAt ?closes ] }} ORDER BY ?property ?opens"""
    return [
        (str(bound).rpartition("/")[2], str(opens), str(closes))
        for bound, opens, closes in store.select(query).rows
    ]


def judgements(store: EmbeddedStore, occasion: str, name: str) -> list[str]:
    query = f"""{HEAD}SELECT ?judgement WHERE {{
      ?verdict a cmq:Verdict ; cmq:about occasion:{occasion} ; cmq:property property:{name} ;
        cmq:judgement ?judgement }} ORDER BY ?judgement"""
    return [str(judgement).rpartition("/")[2] for (judgement,) in store.select(query).rows]


def test_a_step_has_the_days_that_its_accounts_share(tmp_path: Path) -> None:
    assert windows(opened(tmp_path), "request") == [
        ("first-day", "2022-06-06T05:00:00Z", "2022-06-07T04:00:00Z")
    ]


def test_accounts_of_a_step_are_compared(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert judgements(store, "request", "first-day") == ["compatible"]
    assert judgements(store, "request", "kind") == ["conflict"]


def test_a_case_gives_its_steps_no_day(tmp_path: Path) -> None:
    assert windows(opened(tmp_path, GRAPH + SPAN), "plan") == []


def test_a_case_gives_its_steps_no_mode(tmp_path: Path) -> None:
    store = opened(tmp_path, GRAPH + ":case cmq:mode mode:virtual .")
    query = (
        f"{HEAD}SELECT ?about WHERE {{ ?claim cmq:about ?about ; a cmq:Claim ; cmq:property property:mode }}"
    )
    assert [str(about).rpartition("/")[2] for (about,) in store.select(query).rows] == ["case"]


def test_steps_give_their_case_no_day(tmp_path: Path) -> None:
    """Not even where one source dates every step that is known."""
    text = GRAPH.replace("occasion:plan a cmq:Step ; cmq:partOf occasion:case .\n", "")
    assert text != GRAPH
    assert windows(opened(tmp_path, text), "case") == []


@pytest.mark.parametrize("name", ["chair", "first-day", "mode", "participant"])
def test_who_tells_of_the_case_alone_is_not_silent_on_a_step(tmp_path: Path, name: str) -> None:
    """The report does tell of the request, and gives neither participants nor mode."""
    query = f"""{HEAD}SELECT DISTINCT ?source WHERE {{
      ?verdict cmq:about occasion:request ; cmq:property property:{name} ; cmq:silentSource ?source }}"""
    silent = [
        str(source).rpartition("/")[2] for (source,) in opened(tmp_path, GRAPH + RETOLD).select(query).rows
    ]
    assert silent == ([] if name == "first-day" else ["report"])


def test_a_case_has_the_days_that_are_told_of_it(tmp_path: Path) -> None:
    assert windows(opened(tmp_path, GRAPH + SPAN), "case") == [
        ("first-day", "2022-06-06T04:00:00Z", "2022-06-07T04:00:00Z"),
        ("last-day", "2022-08-16T04:00:00Z", "2022-08-17T04:00:00Z"),
    ]


def test_the_parties_of_a_case_are_those_of_its_steps(tmp_path: Path) -> None:
    """An assumed clock can be that of any party: here Mexico's, which only the readout of the case names."""
    before, firm, after = GRAPH.partition(":closing-day a cmq:Day")
    text = before + firm + after.replace("zone-basis:stated", "zone-basis:publisher", 1)
    assert text != GRAPH
    assert windows(opened(tmp_path, text), "closing") == [
        ("first-day", "2022-08-16T04:00:00Z", "2022-08-17T05:00:00Z")
    ]
