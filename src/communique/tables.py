"""Draws answers for a terminal: labels instead of IRIs, and accounts side by side."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from communique.questions.answers import Answer, Entity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

ADDRESS_COLUMNS = ("passage", "passages")
"""Columns of addresses: a table leaves them out, the data formats have them."""

_STYLES = {"conflict": "bold red", "compatible": "green", "silent": "dim", "same": "green"}


def show(value: object) -> str:
    """Return a cell as text: the label of an entity, a day in ISO form, several values by semicolon."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(show(part) for part in value)
    if isinstance(value, Entity):
        return value.label
    if isinstance(value, date | datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


def print_answer(answer: Answer, console: Console) -> None:
    """Print the rows of an answer as a table."""
    if not answer.rows:
        console.print("No rows.")
        return
    if answer.across:
        _print_across(answer, console)
        return
    shown = [
        name
        for index, name in enumerate(answer.columns)
        if name not in ADDRESS_COLUMNS and any(row[index] not in (None, ()) for row in answer.rows)
    ]
    table = _table(_heading(name) for name in shown)
    for row in answer.rows:
        table.add_row(*(escape(show(row[answer.columns.index(name)])) for name in shown))
    console.print(table)


def print_disagreements(answer: Answer, console: Console) -> None:
    """Print verdicts by value: who says it, who says otherwise, who is silent."""
    if not answer.rows:
        console.print("The accounts do not differ.")
        return
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in answer.rows:
        topic = " · ".join(show(part) for part in (row.property, row.side, row.subject) if part)
        groups[show(row.occasion), topic].append(row)
    occasion = None
    for (about, topic), rows in groups.items():
        if about != occasion:
            console.print(Text(f"\n{about}", style="bold underline"))
            occasion = about
        console.print(Text(f"  {topic}", style="bold"))
        _print_silence(
            [row for row in rows if show(row.judgement) == "silent"],
            [row for row in rows if show(row.judgement) != "silent"],
            console,
        )


def _print_silence(silent: list[Any], judged: list[Any], console: Console) -> None:
    for row in judged:
        judgement = show(row.judgement)
        reason = f" ({show(row.reasons)})" if row.reasons else ""
        console.print(Text(f"    {judgement}{reason}", style=_STYLES.get(judgement, "")))
        for value, sources in ((row.value, row.sources), (row.otherValue, row.otherSources)):
            console.print(Text(f"      {show(value)} — {show(sources)}"))
    unsaid: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in silent:
        unsaid[show(row.silentSources), show(row.reasons)].append(
            f"{show(row.value)} (by {show(row.sources)})"
        )
    for (sources, reason), values in unsaid.items():
        console.print(Text(f"    silent ({reason}): {sources}", style="dim"))
        for value in values:
            console.print(Text(f"      on {value}", style="dim"))


def _print_across(answer: Answer, console: Console) -> None:
    left = [
        name
        for name in answer.columns
        if name not in (answer.across, "value", *ADDRESS_COLUMNS)
        and any(getattr(row, name) is not None for row in answer.rows)
    ]
    heads = sorted({show(getattr(row, answer.across)) for row in answer.rows})
    cells: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for row in answer.rows:
        key = tuple(show(getattr(row, name)) for name in left)
        cells.setdefault(key, defaultdict(list))[show(getattr(row, answer.across))].append(show(row.value))
    table = _table([*(_heading(name) for name in left), *heads], lines=True)
    for key, found in cells.items():
        table.add_row(
            *(escape(part) for part in key),
            *(escape("\n".join(dict.fromkeys(found.get(head, ["·"])))) for head in heads),
        )
    console.print(table)


def _table(heads: Iterable[str], *, lines: bool = False) -> Table:
    table = Table(show_lines=lines, header_style="bold")
    for head in heads:
        table.add_column(escape(head), overflow="fold")
    return table


def _heading(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
