"""How far judging a node reaches into the graph: an automaton that walks from node to node.

A state stands for a part of a shape, a path or a query, and is entered with a node. Its steps tell which
triples of that node are read there, and in which states one arrives with the nodes at their other ends.
Walked from the node that is judged, it collects every triple that can be read; walked backwards from a triple
that has changed, it collects every node whose judgement could have read it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.term import IdentifiedNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from rdflib.term import Node

Triple = tuple["Node", "Node", "Node"]
Key = tuple[bool, "URIRef | None"]
"""Which triples of a node: those that lead from it (False) or to it (True), by one property or by any."""


class Readable(Protocol):
    """A graph that is read a part at a time."""

    def read(self, wanted: Mapping[Key, AbstractSet[Node]]) -> Iterable[Triple]:
        """Return the triples that the keys tell of the nodes."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """The reading of one sort of triples.

    Attributes:
        key: which triples.
        state: where one arrives with their other ends; None where nothing more is read from there.

    """

    key: Key
    state: int | None


class Reach:
    """The automaton. It grows while shapes are read; no state is ever taken out."""

    def __init__(self) -> None:
        self._steps: list[list[Step]] = []
        self._jumps: list[list[tuple[int, Node | None]]] = []

    def state(self) -> int:
        """Return a new state."""
        self._steps.append([])
        self._jumps.append([])
        return len(self._steps) - 1

    def step(self, state: int, predicate: URIRef | None, *, backwards: bool = False) -> int:
        """Read triples in a state, and return the state where one arrives."""
        arrived = self.state()
        self._steps[state].append(Step((backwards, predicate), arrived))
        return arrived

    def all_of(self, state: int) -> None:
        """Read every triple that leads from the node, and go no further."""
        self._steps[state].append(Step((False, None), None))

    def jump(self, state: int, target: int, node: Node | None = None) -> None:
        """Be in another state as well, with the same node or with a given one."""
        self._jumps[state].append((target, node))

    def path(self, state: int, path: Path | URIRef | Any) -> int:
        """Read along a property path, and return the state where one arrives with its values."""
        match path:
            case URIRef():
                return self.step(state, path)
            case InvPath(arg=URIRef() as predicate):
                return self.step(state, predicate, backwards=True)
            case InvPath(arg=inner):
                return self.path(state, inverted(inner))
            case SequencePath(args=args):
                for part in args:
                    state = self.path(state, part)
                return state
        arrived = self.state()
        match path:
            case AlternativePath(args=args):
                for part in args:
                    self.jump(self.path(state, part), arrived)
            case MulPath(path=inner, mod=mod):
                self.jump(self.path(state, inner), arrived)
                if mod != "+":
                    self.jump(state, arrived)
                if mod != "?":
                    self.jump(self.path(arrived, inner), arrived)
            case _:
                # A negated set, or a variable in the place of a property: any property, either way.
                self.jump(self.step(state, None), arrived)
                self.jump(self.step(state, None, backwards=True), arrived)
        return arrived

    def walk(self, starts: Iterable[tuple[int, Node]], graph: Readable) -> set[Triple]:
        """Return every triple that is read from the starts: states, each with a node."""
        reading = _Reading(graph)
        seen: set[tuple[int, Node]] = set()
        frontier = list(self._entered(starts, seen))
        while frontier:
            reading.ask((step.key, node) for state, node in frontier for step in self._steps[state])
            ends = (
                (step.state, end)
                for state, node in frontier
                for step in self._steps[state]
                if step.state is not None
                for end in reading.ends(step.key, node)
            )
            frontier = list(self._entered(ends, seen))
        return reading.triples

    def _entered(
        self, arrivals: Iterable[tuple[int, Node]], seen: set[tuple[int, Node]]
    ) -> Iterator[tuple[int, Node]]:
        """Return the new states and nodes that one is in, jumps included."""
        waiting = list(arrivals)
        while waiting:
            state, node = waiting.pop()
            if (state, node) in seen:
                continue
            seen.add((state, node))
            yield state, node
            waiting.extend((target, node if given is None else given) for target, given in self._jumps[state])

    def walk_back(
        self, changed: Iterable[Triple], graph: Readable
    ) -> tuple[dict[int, set[Node]], AbstractSet[int]]:
        """Return who can have read a changed triple.

        That is the nodes with which each state can have been entered on the way to it, and the states
        from which it is reached whatever the node is, because a query names where it starts.

        The way to the first triple that differs leads over triples that do not: so it is enough to walk
        in the graph as it is now.
        """
        steps_to: dict[int, list[tuple[int, Key]]] = defaultdict(list)
        jumps_to: dict[int, list[tuple[int, Node | None]]] = defaultdict(list)
        readers: dict[Key, list[int]] = defaultdict(list)
        for state, steps in enumerate(self._steps):
            for step in steps:
                readers[step.key].append(state)
                if step.state is not None:
                    steps_to[step.state].append((state, step.key))
            for target, given in self._jumps[state]:
                jumps_to[target].append((state, given))
        waiting = [
            (state, obj if backwards else subject)
            for subject, predicate, obj in changed
            for (backwards, prop), states in readers.items()
            if prop is None or prop == predicate
            for state in states
        ]
        reading = _Reading(graph)
        nodes: dict[int, set[Node]] = defaultdict(set)
        anyhow: set[int] = set()
        while waiting:
            new: list[tuple[int, Node]] = []
            while waiting:
                state, node = waiting.pop()
                if node in nodes[state]:
                    continue
                nodes[state].add(node)
                new.append((state, node))
                for before, given in jumps_to[state]:
                    if given is None:
                        waiting.append((before, node))
                    elif given == node:
                        anyhow.add(before)
            back = [
                (before, (not backwards, prop), node)
                for state, node in new
                for before, (backwards, prop) in steps_to[state]
            ]
            reading.ask((key, node) for _, key, node in back)
            waiting = [(before, end) for before, key, node in back for end in reading.ends(key, node)]
        return nodes, self._before(anyhow, steps_to, jumps_to)

    @staticmethod
    def _before(
        states: set[int],
        steps_to: Mapping[int, list[tuple[int, Key]]],
        jumps_to: Mapping[int, list[tuple[int, Node | None]]],
    ) -> set[int]:
        """Return states with all from which one can come to them."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting.extend(before for before, _ in (*steps_to.get(state, ()), *jumps_to.get(state, ())))
        return found


class _Reading:
    """What has been read of a graph; nothing is asked for twice."""

    def __init__(self, graph: Readable) -> None:
        self._graph = graph
        self._asked: set[tuple[Key, Node]] = set()
        self._ends: dict[tuple[Key, Node], set[Node]] = defaultdict(set)
        self.triples: set[Triple] = set()

    def ask(self, wanted: Iterable[tuple[Key, Node]]) -> None:
        """Read what has not been read yet, all at once."""
        level: dict[Key, set[Node]] = defaultdict(set)
        for key, node in wanted:
            if (key, node) not in self._asked and (key[0] or isinstance(node, IdentifiedNode)):
                self._asked.add((key, node))
                level[key].add(node)
        if not level:
            return
        for triple in self._graph.read(level):
            if triple in self.triples:
                continue
            self.triples.add(triple)
            subject, predicate, obj = triple
            for prop in (URIRef(str(predicate)), None):
                self._ends[(False, prop), subject].add(obj)
                self._ends[(True, prop), obj].add(subject)

    def ends(self, key: Key, node: Node) -> AbstractSet[Node]:
        """Return the other ends of triples of a node that have been read."""
        return self._ends.get((key, node), frozenset())


def inverted(path: Path | URIRef | Any) -> Any:
    """Return a property path that leads back where one leads to."""
    match path:
        case InvPath(arg=inner):
            return inner
        case SequencePath(args=args):
            return SequencePath(*(inverted(part) for part in reversed(args)))
        case AlternativePath(args=args):
            return AlternativePath(*(inverted(part) for part in args))
        case MulPath(path=inner, mod=mod):
            return MulPath(inverted(inner), mod)
        case NegatedPath():
            return path
    return InvPath(path)
