"""The page for curators, followed to the letter: commands are run, files written, answers compared.

`python tests/test_curating.py` writes today's answers into the page.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from communique.layout import FOLDERS, Layout

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "curating.md"
BLOCK = re.compile(r"^```(sh|yaml|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FACTS = "facts.yaml"
TOTALS = re.compile(r"^(?:precision|recall|asked|known) .*\n", re.MULTILINE)


def measured(script: str, *arguments: str) -> str:
    """Run a benchmark, and return the totals of its first table."""
    done = subprocess.run(
        [sys.executable, script, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return "".join(TOTALS.findall(done.stdout.partition("Held out")[0]))


def run(folder: Path, line: str) -> str:
    """Run a command of the page in a folder, and return what it prints."""
    name, *arguments = shlex.split(line)
    if name == "python":
        return measured(*arguments)
    assert name == "communique"
    done = subprocess.run(
        [sys.executable, "-m", "communique", "--folder", ".", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def followed(folder: Path) -> str:
    """Follow the page in a folder of the graph's files, and return the page with the answers given there."""
    for name in FOLDERS:
        shutil.copytree(Layout.shipped().root / name, folder / name)
    git = ["git", "-c", "user.name=A curator", "-c", "user.email=curator@example.org"]
    for step in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "The graph as it is"]):
        subprocess.run([*git, *step], cwd=folder, check=True)
    page, answer = PAGE.read_text(encoding="utf-8"), ""

    def follow(block: re.Match[str]) -> str:
        nonlocal answer
        language, text = block.groups()
        if language == "yaml":
            with (folder / FACTS).open("a", encoding="utf-8") as file:
                file.write(text)
        elif language == "sh":
            answer = "".join(run(folder, line) for line in text.splitlines())
        elif language == "text":
            return f"```text\n{answer}```"
        return block.group()

    return BLOCK.sub(follow, page)


def test_the_page_tells_what_happens(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert {language for language, _ in BLOCK.findall(page)} == {"sh", "yaml", "text"}
    assert "1 of 1 accepted." in page
    assert followed(tmp_path).splitlines() == page.splitlines()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(followed(Path(scratch)), encoding="utf-8")
