"""Releases on disk: the graph with all that follows from it, ready to be asked.

A release is a folder that never changes once it is there: the files of the graph, the merged dump, a store
of it, a store of what the files state, and a manifest. ``current`` beside it names the one to read and is
switched in one step, so that a reader sees either the old release or the new one, whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.derive.rules import derive
from communique.errors import LayoutError
from communique.layout import FOLDERS, Layout
from communique.linking.mapping_sets import read_mapping_set, triples
from communique.namespaces import PREFIXES
from communique.store.embedded import EmbeddedStore
from communique.store.stated import StatedStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.store.protocol import Store

POINTER = "current"
_HALF_BUILT = ".building-"
_STATED = "stated"
_COUNTED = {
    "sources": "cmq:Source",
    "readouts": "cmq:Readout",
    "evidence": "cmq:Evidence",
    "participations": "cmq:Participation",
    "mechanisms": "cmq:Mechanism",
    "rounds": "cmq:Round",
    "dialogues": "cmq:Dialogue",
    "cases": "cmq:Case",
    "steps": "cmq:Step",
    "people": "foaf:Person",
    "posts": "org:Post",
    "bodies": "cmq:GovernmentBody",
    "organizations": "org:Organization",
    "instruments": "cmq:Instrument",
    "claims": "cmq:Claim",
    "verdicts": "cmq:Verdict",
    "windows": "cmq:Window",
}


def read_files(layout: Layout) -> tuple[EmbeddedStore, int]:
    """Return a store in memory with what the files state and what follows, and the number of stated triples.

    Raises:
        UnreadableInputError: if a file is not Turtle or no mapping set, with its line and column.

    """
    store = EmbeddedStore()
    for path in (*layout.ontology_files, *layout.data_files):
        store.load(path)
    for path in layout.link_files:
        store.add(triples(read_mapping_set(path)))
    stated = len(store)
    derive(store, layout.rule_files)
    return store, stated


def version_of(store: Store) -> str:
    """Return the version that the data set gives itself."""
    rows = store.select(
        f"PREFIX dcat: <{PREFIXES['dcat']}> "
        "SELECT ?version WHERE { ?dataset a dcat:Dataset ; dcat:version ?version } ORDER BY ?version"
    ).rows
    return str(rows[0][0]) if rows else "unreleased"


def build(layout: Layout, folder: Path) -> Path:
    """Write a release of a graph's files into a folder, make it the current one, and return where it is.

    The release is named by the digest of its dump, so that the same graph gives the same release. A build
    that is broken off leaves the current release as it was; the next build removes what is left of it.

    Args:
        layout: the files.
        folder: where releases are kept; it is made if it is not there.

    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_HALF_BUILT}*"):
        shutil.rmtree(left, ignore_errors=True)
    store, stated = read_files(layout)
    dump = _canonical(store.dump())
    digest = hashlib.sha256(dump).hexdigest()
    target = folder / digest[:16]
    if not (target / "manifest.json").is_file():
        aside = Path(tempfile.mkdtemp(prefix=_HALF_BUILT, dir=folder))
        (aside / "graph.nt").write_bytes(dump)
        for name in FOLDERS:
            shutil.copytree(layout.root / name, aside / name)
        EmbeddedStore.write(dump, aside / "store")
        StatedStore.write(dict(layout.stated_files()), aside / _STATED)
        manifest = {
            "release": version_of(store),
            "digest": f"sha256:{digest}",
            "counts": {"triples": len(store), "stated": stated, **_counts(store)},
            "files": _digests(aside),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (aside / "manifest.json").write_text(text, encoding="utf-8")
        aside.chmod(0o755)  # A temporary folder is closed to others; a release is not.
        aside.rename(target)
    _point(folder, target.name)
    return target


def current(folder: Path) -> Path | None:
    """Return the current release in a folder, or None if the folder keeps no releases.

    Raises:
        LayoutError: if the release that ``current`` names is not there.

    """
    pointer = folder / POINTER
    if not pointer.is_file():
        return None
    target = folder / pointer.read_text(encoding="utf-8").strip()
    if target.parent != folder or not (target / "manifest.json").is_file():
        raise LayoutError(f"{pointer} names a release that is not there. Run `communique build {folder}`.")
    return target


def stated_in(layout: Layout) -> StatedStore | None:
    """Return what the files of a release state, by file; None for files that are no release."""
    folder = layout.root / _STATED
    return StatedStore.at(folder) if folder.is_dir() else None


def _point(folder: Path, name: str) -> None:
    handle, aside = tempfile.mkstemp(prefix=_HALF_BUILT, dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(aside).chmod(0o644)
    Path(aside).replace(folder / POINTER)


def _canonical(dump: bytes) -> bytes:
    """Return the dump with blank nodes named by RDFC-1.0, so that the same graph gives the same bytes."""
    lines = dump.splitlines(keepends=True)
    named = [line for line in lines if b"_:" not in line]
    rest = b"".join(line for line in lines if b"_:" in line)
    dataset = ox.Dataset(ox.parse(rest, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    blank = ox.serialize(list(dataset), format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(named) + b"".join(sorted(blank.splitlines(keepends=True)))


def _counts(store: EmbeddedStore) -> Mapping[str, int]:
    header = "\n".join(f"PREFIX {p}: <{PREFIXES[p]}>" for p in ("cmq", "foaf", "org"))
    return {
        name: int(str(store.select(f"{header} SELECT (COUNT(*) AS ?n) WHERE {{ ?x a {kind} }}").rows[0][0]))
        for name, kind in _COUNTED.items()
    }


def _digests(folder: Path) -> Mapping[str, str]:
    return {
        path.relative_to(folder).as_posix(): f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in {"store", _STATED}
    }
