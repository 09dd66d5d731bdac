"""What has changed between two versions: every statement that differs, told once, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.history.changes import Change, Changes, Group, Kind
from communique.history.identities import successions
from communique.history.versions import Statement
from communique.history.words import (
    ALIASES,
    DATE,
    DAY,
    EVIDENCE,
    MENTION,
    MENTIONS,
    NAMES,
    PARENTS,
    PARTICIPANTS,
    PARTICIPATION,
    READOUT,
    Words,
    address,
    group_of,
    is_local,
)
from communique.isolation.refusal import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from communique.history.versions import Node, Term, Version

_NOTHING: frozenset[Statement] = frozenset()
_SORTS = (READOUT, PARTICIPATION, MENTION, DAY, EVIDENCE)


def compare(before: Version, after: Version, labels: Mapping[ox.NamedNode, str]) -> Changes:
    """Return all that has changed between two versions.

    The statements of all changes together are those that only one of the versions has, and no two changes
    tell of the same statement.

    Args:
        before: the older version.
        after: the newer one.
        labels: what the ontology calls its terms.

    """
    found = _Comparison(before, after, labels).changes()
    return Changes(before.name, after.name, tuple(sorted(found, key=_place)))


def _place(change: Change) -> tuple[object, ...]:
    group, kind = list(Group).index(change.group), list(Kind).index(change.kind)
    values = (change.what, change.before, change.after, change.iri)
    return group, change.subject, change.about, kind, *values


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two versions, and what has not been told of that which only this one states."""

    version: Version
    other: Version
    words: Words
    untold: set[Statement]

    def is_untold(self, node: Node) -> bool:
        """Return whether something is said of a node here alone and has not been told."""
        return not self.untold.isdisjoint(self.version.description(node))

    def take(self, statements: Iterable[Statement]) -> frozenset[Statement]:
        """Return those of some statements that have not been told, which from now on are."""
        taken = frozenset(statements) & self.untold
        self.untold.difference_update(taken)
        return taken

    def take_with_parts(self, statements: Iterable[Statement]) -> tuple[frozenset[Statement], list[Node]]:
        """Return what is taken of some statements and of nodes that they lead to and that are only here."""
        taken = set(self.take(statements))
        parts: list[Node] = []
        ahead = sorted(taken, key=str, reverse=True)
        while ahead:
            node = ahead.pop().object
            if isinstance(node, ox.Literal) or not is_local(node) or node in self.other.descriptions:
                continue
            if self.is_untold(node) and not self.words.is_a(node, READOUT):
                said = self.take(self.version.description(node))
                taken |= said
                parts.append(node)
                ahead += sorted(said, key=str, reverse=True)
        return frozenset(taken), parts

    def told(self, parts: Collection[Node]) -> list[str]:
        """Return a line for each of some nodes, with what is said of it."""
        lines = []
        for part in parts:
            title, facts = self.words.title(part), "; ".join(self.words.facts(part, parts))
            lines.append(f"{title}: {facts}" if facts else title)
        return lines


class _Comparison:
    def __init__(self, before: Version, after: Version, labels: Mapping[ox.NamedNode, str]) -> None:
        removed, added = set(before.statements - after.statements), set(after.statements - before.statements)
        self._was = _Side(before, after, Words(before, labels), removed)
        self._is = _Side(after, before, Words(after, labels), added)
        self._old_address: dict[Node, Node] = {}

    def changes(self) -> Iterator[Change]:
        """Yield the changes, from the top down: what belongs to a thing is told with it."""
        yield from self._successions()
        yield from self._wholes(lambda node, _: not is_local(node))
        yield from self._wholes(lambda node, words: words.is_a(node, READOUT))
        yield from self._properties()
        # What nothing leads to: evidence without a use, nodes that lead to each other in a circle.
        yield from self._wholes(lambda *_: True)

    def _successions(self) -> Iterator[Change]:
        """Yield what has become of things that are gone, or of which two were made."""
        for one in successions(self._was.version, self._is.version):
            side, node, what = self._is, one.new, "address"
            details: list[str] = []
            names = self._names([one.old], [one.new])
            if one.kind is Kind.READDRESSED:
                self._old_address[one.new] = one.old
                names = (address(one.old),), (address(one.new),)
            elif one.kind is Kind.MERGED:
                side, node, what = self._was, one.old, self._was.words.noun(one.old)
                details = [f"− {fact}" for fact in self._was.words.facts(node, without=one.kept)]
            else:
                what, details = side.words.noun(node), side.words.facts(node)
            removed, added = self._was.take(one.removed), self._is.take(one.added)
            if moved := sum(statement.object == one.old for statement in removed):
                details.append(f"mentions moved: {moved}")
            yield self._change(
                one.kind, side, node, what, names=names, details=details, removed=removed, added=added
            )

    def _wholes(self, wanted: Callable[[Node, Words], bool]) -> Iterator[Change]:
        """Yield the things of a sort that have come or gone, each with its parts."""
        for kind, side in ((Kind.REMOVED, self._was), (Kind.ADDED, self._is)):
            nodes = {s.subject for s in side.untold if s.subject not in side.other.descriptions}
            nodes -= {*self._old_address, *self._old_address.values()}
            # What something leads to comes last, for it is told with that.
            for node in sorted(nodes, key=lambda node: (node in side.version.mentions, str(node))):
                if not wanted(node, side.words) or not side.is_untold(node):
                    continue
                taken, parts = side.take_with_parts(side.version.description(node))
                details = [*side.words.facts(node, parts), *side.told(parts)]
                removed, added = (taken, _NOTHING) if side is self._was else (_NOTHING, taken)
                what = side.words.whole(node)
                yield self._change(kind, side, node, what, details=details, removed=removed, added=added)

    def _properties(self) -> Iterator[Change]:
        """Yield what is said otherwise of things that were there and still are."""
        new_address = {old: new for new, old in self._old_address.items()}
        removed, added = defaultdict(set), defaultdict(set)
        for statement in self._was.untold:
            removed[new_address.get(statement.subject, statement.subject)].add(statement)
        for statement in self._is.untold:
            added[statement.subject].add(statement)
        for node in sorted(removed.keys() | added.keys(), key=self._rank):
            old = self._old_address.get(node, node)
            if old in self._was.version.descriptions and node in self._is.version.descriptions:
                yield from self._renamings(node, removed[node], added[node])
                yield from self._values(node, removed[node], added[node])

    def _rank(self, node: Node) -> tuple[int, str]:
        """Return what nodes are sorted by: what leads to others first."""
        return next((n for n, sort in enumerate(_SORTS) if self._is.words.is_a(node, sort)), -1), str(node)

    def _renamings(self, node: Node, removed: set[Statement], added: set[Statement]) -> Iterator[Change]:
        """Yield, for each language, a name that has taken the place of another."""
        named: dict[tuple[ox.NamedNode, str], tuple[set[Statement], set[Statement]]]
        named = defaultdict(lambda: (set(), set()))
        for place, statements in enumerate((removed, added)):
            for s in statements:
                if s.predicate in NAMES and isinstance(s.object, ox.Literal):
                    named[s.predicate, s.object.language or ""][place].add(s)
        for _, (old, new) in sorted(named.items(), key=lambda item: str(item[0])):
            if len(old) != 1 or len(new) != 1:
                continue
            [was], [now] = old, new
            # The old name that stays as an alias, and the alias that has become the name, belong to it.
            kept = {Statement(node, alias, was.object) for alias in ALIASES}
            promoted = {Statement(was.subject, alias, now.object) for alias in ALIASES}
            names = self._names([was.object], [now.object])
            lost, gained = self._was.take({was, *promoted}), self._is.take({now, *kept})
            details = [f"− other name: {names[1][0]}"] if lost & promoted else []
            details += [f"+ other name: {names[0][0]}"] if gained & kept else []
            yield self._change(
                Kind.RENAMED, self._is, node, "name", names=names, details=details, removed=lost, added=gained
            )

    def _values(self, node: Node, removed: set[Statement], added: set[Statement]) -> Iterator[Change]:
        """Yield, for each aspect of a thing, the values that have gone and those that have come."""
        aspects: dict[tuple[str, str], tuple[set[Statement], set[Statement]]]
        aspects = defaultdict(lambda: (set(), set()))
        for place, (side, statements) in enumerate(((self._was, removed), (self._is, added))):
            for s in statements & side.untold:
                aspects[self._aspect(node, side.words, s)][place].add(s)
        for (sort, what), (old, new) in sorted(aspects.items()):
            if sort == "alias":
                kinds = [(Kind.ALIAS_REMOVED, old, set()), (Kind.ALIAS_ADDED, set(), new)]
            elif old and new:
                kinds = [(Kind.MOVED if sort == "parent" else Kind.CORRECTED, old, new)]
            else:
                kinds = [(Kind.WITHDRAWN, old, set()), (Kind.STATED, set(), new)]
            for kind, gone, come in kinds:
                if gone or come:
                    yield self._change_of_values(kind, node, what, gone=gone, come=come)

    def _change_of_values(
        self, kind: Kind, node: Node, what: str, *, gone: set[Statement], come: set[Statement]
    ) -> Change:
        names = self._names([s.object for s in gone], [s.object for s in come])
        removed, old_parts = self._was.take_with_parts(gone)
        added, new_parts = self._is.take_with_parts(come)
        details = [f"− {line}" for line in self._was.told(old_parts)]
        details += [f"+ {line}" for line in self._is.told(new_parts)]
        return self._change(
            kind, self._is, node, what, names=names, details=details, removed=removed, added=added
        )

    def _aspect(self, node: Node, words: Words, statement: Statement) -> tuple[str, str]:
        """Return what people take a statement to be about, and what they call that."""
        predicate = statement.predicate
        called = words.property(predicate)
        if predicate in ALIASES:
            return "alias", called
        if predicate in PARENTS:
            return "parent", "parent"
        if predicate == MENTIONS and not isinstance(statement.object, ox.Literal):
            called = words.seat(statement.object)
        elif predicate in PARTICIPANTS:
            called = self._is.words.seat(node)
        elif predicate == DATE:
            called = self._is.words.use(node) or called
        elif is_local(node) and not self._is.words.is_a(node, READOUT):
            called += f" of {self._is.words.title(node)}"
        return "value", called

    def _names(
        self, before: Iterable[Term], after: Iterable[Term]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of values before and after; where two have one name, with their addresses."""
        told = [(self._was.words.name(value), value, 0) for value in before]
        told += [(self._is.words.name(value), value, 1) for value in after]
        count = Counter(name for name, _, _ in told)
        found: tuple[list[str], list[str]] = ([], [])
        for name, value, place in told:
            code = shown(str(value)) if isinstance(value, ox.Literal) else address(value)
            found[place].append(f"{name} [{code}]" if count[name] > 1 else name)
        return tuple(sorted(found[0])), tuple(sorted(found[1]))

    def _change(
        self,
        kind: Kind,
        side: _Side,
        node: Node,
        what: str,
        *,
        names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
        details: Iterable[str] = (),
        removed: frozenset[Statement],
        added: frozenset[Statement],
    ) -> Change:
        return Change(
            kind=kind,
            group=group_of(node),
            subject=side.words.subject(node),
            iri=node.value if isinstance(node, ox.NamedNode) else str(node),
            about=side.words.about(node),
            what=what,
            before=names[0],
            after=names[1],
            file=shown(side.version.homes[node]),
            details=tuple(details),
            removed=removed,
            added=added,
        )
