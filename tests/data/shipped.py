"""The shipped data as the tests of this folder read it, and the corpus where it is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from communique.layout import Layout
from communique.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LAYOUT = Layout.shipped()
DATA_FILES = LAYOUT.data_files
STATED_FILES = [*LAYOUT.concept_files, *DATA_FILES]
"""The files whose subjects are things rather than terms."""
CORPUS = LAYOUT.root.parent / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared is not at hand")


def read(path: Path) -> list[ox.Quad]:
    """Return the statements of a Turtle file."""
    return list(ox.parse(path=path, format=ox.RdfFormat.TURTLE))


def loaded(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store that holds the statements."""
    store = ox.Store()
    store.extend(quads)
    return store


def select(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    """Return the distinct rows of a SELECT as texts; what is not bound is the empty text."""
    solutions = store.query(query, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return {
        tuple(term.value if (term := solution[name]) is not None else "" for name in names)
        for solution in solutions
    }


def iri(name: str) -> str:
    """Return the IRI of a prefixed name."""
    prefix, local = name.split(":", 1)
    return PREFIXES[prefix] + local


STATED = loaded(quad for path in STATED_FILES for quad in read(path))
"""All that data and concept schemes state, nothing that follows."""
