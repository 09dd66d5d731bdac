"""Warnings that the shipped data may draw: those whose record says why (rule S8 of the style)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from communique.validation.findings import Severity

if TYPE_CHECKING:
    from communique.validation.findings import Finding
    from communique.validation.report import Report


def unexplained(report: Report) -> list[str]:
    """Return the findings of a report but the warnings that a note in the same block gives the reason for."""
    return [str(finding) for finding in report if not _has_a_reason(finding)]


def _has_a_reason(finding: Finding) -> bool:
    lines = Path(finding.location.path).read_text(encoding="utf-8").splitlines()[finding.location.line - 1 :]
    block = lines[: lines.index("")] if "" in lines else lines
    return finding.severity is Severity.WARNING and any("skos:editorialNote" in line for line in block)
