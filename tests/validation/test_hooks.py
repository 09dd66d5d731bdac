"""The hook for pre-commit and the action for GitHub, each run as a repository of records would run it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GOOD = """\
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix person: <https://w3id.org/communique/person/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

person:somebody-new a foaf:Person ;
    rdfs:label "Somebody New"@en .
"""
FAULTY = GOOD.replace('"@en .', '" .')


def run(
    *words: str | Path, folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Return what a command did in a folder, with nothing of the checkout on its path."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONPATH" and not name.startswith("GIT_")
    }
    return subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={**clean, **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


def git(folder: Path, *words: str | Path) -> str:
    """Return what git says, with a name to commit under."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    done = run("git", *who, *words, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with what the working tree holds now, so that hooks can be got from it."""
    folder = tmp_path_factory.mktemp("project")
    needed = (
        "action.yml",
        ".pre-commit-hooks.yaml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "LICENSE-DATA",
        "src",
        "ontology",
        "data",
        "shapes",
        "queries",
    )
    for name in needed:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, folder / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "What is to be installed")
    return folder


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Return a repository of records, one of which is wrong."""
    folder = tmp_path / "records with a space"
    folder.mkdir()
    (folder / "good.ttl").write_text(GOOD, encoding="utf-8")
    (folder / "faulty one.ttl").write_text(FAULTY, encoding="utf-8")
    (folder / "notes.txt").write_text("Not Turtle.\n", encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


# pre-commit


def test_the_hooks_call_commands_that_exist() -> None:
    assert [hook["id"] for hook in HOOKS] == [
        "communique-validate",
        "communique-changed",
        "communique-format",
    ]
    for hook in HOOKS:
        done = run(sys.executable, "-m", *hook["entry"].split(), "--help", folder=ROOT)
        assert done.returncode == 0, done.stderr
        assert hook["require_serial"]  # in one process: two files may describe one subject


def test_pre_commit_stops_a_commit_with_a_faulty_record(
    project: Path, records: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = {
        "repos": [
            {
                "repo": str(project),
                "rev": git(project, "rev-parse", "HEAD"),
                "hooks": [{"id": "communique-validate"}, {"id": "communique-format"}],
            }
        ]
    }
    (records / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    home = {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}
    pre_commit = (sys.executable, "-m", "pre_commit")

    git(records, "add", "good.ttl", "notes.txt", ".pre-commit-config.yaml")
    done = run(*pre_commit, "run", folder=records, environment=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 2

    installed = run(*pre_commit, "install", folder=records, environment=home)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    git(records, "add", ".")
    commit = ("git", "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-m", "Add a person")
    stopped = run(*commit, folder=records, environment=home)
    assert stopped.returncode == 1
    assert "faulty one.ttl:6:16: violation: " in stopped.stdout + stopped.stderr
    assert "exit code: 1" in stopped.stdout + stopped.stderr

    (records / "faulty one.ttl").write_text(FAULTY.replace('w" .', 'w"@en .'), encoding="utf-8")
    (records / "good.ttl").unlink()  # the two describe the same person
    git(records, "add", "--all")
    done = run(*commit, folder=records, environment=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert git(records, "log", "--format=%s") == "Add a person"


def own_graph(project: Path, folder: Path) -> Path:
    """Return a graph of one's own in a folder: the project's terms and shapes, and one person."""
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(project / name, folder / name)
    (folder / "data" / "register").mkdir(parents=True)
    (folder / "data" / "register" / "people.ttl").write_text(GOOD, encoding="utf-8")
    return folder


MENTION = """\
@prefix : <https://w3id.org/communique/source/new#> .
@prefix cmq: <https://w3id.org/communique/ontology#> .
@prefix person: <https://w3id.org/communique/person/> .

:mention a cmq:Participation ;
    cmq:participant person:somebody-new .
"""


def test_a_hook_judges_whoever_reads_what_a_commit_changes(project: Path, tmp_path: Path) -> None:
    """The command of the hook, as pre-commit calls it: without names, in the root of the repository."""
    (hook,) = (hook for hook in HOOKS if hook["id"] == "communique-changed")
    assert hook["pass_filenames"] is False
    graph = own_graph(project, tmp_path / "graph")
    (graph / "data" / "mention.ttl").write_text(MENTION, encoding="utf-8")
    git(graph, "init", "--quiet", "--initial-branch=main")
    git(graph, "add", ".")
    git(graph, "commit", "--quiet", "--message", "A graph")
    command = (sys.executable, "-m", *hook["entry"].split())
    quiet = run(*command, folder=graph)
    assert (quiet.returncode, quiet.stdout) == (0, "0 files judged: nothing found.\n"), quiet.stderr
    people = graph / "data" / "register" / "people.ttl"
    people.write_text(GOOD.replace("somebody-new", "somebody-else"), encoding="utf-8")
    git(graph, "add", ".")
    done = run(*command, folder=graph)
    assert done.returncode == 1
    assert "data/mention.ttl:6:21: violation: Nothing describes person:somebody-new." in done.stdout


# The action


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a fresh Python's programs, as the action's first step gives one."""
    folder = tmp_path_factory.mktemp("python")
    venv.create(folder, with_pip=True)
    return folder / "bin"


@pytest.fixture(scope="module")
def installed(python: Path, project: Path) -> Path:
    """Return the same after the action's step that installs."""
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("name") == "Install communique"]
    done = run_step(step, python, project, {"GITHUB_ACTION_PATH": str(project)})
    assert done.returncode == 0, done.stdout + done.stderr
    return python


def run_step(
    step: dict[str, Any], python: Path, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Return what a step does: its script, run by bash as the runner runs it."""
    assert step["shell"] == "bash"
    assert "${{" not in step["run"]  # what a stranger chooses is never a part of the script
    path = {"PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}
    return run(
        "bash",
        "--noprofile",
        "--norc",
        "-e",
        "-o",
        "pipefail",
        "-c",
        step["run"],
        folder=folder,
        environment={**path, **environment},
    )


def validate_step(
    installed: Path, folder: Path, output: Path, /, **given: str
) -> subprocess.CompletedProcess[str]:
    """Return what the action does with some inputs, the others being what they are by default."""
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "validate"]
    inputs = {name: str(about["default"]) for name, about in ACTION["inputs"].items()}
    assert given.keys() <= inputs.keys()
    inputs.update(given)
    environment = {"GITHUB_OUTPUT": str(output)}
    for name, value in step["env"].items():
        environment[name] = inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
    return run_step(step, installed, folder, environment)


def test_the_action_annotates_the_faulty_line(installed: Path, records: Path, tmp_path: Path) -> None:
    done = validate_step(installed, records, tmp_path / "out", paths="good.ttl\nfaulty one.ttl\n")
    assert done.returncode == 1, done.stderr
    assert "::error file=faulty one.ttl,line=6,endLine=6,col=16," in done.stdout
    assert done.stderr == ""
    assert not (tmp_path / "out").exists()


def test_the_action_passes_what_conforms(installed: Path, records: Path, tmp_path: Path) -> None:
    done = validate_step(installed, records, tmp_path / "out", paths="good.ttl", severity="info")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 file judged: nothing found.\n"


def test_the_action_writes_a_report_and_says_where(installed: Path, records: Path, tmp_path: Path) -> None:
    done = validate_step(
        installed, records, tmp_path / "out", paths="faulty one.ttl", format="sarif", output="found.sarif"
    )
    assert done.returncode == 1
    assert (tmp_path / "out").read_text(encoding="utf-8") == "report=found.sarif\n"
    assert '"uri": "faulty%20one.ttl"' in (records / "found.sarif").read_text(encoding="utf-8")


def test_the_action_judges_a_graph_of_ones_own(
    installed: Path, project: Path, records: Path, tmp_path: Path
) -> None:
    own_graph(project, records / "graph")
    done = validate_step(installed, records, tmp_path / "out", folder="graph")
    assert (done.returncode, done.stdout) == (0, "1 file judged: nothing found.\n"), done.stderr
    twice = validate_step(installed, records, tmp_path / "out", folder="graph", paths="good.ttl")
    assert twice.returncode == 1
    assert "title=described-once::" in twice.stdout


def test_the_action_judges_among_another_graph(
    installed: Path, project: Path, records: Path, tmp_path: Path
) -> None:
    own_graph(project, records / "graph")
    done = validate_step(installed, records, tmp_path / "out", paths="good.ttl", against="graph")
    assert done.returncode == 1, done.stderr
    assert "title=described-once::" in done.stdout


def test_the_action_judges_what_a_change_could_have_affected(
    installed: Path, project: Path, records: Path, tmp_path: Path
) -> None:
    graph = own_graph(project, records / "graph")
    (graph / "data" / "mention.ttl").write_text(MENTION, encoding="utf-8")
    git(records, "add", ".")
    git(records, "commit", "--quiet", "--message", "A graph")
    git(records, "branch", "base")
    people = graph / "data" / "register" / "people.ttl"
    people.write_text(GOOD.replace("somebody-new", "somebody-else"), encoding="utf-8")
    git(records, "commit", "--quiet", "--all", "--message", "Another person")
    given = {"folder": "graph", "changed": "base"}
    done = validate_step(installed, records, tmp_path / "out", **given)
    assert done.returncode == 1, done.stderr
    assert "::error file=graph/data/mention.ttl,line=6,endLine=6,col=21," in done.stdout
    assert "people.ttl" not in done.stdout
    nothing = validate_step(installed, records, tmp_path / "out", **{**given, "changed": "HEAD"})
    assert (nothing.returncode, nothing.stdout) == (0, "0 files judged: nothing found.\n"), nothing.stderr
    unknown = validate_step(installed, records, tmp_path / "out", **{**given, "changed": "--output=x"})
    assert unknown.returncode == 3
    assert "is not a revision of git" in unknown.stderr


def test_the_action_takes_no_input_as_a_part_of_its_script(
    installed: Path, records: Path, tmp_path: Path
) -> None:
    done = validate_step(
        installed, records, tmp_path / "out", paths='$(touch pwned)"; touch pwned; "\n--help', folder=""
    )
    assert done.returncode == 2
    assert "There is no such file or folder." in done.stderr
    assert not (records / "pwned").exists()
