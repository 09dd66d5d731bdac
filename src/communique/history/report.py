"""The report of what has changed in a graph's files between two revisions of git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.history.comparison import compare
from communique.history.versions import versions_of
from communique.history.words import NAMES
from communique.isolation.gate import open_text
from communique.isolation.refusal import shown
from communique.located.turtle import statements

if TYPE_CHECKING:
    from communique.history.changes import Changes
    from communique.layout import Layout


def changes_of(layout: Layout, revisions: str) -> Changes:
    """Return what has changed: ``A..B``, or ``A..`` and ``A`` for all since A.

    Raises:
        ChangesError: if git does not keep the files, or knows no such revision.
        UnreadableInputError: if a file cannot be read as it was or is, with line and column.

    """
    before, after = versions_of(layout, revisions)
    return compare(before, after, labels_of(layout))


def labels_of(layout: Layout) -> dict[ox.NamedNode, str]:
    """Return the English names of the ontology's terms."""
    text = open_text(layout.ontology_files[0])
    return {
        quad.subject: shown(quad.object.value)
        for quad in statements(text.content, text.path)
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
        and quad.predicate in NAMES
        and quad.object.language == "en"
    }
