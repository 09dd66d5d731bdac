"""Runs the rules: CONSTRUCT queries that add derived statements, and the step for days between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from communique.derive.accounts import date_statements
from communique.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from communique.store.embedded import EmbeddedStore

STAGES = ("claims", "verdicts")
"""The order of rules: claims first, then those that compare claims. Days are compared in between."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One CONSTRUCT query with its header.

    Attributes:
        name: the name of its file, without the ending.
        stage: when it runs; one of ``STAGES``.
        text: the query.

    """

    name: str
    stage: str
    text: str


def read_rule(path: Path) -> Rule:
    """Return the rule in a file.

    Raises:
        QueryError: if the header names no stage.

    """
    text = path.read_text(encoding="utf-8")
    header = yaml.safe_load("\n".join(line[2:] for line in text.splitlines() if line.startswith("#+")))
    stage = (header or {}).get("stage")
    if stage not in STAGES:
        raise QueryError(f"{path}:1:1: the header says `stage: {stage}`; write one of {', '.join(STAGES)}.")
    return Rule(path.stem, stage, text)


def derive(store: EmbeddedStore, paths: Sequence[Path]) -> None:
    """Add to a store everything that follows from what is stated in it.

    Args:
        store: holds the ontology, the concepts and the data.
        paths: the files of the rules.

    """
    rules = [read_rule(path) for path in paths]
    for stage in STAGES:
        for rule in rules:
            if rule.stage == stage:
                store.construct(rule.text)
        if stage == "claims":
            store.add(list(date_statements(store)))
