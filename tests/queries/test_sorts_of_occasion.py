"""Questions treat a counted meeting, which has no round, and a case with its steps as they do rounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communique import DialogueGraph
from communique.layout import Layout

CONTEXT = Path(__file__).parents[1] / "shapes" / "context.ttl"
RECORD = Path(__file__).parent / "sorts-of-occasion.ttl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    for name in ("ontology", "shapes", "queries"):
        (root / name).symlink_to(Layout.shipped().root / name)
    (root / "data").mkdir()
    (root / "data" / "context.ttl").write_bytes(CONTEXT.read_bytes())
    (root / "data" / RECORD.name).write_bytes(RECORD.read_bytes())
    return root


@pytest.fixture(scope="module")
def small(folder: Path) -> DialogueGraph:
    return DialogueGraph.open(folder)


def rows(graph: DialogueGraph, question: str, *columns: str, **parameters: str) -> list[tuple[Any, ...]]:
    """Return columns of an answer, each value by its slug."""
    return [
        tuple(str(value).rpartition("/")[2] if value is not None else None for value in values)
        for row in graph.ask(question, **parameters)
        for values in [[getattr(row, column) for column in columns]]
    ]


def test_the_record_conforms(small: DialogueGraph, folder: Path) -> None:
    report = small.validate(folder / "data" / RECORD.name)
    assert list(report) == [], report.to_text()


def test_meetings_of_two_sorts_have_one_ordinal_under_one_mechanism(small: DialogueGraph) -> None:
    assert rows(small, "rounds-of", "occasion", "ordinal", mechanism="partnership") == [
        ("ministerial-2", "2"),
        ("vice-ministerial-2", "2"),
    ]


def test_a_counted_meeting_is_a_dialogue_and_a_step_is_none(small: DialogueGraph) -> None:
    assert rows(small, "who-met-whom", "actor", "met", "occasion") == [
        ("jp-meti", "us-ustr", "ministerial-2")
    ]
    query = (
        "PREFIX cmq: <https://w3id.org/communique/ontology#> SELECT ?x WHERE { ?x a cmq:GovernmentDialogue }"
    )
    found = {str(row.x).rpartition("/")[2] for row in small.sparql(query)}
    assert found == {"ministerial-2", "vice-ministerial-2"}


def test_chairs_of_a_counted_meeting(small: DialogueGraph) -> None:
    assert rows(small, "who-chaired", "occasion", "chair", mechanism="partnership") == [
        ("ministerial-2", "us-ustr")
    ]


@pytest.mark.parametrize(
    ("mechanism", "occasion"), [("partnership", "ministerial-2"), ("task-force", "case-request")]
)
def test_the_day_is_in_the_timeline_of_the_mechanism(
    small: DialogueGraph, mechanism: str, occasion: str
) -> None:
    assert rows(small, "timeline", "occasion", "opens", mechanism=mechanism) == [
        (occasion, "2022-06-06 04:00:00+00:00")
    ]


def test_who_asked_took_part_in_the_step(small: DialogueGraph) -> None:
    assert rows(small, "what-did", "occasion", "role", person="katy-mastman") == [
        ("case-request", "participant")
    ]


def test_a_case_is_told_of_under_its_own_mechanism(small: DialogueGraph) -> None:
    assert rows(small, "cases", "case", "facility", "company", "step", "kind", mechanism="task-force") == [
        ("case", "foundry", "rengo", "case-request", "request-for-review")
    ]
    assert rows(small, "cases", "case", mechanism="partnership") == []
