"""Draws answers for a terminal: labels instead of IRIs, and accounts side by side."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from communique.questions.answers import Answer, Entity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

ADDRESS_COLUMNS = ("passage", "passages")
"""Columns of addresses: a table leaves them out, the data formats have them."""

_LETTERS = 26
_FEW_COLUMNS = 5
_SHORT = 34
_NARROW = 16
_GAP = 3
_STYLES = {"conflict": "bold red", "compatible": "green", "silent": "dim", "same": "green"}


def show(value: object) -> str:
    """Return a cell as text: the label of an entity, a day in ISO form, several values by semicolon.

    Values that read alike are shown once: two sources that give one day each have a day of their own.
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(dict.fromkeys(show(part) for part in value))
    if isinstance(value, Entity):
        return value.label
    if isinstance(value, date | datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


def as_markdown(answer: Answer) -> str:
    """Return the rows of an answer as a Markdown table, with labels."""
    shown = _shown(answer)
    lines = [
        "| " + " | ".join(_heading(name) for name in shown) + " |",
        "|" + " --- |" * len(shown),
        *(
            "| " + " | ".join(_markdown(show(getattr(row, name))) for name in shown) + " |"
            for row in answer.rows
        ),
    ]
    return "\n".join(lines)


def print_citations(answer: Answer, console: Console) -> None:
    """Print the footnotes of an answer, each with the rows that it supports, counted from 1."""
    for citation in answer.cite():
        rows = ", ".join(str(number + 1) for number in citation.rows)
        console.print(Text(f"{citation} (rows {rows})"), soft_wrap=True)


def print_answer(answer: Answer, console: Console) -> None:
    """Print the rows of an answer as a table."""
    if not answer.rows:
        console.print("No rows.")
        return
    if answer.across:
        _print_across(answer, console)
        return
    shown = _shown(answer)
    width = sum(max(cell_len(show(getattr(row, name))) for row in answer.rows) + _GAP for name in shown)
    if len(shown) <= _FEW_COLUMNS or width <= console.width:
        console.print(_rows(answer.rows, shown, console.width))
        return
    # A wide answer is cut by its first column, which becomes the heading of each part.
    parts: dict[str, list[Any]] = defaultdict(list)
    for row in answer.rows:
        parts[show(getattr(row, shown[0]))].append(row)
    for heading, rows in parts.items():
        console.print(Text(f"\n{heading or '(none)'}", style="bold underline"))
        console.print(_rows(rows, shown[1:], console.width))


def _shown(answer: Answer) -> list[str]:
    """Return the columns that a table shows: those with anything in them, addresses apart."""
    return [
        name
        for index, name in enumerate(answer.columns)
        if name not in ADDRESS_COLUMNS and any(row[index] not in (None, ()) for row in answer.rows)
    ]


def _markdown(text: str) -> str:
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "<br>")


def _rows(rows: Iterable[Any], names: list[str], width: int) -> Table:
    cells = [[show(getattr(row, name)) for name in names] for row in rows]
    longest = [
        max(cell_len(line) for line in (_heading(n), *column))
        for n, column in zip(names, zip(*cells, strict=True), strict=True)
    ]
    room = width - sum(_NARROW if size > _SHORT else size + _GAP for size in longest)
    table = Table(header_style="bold", box=SIMPLE_HEAD)
    for name, size in zip(names, longest, strict=True):
        table.add_column(escape(_heading(name)), overflow="fold", no_wrap=room >= 0 and size <= _SHORT)
    for line in cells:
        table.add_row(*map(escape, line))
    return table


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
        _print_values([row for row in rows if row.otherValue], console)
        _print_silence([row for row in rows if row.silentSources], console)


def _print_values(judged: list[Any], console: Console) -> None:
    """Print each value once, with a letter, and then how the letters stand to each other."""
    values = dict.fromkeys(
        pair
        for row in judged
        for pair in ((show(row.value), show(row.sources)), (show(row.otherValue), show(row.otherSources)))
    )
    letters = {pair: _letter(number) for number, pair in enumerate(sorted(values))}
    for (value, sources), letter in letters.items():
        console.print(Text(f"    {letter}  {value} — {sources}"))
    verdicts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in judged:
        one = letters[show(row.value), show(row.sources)]
        other = letters[show(row.otherValue), show(row.otherSources)]
        verdicts[show(row.judgement), show(row.reasons)].append("–".join(sorted((one, other))))
    for (judgement, reasons), pairs in sorted(verdicts.items(), reverse=True):
        text = f"    {judgement} ({reasons}): {', '.join(sorted(pairs))}"
        console.print(Text(text, style=_STYLES.get(judgement, "")))


def _print_silence(silent: list[Any], console: Console) -> None:
    """Print who is silent, once for all the values that the same sources are silent on."""
    unsaid: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in silent:
        unsaid[show(row.silentSources), show(row.reasons)].append(
            f"{show(row.value)} (by {show(row.sources)})"
        )
    for (sources, reason), values in sorted(unsaid.items()):
        console.print(Text(f"    silent ({reason}): {sources}", style="dim"))
        for value in sorted(values):
            console.print(Text(f"      on {value}", style="dim"))


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < _LETTERS else str(number)


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
    table = Table(show_lines=True, header_style="bold")
    for head in (*(_heading(name) for name in left), *heads):
        table.add_column(escape(head), overflow="fold")
    for key, found in cells.items():
        table.add_row(
            *(escape(part) for part in key),
            *(escape("\n".join(dict.fromkeys(found.get(head, ["·"])))) for head in heads),
        )
    console.print(table)


def _heading(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
