"""How the nodes of a file hang together: by identity, in lists, in circles."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, BNode

from communique.errors import Location
from communique.isolation.refusal import Notice, RefusedInputError
from communique.located.places import at_value, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from communique.located.turtle import LocatedTurtle

MAX_SAME = 20
FEW_LOOPS, MAX_LOOPS = 0, 500


def same(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield things that are the same as too many, or as what they differ from."""
    groups = _Groups()
    for triple in located.graph.triples((None, OWL.sameAs, None)):
        subject, _, value = triple
        groups.join(subject, value)
        for one, other in ((subject, value), (value, subject)):
            if (one, OWL.differentFrom, other) in located.graph:
                yield at_value(
                    located,
                    triple,
                    "same-and-different",
                    f"{name_of(subject)} is said to be the same as {name_of(value)} and different from it.",
                    "Keep the one that is true.",
                )
    for members in groups.all():
        if len(members) > MAX_SAME:
            first = min(members, key=str)
            yield Notice(
                located.subjects.get(first, Location(located.path)),
                "same-as-cluster",
                True,
                f"{len(members)} things are said to be one and the same, among them {name_of(first)}.",
                f"No more than {MAX_SAME} may be: keep the links that are needed.",
            )


def lists(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield nodes of lists that have not one member and one rest, or lead back."""
    graph = located.graph
    nodes = set(graph.subjects(RDF.first)) | set(graph.subjects(RDF.rest))
    rests = {node: list(graph.objects(node, RDF.rest)) for node in nodes}
    ends: dict[Node, bool] = {RDF.nil: True}
    for node in nodes:
        if len(list(graph.objects(node, RDF.first))) != 1 or len(rests[node]) != 1:
            yield _at_subject(
                located, node, "list-broken", "A node of a list has not one member and one rest."
            )
            continue
        way: dict[Node, None] = {}
        here = node
        while here not in ends and here not in way:
            way[here] = None
            here = rests[here][0] if len(rests.get(here, ())) == 1 else RDF.nil
        ends.update(dict.fromkeys(way, here not in way))
        if here in way:
            circle = list(way)[list(way).index(here) :]
            here = min(circle, key=lambda member: _order(located, member))
            yield _at_subject(located, here, "list-broken", "The list leads back into itself.")


def loops(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield a notice where blank nodes form circles: nobody can say which is which."""
    groups = _Groups()
    loops = 0
    for subject, predicate, value in located.graph:
        if isinstance(subject, BNode) and isinstance(value, BNode) and predicate != RDF.rest:
            loops += not groups.join(subject, value)
            if loops > MAX_LOOPS:
                raise RefusedInputError(
                    located.subjects[subject],
                    "blank-node-web",
                    "Too many blank nodes point to each other. Give them IRIs.",
                )
    if loops > FEW_LOOPS:
        nodes = sum(len(members) for members in groups.all())
        first = min(
            (located.subjects[node] for node in located.subjects if isinstance(node, BNode)),
            key=lambda at: (at.line, at.column),
        )
        yield Notice(
            first,
            "blank-node-web",
            False,
            f"{nodes} blank nodes point to each other in circles; they are not compared with other versions.",
            "Give them IRIs.",
        )


class _Groups:
    """Things that are joined, group by group."""

    def __init__(self) -> None:
        self._above: dict[Node, Node] = {}

    def _top(self, node: Node) -> Node:
        self._above.setdefault(node, node)
        while self._above[node] != node:
            self._above[node] = node = self._above[self._above[node]]
        return node

    def join(self, one: Node, other: Node) -> bool:
        """Join the groups of two things; return False if they were of one group before."""
        first, second = self._top(one), self._top(other)
        self._above[first] = second
        return first != second

    def all(self) -> Iterable[list[Node]]:
        """Return the members of each group."""
        found: dict[Node, list[Node]] = defaultdict(list)
        for node in list(self._above):
            found[self._top(node)].append(node)
        return found.values()


def _order(located: LocatedTurtle, node: Node) -> tuple[int, int]:
    at = located.subjects.get(node, Location(located.path))
    return at.line, at.column


def _at_subject(located: LocatedTurtle, node: Node, rule: str, sentence: str) -> Notice:
    at = located.subjects.get(node, Location(located.path))
    return Notice(at, rule, True, sentence, "Write the list in round brackets: ( … ).")
