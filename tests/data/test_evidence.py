"""What is called verified was found, and what could not be seen is not called so."""

from __future__ import annotations

import pytest

from .shipped import CORPUS, STATED, iri, needs_corpus, select

SEED = iri("source:ustr-2024-02-task-force-round-1")
SEEN = {
    iri(f"source:{name}")
    for name in (
        "alchempro-2024-task-force-round-1",
        "greenworldwide-2023-task-force-agencies",
        "jiji-2024-task-force-round-1",
        "jilaf-2023-task-force-launch",
        "logi-today-2024-12-19-task-force-round-2",
        "meti-2024-02-14-task-force-round-1",
        "meti-2024-12-19-task-force-round-2",
        "ustr-2023-01-06-task-force-launch",
        "ustr-2023-01-tai-remarks-task-force-launch",
        "ustr-2024-02-task-force-round-1",
        "ustr-2024-12-18-task-force-round-2",
    )
}
"""Sources whose own text a program has read. The passages of all others were copied by eye."""
PASSAGES = select(
    STATED,
    """
    SELECT ?passage ?source ?first ?last ?verified WHERE {
        ?passage cmq:fromSource ?source ; cmq:verified ?verified .
        ?passage cmq:firstWords ?first ; cmq:lastWords ?last .
    }
    """,
)
SEED_PASSAGES = sorted(row for row in PASSAGES if row[1] == SEED)


def found(text: str, first: str, last: str) -> bool:
    """Return whether the text has the first words and, further on, the last."""
    text = " ".join(text.split())
    start = text.find(first)
    return start >= 0 and text.find(last, start) >= 0


def test_the_last_words_stand_after_the_first() -> None:
    text = "In the stakeholder\ndialogue, businesses spoke."
    assert found(text, "the stakeholder dialogue", "businesses spoke")
    assert not found(text, "businesses spoke", "the stakeholder dialogue")
    assert not found(text, "the government dialogue", "businesses spoke")


@needs_corpus
@pytest.mark.parametrize(
    ("first", "last", "verified"),
    [row[2:] for row in SEED_PASSAGES],
    ids=[row[0].rpartition("#")[2] for row in SEED_PASSAGES],
)
def test_the_passages_of_the_first_page_are_in_its_text(first: str, last: str, verified: str) -> None:
    text = (CORPUS / "seed.txt").read_text(encoding="utf-8")
    assert found(text, first, last)
    assert verified == "true"


def test_the_first_page_has_passages() -> None:
    assert len(SEED_PASSAGES) >= 7


def test_what_was_not_seen_is_not_verified() -> None:
    assert {row[1] for row in PASSAGES if row[4] == "true"} == SEEN
    assert not {row[0] for row in PASSAGES if row[4] == "false" and row[1] in SEEN}
