"""A record drafted again: what was edited by hand stays, and what both have changed is a conflict."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.curation.formatting import format_turtle
from communique.drafting.blocks import Block, Blocks
from communique.errors import CommuniqueError
from communique.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.drafting.registers import Statement


@dataclass(frozen=True, slots=True)
class Conflict:
    """One property of one node that was edited by hand, and that the facts now give another value.

    Attributes:
        node: the node, in short.
        prop: the property, in short.
        drafted: what the record had from the facts as they were accepted.
        by_hand: what it has now.
        facts: what the facts say now.

    """

    node: str
    prop: str
    drafted: tuple[str, ...]
    by_hand: tuple[str, ...]
    facts: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.node} {self.prop}: drafted as {_listed(self.drafted)}, edited by hand to "
            f"{_listed(self.by_hand)}, and the facts now say {_listed(self.facts)}. "
            "Make the facts and the record say the same."
        )


def statements_of(text: str) -> set[Statement]:
    """Return the statements of a Turtle text."""
    return {(q.subject, q.predicate, q.object) for q in ox.parse(text, format=ox.RdfFormat.TURTLE)}


def turtle_of(iri: str, statements: Sequence[Statement]) -> str:
    """Return the file of a source in canonical form, its subjects in the order of their first statement."""
    by_subject: dict[ox.NamedNode, list[Statement]] = defaultdict(list)
    for statement in statements:
        by_subject[statement[0]].append(statement)
    lines = "".join(f"{s} {p} {o} .\n" for group in by_subject.values() for s, p, o in group)
    return format_turtle(f"@prefix : <{iri}#> .\n{lines}", iri)


def merge(
    iri: str, base: Sequence[Statement], current: str, new: Sequence[Statement]
) -> tuple[str, tuple[Conflict, ...]]:
    """Return a record with the changes of the facts in it and the edits by hand kept, and the conflicts.

    Args:
        iri: the source.
        base: what the facts said when they were accepted.
        current: the text of the record as it is.
        new: what the facts say now.

    Returns:
        The text, which is the current one where there is a conflict.

    Raises:
        CommuniqueError: if the record has a node without a name, which cannot be found again.

    """
    was, now, wanted = set(base), statements_of(current), set(new)
    if any(isinstance(term, ox.BlankNode) for statement in now for term in statement):
        raise CommuniqueError(f"The record of {shorten(iri)} has a node without a name; name it `:…`.")
    conflicts = tuple(_conflicts(was, now, wanted))
    merged = (now | (wanted - was)) - (was - wanted)
    if conflicts or merged == now:
        return current, conflicts
    if current == turtle_of(iri, base):
        return turtle_of(iri, new), ()
    return _rewritten(iri, current, merged, {s for s, _, _ in now ^ merged}, new), ()


def _conflicts(was: set[Statement], now: set[Statement], wanted: set[Statement]) -> Iterable[Conflict]:
    def grouped(statements: set[Statement]) -> dict[tuple[str, str], set[str]]:
        groups: dict[tuple[str, str], set[str]] = defaultdict(set)
        for subject, predicate, value in statements:
            groups[subject.value, predicate.value].add(_short(value))
        return groups

    drafted, by_hand, facts = grouped(was), grouped(now), grouped(wanted)
    nodes, kept, told = ({node for node, _ in group} for group in (drafted, by_hand, facts))
    empty: set[str] = set()
    for key in sorted({*drafted, *by_hand, *facts}):
        one, two, three = (group.get(key, empty) for group in (drafted, by_hand, facts))
        if two == three:
            continue
        # A node that one side has removed has no place for what the other side changes in it.
        removed = key[0] in nodes and (
            (key[0] not in told and one != two) or (key[0] not in kept and one != three)
        )
        differs = one not in (two, three) and not _is_list(one, two, three)
        if removed or differs:
            yield Conflict(
                _short(ox.NamedNode(key[0])),
                shorten(key[1]),
                tuple(sorted(one)),
                tuple(sorted(two)),
                tuple(sorted(three)),
            )


def _is_list(drafted: set[str], by_hand: set[str], facts: set[str]) -> bool:
    """Return whether both only added to, or took from, several values, without touching the same one."""
    hand = drafted ^ by_hand
    tool = drafted ^ facts
    several = max(len(drafted), len(by_hand), len(facts)) > 1
    return (
        several
        and not hand & tool
        and not (hand - drafted and tool - drafted and drafted - by_hand and drafted - facts)
    )


def _rewritten(
    iri: str, current: str, merged: set[Statement], touched: set[ox.NamedNode], new: Sequence[Statement]
) -> str:
    """Return the current text with the blocks of touched nodes written anew, each below its comments."""
    place: dict[object, int] = {
        node: number for number, node in enumerate(dict.fromkeys(node for node, _, _ in new))
    }
    groups: dict[object, list[str]] = defaultdict(list)
    for statement in sorted(merged, key=lambda s: (place.get(s[0], len(place)), str(s))):
        if statement[0] in touched:
            groups[statement[0]].append("{} {} {} .\n".format(*statement))
    blocks = Blocks.of(format_turtle(current, iri))
    for number, block in enumerate(blocks.inner):
        if block.subject in touched:
            blocks.inner[number] = replace(block, lines="".join(groups.pop(block.subject, [])))
    for node, lines in groups.items():
        # A new node stands behind the last of those that the draft puts before it.
        before = [n for n, b in enumerate(blocks.inner) if place.get(b.subject, len(place)) < place[node]]
        blocks.inner.insert(before[-1] + 1 if before else 0, Block(node, "".join(lines)))
    return blocks.text(iri)


def _short(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        _, hash_sign, local = term.value.partition("#")
        return f":{local}" if hash_sign and "/source/" in term.value else shorten(term.value)
    return str(term)


def _listed(values: Sequence[str]) -> str:
    return " and ".join(values) if values else "nothing"
