"""The small graph that fixtures are judged among."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.layout import Layout

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def small_graph(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A layout with the shipped ontology and shapes, and the small register as its only data."""
    shipped = Layout.shipped()
    root = tmp_path_factory.mktemp("small-graph")
    for folder in ("ontology", "shapes", "queries"):
        (root / folder).symlink_to(shipped.root / folder)
    (root / "data").mkdir()
    (root / "data" / "context.ttl").write_bytes((HERE / "context.ttl").read_bytes())
    return Layout(root)
