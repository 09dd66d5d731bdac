"""Things that have become others: two made one, one made two, or one that goes by another address."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.history.changes import Kind
from communique.history.versions import Statement
from communique.history.words import ALIASES, NAMES, TYPE, is_local

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from communique.history.versions import Term, Version

_CALLED = (*NAMES, *ALIASES)


@dataclass(frozen=True, slots=True)
class Succession:
    """A thing that stands where another stood.

    Attributes:
        kind: merged, split or readdressed.
        old: the thing before.
        new: the thing after.
        removed: statements that are no more for that, if they are no more.
        added: statements that are new for that, if they are new.
        kept: what was said of the old thing, where it is said of the new one now.

    """

    kind: Kind
    old: ox.NamedNode
    new: ox.NamedNode
    removed: frozenset[Statement]
    added: frozenset[Statement]
    kept: frozenset[Statement] = frozenset()


def successions(before: Version, after: Version) -> Iterator[Succession]:
    """Return the things that are gone and whose place another has taken, then those that were split off.

    A thing that is gone has become another of its type if all that mentioned it and still is there mentions
    the other instead, and the other has one of its names. A new thing was split off another if all that
    mentions it mentioned the other before, and it has a name that the other has lost.
    """
    gone = sorted(_things(before) - _things(after), key=str)
    new = _things(after) - _things(before)
    heirs = _heirs(gone, before, after)
    many = Counter(heirs.values())
    for old in gone:
        if not (heir := heirs.get(old)):
            continue
        mentions = _moved_mentions(old, heir, before, after)
        described = before.description(old)
        again = {
            # What was said of it may have been said of something that has become another, too.
            s: Statement(heir, s.predicate, heirs.get(s.object, s.object))
            for s in described
        }
        same = {s: now for s, now in again.items() if now in after.statements}
        names = {s for s in described if s.predicate in _CALLED and s.object in _names(after, heir)}
        gained = {*same.values(), *_instead(mentions, heir)}
        if heir in new and many[heir] == 1:
            # What else is said of it now than before is told as if it had kept its address.
            kind, lost = Kind.READDRESSED, {*same, *mentions}
        else:
            kind = Kind.MERGED
            lost = {*described, *mentions, *(s for s in before.mentions.get(old, ()) if s.subject == heir)}
            gained |= {Statement(heir, p, name.object) for p in _CALLED for name in names}
        yield Succession(kind, old, heir, frozenset(lost), frozenset(gained), frozenset({*same, *names}))
    losers = _losers(before, after)
    for thing in sorted(new - set(heirs.values()), key=str):
        if origin := _origin(thing, losers, before, after):
            mentions = _moved_mentions(origin, thing, before, after)
            lost = {Statement(origin, p, name) for p in _CALLED for name in _names(after, thing)}
            yield Succession(
                Kind.SPLIT,
                origin,
                thing,
                frozenset({*lost, *mentions}),
                frozenset({*after.description(thing), *_instead(mentions, thing)}),
            )


def _heirs(gone: list[ox.NamedNode], before: Version, after: Version) -> dict[Term, ox.NamedNode]:
    wanted = {name for old in gone for name in _names(before, old)}
    bearers: dict[Term, set[ox.NamedNode]] = defaultdict(set)
    for thing in _things(after):
        for name in _names(after, thing) & wanted:
            bearers[name].add(thing)
    found: dict[Term, ox.NamedNode] = {}
    for old in gone:
        if old in after.mentions:
            continue
        names = _names(before, old)
        candidates = {thing for name in names for thing in bearers[name] if _alike(before, old, after, thing)}
        mentioning = {s for s in before.mentions.get(old, ()) if s.subject in after.descriptions}
        for candidate in sorted(candidates, key=str):
            # What mentioned the thing of which it is a part now has nothing to mention instead.
            kept = {s for s in mentioning if s.subject != candidate}
            moved = _moved_mentions(old, candidate, before, after)
            newly = (_names(after, candidate) - _names(before, candidate)) & names
            if len(moved) == len(kept) and (moved or newly):
                found[old] = candidate
                break
    return found


def _losers(before: Version, after: Version) -> dict[Term, set[ox.NamedNode]]:
    """Return the things that have lost a name and still are there, by the name."""
    found: dict[Term, set[ox.NamedNode]] = defaultdict(set)
    for thing in {s.subject for s in before.statements - after.statements if s.predicate in _CALLED}:
        if isinstance(thing, ox.NamedNode) and thing in after.descriptions:
            for name in _names(before, thing) - _names(after, thing):
                found[name].add(thing)
    return found


def _origin(
    new: ox.NamedNode, losers: Mapping[Term, set[ox.NamedNode]], before: Version, after: Version
) -> ox.NamedNode | None:
    mentioning = {s for s in after.mentions.get(new, ()) if s.subject in before.descriptions}
    candidates = {thing for name in _names(after, new) for thing in losers.get(name, ())}
    for candidate in sorted(candidates, key=str):
        moved = _moved_mentions(candidate, new, before, after)
        if _alike(before, candidate, after, new) and len(moved) == len(
            {s for s in mentioning if s.subject != candidate}
        ):
            return candidate
    return None


def _moved_mentions(old: ox.NamedNode, new: ox.NamedNode, before: Version, after: Version) -> set[Statement]:
    """Return the statements that had one thing as their object, and have another instead."""
    return {
        s
        for s in before.mentions.get(old, ())
        if s not in after.statements and Statement(s.subject, s.predicate, new) in after.statements
    }


def _instead(mentions: set[Statement], new: ox.NamedNode) -> set[Statement]:
    return {Statement(s.subject, s.predicate, new) for s in mentions}


def _names(version: Version, thing: ox.NamedNode) -> set[Term]:
    return {name for predicate in _CALLED for name in version.values(thing, predicate)}


def _alike(before: Version, old: ox.NamedNode, after: Version, new: ox.NamedNode) -> bool:
    return bool(before.values(old, TYPE) & after.values(new, TYPE))


def _things(version: Version) -> set[ox.NamedNode]:
    return {node for node in version.descriptions if isinstance(node, ox.NamedNode) and not is_local(node)}
