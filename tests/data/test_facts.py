"""Each record has its facts beside it, and drafting them again asks nothing and changes nothing."""

from __future__ import annotations

from communique import DialogueGraph

from .shipped import LAYOUT

FACTS = sorted((LAYOUT.root / "data" / "facts").glob("*.yaml"))
RECORDS = {path.stem for path in (LAYOUT.root / "data" / "readouts").glob("*/*.ttl")}


def test_every_record_has_its_facts() -> None:
    assert {path.stem for path in FACTS} == RECORDS


def test_drafting_again_changes_nothing(graph: DialogueGraph) -> None:
    proposals = graph.draft(*FACTS)
    assert [proposal.source.id for proposal in proposals if not proposal.certain] == []
    assert {proposal.source.id: dict(proposal.files) for proposal in proposals if proposal.files} == {}
