"""Findings as a person reads them: the fact, the line with the place marked, the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from communique.validation.findings import Severity
from communique.validation.formats.excerpt import excerpt, groups, plain, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from communique.validation.findings import Finding, Findings

_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_INDENT = "    "


def write(report: Findings) -> str:
    """Return the findings, equal ones together, and a summary."""
    return "".join(piece for piece, _ in _pieces(report))


def show(report: Findings, console: Console) -> None:
    """Print the same in colours, as far as the console has them."""
    for piece, style in _pieces(report):
        # ``out`` neither wraps nor reads markup: a record cannot style what is printed of it.
        console.out(piece, style=style or None, highlight=False, end="")


def _pieces(report: Findings) -> Iterator[tuple[str, str]]:
    """Return what is printed, piece by piece, each with its style."""
    for alike in groups(report):
        yield from _group(alike)
        yield "\n", ""
    yield f"{plain(summary(report))}\n", "bold green" if report.conforms else "bold"


def _group(alike: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    first, *others = alike
    style = _STYLES[first.severity]
    yield f"{plain(str(first.location))}: ", "bold"
    yield f"{first.severity}: ", style
    yield f"{plain(first.sentence)} ", ""
    yield f"[{first.rule}]\n", "dim"
    if first.focus:
        yield f"{_INDENT}of {plain(first.subject)}\n", "dim"
    before, marked, after = excerpt(first)
    if (before + marked + after).strip():
        yield f"{_INDENT}{before}", ""
        yield marked, style
        yield f"{after}".rstrip() + "\n", ""
        yield f"{_INDENT}{' ' * _cells(before)}{'^' * max(1, _cells(marked))}\n", style
    for other in others:
        yield f"{_INDENT}also at {plain(str(other.location))}, of {plain(other.subject)}\n", "dim"
    if first.advice:
        yield f"{_INDENT}→ {plain(first.advice)}\n", "green"


def _cells(text: str) -> int:
    """Return how many cells a terminal gives a text: two for a wide character, none for an accent."""
    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in {"F", "W"} else 1
        for character in text
    )
