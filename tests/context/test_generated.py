"""The graphs that benchmarks are run on: they conform, are the same each time, and grow as is asked."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import RDF, Graph, URIRef

from communique import DialogueGraph
from communique.context.surroundings import load
from communique.layout import Layout
from communique.namespaces import TERM

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "generate.py"
if not SCRIPT.is_file():
    pytest.skip("there are no benchmarks beside the tests", allow_module_level=True)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    found = importlib.util.spec_from_file_location("generate", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    # Its dataclasses look their module up by name.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "generate", module)
        found.loader.exec_module(module)
    return module


def generate(script: ModuleType, folder: Path, **asked: Any) -> Layout:
    return Layout.at(script.generate(folder, **asked))


def test_a_generated_graph_conforms_and_has_the_size_that_was_asked_for(
    script: ModuleType, tmp_path: Path
) -> None:
    layout = generate(script, tmp_path / "graph", dialogues=28)
    report = DialogueGraph.open(layout.root).validate(severity="warning")
    assert report.conforms, report.to_text()
    stated = Graph()
    for path in layout.data_files:
        for triple in load(path):
            stated.add(triple)
    counts = {
        name: len(set(stated.subjects(RDF.type, URIRef(TERM + name)))) for name in ("Dialogue", "Source")
    }
    assert counts == {"Dialogue": 28, "Source": 28}
    for kind in ("Mechanism", "Round", "Readout", "Day", "Participation", "InstrumentMention", "Evidence"):
        assert len(set(stated.subjects(RDF.type, URIRef(TERM + kind)))) > 1


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(
    script: ModuleType, tmp_path: Path
) -> None:
    texts = []
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        layout = generate(script, tmp_path / name, dialogues=6, seed=seed)
        files = sorted((layout.root / "data").rglob("*.ttl"))
        texts.append([(path.relative_to(layout.root), path.read_bytes()) for path in files])
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]
