"""How much faster the saved questions are answered than by plain rdflib, with equal answers.

    python benchmarks/ask.py

Both engines hold the same triples and are sent the same text, in the same run. A ratio is the time of rdflib
divided by ours; each time is the best of several.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import rdflib

from communique import DialogueGraph
from communique.layout import Layout
from communique.questions.binding import bind
from communique.release import read_files

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 2
Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the best time of several runs, in seconds, and the result of the last."""
    best = float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - started)
    return best, result


def main() -> None:
    """Print a ratio for each question, and their geometric mean."""
    layout = Layout.shipped()
    store, _ = read_files(layout)
    graph = DialogueGraph(store, layout)
    plain = rdflib.Graph().parse(data=store.dump(), format="nt")
    print(f"{len(plain)} triples, derived statements included")
    ratios = []
    for question in graph.questions():
        if any(parameter.type == "endpoint" for parameter in question.parameters):
            continue
        required = {p.name: p.example for p in question.parameters if p.required}
        text, _ = bind(question, required, store)
        ours, table = timed(lambda text=text: store.select(text))  # type: ignore[misc]
        theirs, rows = timed(lambda text=text: list(plain.query(text)))  # type: ignore[misc]
        equal = Counter(map(_shown, table.rows)) == Counter(map(_shown, rows))
        ratios.append(theirs / ours)
        print(f"{question.name:24} {theirs / ours:8.1f} times  {len(table.rows):4} rows  equal: {equal}")
    print(f"{'geometric mean':24} {statistics.geometric_mean(ratios):8.1f} times")


def _shown(row: tuple[object, ...]) -> tuple[tuple[str, ...], ...]:
    """Return a row in a form that both engines write alike: lists in order, instants in one notation."""
    cells = ("" if cell is None else str(cell).replace("+00:00", "Z") for cell in row)
    return tuple(tuple(sorted(cell.split("\n"))) for cell in cells)


if __name__ == "__main__":
    main()
