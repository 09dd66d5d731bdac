"""The command line as a person meets it: what it prints, what it says of mistakes, how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from communique.layout import Layout

ROUND = "us-japan-labor-task-force-round-1"


def run(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "communique", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
    )


def test_a_question_is_answered_with_labels(tmp_path: Path) -> None:
    done = run("ask", "who-chaired", "-p", f"occasion={ROUND}", folder=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    for words in ("Katy Mastman", "Kashiwabara Kyoko", "METI on the first round"):
        assert words in done.stdout
    assert "https://w3id.org" not in done.stdout


@pytest.mark.parametrize("command", [("ask", "disagreements"), ("disagreements",)])
def test_json_has_the_documented_members(command: tuple[str, ...]) -> None:
    done = run(*command, "-p", f"occasion={ROUND}", "--format", "json")
    answer = json.loads(done.stdout)
    assert list(answer) == ["question", "parameters", "columns", "rows", "release"]
    assert answer["question"] == "disagreements"
    assert answer["parameters"] == {"occasion": f"https://w3id.org/communique/occasion/{ROUND}"}
    assert all(list(row) == answer["columns"] for row in answer["rows"])
    assert answer["rows"]


def test_disagreements_are_told_by_value() -> None:
    done = run("disagreements", ROUND)
    assert done.returncode == 0
    assert "compatible (time zone)" in done.stdout
    assert "silent (not said): " in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ask", "who-chair"), "Did you mean who-chaired?"),
        (("ask", "who-chaired", "-p", "ocasion=x"), "Did you mean occasion?"),
        (
            ("ask", "who-chaired", "-p", "occasion=us-japan-labor-task-force-round-3"),
            f"Did you mean {ROUND[:-1]}",
        ),
        (("ask", "who-chaired", "-p", "occasion"), "NAME=VALUE"),
        (("ask", "who-chaired", "-p", "occasion=a", "-p", "occasion=b"), "given twice"),
        (("ask", "accounts-of"), "needs `occasion`"),
        (("asks",), "No such command"),
        (("ask", "who-chaired", "--format", "xml"), "xml"),
        (("--folder", ".", "questions"), "is not a graph's folder"),
    ],
)
def test_wrong_use_is_told_in_words(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = run(*words, folder=tmp_path)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode in {2, 3}
    assert done.stdout == ""


def test_a_file_that_is_not_there_is_told_in_the_report(tmp_path: Path) -> None:
    done = run("validate", "no-such-file.ttl", folder=tmp_path)
    assert done.returncode == 2
    assert "no-such-file.ttl" in done.stdout
    assert "Traceback" not in done.stderr


def test_questions_lists_every_question_and_tells_choices() -> None:
    listed = run("questions").stdout
    assert all(path.stem in listed for path in Layout.shipped().question_files)
    assert "us-japan-labor-task-force" in run("questions", "who-chaired", "--values", "mechanism").stdout


def test_questions_tells_a_few_choices_and_lists_all_when_asked() -> None:
    told = run("questions", "who-chaired").stdout
    listed = run("questions", "who-chaired", "--values", "occasion").stdout.splitlines()
    assert "us-japan-labor-task-force-round-2 " in "\n".join(listed)
    first = told.partition("occasion (occasion)")[2].splitlines()[1:]
    few = [line.strip() for line in first if line.strip() in listed]
    assert few == listed[: len(few)]
    assert f"… and {len(listed) - len(few)} more: communique questions who-chaired --values occasion" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--values", "occasion"], "Name the question"),
        (["who-chaired", "--values", "day"], "has no parameter day; it has occasion, mechanism"),
    ],
)
def test_values_of_no_parameter_are_refused(arguments: list[str], message: str) -> None:
    done = run("questions", *arguments)
    assert done.returncode == 3
    assert message in done.stderr


def test_validate_says_where_a_fault_is_and_exits_by_it(tmp_path: Path) -> None:
    source = Layout.shipped().root / "data/readouts/ustr/ustr-2024-02-task-force-round-1.ttl"
    text = source.read_text(encoding="utf-8")
    faulty = tmp_path / "faulty.ttl"
    faulty.write_text(text.replace("    cmq:number 1 ;\n", '    cmq:number "one" ;\n'), encoding="utf-8")
    line = text[: text.index("cmq:number 1")].count("\n") + 1
    done = run("validate", str(faulty))
    assert done.returncode == 1
    assert f"{faulty}:{line}:" in done.stdout
    faulty.write_text(text.replace("cmq:mode mode:virtual ;", "cmq:mode mode:virtual"), encoding="utf-8")
    done = run("validate", str(faulty))
    assert done.returncode == 2
    assert str(faulty) in done.stdout
    assert "Traceback" not in done.stderr


def test_a_file_of_a_folder_that_is_not_turtle_is_named(tmp_path: Path) -> None:
    for name in ("ontology/concepts", "data", "shapes", "queries/rules"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "ontology/communique.ttl").write_text("", encoding="utf-8")
    (tmp_path / "data/broken.ttl").write_text("<urn:a> <urn:b>\n  <urn:c> ;;; ,\n", encoding="utf-8")
    done = run("--folder", str(tmp_path), "sparql", "ASK { ?s ?p ?o }")
    assert done.returncode == 2
    assert "broken.ttl:2:" in done.stderr


def test_format_check_prints_the_difference(tmp_path: Path) -> None:
    untidy = tmp_path / "untidy.ttl"
    untidy.write_text('<urn:b> <urn:p>   "x"@en.\n', encoding="utf-8")
    done = run("format", "--check", str(untidy))
    assert done.returncode == 1
    assert '+<urn:b> <urn:p> "x"@en .' in done.stdout
    assert run("format", str(untidy)).returncode == 0
    assert run("format", "--check", str(untidy)).returncode == 0
