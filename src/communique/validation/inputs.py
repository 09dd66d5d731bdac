"""The files of a run: those that are named, and what came of reading them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.errors import Location, UnreadableInputError
from communique.isolation.gate import SYNTAXES
from communique.isolation.refusal import shown
from communique.located.reading import read
from communique.validation.progress import Stage, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from communique.located.turtle import LocatedTurtle
    from communique.validation.progress import Progress


@dataclass(frozen=True, slots=True)
class Named:
    """What paths name.

    Attributes:
        files: the files, each once.
        missing: an error for each path that names none.

    """

    files: tuple[Path, ...]
    missing: tuple[UnreadableInputError, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files that were read.

    Attributes:
        located: what each of them states, with its places.
        unreadable: an error for each of the others.

    """

    located: Mapping[Path, LocatedTurtle]
    unreadable: tuple[UnreadableInputError, ...] = ()


def named(paths: Sequence[Path]) -> Named:
    """Return the named files, and all files of RDF in the named folders."""
    found: dict[Path, Path] = {}
    missing: list[UnreadableInputError] = []
    for path in paths:
        files = _files_in(path) if path.is_dir() else [path]
        at = Location(shown(str(path)))
        if not path.exists():
            missing.append(UnreadableInputError(at, "There is no such file or folder."))
        elif not files:
            endings = ", *".join(SYNTAXES)
            missing.append(UnreadableInputError(at, f"The folder holds no file *{endings}."))
        else:
            for file in files:
                found.setdefault(file.resolve(), file)
    return Named(tuple(found.values()), tuple(missing))


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SYNTAXES)


def read_all(files: Sequence[Path], progress: Progress) -> Inputs:
    """Return what files state; one that cannot be read keeps nobody from reading the others."""
    located: dict[Path, LocatedTurtle] = {}
    unreadable: list[UnreadableInputError] = []
    for path in told(files, Stage.READING, progress, lambda path: shown(str(path))):
        try:
            located[path] = read(path)
        except UnreadableInputError as error:
            unreadable.append(error)
    return Inputs(located, tuple(unreadable))
