"""Each faulty line of the fixtures is found, by the rule that it names, and nothing besides.

A line ends in ``# expect: RULE`` for each finding that it must have, or ``# expect: RULE@COLUMN``
where the column must be right as well. ``RULE`` is the local name of a shape, the name of a check,
or that of an error of syntax.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from communique.layout import Layout
from communique.validation.judge import validate
from communique.validation.report import Report

FOLDER = Path(__file__).parent / "expect"
FIXTURES = sorted(FOLDER.glob("*.ttl"))
CONTEXT = FOLDER.parents[1] / "shapes" / "context.ttl"
_EXPECTED = re.compile(r"# expect: (.+?)\r?$")


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The shipped ontology and shapes, a small register, and the check beside the fixtures."""
    shipped = Layout.shipped()
    root = tmp_path_factory.mktemp("graph")
    for folder in ("ontology", "shapes"):
        (root / folder).symlink_to(shipped.root / folder)
    (root / "data").mkdir()
    (root / "data" / "context.ttl").write_bytes(CONTEXT.read_bytes())
    checks = root / "queries" / "checks" / "data"
    checks.mkdir(parents=True)
    for check in FOLDER.glob("*.rq"):
        (checks / check.name).write_bytes(check.read_bytes())
    return Layout.at(root)


def expected(path: Path) -> list[tuple[int, str, int | None]]:
    """Return line, rule and, where it is given, column of all that must be found in a file."""
    found = []
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        for rule in " ".join(_EXPECTED.findall(line)).split():
            name, _, column = rule.partition("@")
            found.append((number, name, int(column) if column else None))
    return found


def report_on(path: Path, layout: Layout) -> Report:
    return validate([path], layout=layout)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_faulty_lines_are_found_and_no_others(path: Path, layout: Layout) -> None:
    report = report_on(path, layout)
    marks = expected(path)
    assert Counter((finding.location.line, finding.rule) for finding in report) == Counter(
        (line, rule) for line, rule, _ in marks
    )
    columns = {(finding.location.line, finding.rule, finding.location.column) for finding in report}
    assert {mark for mark in marks if mark[2] is not None} <= columns


def test_the_fixtures_are_many_and_of_all_kinds() -> None:
    marks = {path.stem: expected(path) for path in FIXTURES}
    assert sum(1 for found in marks.values() if found) >= 40
    assert marks["nothing-wrong"] == []
    assert len(marks["many-faults-in-one-file"]) > 10
    assert len({rule for found in marks.values() for _, rule, _ in found}) >= 30
    contents = {path.stem: path.read_bytes() for path in FIXTURES}
    assert contents["windows-line-ends"].count(b"\r\n") == contents["windows-line-ends"].count(b"\n") > 5
    assert contents["byte-order-mark"].startswith(b"\xef\xbb\xbf")
    assert b"\t\t" in contents["indented-with-tabs"]
    assert not contents["no-line-end-at-the-end"].endswith(b"\n")
