"""Entries that look like one are found where they stand, and each pair is silenced by itself."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique.cli import main
from communique.identity.twins import find_twins
from communique.layout import FOLDERS, Layout

SHIPPED = Layout.shipped()
TOLD_APART = re.compile(r" ;\n    owl:differentFrom\s+([^;.]+?)(?= ?[;.]$)", re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FOLDERS:
        shutil.copytree(SHIPPED.root / name, tmp_path / name)
    return tmp_path


def add(copy: Path, register: str, text: str) -> int:
    """Add an entry at the end of a register, and return the line on which it begins."""
    path = copy / "data" / "register" / f"{register}.ttl"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{text}\n", encoding="utf-8")
    return before.count("\n") + 2


def pairs(copy: Path) -> set[tuple[str, str]]:
    return {(twins.one.slug, twins.other.slug) for twins in find_twins(Layout.at(copy))}


def test_no_two_entries_that_are_shipped_look_like_one() -> None:
    assert [str(twins) for twins in find_twins(SHIPPED)] == []


@pytest.mark.parametrize(
    ("register", "entry", "pair"),
    [
        (
            "people",
            'person:tai-katherine a foaf:Person ; rdfs:label "TAI Katherine"@en .',
            ("person:katherine-tai", "person:tai-katherine"),
        ),
        (
            "people",
            'person:katerine-tai a foaf:Person ; rdfs:label "Katerine Tai"@en .',
            ("person:katerine-tai", "person:katherine-tai"),
        ),
        (
            "bodies-us",
            'body:us-labor a cmq:GovernmentBody ; rdfs:label "U.S. Dept. of Labour"@en ; '
            "cmq:government government:united-states .",
            ("body:us-dol", "body:us-labor"),
        ),
        (
            "organizations",
            'organization:keidanren-2 a org:Organization ; rdfs:label "Japan Business Federation, Inc."@en .',
            ("organization:keidanren", "organization:keidanren-2"),
        ),
        (
            "posts",
            'post:us-ustr a org:Post ; rdfs:label "U.S. Trade Representative"@en ; org:postIn body:us-ustr .',
            ("post:us-trade-representative", "post:us-ustr"),
        ),
        (
            "mechanisms",
            'mechanism:ttc a cmq:Mechanism ; rdfs:label "EU-US Trade & Technology Council"@en .',
            ("mechanism:ttc", "mechanism:us-eu-trade-and-technology-council"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" not in value else "",
)
def test_an_entry_that_is_there_already_is_found(
    copy: Path, register: str, entry: str, pair: tuple[str, str]
) -> None:
    line = add(copy, register, entry)
    found = {(twins.one.slug, twins.other.slug): twins for twins in find_twins(Layout.at(copy))}
    assert pair in found
    if entry.startswith(f"{pair[1]} "):
        at = found[pair].location
        assert (Path(at.path).stem, at.line) == (register, line)


def test_a_ministry_of_another_country_is_another(copy: Path) -> None:
    add(
        copy,
        "bodies-ca",
        'body:ca-dol a cmq:GovernmentBody ; rdfs:label "Department of Labor"@en ; '
        "cmq:government government:canada .",
    )
    assert pairs(copy) == set()


def test_two_occasions_of_one_day_and_kind_are_found(copy: Path) -> None:
    readout = next((copy / "data" / "readouts").rglob("ustr-2018-03-10-trilateral-brussels.ttl"))
    text = readout.read_text(encoding="utf-8")
    (occasion,) = set(re.findall(r"cmq:about (occasion:[\w-]+)", text))
    add(
        copy,
        "occasions",
        'occasion:another a cmq:Dialogue ; rdfs:label "Another"@en ; '
        "cmq:under mechanism:us-eu-japan-trilateral-trade-ministers .",
    )
    other = readout.with_name("other-2018-03.ttl")
    renamed = text.replace(occasion, "occasion:another").replace(readout.stem, other.stem)
    other.write_text(renamed, encoding="utf-8")
    assert pairs(copy) == {("occasion:another", occasion)}


def test_every_pair_that_is_told_apart_would_be_found(copy: Path) -> None:
    told_apart = set()
    for path in (copy / "data" / "register").glob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        for block in text.split("\n\n"):
            for others in TOLD_APART.findall(block):
                told_apart |= {(block.split(maxsplit=1)[0], other) for other in re.split(r",\s*", others)}
        path.write_text(TOLD_APART.sub("", text), encoding="utf-8")
    assert len(told_apart) >= 8
    assert pairs(copy) == told_apart


def test_the_command_tells_what_to_do(copy: Path) -> None:
    runner = CliRunner()
    quiet = runner.invoke(main, ["--folder", str(copy), "twins"])
    assert (quiet.exit_code, quiet.output) == (0, "No two entries look like one.\n")
    add(copy, "people", 'person:tai-katherine a foaf:Person ; rdfs:label "Tai Katherine"@en .')
    told = runner.invoke(main, ["--folder", str(copy), "twins"])
    assert told.exit_code == 1
    assert "person:katherine-tai owl:differentFrom person:tai-katherine ." in told.output
    assert told.output.endswith("1 pair looks like one.\n")
