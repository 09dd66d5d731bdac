"""What the reader of the files noticed, as findings beside those of shapes and checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from communique.validation.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from communique.layout import Layout
    from communique.located.turtle import LocatedTurtle

_OF_PARTS = frozenset(
    [
        "address-as-name",
        "address-as-text",
        "blank-text",
        "blanks-around",
        "ill-typed",
        "iri-scheme",
        "no-language",
    ]
)
"""Rules of values that property shapes, such as ``Day-date``, have as well, in better words."""

_OF_WHOLES = frozenset(["unknown-term", "untyped"])
"""Rules that any shape has as well."""

_VIOLATIONS_AT_HOME = frozenset(["prefix-namespace", "prefix-rebound", "namespace-twin"])
"""Rules that warn in a file from elsewhere, and that the graph's own files must keep."""


def noticed(files: Iterable[LocatedTurtle], findings: Set[Finding], layout: Layout) -> Iterator[Finding]:
    """Yield what was noticed in files, unless a shape or check tells it at the same place."""
    told = {finding.location for finding in findings}
    told_by_part = {finding.location for finding in findings if "-" in finding.rule and finding.value}
    for file in files:
        at_home = Path(file.path).resolve().is_relative_to(layout.root.resolve())
        for notice in file.notices:
            if notice.rule in _OF_PARTS and notice.location in told_by_part:
                continue
            if notice.rule in _OF_WHOLES and notice.location in told:
                continue
            violation = notice.violation or (at_home and notice.rule in _VIOLATIONS_AT_HOME)
            yield Finding(
                location=notice.location,
                rule=notice.rule,
                severity=Severity.VIOLATION if violation else Severity.WARNING,
                sentence=notice.sentence,
                remedy=notice.remedy,
                focus="",
                subject=file.path,
                path=None,
                value=None,
                source_line=file.line(notice.location.line),
            )
