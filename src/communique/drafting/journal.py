"""Writing several files as one: all that is to be written is put down first, and gone through then.

Whoever is broken off in between has a journal, and the next draft finishes what it says. So a reader finds
each file whole, and a curator finds all of a draft or nothing of it.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from communique.curation.formatting import replace
from communique.errors import CommuniqueError
from communique.isolation.gate import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

JOURNAL = "data/.draft.json"


class WritingError(CommuniqueError):
    """Files cannot be written, or are no longer what they were when it was decided what to write."""


def read_text(root: Path, name: str) -> str:
    """Return the text of a file of the graph; empty where there is none.

    Raises:
        UnreadableInputError: if it is no text.

    """
    path = root / name
    return decode(path.read_bytes(), str(path)) if path.is_file() else ""


def write_all(root: Path, files: Mapping[str, tuple[str, str]]) -> None:
    """Write files: all of them, or, if they cannot be put down, none.

    Args:
        root: the folder of the graph.
        files: for each name the text that it has, and the one that it is to have, in the order of writing.

    Raises:
        WritingError: if a file has another text by now, or there is no room or right to write.

    """
    if not files:
        return
    _ensure_unchanged(root, files)
    journal = root / JOURNAL
    try:
        handle = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise WritingError(f"{journal} is there: another draft is being accepted. Draft again.") from None
    except OSError as error:
        raise WritingError(f"{root} cannot be written: {error.strerror}. Nothing was changed.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(files, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        journal.unlink()
        raise WritingError(f"{root} cannot be written: {error.strerror}. Nothing was changed.") from None
    _go_through(root, files)


def finish(root: Path) -> None:
    """Write what a draft that was broken off has left to be written; nothing where there is no such.

    Raises:
        WritingError: if a file was changed since, or there is no room or right to write.

    """
    journal = root / JOURNAL
    if not journal.is_file():
        return
    try:
        files = json.loads(read_text(root, JOURNAL))
    except ValueError:
        journal.unlink(missing_ok=True)  # It was broken off itself: nothing of it has been written.
        return
    left = {name: pair for name, pair in files.items() if read_text(root, name) != pair[1]}
    _ensure_unchanged(root, left)
    _go_through(root, left)


def _go_through(root: Path, files: Mapping[str, tuple[str, str]]) -> None:
    for name, (_, text) in files.items():
        _write(root / name, text)
    (root / JOURNAL).unlink(missing_ok=True)


def _ensure_unchanged(root: Path, files: Mapping[str, tuple[str, str]]) -> None:
    for name, (before, _) in files.items():
        if read_text(root, name) != before:
            left = f" {root / JOURNAL} has what was left to be written; remove it."
            raise WritingError(
                f"{root / name} has been changed meanwhile; it was not written."
                f"{left if (root / JOURNAL).is_file() else ''} Draft again."
            )


def _write(path: Path, text: str) -> None:
    try:
        if path.exists():
            replace(path, text)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(aside).chmod(0o644)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WritingError(
            f"{path} cannot be written: {error.strerror}. Mend that and draft again: it goes on from here."
        ) from None
