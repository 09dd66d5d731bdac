"""How the time to validate one new record grows with the graph, beside pySHACL over all of it.

    python benchmarks/validate.py [--dialogues 100 1000 10000] [--most-minutes 10]

For each size a graph is made and a release built, without rules: validation reads nothing of what follows
from data. The record is a source of the graph with three faults planted, two of which only the rest of the
graph shows: a name that nobody is known by, and a body that is not there. It is judged

- by the command line, ``communique --folder RELEASE validate FILE``, start of Python included;
- by the library, in a process that has judged another record before;
- by pySHACL over the whole graph: from reading the files to its report, in a process of its own, each query
  parsed once (pySHACL alone parses it anew for each node, and takes several times as long).

The last is cut down to the results whose focus the record describes, and compared with what the others found:
shape, constraint, focus and value. Where pySHACL would take longer than the given minutes, by the growth
between the two sizes before, its time is extrapolated and marked, and there is nothing to compare. Trust the
ratios: times are of the machine at hand.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import rdflib
from generate import generate
from rdflib import SH

from communique import release
from communique.context.surroundings import Surroundings, reachable
from communique.layout import Layout
from communique.located.reading import read
from communique.validation import judge as room
from communique.validation.record import Record
from communique.validation.shacl import StatedGraph, judge

RUNS = 5
Found = set[tuple[str, ...]]


@dataclass(frozen=True)
class Measured:
    """What was measured at one size.

    Attributes:
        dialogues: the size.
        triples: how many the files state.
        command: seconds of the command line, the median.
        library: seconds of the library, the median.
        whole: seconds of pySHACL over the whole.
        extrapolated: whether that was not run.
        answers: how the answers compare.

    """

    dialogues: int
    triples: int
    command: float
    library: float
    whole: float
    extrapolated: bool
    answers: str


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dialogues", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--most-minutes", type=float, default=10)
    parser.add_argument("--judge", choices=["part", "whole"], help=argparse.SUPPRESS)
    parser.add_argument("--paths", type=Path, nargs="*", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.judge:
        print(json.dumps((_whole if given.judge == "whole" else _part)(*given.paths)))
        return
    print(
        "| dialogues | triples | command, s | library, s | pySHACL, s "
        "| times, command | times, library | findings |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|---|")
    done: list[Measured] = []
    for size in given.dialogues:
        with tempfile.TemporaryDirectory() as folder:
            done.append(_measure(Path(folder), size, done, given.most_minutes * 60))
        now = done[-1]
        mark = " ¹" if now.extrapolated else ""
        print(
            f"| {now.dialogues:,} | {now.triples:,} | {now.command:.2f} | {now.library:.3f}"
            f" | {now.whole:,.0f}{mark} | {now.whole / now.command:,.0f}{mark}"
            f" | {now.whole / now.library:,.0f}{mark} | {now.answers} |",
            flush=True,
        )
    if any(row.extrapolated for row in done):
        print("\n¹ extrapolated by the growth between the sizes before")


def _measure(folder: Path, dialogues: int, before: list[Measured], most: float) -> Measured:
    graph = generate(folder / "graph", dialogues)
    for rule in (graph / "queries" / "rules").glob("*.rq"):
        rule.unlink()
    built = release.build(Layout.at(graph), folder / "releases")
    triples = json.loads((built / "manifest.json").read_text("utf-8"))["counts"]["stated"]
    other, *_, last = sorted((graph / "data" / "readouts").rglob("*.ttl"))
    record = _spoilt(last)
    words = ["--folder", str(folder / "releases"), "validate", str(record)]
    command = [sys.executable, "-m", "communique", *words]
    seconds = statistics.median(_timed(command, 1)[0] for _ in range(RUNS))
    library, part = _child("part", folder / "releases", other, record)
    expected = _extrapolated(before, triples)
    if expected is not None and expected > most:
        return Measured(dialogues, triples, seconds, library, expected, True, f"{len(part)}, not compared")
    whole, found = _child("whole", graph, record)
    answers = f"{len(part)}, equal" if part == found and part else f"DIFFERENT: {part ^ found}"
    return Measured(dialogues, triples, seconds, library, whole, False, answers)


def _spoilt(source: Path) -> Path:
    """Plant three faults into a source: a number, a name that nobody has, and a body that is not there."""
    text = source.read_text(encoding="utf-8")
    for old, new in (
        ("cmq:number ", "cmq:number 0 ; #"),
        ('cmq:nameAsPrinted "Official', 'cmq:nameAsPrinted "Officer'),
        ("cmq:onBehalfOf body:", "cmq:onBehalfOf body:none-"),
    ):
        if old not in text:
            raise SystemExit(f"{source} has no `{old}` to spoil.")
        text = text.replace(old, new, 1)
    source.write_text(text, encoding="utf-8")
    return source


def _extrapolated(before: list[Measured], triples: int) -> float | None:
    """Return the time of pySHACL by the growth between the last two sizes that it was run at."""
    run = [row for row in before if not row.extrapolated][-2:]
    if len(run) < 2:  # noqa: PLR2004 - two points make a line
        return None
    first, last = run
    slope = math.log(last.whole / first.whole) / math.log(last.triples / first.triples)
    return last.whole * (triples / last.triples) ** slope


def _timed(command: list[str], code: int) -> tuple[float, str]:
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    seconds = time.perf_counter() - started
    if done.returncode != code:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return seconds, done.stdout


def _child(judge: str, *paths: Path) -> tuple[float, Found]:
    """Return what this file measures in a process of its own."""
    command = [sys.executable, __file__, "--judge", judge, "--paths", *map(str, paths)]
    seconds, found = json.loads(_timed(command, 0)[1])
    return seconds, {tuple(row) for row in found}


def _part(releases: Path, other: Path, record: Path) -> tuple[float, list[list[str]]]:
    """Return the seconds for a record, after another, and what was found."""
    layout = Layout.at(release.current(releases) or releases)
    stated = release.stated_in(layout)
    if stated is None:
        raise SystemExit(f"{releases} holds no release.")
    room.validate([other], layout=layout, against=stated)
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        room.validate([record], layout=layout, against=stated)
        seconds.append(time.perf_counter() - started)
    file, shapes = read(record), room.shapes_of(layout)
    around = Surroundings({record: file.graph}, stated, layout.root)
    context = reachable(set(file.graph.subjects()), around, room.footprint_of(shapes), [])
    joined = Record([file], context)
    results = judge(joined.graph, shapes, joined.subjects)
    return statistics.median(seconds), [
        [str(one.shape), str(one.component), str(one.focus), str(one.value or one.focus)] for one in results
    ]


def _whole(graph: Path, record: Path) -> tuple[float, list[list[str]]]:
    """Return the seconds of pySHACL over all, and what it found of the record."""
    layout = Layout.at(graph)
    own = set(rdflib.Graph().parse(record).subjects())
    started = time.perf_counter()
    data, shapes = StatedGraph(), rdflib.Graph()
    for path in (*layout.ontology_files, *layout.data_files):
        data.parse(path)
    for path in layout.shape_files:
        shapes.parse(path)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    seconds = time.perf_counter() - started
    if not isinstance(report, rdflib.Graph):
        raise SystemExit(f"pySHACL gives no report: {report}")
    found = []
    for result in report.objects(None, SH.result):
        focus = report.value(result, SH.focusNode)
        if focus in own:
            value = report.value(result, SH.value) or focus
            terms = (report.value(result, SH.sourceShape), report.value(result, SH.sourceConstraintComponent))
            found.append([*map(str, terms), str(focus), str(value)])
    return seconds, found


if __name__ == "__main__":
    main()
