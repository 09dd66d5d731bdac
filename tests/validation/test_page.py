"""What the page on validation shows is what happens today."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
import yaml

from communique.layout import Layout
from communique.validation.judge import validate
from communique.validation.report import FORMATS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """Return the text of a section of the page."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_finding_that_is_shown_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout.shipped()
    record = layout.root / "data/readouts/ustr/ustr-2024-02-task-force-round-1.ttl"
    text = record.read_text(encoding="utf-8").replace("cmq:number 1 ;", 'cmq:number "one" ;')
    (tmp_path / "new.ttl").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (shown,) = blocks(section("A finding"), "text")
    assert shown in validate([Path("new.ttl")], layout=layout).to_text()


def test_every_format_is_told_of() -> None:
    assert re.findall(r"^\| `(\w+)` \|", section("Formats"), re.MULTILINE) == list(FORMATS)


def test_the_hooks_and_the_action_are_used_as_they_are() -> None:
    config, workflow, steps = (yaml.safe_load(block) for block in blocks(section("In CI"), "yaml"))
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (repository,) = config["repos"]
    used = [hook["id"] for hook in repository["hooks"]]
    told = re.findall(r"`(communique-\w+)`", section("In CI"))
    assert {*used, *told} == {hook["id"] for hook in hooks}
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for used_as in (workflow["jobs"]["validate"]["steps"], steps):
        assert used_as[-1]["with"].keys() <= action["inputs"].keys()


def test_the_notebook_runs_and_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cells = blocks(section("In Python"), "python")
    examples = doctest.DocTestParser().get_doctest("".join(cells), {}, "In Python", "validation.md", 0)
    assert len(examples.examples) > 10
    failures: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(examples, out=failures.append)
    assert result.failed == 0, "".join(failures)
