"""What the gates say: a refusal ends the reading of a file, a notice goes into its report."""

from __future__ import annotations

import re
from dataclasses import dataclass

from communique.errors import Location, UnreadableInputError

MAX_SHOWN = 200
"""Characters of a source line that a message shows."""

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\uffff]"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something odd in a file that can be read all the same.

    Attributes:
        location: where.
        rule: its name.
        violation: whether it must be mended; else it is a warning.
        sentence: what is wrong.
        remedy: what to do.

    """

    location: Location
    rule: str
    violation: bool
    sentence: str
    remedy: str


class RefusedInputError(UnreadableInputError):
    """A file is not read, by a rule that has a name.

    Attributes:
        rule: the name.

    """

    def __init__(self, location: Location, rule: str, message: str, line: str = "") -> None:
        super().__init__(location, f"{message}\n{line}" if line else message)
        self.rule = rule
        self._message = message
        self._line = line

    def __str__(self) -> str:
        said = f"{self.location}: {self._message} [{self.rule}]"
        if not self._line:
            return said
        column = min(self.location.column, len(self._line) + 1)
        return f"{said}\n    {self._line}\n    {' ' * (column - 1)}^"


def shown(text: str) -> str:
    r"""Return a text in which what cannot be seen, or turns the line around, is written ``\u{202E}``."""
    return _UNSEEN.sub(lambda found: f"\\u{{{ord(found[0]):04X}}}", text)


def line_of(text: str, location: Location) -> str:
    """Return the line at a location, cut to what a message can show."""
    # Before it was a Unix, the Macintosh ended its lines with a carriage return alone.
    lines = text.split("\n" if "\n" in text else "\r", location.line)
    line = lines[location.line - 1].rstrip("\r") if location.line <= len(lines) else ""
    return shown(line.replace("\t", " ")[:MAX_SHOWN]) + ("…" if len(line) > MAX_SHOWN else "")
