"""What the formats share: the line with the place marked in it, equal findings, the summary."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from communique.validation.findings import Severity

if TYPE_CHECKING:
    from communique.validation.findings import Finding, Findings

WIDTH = 120
_TERM = re.compile(
    r'<[^<>\s]*>|(?P<quote>"""|\'\'\'|"|\')(?:\\.|(?!(?P=quote)).)*(?:(?P=quote)(?:@[\w-]+|\^\^[^\s,;)\]]+)?)?'
    r"|[^\s,;()\[\]\"']+"
)


class Excerpt(NamedTuple):
    """A line, or the part of a long one around a place, cut in three at the place."""

    before: str
    marked: str
    after: str


def excerpt(finding: Finding) -> Excerpt:
    """Return the line of a finding with the term at its place marked, in characters that print."""
    line = finding.source_line.rstrip("\r\n")
    start = finding.location.column - 1
    end = start + length(finding)
    first = max(0, start - WIDTH // 2) if len(line) > WIDTH else 0
    last = first + WIDTH
    before = ("…" if first else "") + line[first:start]
    if len(line) <= last:
        return Excerpt(plain(before), plain(line[start:end]), plain(line[end:]))
    return Excerpt(plain(before), plain(line[start : min(end, last)]), plain(line[end:last]) + "…")


def length(finding: Finding) -> int:
    """Return how many characters the term at a finding's place has on its line; at least one."""
    found = _TERM.match(finding.source_line.rstrip("\r\n"), finding.location.column - 1)
    if not found:
        return 1
    # A full stop ends a statement, even where it stands right behind a name.
    term = found[0] if found["quote"] else found[0].rstrip(".")
    return max(1, len(term))


def plain(text: str) -> str:
    """Return text that does nothing to who shows it: what cannot be printed becomes a blank."""
    return "".join(character if character.isprintable() else " " for character in text)


def groups(report: Findings) -> list[list[Finding]]:
    """Return the findings with those together that say the same of several places of one file."""
    alike: dict[tuple[str, str, Severity, str, str], list[Finding]] = defaultdict(list)
    for finding in report:
        key = finding.location.path, finding.rule, finding.severity, finding.sentence, finding.advice
        alike[key].append(finding)
    return list(alike.values())


def summary(report: Findings) -> str:
    """Return one line: how many files were judged, what was found, and which could not be read."""
    unread = f"{', '.join(report.unreadable)} cannot be read"
    judged = len(report.files) - len(report.unreadable)
    if not judged:
        return f"{unread}." if report.unreadable else "0 files judged: nothing found."
    counts = Counter(finding.severity for finding in report if finding.location.path not in report.unreadable)
    found = ", ".join(_count(counts[one], one) for one in sorted(counts, reverse=True)) or "nothing found"
    said = f"{judged} file{'' if judged == 1 else 's'} judged: {found}"
    return f"{said}; {unread}." if report.unreadable else f"{said}."


def _count(number: int, severity: Severity) -> str:
    if severity is Severity.INFO:
        return f"{number} for information"
    return f"{number} {severity}{'' if number == 1 else 's'}"
