"""What would be wrong with a graph if files were in it: judged in a copy, before any of them is."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from communique.errors import CommuniqueError, Location
from communique.layout import FOLDERS, Layout
from communique.validation.judge import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from communique.validation.findings import Finding


class StagingError(CommuniqueError):
    """There is no room or right to copy a graph."""


def judge(layout: Layout, files: Mapping[str, str], beside: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what the shapes and checks find in files, each at its place in the graph.

    Args:
        layout: the graph.
        files: the files by their names in the graph; those that are Turtle are judged.
        beside: files that are in the graph by then.

    Raises:
        StagingError: if the graph cannot be copied.

    """
    changed = [name for name in files if name.endswith(".ttl")]
    if not changed:
        return ()
    with _staged(layout, {**beside, **files}) as staged:
        report = validate([staged.root / name for name in changed], layout=staged)
        return tuple(_moved(finding, staged.root) for finding in report)


@contextmanager
def _staged(layout: Layout, files: Mapping[str, str]) -> Iterator[Layout]:
    """Give a copy of a graph's files with some of them new or otherwise, to be judged."""
    with ExitStack() as kept:
        try:
            root = Path(kept.enter_context(tempfile.TemporaryDirectory()))
            for name in FOLDERS:
                shutil.copytree(layout.root / name, root / name)
            for name, text in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:  # shutil.Error, which lists all that failed, is one as well.
            raise StagingError(f"The draft cannot be judged: {error.strerror or error}.") from None
        yield Layout.at(root)


def _moved(finding: Finding, root: Path) -> Finding:
    """Return a finding at its place in the graph instead of in the copy that was judged."""
    at = finding.location
    name = Path(at.path).relative_to(root).as_posix() if Path(at.path).is_relative_to(root) else at.path
    return replace(finding, location=Location(name, at.line, at.column))
