"""A report tells of each edit and of nothing else, and of every statement once."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.history.changes import Change, Changes
from communique.history.comparison import compare
from communique.history.report import labels_of
from communique.history.versions import Version, version_of_texts
from communique.layout import Layout

from .edits import EDITS, Editor
from .world import Expected, World, start

LABELS = labels_of(Layout.shipped())


def told(change: Change) -> Expected:
    return Expected(
        change.kind.value,
        change.group,
        change.subject,
        change.about,
        change.what,
        change.before,
        change.after,
        change.file,
    )


def versions(before: World, after: World, chance: random.Random) -> tuple[Version, Version]:
    return version_of_texts("v1", before.texts(chance)), version_of_texts("v2", after.texts(chance))


def check_complete(changes: Changes, before: Version, after: Version) -> None:
    """Every statement that only one of the versions has is told by one change, and no other statement is."""
    for statements, difference in (
        ([s for change in changes for s in change.removed], before.statements - after.statements),
        ([s for change in changes for s in change.added], after.statements - before.statements),
    ):
        assert Counter(statements) == Counter(difference)
    assert all(change.removed or change.added for change in changes)


def check(sources: int, sorts: list[str], seed: int) -> list[Expected]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    world = start(sources)
    editor = Editor(world.copy(), chance)
    for sort in sorts:
        editor.edit(sort)
    before, after = versions(world, editor.world, chance)
    changes = compare(before, after, LABELS)
    check_complete(changes, before, after)
    expected = [one for oracle in editor.oracles for one in oracle(world, editor.world)]
    assert Counter(map(told, changes)) == Counter(expected)
    back = compare(after, before, LABELS)
    check_complete(back, after, before)
    assert bool(len(back)) == bool(len(changes))
    return expected


@given(
    sources=st.integers(0, 4),
    sorts=st.lists(st.sampled_from(sorted(EDITS)), max_size=12),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=200, deadline=None)
def test_a_report_lists_just_the_edits(sources: int, sorts: list[str], seed: int) -> None:
    check(sources, sorts, seed)


@pytest.mark.parametrize("sort", EDITS)
def test_each_edit_alone_is_told(sort: str) -> None:
    expected = [check(2, [sort], seed) for seed in range(3)]
    assert any(expected) == (sort not in {"move_entry", "rename_file"})
