"""What mending returns: the file before and after, what was mended and what was left."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from communique.errors import Location

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing that is mended.

    Attributes:
        location: where it stands in the file as it was.
        lines: the lines of that file that it touches.
        rule: the remedy's name.
        written: what stood there; empty where something is added.
        mended: what stands there now.
        reason: why nothing else can have been meant.

    """

    location: Location
    lines: tuple[int, ...]
    rule: str
    written: str
    mended: str
    reason: str

    def __str__(self) -> str:
        change = f"{_shown(self.written)} → {_shown(self.mended)} · " if self.written else ""
        if self.mended and not self.written:
            change = f"added: {_shown(self.mended)} · "
        return f"{self.location}: {self.rule}: {change}{_shown(self.reason, 400)}"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that looks wrong and was left, because no remedy is certain."""

    location: Location
    written: str
    message: str

    def __str__(self) -> str:
        what = f"{_shown(self.written)}: " if self.written else ""
        return f"{self.location}: left: {what}{_shown(self.message, 400)}"


@dataclass(frozen=True, slots=True)
class Mended:
    """One file: its text before and after, what was mended and what was left."""

    path: Path
    before: str
    after: str
    fixes: tuple[Fix, ...]
    left: tuple[Left, ...]

    @property
    def difference(self) -> str:
        """Return the change as a unified diff that ``patch`` applies; empty where there is none."""
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in difflib.unified_diff(
                lines_of(self.before), lines_of(self.after), str(self.path), str(self.path)
            )
        )


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends; only a line feed ends a line, as for ``patch``."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def in_words(lines: Sequence[int]) -> str:
    """Return line numbers in words: ``lines 3, 5–8``."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][-1] + 1:
            parts[-1].append(line)
        else:
            parts.append([line])
    words = ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts)
    return f"line{'s' if len(lines) > 1 else ''} {words}"


def _shown(text: str, most: int = _SHOWN) -> str:
    """Return a text on one line that does nothing to a terminal, cut where it is long."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return plain if len(plain) <= most else f"{plain[:most]}…"
