"""Mending by machine: what has one certain remedy is replaced where it stands, and told with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.curation.formatting import put
from communique.mending.demands import Described, Knowledge
from communique.mending.draft import Draft, MendingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from communique.layout import Layout
    from communique.mending.mended import Mended

_ROUNDS = 8


def fix(
    paths: Sequence[Path], layout: Layout, *, write: bool = False, form: bool = True
) -> tuple[Mended, ...]:
    """Return what certain remedies make of files, or of all Turtle in folders; with ``write``, write it.

    All files are read before one is written. A file is replaced as a whole, and only where it changes.

    Args:
        paths: the files and folders.
        layout: the graph whose terms, entities and shapes tell what is meant.
        write: whether to change the files.
        form: whether to bring the files to the canonical form, last.

    Raises:
        UnreadableInputError: if a file is not Turtle, for another reason than the prefixes that are mended.
        MendingError: if a file is of another syntax, or changed meanwhile.

    """
    files = _files(paths)
    drafts = [Draft(path) for path in files]
    knowledge = Knowledge(layout, files)
    own = _own(drafts)
    for draft in drafts:
        draft.spell(knowledge, own)
    for _ in range(_ROUNDS):  # What is mended can tell of what else is wrong; no remedy undoes another.
        own = _own(drafts)
        if not sum(draft.mend(knowledge, own) for draft in drafts):
            break
    mended = tuple(draft.result(form=form) for draft in drafts)
    for one in mended if write else ():
        if one.after != one.before:
            if one.path.read_bytes() != one.before.encode():
                raise MendingError(
                    f"{one.path} changed while it was read, and was left. Run the command again."
                )
            put(one.path, one.after)
    return mended


def _files(paths: Sequence[Path]) -> list[Path]:
    found: dict[Path, Path] = {}
    for path in paths:
        for file in sorted(path.rglob("*.ttl")) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _own(drafts: Iterable[Draft]) -> Described:
    """Return what the files at hand describe."""
    found = Described()
    for draft in drafts:
        for subject, predicate, value in draft.reading.triples_of(draft.terms):
            if isinstance(subject, NamedNode):
                value_iri = value.value if isinstance(value, NamedNode) else ""
                found.add(subject.value, predicate.value, value_iri)
    return found
