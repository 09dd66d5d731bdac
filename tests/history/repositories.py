"""Real repositories of git, for tests."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from communique.layout import FOLDERS, Layout

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(root: Path, *words: str) -> str:
    """Return what git prints, asked in a folder by somebody."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)
    return done.stdout.decode().strip()


def commit(root: Path, message: str = "All") -> str:
    """Commit all files below a folder, and return the commit."""
    git(root, "add", "-A", ".")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def shipped(root: Path) -> Path:
    """Return a folder with the shipped files of the graph, all of it committed."""
    for name in FOLDERS:
        shutil.copytree(Layout.shipped().root / name, root / name)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root
