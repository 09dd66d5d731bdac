"""Findings as JUnit's XML: one suite a file, one case a finding, one that passes where there is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from communique.validation.formats.excerpt import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.validation.findings import Finding, Findings

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Findings) -> str:
    """Return the document. A finding below the threshold is a case that passes and says so."""
    top = ET.Element("testsuites", name="communique validate")
    for path in report.files:
        here = [finding for finding in report if finding.location.path == path]
        _suite(top, path, here, report)
    for name in ("tests", "failures", "errors"):
        top.set(name, str(sum(int(suite.get(name, "0")) for suite in top)))
    ET.indent(top)
    return ET.tostring(top, encoding="unicode", xml_declaration=False) + "\n"


def _suite(top: ET.Element, path: str, findings: Sequence[Finding], report: Findings) -> None:
    suite = ET.SubElement(top, "testsuite", name=_text(path))
    for finding in findings:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=_text(path),
            name=_text(f"{finding.rule} {finding.location.line}:{finding.location.column}"),
            file=_text(path),
            line=str(finding.location.line),
        )
        if path in report.unreadable:
            told = ET.SubElement(case, "error", type=finding.rule, message=_text(finding.sentence))
        elif finding.severity >= report.threshold:
            told = ET.SubElement(case, "failure", type=finding.rule, message=_text(finding.sentence))
        else:
            told = ET.SubElement(case, "system-out")
        told.text = _text(_account(finding))
    if not findings:
        ET.SubElement(suite, "testcase", classname=_text(path), name="conforms", file=_text(path))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("*/failure"))))
    suite.set("errors", str(len(suite.findall("*/error"))))


def _account(finding: Finding) -> str:
    lines = [f"{finding.location}: {finding.severity}: {finding.sentence}"]
    if finding.focus:
        lines.append(f"of {finding.subject} ({finding.focus})")
    lines += ["".join(excerpt(finding)).strip(), finding.advice]
    return "\n".join(line for line in lines if line)


def _text(text: str) -> str:
    """Return text that XML can hold: what it cannot becomes the sign for that."""
    return _NOT_XML.sub("\ufffd", text)
