"""A small graph of its own for the tests of validation."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.layout import Layout

CONTEXT = Path(__file__).parent.parent / "shapes" / "context.ttl"


@pytest.fixture
def small_graph(tmp_path: Path) -> Layout:
    """A layout with the shipped ontology and shapes, and the small register as its only data."""
    shipped = Layout.shipped()
    root = tmp_path / "graph"
    root.mkdir()
    for folder in ("ontology", "shapes"):
        (root / folder).symlink_to(shipped.root / folder)
    (root / "data").mkdir()
    (root / "queries" / "checks" / "data").mkdir(parents=True)
    (root / "data" / "context.ttl").write_bytes(CONTEXT.read_bytes())
    return Layout(root)
