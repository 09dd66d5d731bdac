"""Findings as one JSON object, for programs: IRIs, names and words."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.validation.findings import Findings


def write(report: Findings) -> str:
    """Return ``conforms``, ``threshold``, ``files``, ``unreadable`` and ``findings``."""
    document = {
        "conforms": report.conforms,
        "threshold": str(report.threshold),
        "files": report.files,
        "unreadable": report.unreadable,
        "findings": [
            {**asdict(finding), "severity": str(finding.severity), "message": finding.message}
            for finding in report
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
