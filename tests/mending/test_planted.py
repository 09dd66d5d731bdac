"""Faults planted into the shipped records: mending restores each record, byte by byte, and no more."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from communique.layout import Layout
from communique.mending.fixes import fix
from communique.mending.occurrences import TYPE, follow
from communique.mending.proposals import NAMES
from communique.namespaces import BASE, PREFIXES, TERM
from communique.validation.judge import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from communique.mending.occurrences import Occurrence, Reading

SHIPPED = Layout.shipped()
FILES = [
    path for path in SHIPPED.data_files if path.relative_to(SHIPPED.root).parts[1] in {"readouts", "register"}
]
SEEDS = range(3)
XSD = PREFIXES["xsd"]
DCTERMS = PREFIXES["dcterms"]
Plant = tuple[str, int, int, str]
"""A fault: the remedy that it needs, where it is put, and its text."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A copy of the graph whose files may be spoilt."""
    root = tmp_path_factory.mktemp("graph")
    shutil.copytree(SHIPPED.root / "data", root / "data")
    for folder in ("ontology", "shapes", "queries"):
        (root / folder).symlink_to(SHIPPED.root / folder)
    return Layout(root)


def faults(text: str) -> list[Plant]:
    """Return every fault that this test can plant into a text, each with the remedy that it needs."""
    reading = follow(text)
    found = [*_in_prefixes(reading)]
    for one in reading.occurrences:
        written = text[one.start : one.end]
        path = "" if one.predicate is None else reading.occurrences[one.predicate].term.value
        if isinstance(one.term, ox.Literal):
            plants = _in_literal(one.term, path, text[one.start : one.string_end])
        elif isinstance(one.term, ox.NamedNode) and one.role != "subject":
            plants = _in_iri(written, one, one.term.value, path)
        else:
            continue
        found += [(rule, one.start, one.end, new) for rule, new in plants if new != written]
    return found


def _in_prefixes(reading: Reading) -> Iterator[Plant]:
    for one in reading.namespaces:
        if one.iri in PREFIXES.values():
            other = one.iri.replace("https:", "HTTPS:") if "https:" in one.iri else one.iri
            scheme = {"https": "http", "http": "https"}[one.iri.partition(":")[0]]
            yield "namespace", one.start, one.end, f"<{scheme}:{one.iri.partition(':')[2]}>"
            yield "namespace", one.start, one.end, f"<{other.replace('w3id.org', 'W3ID.org')}>"
            if one.iri.endswith("#"):
                yield "namespace", one.start, one.end, f"<{one.iri[:-1]}>"
            if one.prefix:
                yield "prefix-line", one.opens, one.closes + 1, ""
    for name in reading.occurrences:
        if name.prefix and name.string_end is None and name.role != "subject":
            yield "prefix-case", name.start, name.start + len(name.prefix), name.prefix.title()


def _in_iri(written: str, one: Occurrence, iri: str, path: str) -> Iterator[tuple[str, str]]:
    prefix, colon, local = written.partition(":")
    if one.prefix is None or not colon:
        return
    if one.role != "predicate" and path != TYPE.value and not iri.startswith(BASE):
        return  # The graph knows no page of somebody else's, so no form of its address is certain.
    changed = local[:1].swapcase() + local[1:]
    yield "name-case", f"{prefix}:{changed}"
    if one.role == "predicate":
        yield "name-case", f"{prefix}:{local.lower()}"
        if iri in {DCTERMS + name for name in ("language", "publisher", "title", "source")}:
            yield "dublin-core", f"<http://purl.org/dc/elements/1.1/{local}>"
        return
    if path == TYPE.value:
        return
    yield "namespace", f"<{iri.replace('https:', 'http:')}>"
    yield "iri-form", f"<{iri}/>"
    yield "iri-form", f"{prefix}:{local.replace('-', '%2D')}"
    yield "iri-as-text", f'"{written}"'
    yield "iri-as-text", f'"{iri}"^^<{XSD}anyURI>'
    yield "blanks, iri-as-text", f'" {iri}"'


def _in_literal(literal: ox.Literal, path: str, quoted: str) -> Iterator[tuple[str, str]]:
    value, name = literal.value, literal.datatype.value
    if literal.language:
        yield "language-case", f"{quoted}@{literal.language.upper()}"
        yield "blanks", f'"  {quoted[1:-1]}\\t"@{literal.language}'
        own = literal.language != "ja" or not literal.value.isascii()
        words = path.endswith(("AsPrinted", "Words")) and own  # A Latin name may be English on any page.
        if words or (path.endswith("label") and literal.language == "en"):
            yield "language", quoted
            yield "blanks, language", f'" {quoted[1:]}'
    elif name in {XSD + "date", XSD + "gDay"}:
        yield "datatype", f'"{value}"'
        yield "datatype", f'"{value}"@en'
        yield "datatype", f'"{value}"^^<{XSD}dateTime>'
        yield "blanks", f'" {value} "^^<{name}>'
    elif name == XSD + "integer":
        yield "datatype", f'"{value}"'
        yield "datatype", f'"{value}"^^<{XSD}positiveInteger>'
    elif name == XSD + "boolean":
        yield "datatype", f'"{value}"'
    elif path in {TERM + "zone", TERM + "seatZone", TERM + "countryCode", DCTERMS + "language"}:
        yield "code-case", f'"{value.swapcase()}"'
        yield "datatype", f'"{value}"@en'
        yield "blanks", f'"{value} "'


def planted(text: str, plants: list[Plant]) -> str:
    for _, start, end, new in sorted(plants, key=lambda plant: plant[1], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def chosen(text: str, seed: int) -> list[Plant]:
    """Return some faults that do not lie within each other, and that do not hide what mends another."""
    generator = random.Random(seed)  # noqa: S311 - a seed gives the same faults again
    possible = faults(text)
    picked: list[Plant] = []
    for rule in sorted({plant[0] for plant in possible}):
        plant = generator.choice([plant for plant in possible if plant[0] == rule])
        if all(plant[2] <= other[1] or other[2] <= plant[1] for other in picked):
            picked.append(plant)
    # One fault of the prefix lines at a time: the line that binds a misspelt prefix must be there.
    heads = [plant for plant in picked if text.startswith("@prefix", text.rfind("\n", 0, plant[1]) + 1)]
    keep = generator.choice(heads) if heads else None
    reading = follow(text)
    gone = [one.prefix for one in reading.namespaces if keep and keep[1] == one.opens]
    needed = {one.start for one in reading.occurrences if one.prefix in gone}
    return [
        plant
        for plant in picked
        if plant is keep
        or (plant not in heads and not (plant[0] == "prefix-case" and heads) and plant[1] not in needed)
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_spoilt_record_is_restored_byte_by_byte(path: Path, seed: int, copied: Layout) -> None:
    target = copied.root / path.relative_to(SHIPPED.root)
    text = path.read_text(encoding="utf-8")
    plants = chosen(text, seed)
    assert plants
    target.write_text(planted(text, plants), encoding="utf-8")
    try:
        (mended,) = fix([target], copied, form=False)
        assert mended.left == ()
        assert mended.after == text
        told = sorted(rule for one in mended.fixes for rule in one.rule.split(", "))
        assert set(told) >= {rule for plant in plants for rule in plant[0].split(", ")} - {
            "iri-form",
            "namespace",
        }
        assert set(told) <= set(NAMES)
        assert_only_named_lines_change(
            mended.before, mended.after, {n for one in mended.fixes for n in one.lines}
        )
    finally:
        target.write_text(text, encoding="utf-8")


def assert_only_named_lines_change(before: str, after: str, named: set[int]) -> None:
    """A line of the file before is in the file after, in its place, unless it is named."""
    rest = iter(after.split("\n"))
    for number, line in enumerate(before.split("\n"), 1):
        assert number in named or line in rest, f"line {number} changed and is not named: {line}"


def test_every_remedy_but_a_few_is_planted() -> None:
    rules = {
        rule
        for path in FILES
        for plant in faults(path.read_text(encoding="utf-8"))
        for rule in plant[0].split(", ")
    }
    assert set(NAMES) - rules == {"canonical-form", "retired-iri"}


def test_what_is_mended_conforms_and_stays(copied: Layout) -> None:
    spoilt = []
    for seed, path in enumerate(FILES):
        text = path.read_text(encoding="utf-8")
        target = copied.root / path.relative_to(SHIPPED.root)
        target.write_text(planted(text, chosen(text, seed)), encoding="utf-8")
        spoilt.append(target)
    first = fix(spoilt, copied, write=True)
    assert all(one.fixes for one in first)
    report = validate(spoilt, layout=copied)
    assert report.conforms, [(str(one.location), one.message) for one in report]
    again = fix(spoilt, copied, write=True)
    assert [(one.fixes, one.difference) for one in again] == [((), "")] * len(again)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_record_without_faults_is_left_as_it_is(path: Path) -> None:
    (mended,) = fix([path], SHIPPED)
    assert (mended.fixes, mended.left) == ((), ())
    assert mended.after.encode() == path.read_bytes()
