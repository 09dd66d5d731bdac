"""What curators decide of names: from the file, from what was accepted before, from the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from communique.drafting.facts import sources_of
from communique.identity import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.drafting.facts import Facts, Source

_ACTORS = frozenset({"body", "organization", "government"})
"""A name may be asked for as one of these and be another."""


def merged(given: Sequence[Facts], remembered: Sequence[Facts], decided: Sequence[Facts]) -> list[Facts]:
    """Return the decisions that count.

    Args:
        given: those of the file.
        remembered: those that were accepted with the source before; the file's own count before them.
        decided: those that are given beside the file; they count before all others, a later one most.

    """
    told = list(given)
    told += [one for one in remembered if not any(is_same_name(one, other) for other in told)]
    for one in decided:
        there = [n for n, other in enumerate(told) if is_same_name(one, other)]
        for n in reversed(there[1:]):
            del told[n]
        if there:
            told[there[0]] = one
        else:
            told.append(one)
    return told


def is_same_name(one: Facts, other: Facts) -> bool:
    """Return whether two decisions are on one name."""
    kinds = {str(one["kind"]), str(other["kind"])}
    return (
        (len(kinds) == 1 or kinds <= _ACTORS)
        and names.folded(str(one["name"])) == names.folded(str(other["name"]))
        and one.get("side") == other.get("side")
    )


def with_decisions(source: Source, told: Sequence[Facts]) -> str:
    """Return the text of a file of facts with these decisions; where it can be, all else stays as it is."""
    facts = {**source.facts, "decisions": list(told)}
    if not told:
        del facts["decisions"]
    if source.text is None:
        return _yaml(facts)
    if list(told) == list(source.facts.get("decisions") or ()):
        return source.text
    text = _edited(source, told)
    (read,) = sources_of(text, source.path) if text else (None,)
    return text if read is not None and read.facts == replace(source, facts=facts).facts else _yaml(facts)


def _edited(source: Source, told: Sequence[Facts]) -> str:
    """Return a text with other decisions in it; empty where it is not written one fact a line."""
    text = str(source.text)
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    if root.flow_style:
        return ""
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    starts = [key.start_mark.line for key, _ in root.value] + [len(lines)]
    found = [n for n, (key, _) in enumerate(root.value) if key.value == "decisions"]
    start, stop = (starts[found[0]], starts[found[0] + 1]) if found else (len(lines), len(lines))
    # Comments behind the decisions belong to what follows.
    least = start + 1 if found else 0
    while stop > least and (not (line := lines[stop - 1].strip()) or line[0] == "#" or line == "..."):
        stop -= 1
    given = list(source.facts.get("decisions") or ())
    block: Any = root.value[found[0]][1] if found and given else None
    if block is not None and not block.flow_style and list(told[: len(given)]) == given:
        start, indent = stop, " " * block.start_mark.column
        new = [indent + line for line in _yaml(list(told[len(given) :])).splitlines()]
    else:
        start = start if found else stop
        new = _yaml({"decisions": list(told)}).splitlines() if told else []
    if start and not lines[start - 1].endswith(("\n", "\r")):
        lines[start - 1] += end_of_line
    return "".join([*lines[:start], *(line + end_of_line for line in new), *lines[stop:]])


def _yaml(facts: object) -> str:
    return str(yaml.safe_dump(_plain(facts), allow_unicode=True, sort_keys=False, width=110))


def _plain(value: object) -> Any:
    """Return a value as YAML writes it: each part by itself, with no references to another."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
