"""What the pages show as answers, records and pictures is what the graph holds today."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest

from communique import DialogueGraph
from communique.layout import Layout
from communique.questions.header import read_question
from communique.tables import ADDRESS_COLUMNS, show

DOCS = Path(__file__).resolve().parents[1] / "docs"
DATA = DOCS.parent / "data"
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
ANSWERS = re.findall(
    r"^## `[\w-]+`$.*?^communique ask (.+?)$.*?^> (.+?)$",
    (DOCS / "questions.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
FEDERATED = {path.stem for path in Layout.shipped().question_files if read_question(path).endpoints}
ASKED = [(call, row) for call, row in ANSWERS if call.split()[0] not in FEDERATED]
"""Those that need no second server; `queries/test_federation.py` asks the others."""
QUERYING = (DOCS / "querying.md").read_text(encoding="utf-8")
QUERY = re.compile(r"^```sparql\n(.*?)^```\n\n^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUERIES = [*QUERY.findall(MODEL), *QUERY.findall(QUERYING)]
RECORDS = re.findall(r"^```turtle\n(.*?)^```$", MODEL, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def draw() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw", DOCS / "pictures" / "draw.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(picture: str) -> list[str]:
    """Return the lines of text of a picture, whatever the version of rich drew around them."""
    lines = re.findall(r"<text [^>]*>(.*?)</text>", picture, re.DOTALL)
    return [unescape(line).replace("\xa0", " ").strip() for line in lines]


def test_the_picture_of_disagreements_shows_todays_answer(graph: DialogueGraph, draw: ModuleType) -> None:
    committed = words((DOCS / "pictures" / "disagreements.svg").read_text(encoding="utf-8"))
    assert any(line.startswith("conflict (different values)") for line in committed)
    assert committed == words(draw.disagreements(graph)), "`python docs/pictures/draw.py` draws it anew"


@pytest.mark.parametrize("picture", ["disagreements.svg", "model.svg"])
def test_a_picture_fetches_nothing(picture: str) -> None:
    text = (DOCS / "pictures" / picture).read_text(encoding="utf-8")
    assert re.findall(r"url\((?!#)[^)]*\)|href=|<script|@import", text) == []


def test_every_question_shows_an_answer(graph: DialogueGraph) -> None:
    assert [shlex.split(call)[0] for call, _ in ANSWERS] == [found.name for found in graph.questions()]


@pytest.mark.parametrize(("call", "row"), ASKED, ids=[call.split()[0] for call, _ in ASKED])
def test_a_row_that_is_shown_is_in_todays_answer(graph: DialogueGraph, call: str, row: str) -> None:
    name, *rest = shlex.split(call)
    answer = graph.ask(name, **dict(pair.split("=", 1) for pair in rest if pair != "-p"))
    rows = [
        " · ".join(
            f"{column}: {show(getattr(found, column))}"
            for column in answer.columns
            if column not in ADDRESS_COLUMNS and getattr(found, column) not in (None, ())
        )
        for found in answer
    ]
    assert row in rows


def test_there_are_five_queries_to_learn_from_and_ten_worked_ones() -> None:
    assert len(QUERY.findall(MODEL)) == MODEL.count("```sparql") == 5
    assert len(QUERY.findall(QUERYING)) == QUERYING.count("```sparql") == 10


@pytest.mark.parametrize(("query", "rows"), QUERIES, ids=range(1, len(QUERIES) + 1))
def test_a_query_of_a_page_gives_the_rows_shown(graph: DialogueGraph, query: str, rows: str) -> None:
    answer = graph.sparql(query)
    assert answer.warnings == ()
    assert answer.to_csv().splitlines() == rows.splitlines()


def test_the_records_of_the_model_page_stand_in_the_data() -> None:
    texts = [path.read_text(encoding="utf-8") for path in DATA.rglob("*.ttl")]
    assert RECORDS
    assert [record for record in RECORDS if not any(record.strip() in text for text in texts)] == []


def test_the_figures_of_the_first_page_are_todays(graph: DialogueGraph, tmp_path: Path) -> None:
    manifest = json.loads((graph.build(tmp_path) / "manifest.json").read_text(encoding="utf-8"))
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    shown = dict(line.split()[::-1] for line in re.findall(r"^ +\d+ \w+$", text, re.MULTILINE))
    assert shown == {name: str(count) for name, count in manifest["counts"].items()}
