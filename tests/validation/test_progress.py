"""Whoever waits for a run is told how far it is: exactly, on a terminal, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from communique import DialogueGraph
from communique.validation.judge import footprint_of, shapes_of, validate
from communique.validation.progress import Stage, Step

if TYPE_CHECKING:
    from communique.layout import Layout

HEAD = (
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n@prefix person: <https://w3id.org/communique/person/> .\n"
)
CHECK = (
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"
    'SELECT ?focus ("No." AS ?message) WHERE { ?focus a foaf:Person }\n'
)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Seven people in a file each, and an eighth file that cannot be read."""
    folder = tmp_path / "records"
    folder.mkdir()
    for number in range(7):
        (folder / f"{number}.ttl").write_text(f"{HEAD}person:n{number} a foaf:Person .\n", encoding="utf-8")
    (folder / "7.ttl").write_text(f"{HEAD}person:n7 a\n", encoding="utf-8")
    return folder


def of(stage: Stage, steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.stage is stage]


def test_each_file_each_shape_and_each_check_is_told(small_graph: Layout, records: Path) -> None:
    for name in ("one", "two"):
        (small_graph.root / "queries/checks/data" / f"{name}.rq").write_text(CHECK, encoding="utf-8")
    steps: list[Step] = []
    report = validate([records], layout=small_graph, progress=steps.append)
    assert report.unreadable == (str(records / "7.ttl"),)
    reading, judging, checking = (of(stage, steps) for stage in Stage)
    assert steps == reading + judging + checking
    assert [step.name for step in reading] == [*(str(records / f"{n}.ttl") for n in range(8)), ""]
    assert [step.name for step in checking] == ["one", "two", ""]
    for stage, total in ((reading, 8), (judging, len(judging) - 1), (checking, 2)):
        assert [(step.done, step.total) for step in stage] == [(done, total) for done in range(total + 1)]
    named = {step.name for step in judging} - {""}
    with_targets = {
        str(targets.shape).rpartition("/")[2] for targets in footprint_of(shapes_of(small_graph)).targets
    }
    assert {finding.rule for finding in report if finding.rule.startswith("Person")} <= named
    assert "Person" in named <= with_targets
    assert "Day" not in named


def test_the_library_tells_of_changes_and_folders_alike(records: Path) -> None:
    steps: list[Step] = []
    DialogueGraph.open().validate(records / "1.ttl", progress=steps.append)
    assert [step.total for step in of(Stage.READING, steps)] == [1, 1]
    assert all(later.done - earlier.done in {0, 1} for earlier, later in pairwise(of(Stage.JUDGING, steps)))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_shows_the_counts_and_a_pipe_nothing(records: Path) -> None:
    command = [sys.executable, "-m", "communique", "validate", str(records)]
    piped = subprocess.run(command, capture_output=True, check=False)
    assert piped.returncode == 2
    assert piped.stderr == b""

    primary, secondary = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "200", "NO_COLOR": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=secondary, env=environment) as process:
        os.close(secondary)
        shown = b""
        while part := _read(primary):
            shown += part
        assert process.stdout is not None
        printed = process.stdout.read()
    os.close(primary)
    assert process.returncode == 2
    assert printed == piped.stdout
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode("utf-8"))
    assert re.search(r"Reading .* 8/8", text)
    ((done, total),) = set(re.findall(r"Judging .* (\d+)/(\d+) *\r?$", text, re.MULTILINE)[-1:])
    assert done == total
    assert int(total) > 1


def _read(primary: int) -> bytes:
    """Return what a terminal was sent; nothing, when whoever wrote to it has ended: Linux tells it so."""
    try:
        return os.read(primary, 65536)
    except OSError:
        return b""
