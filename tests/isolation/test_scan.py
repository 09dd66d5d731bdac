"""The scan lets every query of the project pass, and refuses what would harm an engine or leave the graph."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import QueryError
from communique.isolation.scan import Limits, check, tokens
from communique.layout import Layout

LAYOUT = Layout.shipped()
HOSTILE = Path(__file__).parents[3] / "shared" / "hostile-queries"


@pytest.mark.parametrize("path", [*LAYOUT.question_files, *LAYOUT.rule_files], ids=lambda path: path.stem)
def test_the_projects_own_queries_pass(path: Path) -> None:
    check(path.read_text(encoding="utf-8"), federated=True)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {\n  SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", r"query:2:3: service-not-allowed"),
        ("SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }", "service-not-allowed"),
        ("SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }", "query:1:10: unknown-graph"),
        ("DELETE WHERE { ?s ?p ?o }", "query:1:1: DELETE changes data"),
        ("load <http://127.0.0.1/>", "LOAD changes data"),
        ("ASK { FILTER(" + "(" * 8000 + "1" + ")" * 8000 + ") }", "query-too-complex"),
        ("ASK { " + "OPTIONAL { " * 4000 + "}" * 4000 + " }", "query-too-complex"),
        ("ASK { {} " + "UNION {} " * 8000 + "}", "query-too-complex"),
        ("ASK { FILTER(" + "! " * 16000 + "true) }", "query-too-complex"),
        ("ASK { " + " ".join(f"BIND(1 AS ?v{i})" for i in range(4000)) + " }", "query-too-complex"),
        ("ASK { ?s " + "<http://p>/" * 1000 + "<http://p> ?o }", "query-too-complex"),
        ("ASK { " + "?s ?p ?o . " * 250 + "}", "query-too-complex"),
        ("ASK { } #" + "x" * 300_000, "query-too-complex"),
    ],
    ids=lambda value: value[:24],
)
def test_what_must_not_reach_an_engine_is_refused_fast(query: str, message: str) -> None:
    started = time.monotonic()
    with pytest.raises(QueryError, match=message):
        check(query)
    assert time.monotonic() - started < 1


def test_words_in_comments_literals_and_iris_are_no_keywords() -> None:
    check('SELECT * { # SERVICE <x>\n ?s <http://e/FROM/LOAD> "DELETE \\" SERVICE", """DROP "x" """ }')


@given(st.text(max_size=300))
def test_the_tokens_of_any_text_lie_in_it_in_order(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end
        assert text[token.start : token.end] == token.text
        end = token.end


def test_a_limit_can_be_set() -> None:
    with pytest.raises(QueryError, match="more than 1 brackets"):
        check("ASK { { } }", Limits(nesting=1))


def test_the_hostile_queries_of_the_corpus() -> None:
    if not HOSTILE.exists():
        pytest.skip("no ../shared: the corpus of hostile queries is not here")
    with (HOSTILE / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    judged = 0
    for name, expected, *_ in rows:
        path = HOSTILE / str(name)
        # What is refused for its grammar or its undeclared prefix is the next reader's to refuse.
        if not path.is_file() or str(name).startswith(("q37", "q42")):
            continue
        text = path.read_text(encoding="utf-8")
        judged += 1
        if expected == "refused":
            with pytest.raises(QueryError):
                check(text)
        elif expected == "ok":
            check(text)
    assert judged > 15
