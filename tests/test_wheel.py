"""The wheel, installed where no checkout is, answers as the checkout does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from communique import DialogueGraph
from communique.layout import Layout
from communique.questions.header import read_question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _pytest.mark.structures import ParameterSet

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("ontology", "data", "shapes", "queries")


def calls() -> Iterator[ParameterSet]:
    """Return each question without parameters, if it has none that is required, and by each example."""
    for path in Layout.shipped().question_files:
        question = read_question(path)
        if question.endpoints:
            continue  # It needs a second server: see queries/test_federation.py.
        needed = {one.name: one.example for one in question.parameters if one.required}
        others = [{one.name: one.example} for one in question.parameters if not one.required]
        for given in [{}, *others]:
            parameters = {**needed, **given}
            yield pytest.param(question.name, parameters, id=" ".join([path.stem, *parameters]))


CALLS = list(calls())


def run(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Return what a command did in a folder, with nothing of the checkout on its path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


def skip_or_fail(reason: str) -> None:
    """Skip the test, or fail it where nothing may be skipped."""
    if os.environ.get("COMMUNIQUE_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def graph() -> DialogueGraph:
    """Return the graph of the checkout."""
    return DialogueGraph.open()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel that was built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    # The build backend is among the test dependencies, so that no network is needed here.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    built = run([*command, str(ROOT)], out)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program of an environment in which the wheel and its dependencies are installed."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    pip: list[str | Path] = [scripts / "python", "-m", "pip", "--disable-pip-version-check"]
    # Only a missing index excuses: whether the wheel itself installs is what is tested.
    index = run([*pip, "download", "--no-deps", "--dest", folder / "probe", "click"], folder)
    if index.returncode != 0:
        skip_or_fail(f"The package index was not reached: {index.stderr.strip()[-300:]}")
    done = run([*pip, "install", str(wheel)], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return scripts / "communique"


def test_the_wheel_holds_every_file_of_the_graph_and_both_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in FOLDERS:
        files = {
            f"communique/graph_files/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file()
        }
        assert files, folder
        assert files <= names, sorted(files - names)
    assert {"communique/py.typed", "communique/cli.py"} <= names
    licences = {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-DATA"}
    assert not [name for name in names if name.startswith("tests/")]


def test_the_checkout_answers_from_its_own_files() -> None:
    assert Layout.shipped().root == ROOT
    assert "who-chaired" in {call.values[0] for call in CALLS}


@pytest.mark.parametrize(("question", "parameters"), CALLS)
def test_a_question_has_the_same_answer(
    question: str,
    parameters: dict[str, str],
    graph: DialogueGraph,
    installed: Path,
    tmp_path: Path,
) -> None:
    expected = json.loads(graph.ask(question, **parameters).to_json())
    options = [f"--parameter={name}={value}" for name, value in parameters.items()]
    answer = run([installed, "ask", question, *options, "--format", "json"], tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == expected
    assert expected["rows"], f"{question} finds nothing by its own example {parameters}"


def test_the_wheel_drafts_but_writes_nothing_into_itself(installed: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    new = run([installed, "draft", "--new", "https://example.org/page"], tmp_path)
    assert new.returncode == 0, new.stderr
    facts.write_text(new.stdout, encoding="utf-8")
    assert run([installed, "draft", facts], tmp_path).returncode == 2
    kept = next((ROOT / "data" / "facts").glob("*.yaml"))
    assert run([installed, "draft", kept], tmp_path).returncode == 0
    refused = run([installed, "draft", kept, "--accept"], tmp_path)
    assert refused.returncode == 3
    assert "only read" in refused.stderr
