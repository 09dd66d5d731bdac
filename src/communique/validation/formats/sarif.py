"""Findings as a log of SARIF 2.1.0, which code scanning, editors and viewers read."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from communique.validation.findings import Severity
from communique.validation.formats.address import uri
from communique.validation.formats.excerpt import length

if TYPE_CHECKING:
    from pathlib import Path

    from communique.validation.findings import Finding, Findings

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(report: Findings, root: Path) -> str:
    """Return the log, with files named relative to a folder, and columns that count characters."""
    rules = {finding.rule: finding for finding in reversed(report.findings)}
    places = {rule: place for place, rule in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "communique",
                "version": version("communique"),
                "informationUri": "https://w3id.org/communique/",
                "rules": [_rule(rules[rule]) for rule in places],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not report.unreadable}],
        "artifacts": [{"location": _artifact(path, root)} for path in report.files],
        "results": [_result(finding, places[finding.rule], root) for finding in report],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    """Return what a rule is, told by one of its findings: the remedy is the same for all."""
    words = finding.remedy or f"What breaks the rule {finding.rule}: each finding says how to mend it."
    return {
        "id": finding.rule,
        "shortDescription": {"text": words.partition(". ")[0].rstrip(".") + "."},
        "fullDescription": {"text": words},
        "help": {"text": f"{words} All rules are listed in docs/validation.md."},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _result(finding: Finding, rule_index: int, root: Path) -> dict[str, Any]:
    at = finding.location
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(at.path, root),
            "region": {
                "startLine": at.line,
                "startColumn": at.column,
                "endColumn": at.column + length(finding),
                "snippet": {"text": finding.source_line.rstrip("\r\n")},
            },
        }
    }
    if finding.focus:
        location["logicalLocations"] = [{"name": finding.subject, "fullyQualifiedName": finding.focus}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _words(finding.message)},
        "locations": [location],
        "partialFingerprints": {"finding/v1": _fingerprint(finding, root)},
        "properties": {"path": finding.path, "value": finding.value},
    }


def _words(text: str) -> str:
    """Return a message in which ``{0}`` is no placeholder and ``[a](b)`` no link: SARIF knows both."""
    return re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", re.sub(r"\{(\d+)\}", r"{{\1}}", text))


def _artifact(path: str, root: Path) -> dict[str, str]:
    address = uri(path, root)
    return {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": "%SRCROOT%"}


def _fingerprint(finding: Finding, root: Path) -> str:
    """Return what stays the same of a finding when lines are added above it."""
    parts = (uri(finding.location.path, root), finding.rule, finding.focus, finding.path, finding.value)
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()
