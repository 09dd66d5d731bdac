"""What validation returns: findings, each at its place, with what is wrong and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from communique.errors import CommuniqueError

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

    @classmethod
    def named(cls, name: Severity | str) -> Severity:
        """Return the severity of a name: info, warning or violation."""
        found = next((severity for severity in cls if name in {severity, str(severity)}), None)
        if found is None:
            raise CommuniqueError(f"There is no severity `{name}`. Known: {', '.join(map(str, cls))}.")
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        location: where: the wrong value, or the first line of the subject that lacks something.
        rule: the local name of the shape, or the name of the check, that found it.
        severity: how much it matters.
        sentence: what is wrong, in one sentence.
        remedy: what to write instead; the same for each finding of a shape.
        focus: the IRI of the thing that it is about.
        subject: that thing's label, or its short name where it has no label.
        path: the property, as a short name, where the finding is about one.
        value: the value, as Turtle writes it, where the finding is about one.
        source_line: the text of the line.
        meant: the short name that was probably meant, where one is near to what was written.

    """

    location: Location
    rule: str
    severity: Severity
    sentence: str
    remedy: str
    focus: str
    subject: str
    path: str | None
    value: str | None
    source_line: str
    meant: str | None = None

    @property
    def advice(self) -> str:
        """Return how to mend it: the name that was probably meant, then the remedy."""
        question = f"Did you mean {self.meant}?" if self.meant else ""
        return " ".join(part for part in (question, self.remedy) if part)

    @property
    def message(self) -> str:
        """Return what is wrong and how to mend it."""
        return " ".join(part for part in (self.sentence, self.advice) if part)


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings on some files, by file and line, each once.

    Attributes:
        findings: all of them, those below the threshold too.
        files: the files that were judged.
        threshold: the lowest severity that counts as failing.
        unreadable: those of the files that could not be read.

    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    threshold: Severity = Severity.VIOLATION
    unreadable: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def conforms(self) -> bool:
        """Return whether all files were read, and no finding is at or above the threshold."""
        return not self.unreadable and all(finding.severity < self.threshold for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """Return 0 where the files conform, 2 where one could not be read, else 1."""
        if self.unreadable:
            return 2
        return 0 if self.conforms else 1
