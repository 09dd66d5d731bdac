"""Releases on disk: whole, the same for the same graph, and safe from a build that is broken off."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from communique import DialogueGraph
from communique.errors import LayoutError
from communique.layout import FOLDERS, Layout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    DialogueGraph.open().build(folder)
    return folder


def test_a_release_answers_as_the_files_do(graph: DialogueGraph, built: Path) -> None:
    release = DialogueGraph.open(built)
    assert release.release == graph.release == "0.1.0"
    for name in ("who-chaired", "disagreements", "timeline"):
        assert release.ask(name).to_json() == graph.ask(name).to_json()


def test_the_manifest_tells_counts_and_digests(built: Path) -> None:
    (target,) = (path for path in built.iterdir() if path.is_dir())
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    dump = (target / "graph.nt").read_bytes()
    assert manifest["digest"] == f"sha256:{hashlib.sha256(dump).hexdigest()}"
    assert manifest["counts"]["triples"] == len(dump.splitlines())
    assert manifest["counts"]["sources"] == len(list((target / "data/readouts").rglob("*.ttl")))
    assert manifest["counts"]["stated"] < manifest["counts"]["triples"]
    assert "data/dataset.ttl" in manifest["files"]
    for name, digest in manifest["files"].items():
        assert digest == f"sha256:{hashlib.sha256((target / name).read_bytes()).hexdigest()}"


def test_the_same_graph_gives_the_same_release(built: Path) -> None:
    before = sorted(path.name for path in built.iterdir())
    DialogueGraph.open().build(built)
    assert sorted(path.name for path in built.iterdir()) == before


def test_another_graph_becomes_the_current_one_and_the_old_stays(built: Path, tmp_path: Path) -> None:
    files, releases = tmp_path / "files", tmp_path / "releases"
    shutil.copytree(built, releases)
    for name in FOLDERS:
        shutil.copytree(Layout.shipped().root / name, files / name)
    (files / "data/readouts/jiji/jiji-2024-task-force-round-1.ttl").unlink()
    old = DialogueGraph.open(releases)
    DialogueGraph.open(files).build(releases)
    told = "SELECT ?s WHERE { ?s a <https://w3id.org/communique/ontology#Source> }"
    assert len(DialogueGraph.open(releases).sparql(told)) == len(old.sparql(told)) - 1


def test_a_build_that_is_killed_leaves_the_old_release_and_the_next_one_works(
    built: Path, tmp_path: Path
) -> None:
    if os.name != "posix":
        pytest.skip("killing a process needs POSIX signals")
    files, releases = tmp_path / "files", tmp_path / "releases"
    shutil.copytree(built, releases)
    for name in FOLDERS:
        shutil.copytree(Layout.shipped().root / name, files / name)
    (files / "data/readouts/jiji/jiji-2024-task-force-round-1.ttl").unlink()
    current = (releases / "current").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "communique", "--folder", str(files), "build", str(releases)]
    for delay in (0.1, 0.3, 0.4, 0.5, 0.6):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        named = (releases / "current").read_text(encoding="utf-8")
        assert len(DialogueGraph.open(releases).ask("timeline")) > 0
        if named != current:
            break
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert (releases / "current").read_text(encoding="utf-8") != current
    assert not list(releases.glob(".building-*"))


def test_a_pointer_to_nothing_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("0123\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="names a release that is not there"):
        DialogueGraph.open(tmp_path)


def test_a_pointer_cannot_lead_out_of_its_folder(built: Path, tmp_path: Path) -> None:
    (target,) = (path for path in built.iterdir() if path.is_dir())
    (tmp_path / "current").write_text(f"{target}\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="names a release that is not there"):
        DialogueGraph.open(tmp_path)
