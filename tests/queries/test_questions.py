"""Every saved question, asked with its example parameters, gives the rows that are expected.

Expected rows stand in ``expected/<question>.csv``: labels as a table shows them, so that a person can review
them against the sources. After a change that is meant, `python tests/queries/test_questions.py` writes them
anew, and the difference is reviewed.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from communique import Answer, DialogueGraph
from communique.layout import Layout
from communique.questions.header import read_question
from communique.tables import ADDRESS_COLUMNS, show

SOURCE_COLUMNS = ("source", "sources", "otherSources", "silentSources")
PAGES = """
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?source ?page WHERE { ?source a <https://w3id.org/communique/ontology#Source> ; foaf:page ?page }"""
EXPECTED = Path(__file__).parent / "expected"
QUESTIONS = [
    question
    for path in Layout.shipped().question_files
    if not (question := read_question(path)).endpoints  # Those need a second server: see test_federation.py.
]
STATED = [question for question in QUESTIONS if "links" not in question.returns]
"""Those about what sources state. A link leads to where it was verified: see tests/linking/."""


def example(graph: DialogueGraph, name: str) -> Answer:
    """Return the answer to a question: all of it, or with the example where a parameter is required."""
    question = graph.question(name)
    return graph.ask(name, **{p.name: p.example for p in question.parameters if p.required})


def as_csv(answer: Answer) -> str:
    shown = [name for name in answer.columns if name not in ADDRESS_COLUMNS]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(shown)
    writer.writerows(
        sorted([show(getattr(row, name)).replace("\n", " ") for name in shown] for row in answer.rows)
    )
    return text.getvalue()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_expected_rows(graph: DialogueGraph, question: object) -> None:
    name = question.name  # type: ignore[attr-defined]
    assert as_csv(example(graph, name)) == (EXPECTED / f"{name}.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_columns_are_those_of_the_header(graph: DialogueGraph, question: object) -> None:
    assert list(example(graph, question.name).columns) == list(question.returns)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [(q.name, p.name, p.example) for q in QUESTIONS for p in q.parameters],
)
def test_every_example_of_a_parameter_gives_rows_and_fewer_or_as_many(
    graph: DialogueGraph, name: str, parameter: str, value: str
) -> None:
    question = graph.question(name)
    required = {p.name: p.example for p in question.parameters if p.required}
    narrowed = graph.ask(name, **{**required, parameter: value})
    assert 0 < len(narrowed) <= len(graph.ask(name, **required))


@pytest.mark.parametrize("question", STATED, ids=lambda question: question.name)
def test_every_row_leads_to_its_sources(graph: DialogueGraph, question: object) -> None:
    pages = {row.source: row.page for row in graph.sparql(PAGES)}
    answer = example(graph, question.name)  # type: ignore[attr-defined]
    column = next(name for name in ADDRESS_COLUMNS if name in answer.columns)
    for row in answer:
        addresses = as_tuple(getattr(row, column))
        sources = [source for name in SOURCE_COLUMNS for source in as_tuple(getattr(row, name, None))]
        # What the registers say of an entity has no source of its own.
        assert sources or question.name == "known-of"  # type: ignore[attr-defined]
        assert bool(addresses) == bool(sources)
        for address in addresses:
            assert address.partition("#:~:text=")[0] in {pages[source] for source in sources}
        for source in sources:
            assert any(address.startswith(pages[source]) for address in addresses)


def test_a_day_that_two_sources_give_is_shown_once(graph: DialogueGraph) -> None:
    rows = graph.ask("disagreements", occasion="ipef-round-1", property="last-day").rows
    days = [value for row in rows for value in (row.value, row.otherValue) if value]
    assert any(len(value) == 2 for value in days)
    assert all("; " not in show(value) for value in days)


def as_tuple(cell: object) -> tuple[str, ...]:
    return () if cell is None else cell if isinstance(cell, tuple) else (str(cell),)


if __name__ == "__main__":
    shipped = DialogueGraph.open()
    for found in QUESTIONS:
        (EXPECTED / f"{found.name}.csv").write_text(as_csv(example(shipped, found.name)), encoding="utf-8")
