"""The report of changes, for a terminal, for a page and for programs."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING

from communique.history.changes import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import Console

    from communique.history.changes import Change, Changes, Group

_SIGNS = {
    **dict.fromkeys(Kind, "~"),
    **dict.fromkeys((Kind.ADDED, Kind.STATED, Kind.ALIAS_ADDED), "+"),
    **dict.fromkeys((Kind.REMOVED, Kind.WITHDRAWN, Kind.ALIAS_REMOVED), "−"),
}
_STYLES = {"+": "green", "−": "red", "~": "yellow"}
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&#]|^\+)")


def write_text(changes: Changes) -> str:
    """Return the changes, those of one thing together, under the heading of its sort."""
    return "".join(piece for piece, _ in _pieces(changes))


def show(changes: Changes, console: Console) -> None:
    """Print the same in colours, as far as the console has them."""
    for piece, style in _pieces(changes):
        # ``out`` neither wraps nor reads markup: a record cannot style what is printed of it.
        console.out(piece, style=style or None, highlight=False, end="")


def write_markdown(changes: Changes) -> str:
    """Return the changes as Markdown: headings, and a list in which each thing has its own."""
    lines = [f"{_escape(changes.summary)}"]
    for group, things in _groups(changes):
        lines += ["", f"## {group.value} ({sum(map(len, things))})", ""]
        for thing in things:
            head = f"- **{_escape(thing[0].subject)}**{_escape(_about(thing[0]))}"
            where = f" ({_code(thing[0].file)})"
            alone = len(thing) == 1
            lines.append(f"{head}: {_escape(thing[0].sentence)}{where}" if alone else f"{head}{where}")
            for change in thing:
                lines += [] if alone else [f"  - {_escape(change.sentence)}"]
                lines += [f"{'  ' if alone else '    '}- {_escape(detail)}" for detail in change.details]
    return "\n".join(lines) + "\n"


def write_json(changes: Changes) -> str:
    """Return the changes as JSON, each with the statements that it tells of as N-Triples."""
    document = {
        "before": changes.before,
        "after": changes.after,
        "changes": [
            {
                "kind": change.kind.value,
                "group": change.group.value,
                "subject": change.subject,
                "iri": change.iri,
                "about": change.about,
                "what": change.what,
                "before": change.before,
                "after": change.after,
                "sentence": change.sentence,
                "details": change.details,
                "file": change.file,
                "removed": sorted(map(str, change.removed)),
                "added": sorted(map(str, change.added)),
            }
            for change in changes
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Changes], str]] = {
    "text": write_text,
    "markdown": write_markdown,
    "json": write_json,
}


def _pieces(changes: Changes) -> Iterator[tuple[str, str]]:
    """Yield what is printed, piece by piece, each with its style."""
    yield f"{changes.summary}\n", "bold"
    for group, things in _groups(changes):
        yield f"\n{group.value} ({sum(map(len, things))})\n", "bold cyan"
        for thing in things:
            alone = len(thing) == 1
            sign = _SIGNS[thing[0].kind]
            yield (f"  {sign} ", _STYLES[sign]) if alone else ("  ", "")
            yield thing[0].subject, "bold"
            yield _about(thing[0]), ""
            yield f": {thing[0].sentence}" if alone else "", _STYLES[sign]
            yield f"  {thing[0].file}\n", "dim"
            for change in thing:
                sign = _SIGNS[change.kind]
                yield "" if alone else f"    {sign} {change.sentence}\n", _STYLES[sign]
                for detail in change.details:
                    yield f"        {detail}\n", "dim"


def _groups(changes: Changes) -> Iterator[tuple[Group, list[Sequence[Change]]]]:
    """Yield the changes by sort of thing, those of one thing in one file together."""
    for group, found in groupby(changes, key=lambda change: change.group):
        things = groupby(found, key=lambda change: (change.subject, change.about, change.file))
        yield group, [tuple(thing) for _, thing in things]


def _about(change: Change) -> str:
    return f" · {change.about}" if change.about else ""


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
