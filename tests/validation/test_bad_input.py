"""Bad input: each file is accepted, warned about, faulted or refused as its manifest says, by name and place.

Outcomes: ``accepted`` (exit code 0, no word), ``warning`` (0, the rule at the line), ``fault`` (1, the rule
at the line), ``refused`` (2, the rule at the line, the column within 3).
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from communique.cli import main
from communique.isolation import gate
from communique.isolation.refusal import RefusedInputError
from communique.layout import Layout
from communique.located.reading import read
from communique.validation.findings import Severity
from communique.validation.judge import validate
from communique.validation.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "bad-input"
CORPUS = Path(__file__).parents[3] / "shared" / "badinput"
LONGEST = 10.0
"""Seconds that a file may take: a limit against hanging, no measure of speed."""
HEAD = (
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
    "@prefix person: <https://w3id.org/communique/person/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
GOOD = HEAD + 'person:example a foaf:Person ;\n    rdfs:label "Example"@en .\n'


@dataclass(frozen=True)
class Row:
    file: str
    outcome: str
    line: int | None
    column: int | None
    rule: str


def rows() -> list[Row]:
    with (FOLDER / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                row["file"],
                row["outcome"],
                int(row["line"]) if row["line"] else None,
                int(row["column"]) if row["column"] else None,
                row["rule"],
            )
            for row in csv.DictReader(lines)
        ]


ROWS = rows()


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The shipped ontology and shapes, and no data."""
    root = tmp_path_factory.mktemp("graph")
    for folder in ("ontology", "shapes"):
        (root / folder).symlink_to(Layout.shipped().root / folder)
    for folder in ("data", "queries"):
        (root / folder).mkdir()
    return Layout.at(root)


def report_on(path: Path, layout: Layout) -> Report:
    """Return the report on a file, made within the time that it may take."""
    start = time.perf_counter()
    report = validate([path], layout=layout)
    assert time.perf_counter() - start < LONGEST
    return report


def told(report: Report) -> set[tuple[int, str]]:
    return {(finding.location.line, finding.rule) for finding in report}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
def test_a_file_is_judged_as_the_manifest_says(row: Row, layout: Layout) -> None:
    report = report_on(FOLDER / row.file, layout)
    assert report.exit_code == {"accepted": 0, "warning": 0, "fault": 1, "refused": 2}[row.outcome]
    if row.outcome == "accepted":
        assert not report.findings
        return
    at_rule = [finding for finding in report if finding.rule == row.rule]
    assert at_rule, told(report)
    if row.line is not None:
        assert row.line in {finding.location.line for finding in at_rule}
    if row.column is not None:
        assert min(abs(finding.location.column - row.column) for finding in at_rule) <= 3
    if row.outcome == "warning":
        assert {finding.rule for finding in report} == {row.rule}
    assert all(finding.sentence and not finding.sentence.endswith("..") for finding in report)


def test_the_manifest_is_of_all_files_and_of_all_kinds() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"manifest.csv", ".gitattributes"}
    assert {row.file for row in ROWS} == files
    assert len(ROWS) == len(files) > 150
    assert {row.outcome for row in ROWS} == {"accepted", "warning", "fault", "refused"}
    assert {Path(row.file).suffix for row in ROWS if row.outcome == "accepted"} == {
        *(".ttl", ".nt", ".trig", ".nq", ".jsonld", ".rdf")
    }


LARGE = {
    "long address": (HEAD + f"<https://example.org/{'a' * 100_000}> a foaf:Person .\n", "iri-too-long", 4),
    "long literal": (HEAD + f'person:a rdfs:label "{"x" * 900_000}"@en .\n', "literal-too-long", 4),
    "long number": (HEAD + f"person:a rdfs:label {'9' * 70_000} .\n", "literal-too-long", 4),
    "deep nodes": (HEAD + "person:a rdfs:label " + "[ rdfs:label " * 100_000 + "1", "nested-too-deep", 4),
    "deep lists": (HEAD + "person:a rdfs:label " + "(\n" * 5_000 + ")" * 5_000 + " .", "nested-too-deep", 68),
    "deep triples": (HEAD + "<<(" * 64_000, "rdf12-not-supported", 4),
    "long list": (HEAD + f"person:a rdfs:label ({' 1' * 200_000}) .\n", "list-too-long", 4),
    "many prefixes": (
        "".join(f"@prefix p{n}: <https://example.org/{n}#> .\n" for n in range(60_000)),
        "too-many-prefixes",
        50_001,
    ),
    "markup": (
        HEAD
        + f'person:a rdfs:label "{"<b>" * 20_000}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML> .\n',
        "markup-literal",
        4,
    ),
    "clique": (
        "".join(f"_:a{i} <urn:p> _:a{j} .\n" for i in range(40) for j in range(40) if i != j),
        "blank-node-web",
        None,
    ),
    "large file": ("<urn:a> <urn:b> <urn:c> .\n" * 850_000, "file-too-large", 1),
    "open text": ('@prefix p: <urn:p#> .\np:a p:b """' + '"" \\" ' * 100_000, "unreadable", 2),
    "brackets in text": (HEAD + 'person:a rdfs:label "' + "[(" * 20_000 + '"@en, ] .\n', "unreadable", 4),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_is_refused_by_name_before_it_does_harm(
    name: str, layout: Layout, tmp_path: Path
) -> None:
    text, rule, line = LARGE[name]
    path = tmp_path / ("large.nt" if name in {"clique", "large file"} else "large.ttl")
    path.write_text(text, encoding="utf-8")
    (finding,) = report_on(path, layout)
    assert finding.rule == rule
    assert line is None or finding.location.line == line
    assert len(finding.source_line) < 300


def _laughs(used: str) -> str:
    entities = '<!ENTITY a0 "' + "a" * 50 + '">'
    entities += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f"<!DOCTYPE r [{entities}]>\n"
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
        f'<rdf:Description rdf:about="https://example.org/a"><e:p>{used}</e:p></rdf:Description></rdf:RDF>'
    )


LARGE_ELSEWHERE = {
    "laughs.rdf": (_laughs("&a9;"), "xml-doctype"),
    "declared.rdf": (_laughs("v"), "xml-doctype"),
    "quadratic.rdf": (
        f'<!DOCTYPE r [<!ENTITY a "{"a" * 100_000}">]>\n<r>{"&a;" * 20_000}</r>',
        "xml-doctype",
    ),
    "deep.rdf": ("<a>" * 3_000 + "</a>" * 3_000, "nested-too-deep"),
    "deep.jsonld": ('{"http://e/p":' * 5_000 + "1" + "}" * 5_000, "nested-too-deep"),
    "deep.trig": ("<urn:a> <urn:b> " + "<<(" * 64_000, "worker-died"),
    "deep.nq": ("<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 64_000, "worker-died"),
}


@pytest.mark.parametrize("name", LARGE_ELSEWHERE)
def test_what_would_end_a_parser_does_not_end_the_caller(name: str, layout: Layout, tmp_path: Path) -> None:
    text, rule = LARGE_ELSEWHERE[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    (finding,) = report_on(tmp_path / name, layout)
    assert finding.rule in {rule, "unreadable"} if rule == "worker-died" else finding.rule == rule


def test_many_names_are_warned_about(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "names.ttl"
    names = ", ".join(f'"Name {n}"@en' for n in range(1_200))
    path.write_text(
        GOOD.replace(
            " .\nperson:example", " .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\nperson:example"
        ).replace('"@en .', f'"@en ;\n    skos:altLabel {names} .'),
        encoding="utf-8",
    )
    assert {finding.rule for finding in report_on(path, layout)} == {"many-names"}


def test_many_of_one_thing_are_refused(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "same.ttl"
    path.write_text(
        "".join(f"<urn:a{n}> <http://www.w3.org/2002/07/owl#sameAs> <urn:a{n + 1}> .\n" for n in range(30)),
        encoding="utf-8",
    )
    (finding,) = (finding for finding in report_on(path, layout) if finding.rule == "same-as-cluster")
    assert finding.sentence.startswith("31 things are said to be one and the same")


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("name with space;rm -rf.ttl", "name with space;rm -rf.ttl", set()),
        ("a\u202elttl.ttl", r"a\u{202E}lttl.ttl", {"odd-file-name"}),
        ("new\nline.ttl", r"new\u{000A}line.ttl", {"odd-file-name"}),
    ],
)
def test_the_name_of_a_file_is_written_so_that_it_can_be_seen(
    name: str, written: str, expected: set[str], layout: Layout, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(GOOD, encoding="utf-8")
    report = report_on(tmp_path / name, layout)
    assert {finding.rule for finding in report} == expected
    assert report.files == (f"{tmp_path}/{written}",)
    (tmp_path / name).write_text(GOOD + "oops", encoding="utf-8")
    report = validate([tmp_path / name], layout=layout)
    assert f"/{written}:6:" in report.to_text()
    assert "\u202e" not in report.to_text() + report.to_json()


def test_what_is_no_file_is_told(layout: Layout, tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.ttl"
    os.mkfifo(fifo)
    assert told(report_on(fifo, layout)) == {(1, "no-file")}
    (tmp_path / "gone.ttl").symlink_to(tmp_path / "nowhere")
    (finding,) = report_on(tmp_path / "gone.ttl", layout)
    assert finding.sentence == "There is no such file or folder."


def test_a_wrong_prefix_is_a_fault_in_the_graph_itself(layout: Layout) -> None:
    path = layout.root / "data" / "people.ttl"
    path.write_text("@prefix schema: <https://example.org/other#> .\n" + GOOD, encoding="utf-8")
    try:
        (finding,) = report_on(path, layout)
    finally:
        path.unlink()
    assert (finding.rule, finding.severity) == ("prefix-namespace", Severity.VIOLATION)


def test_the_shipped_files_draw_no_remark() -> None:
    shipped = Layout.shipped()
    report = validate([shipped.root / "data"], layout=shipped, severity=Severity.INFO)
    assert not report.findings, report.to_text()


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        ("missing-dot.ttl", 2, ":11:1:"),
        ("remote-context.jsonld", 2, "[remote-context]"),
        ("hijacked-label.ttl", 1, "[schema-in-data]"),
        ("zero-width.ttl", 0, "[odd-character]"),
    ],
)
def test_the_command_line_says_it_and_exits_by_it(file: str, code: int, words: str) -> None:
    done = CliRunner().invoke(main, ["validate", str(FOLDER / file)])
    assert done.exit_code == code
    assert words in re.sub(r"\s+", " ", done.output)
    assert "Traceback" not in done.output


def test_an_error_shows_the_line_and_a_caret_below_it(layout: Layout) -> None:
    with pytest.raises(RefusedInputError) as caught:
        read(FOLDER / "windows-path.ttl")
    said, line, caret = str(caught.value).split("\n")
    assert said.endswith("Write two backslashes for one. [unreadable]")
    assert line[caret.index("^") :].startswith(r"\data")
    said, line, caret, *_ = validate([FOLDER / "windows-path.ttl"], layout=layout).to_text().split("\n")
    assert said.endswith("Write two backslashes for one. [unreadable]")
    assert line[caret.index("^") :].startswith(r"\data")


@dataclass
class Canary:
    """A server and a file that nobody must ask for."""

    address: str
    file: Path
    visits: list[object]


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    server = socket.create_server(("127.0.0.1", 0))
    visits: list[object] = []

    def listen() -> None:
        while True:
            try:
                connection, visitor = server.accept()
            except OSError:
                return
            visits.append(visitor)
            connection.close()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    secret = tmp_path / "canary-secret.ttl"
    secret.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    yield Canary(f"http://127.0.0.1:{server.getsockname()[1]}", secret, visits)
    # A thread that waits in accept() is not woken by close().
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    listener.join(timeout=5)


def bait(canary: Canary) -> dict[str, str]:
    """Return files that ask for the canary in each way that a syntax has."""
    found: dict[str, str] = {}
    for number, address in enumerate((f"{canary.address}/x", canary.file.as_uri())):
        rdf = (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/" '
            'xmlns:xi="http://www.w3.org/2001/XInclude">\n'
            '<rdf:Description rdf:about="https://example.org/a"><e:p>{}</e:p></rdf:Description></rdf:RDF>\n'
        )
        found |= {
            f"entity-{number}.rdf": f'<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]>\n' + rdf.format("&x;"),
            f"parameter-{number}.rdf": f'<!DOCTYPE r [<!ENTITY % x SYSTEM "{address}"> %x;]>\n'
            + rdf.format("v"),
            f"doctype-{number}.rdf": f'<!DOCTYPE r SYSTEM "{address}">\n' + rdf.format("v"),
            f"include-{number}.rdf": rdf.format(f'<xi:include href="{address}"/>'),
            f"stylesheet-{number}.rdf": f'<?xml-stylesheet href="{address}"?>\n' + rdf.format("v"),
            f"context-{number}.jsonld": json.dumps({"@context": address, "@id": "urn:a", "p": 1}),
            f"nested-{number}.jsonld": json.dumps({"@context": {"p": {"@id": "urn:p", "@context": address}}}),
            f"import-{number}.jsonld": json.dumps({"@context": {"@version": 1.1, "@import": address}}),
            f"list-{number}.jsonld": json.dumps({"@context": [{}, address], "@id": "urn:a", "p": 1}),
            f"imports-{number}.ttl": "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
            f"<urn:o> a owl:Ontology ; owl:imports <{address}> .\n",
            f"shapes-{number}.ttl": "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
            f'<urn:o> sh:shapesGraph <{address}> ; sh:js [ sh:jsLibraryURL "{address}" ] ;\n'
            f'    sh:select "SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}" .\n',
            f"link-{number}.ttl": GOOD.replace("@en .", f"@en ;\n    rdfs:seeAlso <{address}> ."),
            f"base-{number}.ttl": f"@base <{address}/> .\n<a> <b> <c> .\n",
        }
    found["relative.jsonld"] = json.dumps({"@context": "canary-secret.ttl", "@id": "urn:a", "p": 1})
    return found


def test_nothing_is_fetched_and_no_other_file_is_opened(canary: Canary, tmp_path: Path) -> None:
    """Watch the calls to the system: an audit hook of Python does not see those of native code."""
    strace = _strace(tmp_path)
    for name, text in bait(canary).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    log = tmp_path / "calls.log"
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from communique.layout import Layout\n"
        "from communique.validation.judge import validate\n"
        "for name in sys.argv[1:]:\n"
        "    report = validate([Path(name)], layout=Layout.shipped())\n"
        "    print(name, report.findings[0].rule if report.unreadable else report.exit_code)\n"
    )
    done = subprocess.run(
        [
            *(strace, "-f", "-qq", "-s", "300", "-e", "trace=%network,open,openat", "-o", str(log)),
            *(sys.executable, "-c", program, *sorted(bait(canary))),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(bait(canary))
    answers = dict(line.split() for line in done.stdout.splitlines())
    assert answers["context-0.jsonld"] == answers["relative.jsonld"] == "remote-context"
    assert answers["entity-0.rdf"] == answers["doctype-1.rdf"] == "xml-doctype"
    calls = log.read_text(encoding="utf-8", errors="replace").splitlines()
    assert any("imports-1.ttl" in call for call in calls), "strace saw the files that are judged"
    assert [call for call in calls if canary.file.name in call and "open" in call] == []
    assert [call for call in calls if re.search(r"(connect|sendto)\(.*AF_INET", call)] == []
    assert canary.visits == []


def _strace(folder: Path) -> str:
    """Return where strace is; skip where there is none, or where it may not watch."""
    found = shutil.which("strace")
    watched = found and subprocess.run(
        [found, "-f", "-o", str(folder / "try.log"), sys.executable, "-c", "pass"],
        capture_output=True,
        check=False,
    )
    if found and watched and watched.returncode == 0:
        return found
    reason = "strace is not installed" if found is None else "strace may not watch processes here"
    if os.environ.get("COMMUNIQUE_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


FOREIGN = {"Subject", "Subject-type", "untyped"}
"""What the graph says of anything that is not of its own kinds."""
STRICTER = {
    "h41-list-20000.ttl": "list-too-long",
    "h63-bnode-label-injection.ttl": "Subject",
    "s18-end-before-start.ttl": "untyped",
    "s19-future-past-event.ttl": "Subject-type",
    "s20-two-births.ttl": "Person",
    "s33-sameas-two-people.ttl": "Subject-sameAs",
    "s36-label-no-lang.ttl": "Label-prefLabel",
    "s55-duplicate-id-other-type.ttl": "Subject-type",
    "s56-bnode-entity.ttl": "Subject",
    "s60-lat-long.ttl": "untyped",
    "x17-xinclude.rdf": "markup-literal",
}
"""Files that are refused by a rule of the graph where the corpus asks for less, or by one of another kind.

The reasons are in docs/decisions/0008-bad-input.md.
"""


def corpus() -> list[dict[str, str]]:
    if not (CORPUS / "manifest.csv").exists():
        return []
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if (CORPUS / row["file"]).exists()]


@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/badinput is not there")
@pytest.mark.parametrize("row", corpus(), ids=lambda row: row["file"])
def test_the_corpus_is_judged_as_its_manifest_says(row: dict[str, str], layout: Layout) -> None:
    report = report_on(CORPUS / row["file"], layout)
    rules = {finding.rule for finding in report}
    own = rules - FOREIGN
    if row["file"] in STRICTER:
        assert STRICTER[row["file"]] in rules
        assert report.exit_code in {1, 2}
    elif row["expected"] == "accepted":
        assert own <= {"no-language"}
    elif row["expected"] == "accepted-with-warning":
        assert own
        assert {finding.severity for finding in report if finding.rule in own} == {Severity.WARNING}
    elif row["expected"] == "refused":
        assert own
        assert report.exit_code in {1, 2}
    else:
        assert report.exit_code == 2
        (finding,) = report
        line = re.search(r"line (\d+)", row["expected"])
        assert line is not None
        assert finding.location.line == int(line[1])
        column = re.match(r"col (\d+)", row["note"])
        assert column is None or abs(finding.location.column - int(column[1])) <= 3


def test_the_size_of_a_file_is_asked_before_it_is_read(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sparse.ttl"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    monkeypatch.setattr(gate, "MAX_BYTES", 1 << 20)
    assert told(report_on(path, layout)) == {(1, "file-too-large")}


def test_each_rule_of_the_reader_is_in_the_documents_and_each_that_is_there_exists() -> None:
    source = Path(gate.__file__).parents[1]
    files = [path for room in ("isolation", "located", "validation") for path in (source / room).glob("*.py")]
    quoted = {
        name
        for path in files
        for name in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', path.read_text(encoding="utf-8"))
    }
    page = (Path(__file__).parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")
    section = page.partition("\n## Reading files\n")[2].partition("\n## ")[0]
    told_of = {
        name
        for cell in re.findall(r"(?m)^\| (`.*?`) \|", section)
        for name in re.findall(r"`([a-z0-9-]+)`", cell)
    }
    assert told_of <= quoted
    tried = {row.rule for row in ROWS if row.rule and row.rule.islower()}
    tried |= {rule for _, rule, _ in LARGE.values()} | {rule for _, rule in LARGE_ELSEWHERE.values()}
    assert tried <= told_of
    assert len(told_of) > 60
