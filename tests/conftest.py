"""What many tests share: the shipped graph, opened once."""

from __future__ import annotations

import pytest

from communique import DialogueGraph


@pytest.fixture(scope="session")
def graph() -> DialogueGraph:
    """The graph that is shipped, with everything that follows from it."""
    return DialogueGraph.open()
