"""Every Turtle file of the graph has its canonical form."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.curation.formatting import check

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for folder in ("ontology", "data", "shapes") for path in (ROOT / folder).rglob("*.ttl"))


def test_there_are_files_in_each_folder() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in FILES}
    assert folders == {"ontology", "data", "shapes"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_is_canonical(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    difference = check(path)
    assert difference is None, f"{name} is not canonical; `communique format {name}` mends it:\n" + (
        difference or ""
    )
