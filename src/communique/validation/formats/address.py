"""How formats that a forge reads name a file: relative to the checkout."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote


def relative(path: str, root: Path) -> str:
    """Return a file's path from a folder, with slashes; the whole path where it lies elsewhere."""
    whole = (root / path).resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.as_posix()


def uri(path: str, root: Path) -> str:
    """Return the same as a URI reference: relative within the folder, else with ``file:``."""
    name = relative(path, root)
    return Path(name).as_uri() if Path(name).is_absolute() else quote(name)
