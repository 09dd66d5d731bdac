"""What git keeps of a folder: its files as they were, read without a checkout."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from communique.errors import ChangesError

if TYPE_CHECKING:
    from pathlib import Path

_ORDINARY = {b"100644", b"100755"}


def git(root: Path, *words: str, given: bytes = b"") -> bytes:
    """Return what git prints, asked in a folder; ``given`` is its standard input.

    Raises:
        ChangesError: if git cannot be run, or fails.

    """
    command = ["git", "-C", str(root), *words]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603 - no shell
    except OSError as error:
        raise ChangesError(f"git cannot be run: {error.strerror}.") from None
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it says nothing"]
        raise ChangesError(f"git does not tell what has changed: {told[0]}")
    return done.stdout


def check_kept(root: Path, *folders: str) -> None:
    """Refuse folders that git does not keep, or is told to ignore.

    Raises:
        ChangesError: telling what to do.

    """
    advice = "Name the folder of a checkout with --folder."
    try:
        known = git(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *folders)
    except ChangesError as error:
        raise ChangesError(f"{error}. {advice}") from None
    if not known:
        raise ChangesError(f"git keeps none of the files of {root}. {advice}")


def commit_of(root: Path, revision: str) -> str:
    """Return the commit that a revision names.

    Raises:
        ChangesError: if it names none, telling what to do.

    """
    try:
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return git(root, *words).decode("ascii").strip()
    except ChangesError:
        raise ChangesError(
            f"git knows no commit `{revision}` here. Name a commit, a tag or a branch, such as HEAD~1; "
            "where the clone is shallow, run `git fetch --unshallow --tags` first."
        ) from None


def files_at(root: Path, commit: str, *folders: str) -> dict[str, bytes]:
    """Return the Turtle files in folders as they were at a commit, by their names below the root.

    Raises:
        ChangesError: if one of them is a link or a submodule, or git does not have all of it.

    """
    names: dict[str, bytes] = {}
    for entry in git(root, "ls-tree", "-r", "-z", commit, "--", *folders).split(b"\0"):
        head, _, encoded = entry.partition(b"\t")
        name = name_of(encoded)
        if not name.endswith(".ttl"):
            continue
        mode, _, digest = head.split()
        if mode not in _ORDINARY:
            raise ChangesError(f"{name} is no ordinary file at {commit[:12]}: git keeps only where it leads.")
        names[name] = digest
    wanted = sorted(set(names.values()))
    answer = git(root, "cat-file", "--batch", given=b"".join(digest + b"\n" for digest in wanted))
    contents: dict[bytes, bytes] = {}
    start = 0
    for digest in wanted:
        end = answer.index(b"\n", start)
        head_of_blob = answer[start:end].split()
        if len(head_of_blob) != len(("digest", "type", "size")):
            raise ChangesError(f"git lacks a file of {commit[:12]}. Run `git fetch --refetch`.")
        size = int(head_of_blob[2])
        contents[digest] = answer[end + 1 : end + 1 + size]
        start = end + 1 + size + 1
    return {name: contents[digest] for name, digest in names.items()}


def name_of(encoded: bytes) -> str:
    """Return the name of a file as text that can be printed, whatever its bytes are."""
    return encoded.decode("utf-8", "backslashreplace")
