"""What validation returns: findings, each at its place, and the report that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.errors import Location


class Severity(IntEnum):
    """How much a finding matters, in order: a violation must be mended, a warning should be."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        location: where: the wrong value, or the first line of the subject that lacks something.
        rule: the local name of the shape, or the name of the check, that found it.
        severity: how much it matters.
        message: what is wrong and how to mend it, in plain words.
        focus: the IRI of the thing that it is about.
        subject: that thing's label, or its short name where it has no label.
        path: the property, as a short name, where the finding is about one.
        value: the value, as Turtle writes it, where the finding is about one.
        source_line: the text of the line.

    """

    location: Location
    rule: str
    severity: Severity
    message: str
    focus: str
    subject: str
    path: str | None
    value: str | None
    source_line: str


@dataclass(frozen=True, slots=True)
class Report:
    """The findings on some files, by file and line, each once.

    Attributes:
        findings: all of them, those below the threshold too.
        files: the files that were judged.
        threshold: the lowest severity that counts as failing.

    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    threshold: Severity = Severity.VIOLATION

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def conforms(self) -> bool:
        """Return whether no finding is at or above the threshold."""
        return all(finding.severity < self.threshold for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """Return 0 where the files conform, else 1."""
        return 0 if self.conforms else 1
