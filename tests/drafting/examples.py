"""Facts to draft, and folders to draft them into."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml

from communique.drafting.blocks import Blocks
from communique.layout import FOLDERS

FACTS = Path(__file__).parent / "facts"
MATTER = "us-japan-labor-task-force"
MATTERS = ("task-force-launch", "task-force-round-1", "task-force-round-2")
ROUND = "ustr-2026-03-task-force-round-3"


def copied(root: Path, to: Path) -> Path:
    """Copy the four folders of a graph, and return where they are."""
    for name in FOLDERS:
        shutil.copytree(root / name, to / name)
    return to


def small(root: Path, to: Path) -> Path:
    """Copy a graph with the records and occasions of the Task Force alone, which are judged in no time."""
    copied(root, to)
    shutil.rmtree(to / "data" / "facts", ignore_errors=True)
    for record in (to / "data" / "readouts").rglob("*.ttl"):
        named = re.findall(
            r"occasion:([a-z0-9-]+)|cmq:republishes source:([a-z0-9-]+)", record.read_text("utf-8")
        )
        if not all(of.startswith(MATTER) or source.endswith(MATTERS) for of, source in named):
            record.unlink()
    register = to / "data" / "register" / "occasions.ttl"
    blocks = Blocks.of(register.read_text(encoding="utf-8"))
    kept = [block for block in blocks.inner if f"occasion/{MATTER}" in str(block.subject)]
    register.write_text(Blocks(blocks.head, kept, blocks.tail).text(register.name), encoding="utf-8")
    return to


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file of a folder with its bytes and the time of its last change."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths
    }


def written(path: Path, facts: object) -> Path:
    """Write facts as YAML, and return the file."""
    path.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def a_source(**changes: object) -> dict[str, object]:
    """Return facts that are certain: a ministerial of the Task Force in a year that no record tells of."""
    source: dict[str, object] = {
        "id": "ustr-2027-05-ministerial",
        "url": "https://ustr.gov/press/2027/may/ministerial",
        "publisher": "Office of the United States Trade Representative",
        "title": "Readout of the Ministerial",
        "language": "en",
        "source_kind": "official",
        "read": "2027-05-09",
        "events": [an_event()],
    }
    return {**source, **changes}


def an_event(**changes: object) -> dict[str, object]:
    """Return an event of ``a_source``."""
    event: dict[str, object] = {
        "label": "Ministerial of the Task Force, May 2027",
        "mechanism": "U.S.-Japan Task Force on the Promotion of Human Rights and International Labor "
        "Standards in Supply Chains",
        "kind": "ministerial",
        "start": "2027-05-04",
        "parties": ["United States", "Japan"],
        "evidence": [{"fact": "day", "text_start": "The ministers met on", "text_end": "Tuesday, May 4"}],
    }
    return {**event, **changes}
