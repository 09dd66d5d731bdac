"""Where terms stand: the tokens give the graph that the parser gives, and each span is the term's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.layout import Layout
from communique.mending.occurrences import UnfollowableError, follow

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = Layout.shipped()
FILES = [*LAYOUT.ontology_files, *LAYOUT.data_files, *LAYOUT.shape_files]
SAMPLES = [
    "@prefix : <http://e/> . "
    ":a :b (1 (2 [:c :d; :e \"x\"@EN-gb , 'y'^^:t]) ()), [] . [:x :y] . [:x :y] :z 1.5, 1e3, -.5, true .",
    '() <a:p> ( ) . (1) <a:p> "\\u00e9\\n\\"" , \'\'\'it\'s\n\'\'\' , """a"b""" .',
    "@base <http://e/x/> . PREFIX p: <#> <a> p:b <../c>, p:d\\,e , p:f%20g, <?q>, <//h/i>, <> ;; .",
    "@prefix e: <http://a/> . e:x e:p 1 . @prefix e: <http://b/> . e:x e:p 1.\n_:b e:p _:b.c , _:d .",
    "<a:s> <a:p> \"x\" ^^ <a:t> , 'y'^^<http://www.w3.org/2001/XMLSchema#string>#comment\n. # end",
    "",
    "# only a comment",
]


def graph(text: str) -> ox.Dataset:
    found = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def followed(text: str) -> ox.Dataset:
    reading = follow(text)
    terms = [one.term for one in reading.occurrences]
    found = ox.Dataset(
        [ox.Quad(s, p, o) for s, p, o in reading.triples_of(terms) if not isinstance(s, ox.Literal)]
    )
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_shipped_files_are_followed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert followed(text) == graph(text)


@pytest.mark.parametrize("text", SAMPLES)
def test_every_way_to_write_is_followed(text: str) -> None:
    assert followed(text) == graph(text)


@given(st.text(alphabet=" \n:ab\"'<>[](),;.^@_1-\\#%", max_size=40))
def test_what_is_followed_is_what_the_parser_reads(text: str) -> None:
    """The tokens may accept more than the parser does; where both read, they read the same."""
    text = f"@prefix : <http://e/> . :s :p {text} ."
    try:
        expected = graph(text)
    except SyntaxError:
        return
    try:
        found = followed(text)
    except UnfollowableError:
        return
    assert found == expected


def test_a_span_is_the_term_with_its_language_or_datatype() -> None:
    text = '@prefix : <http://e/> .\n:a :b "x"@en ,\n  "1"^^:t . # :c\n:d :e <http://f> .'
    spans = [text[one.start : one.end] for one in follow(text).occurrences]
    assert spans == [":a", ":b", '"x"@en', '"1"^^:t', ":d", ":e", "<http://f>"]
    reading = follow(text)
    owners = [(one.subject, one.predicate) for one in reading.occurrences]
    assert owners == [(None, None), (0, None), (0, 1), (0, 1), (None, None), (4, None), (4, 5)]


def test_prefixes_are_read_as_they_are_meant_and_noted() -> None:
    reading = follow("@prefix cmq: <http://e/> . Cmq:a cmq:b role:chair .")
    assert [str(one.term) for one in reading.occurrences] == [
        "<http://e/a>",
        "<http://e/b>",
        "<https://w3id.org/communique/concept/role/chair>",
    ]
    assert reading.misspelt == [(27, 30, "cmq")]
    assert list(reading.undeclared) == ["role"]


@pytest.mark.parametrize(
    "text",
    [
        "<a:s> <a:p> <a:o>",
        "<a:s> <a:p> .",
        "<a:s> <a:p> x:o .",
        "<< <a:s> <a:p> <a:o> >> <a:p> 1 .",
        '<a:s> <a:p> "\\ud800" .',
        "<a:s> <a:p> [ .",
        "<a:s> <a:p> ] .",
        "@prefix x <a:b> .",
    ],
)
def test_what_is_no_turtle_is_not_followed(text: str) -> None:
    with pytest.raises(UnfollowableError):
        follow(text)
