"""A record drafted again: what was edited by hand stays, and what both have changed is a conflict."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.curation.formatting import format_turtle
from communique.namespaces import PREFIXES, shorten

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

    """
    was, now, wanted = set(base), statements_of(current), set(new)
    added, removed = wanted - was - now, (was - wanted) & now
    conflicts = tuple(_conflicts(was, now, wanted))
    if conflicts or not (added or removed):
        return current, conflicts
    if now == was:
        return turtle_of(iri, new), ()
    merged = (now | added) - removed
    return _rewritten(iri, current, now, merged, new), ()


def _conflicts(was: set[Statement], now: set[Statement], wanted: set[Statement]) -> Iterable[Conflict]:
    def grouped(statements: set[Statement]) -> dict[tuple[str, str], set[str]]:
        groups: dict[tuple[str, str], set[str]] = defaultdict(set)
        for subject, predicate, value in statements:
            groups[subject.value, predicate.value].add(_short(value))
        return groups

    drafted, by_hand, facts = grouped(was), grouped(now), grouped(wanted)
    empty: set[str] = set()
    for key in sorted({*drafted, *by_hand, *facts}):
        one, two, three = (group.get(key, empty) for group in (drafted, by_hand, facts))
        if one != two and three not in (one, two) and not _is_list(one, two, three):
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
    iri: str, current: str, now: set[Statement], merged: set[Statement], new: Sequence[Statement]
) -> str:
    """Return the current text with the blocks of changed nodes written anew, below their comments."""
    touched = {s for s, _, _ in now ^ merged}
    groups: dict[ox.NamedNode, list[Statement]] = defaultdict(list)
    order = {statement: place for place, statement in enumerate(new)}
    for statement in sorted(merged, key=lambda s: (order.get(s, len(order)), str(s))):
        if statement[0] in touched:
            groups[statement[0]].append(statement)
    pieces: list[str] = []
    for block in format_turtle(current, iri).rstrip("\n").split("\n\n"):
        lines = block.split("\n")
        comments = [line for line in lines if line.startswith("#")]
        body = [line for line in lines if not line.startswith("#")]
        subject = _expanded(iri, body[0].partition(" ")[0]) if body else None
        if subject is not None and subject in touched:
            written = "".join(f"{s} {p} {o} .\n" for s, p, o in groups.pop(subject, ()))
            pieces.append("\n".join([*comments, written]) if written or comments else "")
        else:
            pieces.append(block)
    pieces += ["".join(f"{s} {p} {o} .\n" for s, p, o in group) for group in groups.values()]
    text = format_turtle("\n\n".join(piece for piece in pieces if piece), iri)
    if statements_of(text) != merged:
        raise AssertionError(f"{iri}: the merged text does not say what was merged")
    return text


def _expanded(iri: str, name: str) -> ox.NamedNode | None:
    """Return the node of a short name at the beginning of a block."""
    if name.startswith("<"):
        return ox.NamedNode(name.strip("<>"))
    prefix, colon, local = name.partition(":")
    namespace = f"{iri}#" if not prefix else PREFIXES.get(prefix)
    return ox.NamedNode(namespace + local) if colon and namespace else None


def _short(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        _, hash_sign, local = term.value.partition("#")
        return f":{local}" if hash_sign and "/source/" in term.value else shorten(term.value)
    return str(term)


def _listed(values: Sequence[str]) -> str:
    return " and ".join(values) if values else "nothing"
