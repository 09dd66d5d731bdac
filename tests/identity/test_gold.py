"""Names of the sources, and who they mean, decided by hand: what the tool links of them without asking."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from communique.identity.known import Known
from communique.layout import Layout

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "draft.py"
if not SCRIPT.is_file():
    pytest.skip("there are no benchmarks beside the tests", allow_module_level=True)

GOLD = Path(__file__).with_name("gold.csv")
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
MADE = "made"
"""How the note of a row begins whose spelling is in no source."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    found = importlib.util.spec_from_file_location("benchmark_of_drafts", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    # Its dataclasses look their module up by name.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "benchmark_of_drafts", module)
        found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.of(Layout.shipped())


@pytest.fixture(scope="module")
def score(script: ModuleType, known: Known) -> Any:
    return script.measure(script.read_gold(GOLD, known), known)


def rows() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_is_long_and_has_every_kind_of_name_and_many_that_nobody_has() -> None:
    listed = rows()
    assert len(listed) >= 150
    assert sum(row["expected"] == "new" for row in listed) >= 60
    assert sum(row["note"].startswith(MADE) for row in listed) <= 30
    asked = Counter((row["kind"], row["expected"] == "new") for row in listed)
    for kind in (
        "person",
        "body",
        "organization",
        "post",
        "mechanism",
        "instrument",
        "place",
        "government",
        "topic",
    ):
        assert asked[kind, True], f"no {kind} of the list is new"
        assert asked[kind, False], f"no {kind} of the list is known"


def test_no_decision_is_counted_twice() -> None:
    counted = Counter(tuple(row[c] for c in ("kind", "name", "side", "title", "body")) for row in rows())
    assert [name for name, times in counted.items() if times > 1] == []


def test_every_name_is_printed_in_its_source() -> None:
    """Names are those of the sources, but for the few that are marked as made."""
    if not CORPUS.is_dir():
        pytest.skip("the facts of the sources are not at ../shared/corpus")
    accounts = yaml.safe_load((CORPUS / "accounts.yaml").read_text(encoding="utf-8"))
    facilities = yaml.safe_load((CORPUS / "rrm-facilities.yaml").read_text(encoding="utf-8"))
    said = {account["id"]: said_by(account) for account in accounts}
    for facility in facilities:
        for source in facility["sources"]:
            said[source] = said.get(source, "") + "\n" + said_by(facility)
    elsewhere = [
        f"{row['source']}: {row['name']}"
        for row in rows()
        if not row["note"].startswith(MADE) and row["name"] not in said[row["source"]]
    ]
    assert elsewhere == []


def said_by(facts: Any) -> str:
    """Return all values of facts, a line each."""
    if isinstance(facts, dict):
        return "\n".join(said_by(value) for value in facts.values())
    if isinstance(facts, list):
        return "\n".join(said_by(value) for value in facts)
    return str(facts)


def test_what_is_linked_without_asking_is_right_and_is_most_of_what_is_known(
    script: ModuleType, score: Any
) -> None:
    told = f"{script.to_text(score)}\n{script.faults(score)}"
    assert score.precision >= 0.99, told
    assert score.recall >= 0.85, told


def test_nothing_known_is_made_anew(script: ModuleType, score: Any) -> None:
    assert score.count(script.Fate.MADE_AGAIN) == 0, script.faults(score)


def test_a_spelling_that_is_held_out_is_never_linked_wrongly(script: ModuleType, known: Known) -> None:
    """What the registers have never seen is linked more rarely, and as rightly."""
    score = script.measure(script.read_gold(GOLD, known), known, held_out=True)
    told = f"{script.to_text(score)}\n{script.faults(score)}"
    assert score.spellings_taken > 50
    assert score.precision >= 0.99, told
    assert score.recall >= 0.65, told


def decided(script: ModuleType, known: Known, folder: Path, *lines: str) -> Any:
    path = folder / "list.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return script.measure(script.read_gold(path, known), known)


def test_what_becomes_of_a_row_is_counted_as_what_it_is(
    script: ModuleType, known: Known, tmp_path: Path
) -> None:
    """The measure itself must be able to find fault: wrong expectations are told as such."""
    found = decided(
        script,
        known,
        tmp_path,
        "kind,name,expected,side",
        "person,Katherine Tai,person:katherine-tai,United States",
        "person,Katherine Tai,person:katy-mastman,United States",
        "person,Katherine Tai,new,United States",
        "person,Ambrose Nobody,new,United States",
        "person,Ambrose Nobody,person:katherine-tai,United States",
        "person,Ms. Tai,person:katherine-tai,United States",
        "topic,wine,topic:trade,",
    )
    fate = script.Fate
    assert [answer.fate for answer in found.answers] == [
        fate.RIGHT,
        fate.WRONG,
        fate.WRONG,
        fate.MADE_RIGHT,
        fate.MADE_AGAIN,
        fate.FIRST,
        fate.WITHOUT,
    ]
    assert (found.linked, found.known) == (3, 5)
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 5)
    assert found.asked == pytest.approx(2 / 7)
    assert script.faults(found).count("\n") == 3


def test_a_title_that_is_two_posts_is_right_only_with_both(
    script: ModuleType, known: Known, tmp_path: Path
) -> None:
    title = '"Ambassador in charge of UN Affairs, Deputy Assistant Minister"'
    both = "post:jp-mofa-ambassador-un-affairs post:jp-mofa-deputy-assistant-minister"
    found = decided(
        script,
        known,
        tmp_path,
        "kind,name,expected,side,body",
        f"post,{title},{both},Japan,MOFA",
        f"post,{title},post:jp-mofa-ambassador-un-affairs,Japan,MOFA",
    )
    assert [answer.fate for answer in found.answers] == [script.Fate.RIGHT, script.Fate.WRONG]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,expected\nKatherine Tai,new\n", "it has no `kind`"),
        ("kind,name,expected,sied\nperson,Katherine Tai,new,Japan\n", "an unknown `sied`"),
        ("", "it has no `kind`, `name`, `expected`"),
        ("kind,name,expected\npeople,Katherine Tai,new\n", "2: `people` is no kind of name"),
        ("kind,name,expected\nperson,,new\n", "2: The row has no name"),
        ("kind,name,expected\nperson,Katherine Tai,\n", "2: Write what “Katherine Tai” means"),
        (
            "kind,name,expected\nperson,Katherine Tai,person:kate-tai\n",
            "2: The registers have no person:kate-tai",
        ),
        (
            "kind,name,expected\nbody,Ministry of Economy, Trade and Industry,new\n",
            "2: The row has more or fewer",
        ),
        ('kind,name,expected\nperson,"Katherine\n', "This is not CSV"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_with_its_line(
    script: ModuleType, known: Known, tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(script.GoldError) as raised:
        script.read_gold(path, known)
    assert str(raised.value).startswith(str(path))
    assert told in str(raised.value)


@pytest.mark.parametrize("name", ["missing.csv", "list.csv"])
def test_a_list_that_cannot_be_used_ends_with_3_and_a_sentence(
    script: ModuleType, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    (tmp_path / "list.csv").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setattr("sys.argv", ["draft.py", str(tmp_path / name)])
    with pytest.raises(SystemExit) as stopped:
        script.main()
    assert stopped.value.code == 3
    told = capsys.readouterr()
    assert name in told.err
    assert told.out == ""


def test_both_tables_are_printed_for_any_list(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("expected,name,kind\nnew,Ambrose Nobody,person\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["draft.py", str(path), "--folder", str(Layout.shipped().root)])
    script.main()
    printed = capsys.readouterr().out
    assert printed.count("precision of what is linked without asking") == 2
    assert "Held out" in printed
