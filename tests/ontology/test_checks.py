"""The ontology has none of the common pitfalls, and each check finds its own and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pyoxigraph import QuerySolutions, RdfFormat, Store

from communique.layout import Layout

LAYOUT = Layout.shipped()
CHECKS = LAYOUT.ontology_check_files
FIXTURES = Path(__file__).parent / "check-fixtures"


def _load(*paths: Path) -> Store:
    store = Store()
    for path in paths:
        store.load(path=path, format=RdfFormat.TURTLE)
    return store


def _rows(check: Path, store: Store) -> list[tuple[str, str]]:
    found = store.query(check.read_text(encoding="utf-8"))
    assert isinstance(found, QuerySolutions)
    return [(row["focus"].value, row["message"].value) for row in found]


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_ontology_has_no_such_fault(check: Path) -> None:
    assert _rows(check, _load(*LAYOUT.ontology_files)) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_fixture_has_its_own_fault_and_no_other(check: Path) -> None:
    store = _load(FIXTURES / f"{check.stem}.ttl")
    faults = {other.stem: _rows(other, store) for other in CHECKS}
    assert {name for name, rows in faults.items() if rows} == {check.stem}
    assert all(message.endswith(".") for _, message in faults[check.stem])


def test_each_fixture_has_a_check() -> None:
    assert {path.stem for path in FIXTURES.iterdir()} == {path.stem for path in CHECKS}


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_header_says_the_fault_the_remedy_and_the_source(check: Path) -> None:
    lines = check.read_text(encoding="utf-8").splitlines()
    header = yaml.safe_load("\n".join(line[3:] for line in lines if line.startswith("#+")))
    assert set(header) == {"summary", "description", "source"}
    assert header["summary"].endswith(".")
    problem, remedy = header["description"].strip().split("\n", 1)
    assert problem.endswith(".")
    assert remedy.endswith(".")
    assert all(isinstance(source, str) for source in header["source"])


def test_each_check_is_in_the_table_of_pitfalls() -> None:
    table = (LAYOUT.root / "docs" / "decisions" / "0003-ontology-pitfalls.md").read_text(encoding="utf-8")
    assert [check.stem for check in CHECKS if f"`{check.stem}`" not in table] == []
