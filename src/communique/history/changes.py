"""What a report of changes consists of: one record for each change, and the statements that it tells of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.history.versions import Statement


class Kind(Enum):
    """What has become of something."""

    ADDED = "added"
    REMOVED = "removed"
    MERGED = "merged"
    SPLIT = "split"
    READDRESSED = "readdressed"
    RENAMED = "renamed"
    MOVED = "moved"
    ALIAS_ADDED = "alias added"
    ALIAS_REMOVED = "alias removed"
    STATED = "stated"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Group(Enum):
    """What a change is a change of; the value is the heading."""

    SOURCES = "Sources"
    ACCOUNTS = "Accounts"
    OCCASIONS = "Dialogues, rounds and cases"
    MECHANISMS = "Mechanisms"
    PEOPLE = "People"
    POSTS = "Posts"
    BODIES = "Governments and their bodies"
    ORGANIZATIONS = "Organisations and facilities"
    INSTRUMENTS = "Instruments"
    LISTS = "Topics, places and other lists"
    OTHERS = "Other things"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        kind: what has happened.
        group: to what sort of thing.
        subject: the thing, in words; of an account, its source.
        iri: the thing, by its address, or by the blank node that it is.
        about: of an account, the occasion or mechanism that it tells of.
        what: the sort of thing, where it came or went as a whole; else what of it has changed.
        before: the values that there were and are no more.
        after: the values that there are now and were not.
        details: what else is said of the thing or the values; where it did not come or go with the whole
            thing, after ``+`` if it is new and after ``−`` if it is no more.
        file: the file that describes the thing, or did.
        removed: the statements that are no more and of which this change tells.
        added: the statements that are new and of which this change tells.

    """

    kind: Kind
    group: Group
    subject: str
    iri: str
    about: str
    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    file: str
    details: tuple[str, ...] = ()
    removed: frozenset[Statement] = field(default=frozenset(), repr=False)
    added: frozenset[Statement] = field(default=frozenset(), repr=False)

    @property
    def sentence(self) -> str:
        """Return what has become of the subject, in words."""
        before, after = "; ".join(self.before), "; ".join(self.after)
        return _SENTENCES[self.kind].format(what=self.what, before=before, after=after)


_SENTENCES = {
    Kind.ADDED: "{what} added",
    Kind.REMOVED: "{what} removed",
    Kind.MERGED: "{what} merged into {after}",
    Kind.SPLIT: "{what} split off from {before}",
    Kind.READDRESSED: "{what} changed from {before} to {after}",
    Kind.RENAMED: "{what} changed from {before} to {after}",
    Kind.MOVED: "moved from {before} to {after}",
    Kind.ALIAS_ADDED: "also called {after}",
    Kind.ALIAS_REMOVED: "no longer called {before}",
    Kind.STATED: "{what} added: {after}",
    Kind.CORRECTED: "{what} corrected from {before} to {after}",
    Kind.WITHDRAWN: "{what} removed: {before}",
}


@dataclass(frozen=True, slots=True)
class Changes:
    """All that has changed between two versions, in the order in which it is told.

    Attributes:
        before: the name of the older version.
        after: the name of the newer one.
        found: the changes.

    """

    before: str
    after: str
    found: tuple[Change, ...]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def summary(self) -> str:
        """Return how many changes there are, and between which versions."""
        where = f"from {self.before} to {self.after}"
        if not self.found:
            return f"Nothing has changed {where}."
        return f"{len(self.found)} change{'s' * (len(self.found) > 1)} {where}."
