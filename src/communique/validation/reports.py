"""Reports for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from communique.validation.findings import Finding, Report

_WIDTH = 120


def as_text(report: Report) -> str:
    """Return the findings with their lines and a caret under the place, then a summary."""
    blocks = [_block(finding) for finding in report]
    return "\n\n".join([*blocks, summary(report)]) + "\n"


def as_json(report: Report) -> str:
    """Return the report as JSON: ``conforms``, ``files`` and ``findings``, IRIs and names both."""
    document = {
        "conforms": report.conforms,
        "threshold": str(report.threshold),
        "files": list(report.files),
        "findings": [{**asdict(finding), "severity": str(finding.severity)} for finding in report],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def summary(report: Report) -> str:
    """Return one line: how many files were judged, and what was found."""
    files = f"{len(report.files)} file{'' if len(report.files) == 1 else 's'}"
    counts = Counter(finding.severity for finding in report)
    if not counts:
        return f"{files} judged: nothing found."
    found = ", ".join(
        f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}"
        for severity in sorted(counts, reverse=True)
    )
    return f"{files} judged: {found}."


def _block(finding: Finding) -> str:
    """Return a finding as three lines of its own: place and message, the line, the caret."""
    place = _plain(f"{finding.location}: {finding.severity}: {finding.message}")
    about = _plain(f"    of {finding.subject} [{finding.rule}]")
    shown, caret = _excerpt(finding.source_line, finding.location.column)
    if not shown.strip():
        return f"{place}\n{about}"
    return f"{place}\n{about}\n    {shown}\n    {caret}"


def _excerpt(line: str, column: int) -> tuple[str, str]:
    """Return the part of a line around a column, and a caret line that points to it.

    Tabs become blanks, so that the caret stands where it should.
    """
    plain = _plain(line)
    start = max(0, column - _WIDTH // 2) if len(plain) > _WIDTH else 0
    shown = plain[start : start + _WIDTH]
    lead = "…" if start else ""
    tail = "…" if start + _WIDTH < len(plain) else ""
    blanks = "".join(_blank(character) for character in lead + plain[start : column - 1])
    return f"{lead}{shown}{tail}", f"{blanks}^"


def _plain(text: str) -> str:
    """Return text that does nothing to a terminal: what cannot be printed becomes a blank."""
    return "".join(character if character.isprintable() else " " for character in text)


def _blank(character: str) -> str:
    """Return as many blanks as a terminal gives a character: two where it is wide."""
    return "  " if east_asian_width(character) in {"F", "W"} else " "
