"""How far a run has come: told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")


class Stage(Enum):
    """What is being done: files are read one by one, then judged shape by shape, and check by check."""

    READING = "Reading"
    JUDGING = "Judging"
    CHECKING = "Checking"


@dataclass(frozen=True, slots=True)
class Step:
    """A place in a run.

    Attributes:
        stage: what is being done.
        done: how many files, shapes or checks are done.
        total: how many there are.
        name: the one that is next; empty after the last.

    """

    stage: Stage
    done: int
    total: int
    name: str


Progress: TypeAlias = Callable[[Step], None]
"""Is called before each step, and once after the last of a stage."""


def unheard(step: Step) -> None:
    """Do nothing: nobody waits."""


def told(items: Sequence[T], stage: Stage, progress: Progress, name: Callable[[T], str] = str) -> Iterator[T]:
    """Yield things to be done, and tell of each before it is, and when all are."""
    for done, item in enumerate(items):
        progress(Step(stage, done, len(items), name(item)))
        yield item
    if items:
        progress(Step(stage, len(items), len(items), ""))
