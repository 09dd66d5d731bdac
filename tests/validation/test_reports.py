"""Reports: what people read, and what programs read."""

from __future__ import annotations

import json

from communique.errors import Location
from communique.validation.findings import Finding, Report, Severity
from communique.validation.reports import as_json, as_text, summary


def finding(line: str, column: int, severity: Severity = Severity.VIOLATION) -> Finding:
    return Finding(
        location=Location("data/new.ttl", 7, column),
        rule="Readout-mode",
        severity=severity,
        message="Nothing describes mode:virtaul. Did you mean mode:virtual?",
        focus="https://w3id.org/communique/source/new#round",
        subject="source:new#round",
        path="cmq:mode",
        value="mode:virtaul",
        source_line=line,
    )


def test_text_shows_the_line_and_points_to_the_place() -> None:
    report = Report((finding("    cmq:mode mode:virtaul ;", 14),), ("data/new.ttl",))
    assert as_text(report) == (
        "data/new.ttl:7:14: violation: Nothing describes mode:virtaul. "
        "Did you mean mode:virtual?\n"
        "    of source:new#round [Readout-mode]\n"
        "        cmq:mode mode:virtaul ;\n"
        "                 ^\n"
        "\n"
        "1 file judged: 1 violation.\n"
    )


def test_the_caret_stands_under_the_place_after_wide_characters_and_tabs() -> None:
    line = '\tcmq:nameAsPrinted "経産省"@ja, "METI" .'
    shown, caret = as_text(Report((finding(line, line.index('"METI"') + 1),), ())).split("\n")[2:4]
    columns = shown.index('"METI"') + len("経産省")
    assert caret.index("^") == columns


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    shown, caret = as_text(Report((finding(line, 501),), ())).split("\n")[2:4]
    assert len(shown) < 130
    assert shown.strip().startswith("…")
    assert shown.strip().endswith("…")
    assert shown[caret.index("^") :].startswith("HERE")


def test_text_does_nothing_to_a_terminal() -> None:
    text = as_text(Report((finding('rdfs:label "\x1b[31mred\u202e" .', 12),), ()))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_finding_without_a_line_is_told_without_one() -> None:
    assert as_text(Report((finding("", 1),), ())).count("\n") == 4


def test_the_summary_counts_by_severity() -> None:
    findings = (
        finding("x", 1),
        finding("y", 1),
        finding("z", 1, Severity.WARNING),
    )
    assert summary(Report(findings, ("a", "b"))) == "2 files judged: 2 violations, 1 warning."
    assert summary(Report((), ("a",))) == "1 file judged: nothing found."


def test_json_holds_everything() -> None:
    report = Report((finding("    cmq:mode mode:virtaul ;", 14),), ("data/new.ttl",))
    document = json.loads(as_json(report))
    assert (document["conforms"], document["threshold"]) == (False, "violation")
    assert document["files"] == ["data/new.ttl"]
    (found,) = document["findings"]
    assert found["location"] == {"path": "data/new.ttl", "line": 7, "column": 14}
    assert found["severity"] == "violation"
    assert set(found) == {
        "location",
        "rule",
        "severity",
        "message",
        "focus",
        "subject",
        "path",
        "value",
        "source_line",
    }
