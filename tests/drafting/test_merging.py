"""A record drafted again: no edit is lost, neither one by hand nor one of the facts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.curation.formatting import format_turtle
from communique.drafting.merging import merge, statements_of, turtle_of
from communique.drafting.registers import named
from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from communique.drafting.registers import Statement

IRI = "https://w3id.org/communique/source/some-source"
NODES = [ox.NamedNode(IRI), *(ox.NamedNode(f"{IRI}#node-{number}") for number in range(1, 5))]
PROPS = [named(name) for name in ("cmq:topic", "cmq:outcome", "cmq:mentions", "skos:editorialNote")]
TEXTS = ["plain", "two\n\nparagraphs", "# no comment", 'with """ and \\', "a . b ;", "ends with\n"]
VALUES: list[ox.NamedNode | ox.Literal] = [
    *(ox.Literal(text, language="en") for text in TEXTS),
    *(named(f"topic:t-{number}") for number in range(4)),
]
COMMENTS = ["# seen by hand", "# @prefix in: a comment .", '# """']

statements = st.tuples(st.sampled_from(NODES), st.sampled_from(PROPS), st.sampled_from(VALUES))
records = st.lists(statements, min_size=1, max_size=14, unique=True)


def edited(record: list[Statement], taken: list[int], added: list[Statement]) -> list[Statement]:
    """Return a record without some of its statements and with others."""
    gone = {number % len(record) for number in taken}
    kept = [statement for number, statement in enumerate(record) if number not in gone]
    return list(dict.fromkeys([*kept, *added]))


def commented(text: str, places: list[int]) -> str:
    """Return a text with comments of a curator above some of its blocks, at its head and at its end."""
    head, blank, body = text.partition(" .\n\n")
    lines = (head + blank + body).split("\n")
    starts = [n for n, line in enumerate(lines) if line.startswith((":node", "source:")) and not lines[n - 1]]
    for place in sorted({starts[place % len(starts)] for place in places} if starts else (), reverse=True):
        lines.insert(place, COMMENTS[place % len(COMMENTS)])
    return "# the first line\n\n" + "\n".join(lines) + "\n# the last line\n"


def comments_of(text: str) -> list[str]:
    """Return the comment lines of a text that are no lines of a literal."""
    return sorted(
        line for line in text.split("\n") if line in {*COMMENTS, "# the first line", "# the last line"}
    )


edits = st.tuples(st.lists(st.integers(0, 99), max_size=3), st.lists(statements, max_size=3))


@settings(max_examples=150, deadline=None)
@given(records, edits, edits, st.lists(st.integers(0, 99), max_size=3))
def test_what_is_merged_is_every_edit_of_either_side_or_a_conflict(
    base: list[Statement],
    by_hand: tuple[list[int], list[Statement]],
    of_facts: tuple[list[int], list[Statement]],
    places: list[int],
) -> None:
    hand, new = edited(base, *by_hand), edited(base, *of_facts)
    if not hand or not new:
        return
    current = commented(turtle_of(IRI, hand), places)
    text, conflicts = merge(IRI, base, current, new)
    if conflicts:
        assert text == current
        return
    was, now, wanted, merged = set(base), set(hand), set(new), statements_of(text)
    assert now - was <= merged, "what was added by hand"
    assert not (was - now) & merged, "what was taken out by hand"
    assert wanted - was <= merged, "what the facts add"
    assert not (was - wanted) & merged, "what the facts no longer say"
    assert was & now & wanted <= merged
    assert merged <= was | now | wanted
    assert comments_of(text) == comments_of(current)
    if merged != now:
        assert format_turtle(text, IRI) == text
    again, still = merge(IRI, new, text, new)
    assert (again, still) == (text, ())


@settings(max_examples=100, deadline=None)
@given(records, edits, edits)
def test_a_conflict_is_told_where_both_sides_changed_one_thing_and_only_there(
    base: list[Statement],
    by_hand: tuple[list[int], list[Statement]],
    of_facts: tuple[list[int], list[Statement]],
) -> None:
    hand, new = edited(base, *by_hand), edited(base, *of_facts)
    if not hand or not new:
        return
    _, conflicts = merge(IRI, base, turtle_of(IRI, hand), new)
    grouped = []
    for record in (base, hand, new):
        groups = defaultdict(set)
        for subject, prop, value in record:
            groups[subject, prop].add(value)
        grouped.append(groups)
    was, now, wanted = grouped
    both = {key for key in {*was, *now, *wanted} if was[key] != now[key] and was[key] != wanted[key]}
    single = {
        key
        for key in both
        if now[key] != wanted[key] and max(map(len, (was[key], now[key], wanted[key]))) < 2
    }
    assert len(conflicts) >= len(single)
    touched_by_hand = {s for s, _, _ in set(base) ^ set(hand)}
    touched_by_facts = {s for s, _, _ in set(base) ^ set(new)}
    if not touched_by_hand & touched_by_facts:
        assert conflicts == ()


def note(node: int, text: str) -> Statement:
    return NODES[node], PROPS[3], ox.Literal(text, language="en")


def test_nothing_edited_is_written_as_the_facts_have_it() -> None:
    base = [note(1, "a"), note(2, "b")]
    new = [note(3, "c"), note(1, "a")]
    assert merge(IRI, base, turtle_of(IRI, base), new) == (turtle_of(IRI, new), ())


def test_a_comment_alone_is_an_edit_that_stays() -> None:
    base = [note(1, "a"), note(2, "b")]
    current = turtle_of(IRI, base).replace(":node-2", "# doubtful\n:node-2")
    text, conflicts = merge(IRI, base, current, [note(1, "a"), note(2, "c")])
    assert conflicts == ()
    assert '# doubtful\n:node-2 skos:editorialNote "c"@en .' in text


def test_a_conflict_says_what_each_side_has() -> None:
    base, hand, new = [note(1, "a")], [note(1, "b")], [note(1, "c")]
    current = turtle_of(IRI, hand)
    text, (conflict,) = merge(IRI, base, current, new)
    assert text == current
    assert str(conflict) == (
        ':node-1 skos:editorialNote: drafted as "a"@en, edited by hand to "b"@en, '
        'and the facts now say "c"@en. '
        "Make the facts and the record say the same."
    )


@pytest.mark.parametrize("swapped", [False, True])
def test_a_node_that_one_side_removes_and_the_other_edits_is_a_conflict(swapped: bool) -> None:
    base = [note(1, "a"), note(2, "b")]
    gone, more = [note(1, "a")], [*base, (NODES[2], PROPS[0], VALUES[-1])]
    hand, new = (more, gone) if swapped else (gone, more)
    _, conflicts = merge(IRI, base, turtle_of(IRI, hand), new)
    assert {conflict.node for conflict in conflicts} == {":node-2"}


def test_lists_that_both_sides_lengthen_are_one_list() -> None:
    base = [(NODES[1], PROPS[0], VALUES[6]), (NODES[1], PROPS[0], VALUES[7])]
    hand, new = [*base, (NODES[1], PROPS[0], VALUES[8])], [base[1], (NODES[1], PROPS[0], VALUES[9])]
    text, conflicts = merge(IRI, base, turtle_of(IRI, hand), new)
    assert conflicts == ()
    assert statements_of(text) == {*hand, *new} - {base[0]}


def test_a_new_node_stands_where_the_draft_has_it() -> None:
    base = [note(0, "source"), note(1, "first"), note(3, "last")]
    hand = [*base[:2], note(1, "by hand"), base[2]]
    text, _ = merge(IRI, base, turtle_of(IRI, hand), [*base[:2], note(2, "between"), base[2]])
    assert [line.split()[0] for line in text.splitlines() if line.startswith(":node")] == [
        *(":node-1", ":node-2", ":node-3")
    ]


def test_a_node_without_a_name_is_refused_with_a_sentence() -> None:
    base = [note(1, "a")]
    current = turtle_of(IRI, base) + "\n:node-1 cmq:mentions [ cmq:topic topic:t-1 ] .\n"
    current = (
        "@prefix cmq: <https://w3id.org/communique/ontology#> .\n@prefix topic: <https://e/> .\n" + current
    )
    with pytest.raises(CommuniqueError, match="without a name"):
        merge(IRI, base, current, [note(1, "b")])
