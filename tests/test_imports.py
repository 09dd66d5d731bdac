"""Imports run straight down the rooms of the package, and asking loads nothing slow."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "communique"
LADDER = (
    ("__main__",),
    ("cli", "server"),
    ("tables",),
    ("communique",),  # the package itself: what `from communique import …` gives
    ("graph",),
    ("drafting", "history", "mending"),
    ("curation", "identity", "release"),
    ("linking",),
    ("validation",),
    ("context", "located"),
    ("derive",),
    ("questions",),
    ("store",),
    ("isolation",),
    ("layout", "repository"),
    ("namespaces", "errors"),
)
"""The rooms from top to bottom; those on one step know nothing of each other."""
STEP = {room: number for number, rooms in enumerate(LADDER) for room in rooms}


def modules(package: Path) -> dict[str, Path]:
    """Return the modules of a package by their dotted names."""
    found = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules of the same package that a module imports, anywhere in its text."""
    found: set[str] = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            members = [f"{base}.{alias.name}" for alias in node.names]
            names = [member if member in known else base for member in members]
        else:
            continue
        found.update(module for module in names if module in known)
    return found - {name}


def room(module: str) -> str:
    """Return the room of a module: the first name below the package, or the package."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def faults(package: Path) -> list[str]:
    """Return a sentence for each import that goes up, goes sideways, or closes a circle."""
    known = modules(package)
    found = [f"{name} stands on no step of the ladder" for name in known if room(name) not in STEP]
    imports = {name: imported(name, path, known) for name, path in known.items()}
    for name, targets in imports.items():
        for target in targets:
            here, there = room(name), room(target)
            if here == there or not {here, there} <= STEP.keys():
                continue
            if STEP[there] < STEP[here]:
                found.append(f"{name} imports {target}, which is above it")
            elif STEP[there] == STEP[here]:
                found.append(f"{name} imports {target}, which is beside it")
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found.append("a circle: " + " → ".join(error.args[1]))
    return sorted(found)


def test_imports_run_straight_down() -> None:
    assert len(modules(PACKAGE)) > 10
    assert faults(PACKAGE) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"store/disk.py": "from communique.questions.header import Question\n"},
            ["communique.store.disk imports communique.questions.header, which is above it"],
        ),
        (
            {"store/disk.py": "from __future__ import annotations\nfrom communique import graph\n"},
            ["communique.store.disk imports communique.graph, which is above it"],
        ),
        (
            {"store/disk.py": "def late() -> None:\n    import communique.graph\n"},
            ["communique.store.disk imports communique.graph, which is above it"],
        ),
        (
            {"store/disk.py": "from ..questions import header\n"},
            ["communique.store.disk imports communique.questions.header, which is above it"],
        ),
        (
            {"store/disk.py": "from communique import DialogueGraph\n"},
            ["communique.store.disk imports communique, which is above it"],
        ),
        (
            {"release.py": "", "curation/draft.py": "import communique.release\n"},
            ["communique.curation.draft imports communique.release, which is beside it"],
        ),
        (
            {"namespaces.py": "from communique.errors import Fault\n"},
            ["communique.namespaces imports communique.errors, which is beside it"],
        ),
        (
            {"store/a.py": "from communique.store.b import x\n", "store/b.py": "from . import a\n"},
            ["a circle: communique.store.a → communique.store.b → communique.store.a"],
        ),
        ({"attic.py": ""}, ["communique.attic stands on no step of the ladder"]),
        (
            {
                "graph.py": "from communique.store import disk\nimport pyoxigraph\n",
                "store/disk.py": "from .protocol import S\nfrom communique.errors import E\n",
                "store/protocol.py": "",
                "layout.py": "from .errors import Fault\n",
            },
            [],
        ),
    ],
)
def test_the_check_finds_what_it_is_for(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    package = tmp_path / "communique"
    base = {"errors.py": "", "questions/header.py": "", "graph.py": "", "store/__init__.py": ""}
    for name, text in {"__init__.py": "", "questions/__init__.py": "", **base, **files}.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    reports = faults(package)
    if expected and expected[0].startswith("a circle"):
        # A circle has no first module.
        assert len(reports) == 1
        assert set(reports[0].removeprefix("a circle: ").split(" → ")) == {
            "communique.store.a",
            "communique.store.b",
        }
    else:
        assert reports == expected


@pytest.mark.parametrize(
    "command",
    [
        ["ask", "who-chaired", "-p", "occasion=us-japan-labor-task-force-round-1"],
        ["questions"],
        ["questions", "who-chaired"],
    ],
    ids=" ".join,
)
def test_a_command_that_only_asks_imports_nothing_slow(command: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "communique", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.splitlines()[-1]
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in run.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert {"communique", "pyoxigraph"} <= loaded
    assert not loaded & {"rdflib", "pyshacl", "owlrl"}
