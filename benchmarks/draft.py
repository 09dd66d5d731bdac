"""How well names are linked to the registers: against a list of decisions that people made by hand.

    python benchmarks/draft.py GOLD.csv [--folder GRAPH]

Each row of the list is one name as a source prints it, and what it means: an entity of the registers, several
of them with a space between (a title that is two posts), or ``new``. Columns are ``kind``, ``name`` and
``expected``, and where the source tells them ``side``, ``title``, ``body`` and ``language``; ``source`` and
``note`` are for readers. Each row is decided as `communique draft` decides it, with the same clues and apart
from all other rows. Two tables follow: of the registers as they are, and held out: with the very spelling of
the row taken from the entity that it means, wherever that has another name.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from communique.drafting.facts import Source
from communique.drafting.resolution import Resolution
from communique.errors import CommuniqueError
from communique.identity import names
from communique.identity.deciding import Outcome
from communique.identity.known import KINDS, Known
from communique.isolation.gate import decode
from communique.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.identity.deciding import Decision

NEW = "new"
REQUIRED = ("kind", "name", "expected")
OPTIONAL = ("side", "title", "body", "language", "source", "note")
ASKABLE = tuple(kind for kind in KINDS if kind not in {"occasion", "facility"})
"""What is linked by its name; an occasion is told by its days and number, a facility with its case."""
UNUSABLE = 3


class GoldError(CommuniqueError):
    """A list of decisions cannot be read, or does not fit the registers."""


class Fate(StrEnum):
    """What became of a row; the columns of the tables."""

    RIGHT = "linked"
    WRONG = "wrongly"
    FIRST = "asked: 1st"
    AMONG = "listed"
    WITHOUT = "not listed"
    MADE_RIGHT = "new"
    MADE_AGAIN = "made anew"


@dataclass(frozen=True, slots=True)
class Row:
    """A decision that was made by hand.

    Attributes:
        line: where it stands in the list.
        kind: the kind of entity that the name is of.
        name: the name as printed.
        expected: the entities that it means, by their short names; none if it is new.
        side: the government on whose side the source puts it, as printed.
        title: a person's title, as printed.
        body: the body that a person or post belongs to, as printed.
        language: the language of the source.

    """

    line: int
    kind: str
    name: str
    expected: frozenset[str]
    side: str | None
    title: str | None
    body: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tool makes of a row.

    Attributes:
        row: the row.
        fate: what became of it.
        got: what it was linked to, or the candidates that were shown.
        reason: why the tool decided so.

    """

    row: Row
    fate: Fate
    got: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers to a list amount to.

    Attributes:
        answers: each answer, in the order of the list.
        spellings_taken: the number of rows whose spelling was taken from the registers before asking.

    """

    answers: tuple[Answer, ...]
    spellings_taken: int = 0

    def count(self, *fates: Fate) -> int:
        """Return how many rows met one of these fates."""
        return sum(answer.fate in fates for answer in self.answers)

    @property
    def linked(self) -> int:
        """Return how many rows were linked without asking."""
        return self.count(Fate.RIGHT, Fate.WRONG)

    @property
    def known(self) -> int:
        """Return how many rows mean something that is known."""
        return sum(bool(answer.row.expected) for answer in self.answers)

    @property
    def precision(self) -> float:
        """Return which part of what was linked without asking is right."""
        return self.count(Fate.RIGHT) / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """Return which part of what is known was linked without asking, and rightly."""
        return self.count(Fate.RIGHT) / self.known if self.known else 1.0

    @property
    def asked(self) -> float:
        """Return which part of the rows was put to the curator."""
        return self.count(Fate.FIRST, Fate.AMONG, Fate.WITHOUT) / len(self.answers) if self.answers else 0.0


def read_gold(path: Path, known: Known) -> tuple[Row, ...]:
    """Return the decisions of a list.

    Raises:
        GoldError: if it has other columns, or a row that the registers do not bear out; with its line.
        CommuniqueError: if it is no text.

    """
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _judge_header(path, reader.fieldnames or ())
        return tuple(_row(path, reader.line_num, cells, known) for cells in reader)
    except csv.Error as error:
        raise GoldError(f"{path}:{reader.line_num}: This is not CSV: {error}.") from None


def _judge_header(path: Path, header: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    other = [name for name in header if name not in REQUIRED + OPTIONAL]
    twice = sorted({name for name in header if list(header).count(name) > 1})
    if missing or other or twice:
        faults = [
            f"{fault} {', '.join(f'`{name}`' for name in found)}"
            for fault, found in (
                ("it has no", missing),
                ("it has an unknown", other),
                ("it has twice", twice),
            )
            if found
        ]
        raise GoldError(
            f"{path}:1: The first line must name the columns {', '.join(REQUIRED)}, and may name "
            f"{', '.join(OPTIONAL)}; {', and '.join(faults)}."
        )


def _row(path: Path, line: int, cells: dict[str | None, str | None], known: Known) -> Row:
    """Return one decision, or raise what is wrong with it."""

    def fault(message: str) -> GoldError:
        return GoldError(f"{path}:{line}: {message}")

    if None in cells or None in cells.values():
        raise fault("The row has more or fewer cells than the first line; put a name with a comma in quotes.")
    said = {column: value.strip() for column, value in cells.items() if column and value}
    kind, name, expected = (said.get(column, "") for column in REQUIRED)
    if kind not in ASKABLE:
        raise fault(f"`{kind}` is no kind of name; write one of {', '.join(ASKABLE)}.")
    if not name:
        raise fault("The row has no name.")
    slugs = expected.split()
    if not slugs:
        raise fault(f"Write what “{name}” means: a short name such as `person:katherine-tai`, or `{NEW}`.")
    if slugs != [NEW]:
        for slug in slugs:
            if known.named(slug) is None:
                raise fault(f"The registers have no {slug}; if “{name}” is nobody known, write `{NEW}`.")
    return Row(
        line,
        kind,
        name,
        frozenset(slugs) - {NEW},
        said.get("side"),
        said.get("title"),
        said.get("body"),
        said.get("language") or "en",
    )


def measure(rows: Iterable[Row], known: Known, *, held_out: bool = False) -> Score:
    """Return what the tool makes of each row, asked by itself.

    Args:
        rows: the decisions that were made by hand.
        known: what the graph knows; it stays as it is.
        held_out: whether the spelling of a row is taken from what it means before asking.

    """
    answers, taken = [], 0
    for row in rows:
        # What is decided of a name is learnt; so each row is asked of a copy that has not heard the others.
        there = known.copy()
        if held_out:
            taken += _take_spelling(row, there)
        answers.append(_judged(row, _asked(row, there)))
    return Score(tuple(answers), taken)


def _take_spelling(row: Row, known: Known) -> bool:
    """Take the name of a row from the entities that it means, but not their only one; tell whether it was."""
    printed, _ = names.printed_and_reading(row.name)
    taken = False
    for slug in row.expected:
        if entity := known.named(slug):
            kept = [(name, language) for name, language in entity.names if name not in {row.name, printed}]
            if kept and len(kept) < len(entity.names):
                entity.names = kept
                known.add(entity)
                taken = True
    return taken


def _asked(row: Row, known: Known) -> list[Decision]:
    """Return what is decided of a row's name, by the calls by which a record is drafted."""
    who = Resolution(Source({"language": row.language}, "gold", None, {}), known, ())
    side = who.government(row.side, at=("side",))
    body = who.actor(row.body, at=("body",), kinds=("body", "organization"), side=side) if row.body else None
    at = ("name",)
    if row.kind == "person":
        posts = who.posts(row.title, body, side, at=("title",))
        before = len(who.resolved)
        who.person(*names.printed_and_reading(row.name), side, body, posts, at=at)
    else:
        before = len(who.resolved)
        match row.kind:
            case "body":
                who.actor(row.name, at=at, kinds=("body", "organization"), side=side)
            case "organization":
                who.actor(row.name, at=at, kinds=("organization", "body"), side=side)
            case "post":
                who.posts(row.name, body, side, at=at)
            case _:
                who.name(row.kind, row.name, at=at)
    return [resolved.decision for resolved in who.resolved[before:]]


def _judged(row: Row, decisions: Sequence[Decision]) -> Answer:
    """Return what became of a row, by what was decided of its name."""
    linked = [d.entity.slug for d in decisions if d.outcome is Outcome.LINK and d.entity]
    reason = "; ".join(d.reason for d in decisions) or "the title is taken for no post"
    if linked:
        right = set(linked) == row.expected and len(linked) == len(decisions)
        return Answer(row, Fate.RIGHT if right else Fate.WRONG, tuple(linked), reason)
    shown = tuple(c.entity.slug for d in decisions for c in d.candidates)
    if any(d.outcome is Outcome.CREATE for d in decisions):
        return Answer(row, Fate.MADE_AGAIN if row.expected else Fate.MADE_RIGHT, shown, reason)
    if not decisions and not row.expected:
        return Answer(row, Fate.MADE_RIGHT, (), reason)
    if shown and row.expected and shown[0] in row.expected:
        return Answer(row, Fate.FIRST, shown, reason)
    return Answer(row, Fate.AMONG if row.expected & set(shown) else Fate.WITHOUT, shown, reason)


def to_text(score: Score) -> str:
    """Return the numbers as a table, a line for each kind, and the four that count below it."""
    by_kind: dict[str, list[Answer]] = defaultdict(list)
    for answer in score.answers:
        by_kind[answer.row.kind].append(answer)
    lines = [f"{'':13}{'rows':>6}{'known':>7}" + "".join(f"{fate.value:>12}" for fate in Fate)]
    for kind, answers in [*by_kind.items(), ("all", list(score.answers))]:
        of = Score(tuple(answers))
        lines.append(
            f"{kind:13}{len(answers):6}{of.known:7}" + "".join(f"{of.count(fate):12}" for fate in Fate)
        )
    lines += [
        "",
        f"precision of what is linked without asking  {score.precision:7.4f}  "
        f"{score.count(Fate.RIGHT)} of {score.linked}",
        f"recall of what is known                     {score.recall:7.4f}  "
        f"{score.count(Fate.RIGHT)} of {score.known}",
        f"asked                                       {score.asked:7.4f}",
        f"known and made anew                         {score.count(Fate.MADE_AGAIN):7}",
    ]
    return "\n".join(lines)


def faults(score: Score) -> str:
    """Return a line for each row that was decided wrongly, and for each of which the right was not listed."""
    lines = []
    for answer in score.answers:
        row = answer.row
        if answer.fate in {Fate.WRONG, Fate.MADE_AGAIN} or (answer.fate is Fate.WITHOUT and row.expected):
            meant = " ".join(sorted(row.expected)) or NEW
            got = " ".join(answer.got) or "nothing"
            lines.append(
                f"line {row.line}: {row.kind} “{row.name}” {answer.fate.value}: {got}; "
                f"expected {meant} ({answer.reason})"
            )
    return "\n".join(lines)


def main() -> None:
    """Print both tables; exit with 3 if the list or the graph cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path, metavar="GOLD.csv")
    parser.add_argument("--folder", type=Path, help="the graph to ask; else the shipped one")
    asked = parser.parse_args()
    try:
        known = Known.of(Layout.at(asked.folder) if asked.folder else Layout.shipped())
        rows = read_gold(asked.gold, known)
    except CommuniqueError as error:
        print(error, file=sys.stderr)
        sys.exit(UNUSABLE)
    plain = measure(rows, known)
    held_out = measure(rows, known, held_out=True)
    title = (
        f"Held out: without the very spelling, where the registers have it ({held_out.spellings_taken} rows)"
    )
    for heading, score in (("The registers as they are", plain), (title, held_out)):
        print(heading, "", to_text(score), "", sep="\n")
        if lines := faults(score):
            print(lines, "", sep="\n")


if __name__ == "__main__":
    main()
