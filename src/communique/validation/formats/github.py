"""Findings as workflow commands: GitHub shows them beside the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.validation.findings import Severity
from communique.validation.formats.address import relative
from communique.validation.formats.excerpt import length, plain, summary

if TYPE_CHECKING:
    from pathlib import Path

    from communique.validation.findings import Finding, Findings

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(report: Findings, root: Path) -> str:
    """Return one command a finding, those that fail first, and a summary for the log."""
    # GitHub shows ten of a kind a step, so those that matter most come first.
    findings = sorted(report, key=lambda finding: -finding.severity)
    lines = [_command(finding, root) for finding in findings]
    return "\n".join([*lines, plain(summary(report))]) + "\n"


def _command(finding: Finding, root: Path) -> str:
    at = finding.location
    properties = {
        "file": relative(at.path, root),
        "line": str(at.line),
        "endLine": str(at.line),
        "col": str(at.column),
        "endColumn": str(at.column + length(finding)),
        "title": finding.rule,
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    # What a record holds must not act on the log; a line end of ours is the one control character.
    message = plain(finding.message)
    if finding.focus:
        message += f"\nOf {plain(finding.subject)}."
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    """Return a message as the commands escape it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return the value of a property as the commands escape it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
