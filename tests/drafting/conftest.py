"""What tests of the drafting room share: a copy of the graph's files, and what is known from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from communique.drafting.draft import Drafting
from communique.identity.known import Known
from communique.layout import Layout

from .examples import copied, small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def graph_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small part of the graph's files, that no test writes into."""
    return small(Layout.shipped().root, tmp_path_factory.mktemp("graph"))


@pytest.fixture
def folder(graph_files: Path, tmp_path: Path) -> Path:
    """A copy of the graph's files to draft into."""
    return copied(graph_files, tmp_path / "graph")


@pytest.fixture(scope="session")
def known(graph_files: Path) -> Known:
    """What the graph knows; a test takes a copy before it adds to it."""
    return Known.of(Layout.at(graph_files))


@pytest.fixture
def drafting(graph_files: Path) -> Drafting:
    """A drafting that nothing is accepted from."""
    return Drafting(Layout.at(graph_files))
