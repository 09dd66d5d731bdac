"""An open knowledge graph of government dialogues: who met, chaired by whom, according to which source."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Answer", "CommuniqueError", "DialogueGraph", "__version__"]

if TYPE_CHECKING:
    from communique.errors import CommuniqueError
    from communique.graph import DialogueGraph
    from communique.questions.answers import Answer


_HOMES = {
    "Answer": "communique.questions.answers",
    "CommuniqueError": "communique.errors",
    "DialogueGraph": "communique.graph",
}


def __getattr__(name: str) -> object:
    """Return what the package gives, loaded when it is first asked for.

    Whoever imports but one module of it, as the worker does that reads a file, does not wait for the rest.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    """Return what the package gives, loaded or not."""
    return sorted({*globals(), *_HOMES})
