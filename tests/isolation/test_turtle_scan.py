"""The scan of Turtle: it lets every file of the project pass, and ends in time on any text."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.isolation.refusal import RefusedInputError
from communique.isolation.turtle import MAX_NESTING, scan
from communique.layout import Layout

LAYOUT = Layout.shipped()
FILES = [*LAYOUT.ontology_files, *LAYOUT.data_files, *LAYOUT.shape_files]
PIECES = [
    "<",
    ">",
    "<<",
    '"',
    '"""',
    "'",
    "'''",
    "\\",
    "\\u0041",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "#",
    "\n",
    " ",
]
PIECES += ["@prefix a: <urn:a#> .", "@en", "a:b", "<urn:a>", ".", ";", ",", "1.5", "é", "^^", "\\'"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_projects_own_files_pass_without_a_word(path: Path) -> None:
    assert scan(path.read_text(encoding="utf-8"), path.name) == []


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(max_examples=300)
def test_any_text_is_scanned_without_an_accident(pieces: list[str]) -> None:
    text, rule = "".join(pieces), None
    try:
        scan(text, "x.ttl")
    except RefusedInputError as error:
        rule = error.rule
    # Seven of them are what git leaves of a merge.
    assert rule in {None, "rdf12-not-supported", *(["unreadable"] if "<" * 7 in text else [])}


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=300)
def test_no_text_hides_nesting_from_the_scan_that_the_parser_sees(pieces: list[str]) -> None:
    """What the parser reads as a whole, with too many brackets behind it, is refused by the scan."""
    start = "<urn:s> <urn:p> <urn:o> .\n" + "".join(pieces)
    try:
        list(pyoxigraph.parse(start, format=pyoxigraph.RdfFormat.TURTLE))
    except SyntaxError:
        return
    depth = MAX_NESTING + 1
    nested = "\n<urn:s> <urn:p> " + "[ <urn:p> " * depth + "1" + " ]" * depth + " ."
    with pytest.raises(RefusedInputError) as caught:
        scan(start + nested, "x.ttl")
    assert caught.value.rule in {"nested-too-deep", "rdf12-not-supported"}
    # Triple terms are what ends the parser's process: the scan must see the first one.
    with pytest.raises(RefusedInputError, match="Triple terms"):
        scan(start + "\n<urn:s> <urn:p> <<( <urn:s> <urn:p> <urn:o> )>> .", "x.ttl")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("@prefix skos: <urn:x#> .", ["prefix-namespace"]),
        ("PREFIX skos: <urn:x#>", ["prefix-namespace"]),
        ("@prefix schema: <http://schema.org/> .", []),
        ("@prefix a: <urn:x#> .\n@prefix a: <urn:x#> .", []),
        ("@prefix a: <urn:x#> .\n@prefix a: <urn:y#> .", ["prefix-rebound"]),
        ("@prefix a: <http://x/> .\n@prefix b: <https://x/> .", ["namespace-twin"]),
        ("# @prefix skos: <urn:x#> .", []),
        ('<urn:a> <urn:b> "@prefix skos: <urn:x#> ." .', []),
        ("<urn:a> <urn:b> (" + " 1" * 1_001 + ") .", ["long-list"]),
        ("<urn:a> <urn:b> (" + " 1" * 1_000 + ") .", []),
        ("<urn:a> <urn:b> " + ", ".join(["1"] * 2_000) + " .", []),
    ],
)
def test_what_is_odd_is_told_and_what_is_not_is_not(text: str, rules: list[str]) -> None:
    assert [notice.rule for notice in scan(text, "x.ttl")] == rules


def test_brackets_in_texts_addresses_and_comments_do_not_count() -> None:
    many = "[(" * 100
    text = f'<urn:a> <urn:b> "{many}", \'{many}\', """{many}""", <urn:{"(" * 100}> . # {many}\n'
    assert scan(text, "x.ttl") == []
