"""What the page on changes shows is what the command prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .repositories import git, needs_git, shipped

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "changes.md").read_text(encoding="utf-8")


@needs_git
def test_the_edit_that_is_shown_is_told_as_shown(tmp_path: Path) -> None:
    [edit] = re.findall(r"^```diff\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    [report] = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    root = shipped(tmp_path / "graph")
    (tmp_path / "edit.diff").write_text(edit, encoding="utf-8")
    git(root, "apply", str(tmp_path / "edit.diff"))
    command = [sys.executable, "-m", "communique", "--folder", str(root), "changes", "HEAD.."]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout == report
