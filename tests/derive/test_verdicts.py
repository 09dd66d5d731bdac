"""The known cases of the Task Force, judged over the shipped data."""

from __future__ import annotations

from typing import Any

import pytest

from communique import DialogueGraph
from communique.derive.rules import derive
from communique.layout import Layout
from communique.store.embedded import EmbeddedStore

TASK_FORCE = "us-japan-labor-task-force"
ROUND_1, ROUND_2 = f"{TASK_FORCE}-round-1", f"{TASK_FORCE}-round-2"
LAUNCH = f"{TASK_FORCE}-launch"


def name(iri: str) -> str:
    return iri.rpartition("/")[2]


def names(iris: tuple[str, ...]) -> set[str]:
    return {name(iri) for iri in iris}


def verdicts(graph: DialogueGraph, occasion: str, **parameters: str) -> list[Any]:
    answer = graph.disagreements(occasion, **parameters)
    return [row for row in answer if name(row.occasion) == occasion]


def between(rows: list[Any], one: str, other: str) -> tuple[str, set[str]]:
    """Return the judgement and the reasons of the verdict on what two sources say."""
    for row in rows:
        said, otherwise = names(row.sources), names(row.otherSources)
        if (one in said and other in otherwise) or (other in said and one in otherwise):
            return name(row.judgement), names(row.reasons)
    raise AssertionError(f"no verdict between {one} and {other}")


USTR_1 = "ustr-2024-02-task-force-round-1"
METI_1 = "meti-2024-02-14-task-force-round-1"
JETRO_1 = "jetro-2024-02-16-task-force-round-1"
USTR_2 = "ustr-2024-12-18-task-force-round-2"
METI_2 = "meti-2024-12-19-task-force-round-2"
JETRO_2 = "jetro-2024-12-19-task-force-round-2"
LOGI_2 = "logi-today-2024-12-19-task-force-round-2"
JILAF = "jilaf-2023-task-force-launch"


@pytest.mark.parametrize("bound", ["first-day", "last-day"])
def test_the_days_of_round_1_are_compatible_by_the_time_zone(graph: DialogueGraph, bound: str) -> None:
    rows = verdicts(graph, ROUND_1, property=bound)
    assert between(rows, USTR_1, METI_1) == ("compatible", {"zone"})
    assert not [row for row in rows if name(row.judgement) == "conflict"]


@pytest.mark.parametrize("occasion", [ROUND_2, f"{ROUND_2}-government"])
def test_metis_english_day_conflicts_with_everybody_elses(graph: DialogueGraph, occasion: str) -> None:
    rows = verdicts(graph, occasion, property="first-day")
    assert between(rows, USTR_2, LOGI_2) == ("compatible", {"zone"})
    assert between(rows, USTR_2, METI_2)[0] == "conflict"
    assert between(rows, LOGI_2, METI_2)[0] == "conflict"
    assert between(rows, JETRO_2, METI_2)[0] == "conflict"


def test_the_17th_and_the_18th_of_december_are_compatible(graph: DialogueGraph) -> None:
    assert between(verdicts(graph, ROUND_2, property="last-day"), USTR_2, METI_2) == ("compatible", {"zone"})
    rows = verdicts(graph, f"{ROUND_2}-stakeholders", property="first-day")
    assert between(rows, USTR_2, LOGI_2) == ("compatible", {"zone"})
    assert not [row for row in rows if name(row.judgement) == "conflict"]


def test_ustr_is_silent_on_japans_chair(graph: DialogueGraph) -> None:
    for occasion in (ROUND_1, f"{ROUND_1}-government"):
        rows = [
            row
            for row in verdicts(graph, occasion, property="chair", judgement="silent")
            if USTR_1 in names(row.silentSources) and name(row.side) == "japan"
        ]
        assert [(names(row.value), names(row.reasons)) for row in rows] == [
            ({"kashiwabara-kyoko"}, {"not-said"})
        ]


def test_industry_outreach_is_narrower_than_stakeholder_dialogue(graph: DialogueGraph) -> None:
    rows = verdicts(graph, f"{ROUND_2}-stakeholders", property="kind")
    assert between(rows, USTR_2, METI_2) == ("compatible", {"precision"})


def test_the_ilo_office_is_on_japans_side_by_ustr_only(graph: DialogueGraph) -> None:
    rows = verdicts(graph, f"{ROUND_1}-stakeholders", property="participant")
    about_ilo = [row for row in rows if names(row.value) == {"ilo-office-japan"}]
    assert {frozenset(names(row.sources)) for row in about_ilo} == {frozenset({USTR_1})}
    assert {name(row.judgement) for row in about_ilo} == {"silent"}
    assert {name(row.side) for row in about_ilo} == {"japan"}


def test_the_memorandum_is_one_instrument_of_two_kinds(graph: DialogueGraph) -> None:
    rows = graph.disagreements(mechanism=TASK_FORCE, property="instrument-kind", judgement="conflict").rows
    assert {name(row.subject) for row in rows} == {"us-japan-labor-task-force-memorandum"}
    kinds = {frozenset(names(row.value) | names(row.otherValue)) for row in rows}
    assert kinds == {frozenset({"memorandum-of-cooperation", "memorandum-of-understanding"})}
    assert any(JILAF in names(row.sources) | names(row.otherSources) for row in rows)


WINDOWS = """
PREFIX cmq: <https://w3id.org/communique/ontology#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX property: <https://w3id.org/communique/concept/property/>
SELECT ?opens ?closes (COUNT(DISTINCT ?source) AS ?sources) WHERE {
  ?window a cmq:Window ; cmq:about <https://w3id.org/communique/occasion/%s> ;
    cmq:property property:first-day ; cmq:interval ?interval ; prov:wasDerivedFrom/cmq:fromSource ?source .
  ?interval cmq:opensAt ?opens ; cmq:closesAt ?closes
} GROUP BY ?window ?opens ?closes ORDER BY ?opens"""


def opened(store: EmbeddedStore, occasion: str) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in store.select(WINDOWS % occasion).rows]


def shipped_without(*sources: str) -> EmbeddedStore:
    layout = Layout.shipped()
    store = EmbeddedStore()
    for path in (*layout.ontology_files, *layout.data_files):
        if path.stem not in sources:
            store.load(path)
    derive(store, layout.rule_files)
    return store


def test_the_first_government_dialogue_lies_within_either_day() -> None:
    assert opened(shipped_without(), f"{ROUND_1}-government") == [
        ("2024-02-05T15:00:00Z", "2024-02-06T05:00:00Z")
    ]


def test_without_jetro_it_is_one_of_two_days() -> None:
    # Jiji gives the day of the month in U.S. Eastern time, and so tells the two days apart as well.
    store = shipped_without(JETRO_1, "jiji-2024-task-force-round-1")
    assert opened(store, f"{ROUND_1}-government") == [
        ("2024-02-05T15:00:00Z", "2024-02-06T15:00:00Z"),
        ("2024-02-13T15:00:00Z", "2024-02-14T15:00:00Z"),
    ]


def test_every_derived_statement_leads_to_a_readout() -> None:
    store = shipped_without()
    query = """
    PREFIX cmq: <https://w3id.org/communique/ontology#>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    SELECT (COUNT(?derived) AS ?all) (SUM(IF(?leads, 1, 0)) AS ?leading) WHERE {
      VALUES ?class { cmq:Claim cmq:Verdict cmq:Window }
      ?derived a ?class
      BIND(EXISTS { ?derived prov:wasDerivedFrom/a cmq:Readout } AS ?leads)
    }"""
    ((found, leading),) = store.select(query).rows
    assert int(str(found)) == int(str(leading)) > 100


def test_derived_statements_do_not_depend_on_the_order_of_files() -> None:
    layout = Layout.shipped()
    dumps = []
    for files in (layout.data_files, layout.data_files[::-1]):
        store = EmbeddedStore()
        for path in (*layout.ontology_files, *files):
            store.load(path)
        derive(store, layout.rule_files)
        # The labels of blank nodes, in the lists of the ontology, are the engine's own.
        dumps.append([line for line in store.dump().splitlines() if b"_:" not in line])
    assert dumps[0] == dumps[1]
