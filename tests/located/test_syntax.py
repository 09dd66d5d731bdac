"""Errors of syntax: the place of the very sign, and words that tell what to write instead."""

from __future__ import annotations

import pytest

from communique.isolation.refusal import RefusedInputError
from communique.located.turtle import parse

HEAD = """\
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix person: <https://w3id.org/communique/person/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

"""
GOOD = HEAD + 'person:a a foaf:Person ;\n    rdfs:label "A"@en .\n'

BROKEN = {
    "a comma for a semicolon": (" ;\n", " ,\n", "6:16", "by a comma where a semicolon is meant"),
    "a quotation mark within": ('"A"', '"He said "A" to me"', "6:26", "takes a backslash before it"),
    "a text over two lines": ('"A"', '"A\nB"', "6:18", "put three around a text of several lines"),
    "a text that does not end": ('"A"@en .', '"A .', "6:16", "never closed, or the rest lost"),
    "one stop too many": ("@en .", "@en ..", "6:24", "One full stop ends a statement"),
    "a stop after PREFIX": ("@prefix foaf:", "PREFIX foaf:", "1:43", "after PREFIX without @ stands none"),
    "a bare address": ("<http://xmlns.com/foaf/0.1/>", "http://xmlns.com/", "1:15", "in angle brackets"),
    "an open address": ("foaf/0.1/>", "foaf/0.1/ ", "1:42", "Close the address with >"),
    "a bare word": ('"A"@en', "Alice", "6:16", "A text stands in quotation marks"),
    "an @ alone": ("@en", "@", "6:20", "or leave the @ out"),
    "a language apart": ("@en", " @en", "6:20", "right behind the text, without a blank"),
    "one caret": ('"A"@en', '"2024-01-01"^xsd:date', "6:28", "Two carets stand before a datatype"),
    "a bare predicate": (" a foaf", " is foaf", "5:10", "the word a alone has none"),
    "an open bracket": ('"A"@en', '[ rdfs:label "A"@en', "6:36", "Close the bracket"),
    "a comment of another language": ("person:a", "// A.\nperson:a", "5:1", "Comments start with #"),
    "a merge": ("person:a a", "<<<<<<< HEAD\nperson:a a", "5:1", "Git could not merge here"),
    "a mark amid the text": ("person:a a", "\ufeffperson:a a", "5:1", r"The prefix \u{FEFF}person: has not"),
    "no stop at the end": ("@en .\n", "@en\n\n\n", "6:22", "A full stop is missing"),
}


@pytest.mark.parametrize(("right", "wrong", "place", "words"), BROKEN.values(), ids=BROKEN)
def test_an_error_is_told_at_its_sign_with_what_to_do(right: str, wrong: str, place: str, words: str) -> None:
    parse(GOOD)
    text = GOOD.replace(right, wrong, 1)
    assert text != GOOD
    with pytest.raises(RefusedInputError) as caught:
        parse(text, "new.ttl")
    assert str(caught.value).startswith(f"new.ttl:{place}: ")
    assert words in caught.value.reason
    assert caught.value.reason.partition("\n")[2]  # The line is shown.


def test_lines_that_end_in_a_carriage_return_are_counted_and_shown() -> None:
    with pytest.raises(RefusedInputError) as caught:
        parse(GOOD.replace(" ;\n", "\n").replace("\n", "\r"), "new.ttl")
    assert str(caught.value.location) == "new.ttl:6:5"
    assert 'rdfs:label "A"@en' in caught.value.reason
