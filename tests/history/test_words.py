"""Special cases, each told in the words that people would use."""

from __future__ import annotations

import io
import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from communique.history.changes import Changes
from communique.history.comparison import compare
from communique.history.formats import FORMATS, show
from communique.history.report import labels_of
from communique.history.versions import Version, version_of_texts
from communique.layout import Layout
from communique.namespaces import PREFIXES

from .test_comparison import check_complete

LAYOUT = Layout.shipped()
LABELS = labels_of(LAYOUT)
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
SOURCE = HEAD + "@prefix : <https://w3id.org/communique/source/s#> .\n"


def version(text: str) -> Version:
    return version_of_texts("v", {"data/a.ttl": text})


def between(before: str, after: str, head: str = HEAD) -> Changes:
    versions = version(head + before), version(head + after)
    found = compare(*versions, LABELS)
    check_complete(found, *versions)
    return found


def told(before: str, after: str, head: str = HEAD) -> list[str]:
    """Return what is told, each with its details, as sentences."""
    return ["; ".join([f"{c.subject}: {c.sentence}", *c.details]) for c in between(before, after, head)]


def test_two_things_of_one_name_are_told_apart_by_their_addresses() -> None:
    bodies = "".join(f'body:{n} a cmq:GovernmentBody ; rdfs:label "Ministry of Justice"@en .\n' for n in "ab")
    assert told(f"{bodies}post:p org:postIn body:a .", f"{bodies}post:p org:postIn body:b .") == [
        "post:p: moved from Ministry of Justice [body:a] to Ministry of Justice [body:b]"
    ]


def test_values_that_read_alike_are_written_out() -> None:
    assert told('body:a cmq:ordinal "1" .', "body:a cmq:ordinal 1 .") == [
        'body:a: ordinal corrected from 1 ["1"] to 1 ["1"^^<http://www.w3.org/2001/XMLSchema#integer>]'
    ]
    assert told('body:a rdfs:label "x"@en .', 'body:a rdfs:label "x"@ja .') == [
        "x: name corrected from x to x (ja)"
    ]


def test_a_name_that_trades_places_with_an_alias_is_one_change() -> None:
    before = 'body:a rdfs:label "Old"@en ; skos:altLabel "New"@en, "Other"@en .'
    after = 'body:a rdfs:label "New"@en ; skos:altLabel "Old"@en, "Other"@en .'
    assert told(before, after) == ["New: name changed from Old to New; − other name: New; + other name: Old"]


def test_two_merged_into_a_third_that_is_new() -> None:
    old = "".join(f'body:{n} a cmq:GovernmentBody ; rdfs:label "{n}"@en .\n' for n in "ab")
    new = 'body:c a cmq:GovernmentBody ; rdfs:label "c"@en ; skos:altLabel "a"@en, "b"@en .\n'
    assert told(f"{old} post:p org:postIn body:a .", f"{new} post:p org:postIn body:c .") == [
        "a: government body merged into c; mentions moved: 1",
        "b: government body merged into c",
        "c: government body added; other name: a; b",
    ]


def test_what_a_merger_loses_is_told() -> None:
    both = 'body:a a cmq:GovernmentBody ; rdfs:label "A"@en ; rdfs:seeAlso <https://example.org/a> .\n'
    one = 'body:b a cmq:GovernmentBody ; rdfs:label "B"@en{} .\n'
    assert told(both + one.format(""), one.format(' ; skos:altLabel "A"@en')) == [
        "A: government body merged into B; − see also: https://example.org/a"
    ]


def test_a_thing_that_is_gone_is_no_merger_if_its_place_is_empty() -> None:
    both = "".join(f'body:{n} a cmq:GovernmentBody ; rdfs:label "{n.upper()}"@en .\n' for n in "ab")
    one = 'body:b a cmq:GovernmentBody ; rdfs:label "B"@en ; skos:altLabel "A"@en .\n'
    post = 'post:p a org:Post ; rdfs:label "P"@en'
    assert told(f"{both}{post} ; org:postIn body:a .", f"{one}{post} .") == [
        "P: parent removed: A",
        "A: government body removed",
        "B: also called A",
    ]


def body(node: str, name: str, *more: str) -> str:
    """Return an entry of the register: its own name, and further statements."""
    return " ; ".join([f"body:{node} a cmq:GovernmentBody", f'rdfs:label "{name}"@en', *more]) + " .\n"


ALSO_A = 'skos:altLabel "A"@en'


def test_a_thing_that_is_gone_and_still_mentioned_is_no_merger() -> None:
    mention = "post:new a org:Post ; org:postIn body:a .\n"
    assert told(body("a", "A") + body("b", "B"), body("b", "B", ALSO_A) + mention) == [
        "post:new: post added; post in: body:a",
        "A: government body removed",
        "B: also called A",
    ]


def test_a_thing_that_is_gone_is_no_merger_where_another_had_its_name_before() -> None:
    assert told(body("a", "A") + body("b", "B", ALSO_A), body("b", "B", ALSO_A)) == [
        "A: government body removed"
    ]


def test_of_two_mergers_one_can_be_said_of_the_other() -> None:
    before = body("a", "A", "org:unitOf body:b") + body("b", "B") + body("c", "C") + body("d", "D")
    after = body("c", "C", ALSO_A, "org:unitOf body:d") + body("d", "D", 'skos:altLabel "B"@en')
    assert told(before, after) == [
        "A: government body merged into C",
        "B: government body merged into D",
    ]


def test_a_unit_can_be_merged_into_what_it_was_a_unit_of() -> None:
    before = body("a", "A", "org:unitOf body:b") + body("b", "B")
    assert told(before, body("b", "B", ALSO_A)) == ["A: government body merged into B; − unit of: B"]
    before = body("a", "A") + body("b", "B", "org:unitOf body:a")
    assert told(before, body("b", "B", ALSO_A)) == ["A: government body merged into B; mentions moved: 1"]


def test_a_new_thing_is_split_off_only_from_one_of_its_sort_that_was_mentioned_in_its_stead() -> None:
    before = body("b", "B", ALSO_A)
    assert told(before, body("b", "B") + body("a", "A", "org:unitOf body:b")) == [
        "A: government body split off from B; unit of: B"
    ]
    assert told(before, body("b", "B") + 'person:a a foaf:Person ; rdfs:label "A"@en .') == [
        "A: person added",
        "B: no longer called A",
    ]
    both = "post:p a org:Post ; org:postIn body:b{} .\n"
    assert told(before + both.format(""), body("b", "B") + body("a", "A") + both.format(", body:a")) == [
        "post:p: parent added: A",
        "A: government body added",
        "B: no longer called A",
    ]
    posts = "post:p a org:Post ; org:postIn {} .\n"
    assert told(
        before + posts.format("body:x"), body("b", "B") + body("a", "A") + posts.format("body:a")
    ) == [
        "post:p: moved from body:x to A",
        "A: government body added",
        "B: no longer called A",
    ]


def test_a_new_address_is_told_with_what_else_has_changed() -> None:
    before = 'body:a a cmq:GovernmentBody ; rdfs:label "A"@en ; cmq:government government:japan .'
    after = 'body:b a cmq:GovernmentBody ; rdfs:label "A"@en ; cmq:government government:united-states .'
    assert told(before, after) == [
        "A: address changed from body:a to body:b",
        "A: government corrected from government:japan to government:united-states",
    ]


def test_a_chair_who_is_replaced_with_all_that_was_said_of_them_is_one_change() -> None:
    world = (
        ":round a cmq:Readout ; cmq:about occasion:r ; cmq:mentions :{n} .\n"
        ":{n} a cmq:Participation ; cmq:participant person:{n} ; cmq:role role:chair ;\n"
        '    cmq:side government:japan ; cmq:titleAsPrinted "Title of {n}"@en .\n'
        'source:s rdfs:label "S"@en . role:chair skos:prefLabel "chair"@en .\n'
        'government:japan rdfs:label "Japan"@en .\n'
    )
    people = 'person:x rdfs:label "x"@en . person:y rdfs:label "y"@en .\n'
    [change] = between(people + world.replace("{n}", "x"), people + world.replace("{n}", "y"), SOURCE)
    assert (change.subject, change.about) == ("S", "occasion:r")
    assert change.sentence == "chair (Japan) corrected from x to y"
    assert change.details == (
        "− chair (Japan) x: title as printed: Title of x",
        "+ chair (Japan) y: title as printed: Title of y",
    )


def test_an_added_account_is_told_with_all_its_parts_once() -> None:
    account = (
        ":round a cmq:Readout ; cmq:fromSource source:s ; cmq:about occasion:r ; cmq:number 1 ;\n"
        "    cmq:heldOn :day ; cmq:mentions :law, :known ; cmq:evidence :words .\n"
        ':day a cmq:Day ; cmq:dayOfMonth 6 ; cmq:dateAsPrinted "the 6th"@en .\n'
        ":law a cmq:InstrumentMention ; cmq:instrument instrument:i ; cmq:evidence :words .\n"
        ':words a cmq:Evidence ; cmq:firstWords "a"@en ; cmq:lastWords "b"@en ; cmq:verified true .\n'
    )
    known = ":known a cmq:Participation ; cmq:participant person:p .\n"
    [change] = between(known, known + account, SOURCE)
    assert (change.subject, change.about, change.sentence) == ("source:s", "occasion:r", "account added")
    assert change.details == (
        "number: 1",
        "day: 6 of a month",
        "mentions: person:p",
        "evidence “a … b”: verified: true",
        "day 6 of a month: date as printed: the 6th",
        "instrument instrument:i",
    )


def test_a_thing_that_two_files_describe_is_told_of_the_first() -> None:
    texts = {f"data/{name}.ttl": f'{HEAD}body:a rdfs:label "{name}"@en .' for name in ("z", "m", "b")}
    [change] = compare(version_of_texts("v1", {}), version_of_texts("v2", texts), LABELS)
    assert (change.file, change.subject, len(change.added)) == ("data/b.ttl", "b", 3)


def test_what_nothing_leads_to_is_told_all_the_same() -> None:
    assert told("", ':e a cmq:Evidence ; cmq:firstWords "a"@en ; cmq:lastWords "b"@en .', SOURCE) == [
        "source:s: evidence “a … b” added"
    ]
    assert told("", "[] rdfs:comment [ rdfs:label 2 ] .") == [
        "comment: 2: thing comment: 2 added; comment: 2; thing 2"
    ]


def test_nodes_that_are_named_by_each_other_have_names() -> None:
    circle = ":a a cmq:Readout ; cmq:about :b . :b a cmq:Readout ; cmq:about :a ; cmq:number 1 ."
    assert [c.what for c in between("", circle, SOURCE)] == ["account", "account"]
    chain = "".join(f"_:b{n} rdfs:comment _:b{n + 1} .\n" for n in range(3000))
    assert len(between("", chain)) >= 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"2024-02-06"^^xsd:date', "February 6, 2024"),
        ('"2024-02-31"^^xsd:date', "2024-02-31"),
        ('"12:00:00"^^xsd:time', "12:00:00 (xsd:time)"),
        ('"1"^^<urn:x>', "1 (<urn:x>)"),
        ("true", "true"),
        ('"語"@ja', "語 (ja)"),
        ('"a\\u202Eb\\u001B[31m"', "a\\u{202E}b\\u{001B}[31m"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("rdfs:label", "http://www.w3.org/2000/01/rdf-schema#label"),
        ("cmq:Round", "round"),
    ],
)
def test_a_value_is_told_as_people_read_it(value: str, words: str) -> None:
    assert told("", f"body:a rdfs:comment {value} .") == [f"body:a: thing added; comment: {words}"]
    assert told("body:a a cmq:Actor .", f"body:a a cmq:Actor ; rdfs:comment {value} .") == [
        f"body:a: comment added: {words}"
    ]


def test_colours_and_marks_of_a_record_are_printed_as_they_are() -> None:
    found = between("", 'body:a a cmq:GovernmentBody ; rdfs:label "[red]x[/red] `*_<b>"@en .')
    out = io.StringIO()
    show(found, Console(file=out, width=40, force_terminal=False))
    assert out.getvalue() == FORMATS["text"](found)
    assert "[red]x[/red] `*_<b>: government body added" in out.getvalue()
    assert "**\\[red\\]x\\[/red\\] \\`\\*\\_\\<b\\>**: government body added" in FORMATS["markdown"](found)


@cache
def shipped() -> Version:
    """Return the version of the shipped data."""
    files = (*LAYOUT.data_files, *LAYOUT.concept_files)
    texts = {path.relative_to(LAYOUT.root).as_posix(): path.read_text(encoding="utf-8") for path in files}
    return version_of_texts("v1", texts)


@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.0005, 0.01, 0.3, 1]))
@settings(max_examples=20, deadline=None)
def test_whatever_is_taken_from_the_shipped_data_is_told(seed: int, share: float) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    files = {
        name: frozenset(s for s in sorted(statements, key=str) if chance.random() > share)
        for name, statements in shipped().files.items()
    }
    less = Version("v2", files)
    for before, after in ((shipped(), less), (less, shipped())):
        found = compare(before, after, LABELS)
        check_complete(found, before, after)
        for form in FORMATS.values():
            assert form(found)
