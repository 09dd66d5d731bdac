"""Additions to the registers: each entry at its place, comments and texts of several lines unharmed."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.curation.formatting import format_turtle
from communique.drafting.registers import (
    Additions,
    named,
    proposed_name,
    short_name,
    with_statements,
)
from communique.identity.known import KINDS, Entity, file_of

REGISTER = format_turtle(
    '''\
# People, by short name.
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix person: <https://w3id.org/communique/person/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

# The first.
person:anna-berg a foaf:Person ;
    rdfs:label "Anna Berg"@en ;
    skos:editorialNote """Two

# paragraphs"""@en .

person:carl-diaz a foaf:Person ;
    rdfs:label "Carl Diaz"@en .

# The end.
'''
)


def labelled(local: str, label: str) -> list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    node = named(f"person:{local}")
    return [
        (node, named("rdf:type"), named("foaf:Person")),
        (node, named("rdfs:label"), ox.Literal(label, language="en")),
    ]


def subjects(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line.startswith("person:")]


@pytest.mark.parametrize(
    ("local", "order"),
    [
        ("aaron-abt", ["person:aaron-abt", "person:anna-berg", "person:carl-diaz"]),
        ("berta-cho", ["person:anna-berg", "person:berta-cho", "person:carl-diaz"]),
        ("zoe-zhu", ["person:anna-berg", "person:carl-diaz", "person:zoe-zhu"]),
    ],
)
def test_a_new_entry_stands_at_its_place_and_nothing_else_moves(local: str, order: list[str]) -> None:
    text = with_statements(REGISTER, labelled(local, "New"), "people.ttl")
    assert subjects(text) == order
    assert format_turtle(text) == text
    before = [line for line in REGISTER.splitlines() if line]
    assert [line for line in text.splitlines() if line in before] == before


def test_a_known_entry_gets_its_new_name_where_it_stands() -> None:
    alias = (named("person:anna-berg"), named("skos:altLabel"), ox.Literal("A. Berg", language="en"))
    text = with_statements(REGISTER, [alias], "people.ttl")
    assert subjects(text) == ["person:anna-berg", "person:carl-diaz"]
    assert sorted(set(text.splitlines()) - set(REGISTER.splitlines())) == ['    skos:altLabel "A. Berg"@en ;']
    assert with_statements(text, [alias], "people.ttl") == text


def test_a_register_that_is_not_there_yet_begins_with_its_first_entry() -> None:
    text = with_statements("", labelled("anna-berg", "Anna Berg"), "people.ttl")
    assert subjects(text) == ["person:anna-berg"]
    assert format_turtle(text) == text


def test_that_two_are_two_is_said_once_whichever_is_named_first() -> None:
    one, other = KINDS["person"] + "thea-lee", KINDS["person"] + "anna-lee"
    additions = Additions()
    additions.tell_apart(one, other, file_of("person"))
    additions.tell_apart(other, one, file_of("person"))
    text = additions.files(lambda _: "")[file_of("person")]
    assert text.splitlines()[-1] == "person:anna-lee owl:differentFrom person:thea-lee ."
    assert text.count("differentFrom") == 1


@given(st.text(max_size=80))
def test_a_short_name_is_one_the_schema_accepts_or_empty(text: str) -> None:
    name = short_name(text)
    assert name == "" or all(part.isalnum() and part.isascii() for part in name.split("-"))
    assert name == name.lower()
    assert short_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Thị Đào", "nguyen-thi-dao"),
        ("Hon. Zoë O'Neill", "hon-zoe-oneill"),
        ("Ministry of Economy (METI)", "ministry-of-economy-meti"),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_short_name_is_made_of_plain_letters(text: str, name: str) -> None:
    assert short_name(text) == name


def test_a_proposed_name_is_free_and_says_what_it_is() -> None:
    body = Entity(KINDS["body"] + "us-dol", "body")
    assert proposed_name("person", "Anna Berg", None, None, ()) == "anna-berg"
    taken = [KINDS["person"] + "anna-berg", KINDS["person"] + "anna-berg-2"]
    assert proposed_name("person", "Anna Berg", None, None, taken) == "anna-berg-3"
    assert proposed_name("body", "Ministry of Labour (MOL)", "TW", None, ()) == "tw-mol"
    assert proposed_name("facility", "Hilados del Norte, S.A. de C.V.", None, None, ()) == "hilados-del-norte"
    assert proposed_name("post", "Deputy Secretary", "US", body, ()) == "us-dol-deputy-secretary"


def test_bodies_have_one_register_a_country() -> None:
    assert file_of("body", "US") == "data/register/bodies-us.ttl"
    assert file_of("person", "US") == "data/register/people.ttl"
    assert file_of("place") == "ontology/concepts/place.ttl"
