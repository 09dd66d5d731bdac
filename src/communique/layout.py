"""Where the files of the graph lie: in a checkout, in an installed wheel, or in a folder of a user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from communique.errors import LayoutError

_PACKAGE = Path(__file__).resolve().parent
FOLDERS = ("ontology", "data", "shapes", "queries")


@dataclass(frozen=True, slots=True)
class Layout:
    """A folder with the four folders of the graph in it."""

    root: Path

    @classmethod
    def shipped(cls) -> Layout:
        """Return the layout of the files that come with the package.

        A wheel carries them inside the package; a checkout has them at its top.
        """
        for root in (_PACKAGE / "graph_files", _PACKAGE.parents[1]):
            if all((root / name).is_dir() for name in FOLDERS):
                return cls(root)
        raise LayoutError(
            f"The graph's files were not found beside the package at {_PACKAGE}. "
            "Reinstall communique, or name a folder."
        )

    @classmethod
    def at(cls, root: Path) -> Layout:
        """Return the layout of a folder of a user's own.

        Raises:
            LayoutError: if one of the four folders is missing.

        """
        if missing := [name for name in FOLDERS if not (root / name).is_dir()]:
            raise LayoutError(f"{root} is not a graph's folder: it has no {' and no '.join(missing)}.")
        return cls(root)

    @property
    def is_installed(self) -> bool:
        """Return whether the files are those inside an installed package, which nobody keeps records in."""
        return self.root == _PACKAGE / "graph_files"

    @property
    def ontology_files(self) -> list[Path]:
        """Return the ontology and the concept schemes; alignments stay apart."""
        return [self.root / "ontology" / "communique.ttl", *self.concept_files]

    @property
    def concept_files(self) -> list[Path]:
        """Return the concept schemes, one file a scheme."""
        return sorted((self.root / "ontology" / "concepts").glob("*.ttl"))

    @property
    def data_files(self) -> list[Path]:
        """Return every Turtle file under ``data/``."""
        return sorted((self.root / "data").rglob("*.ttl"))

    def stated_files(self) -> list[tuple[str, Path]]:
        """Return the files whose statements shapes judge or read, each with its name in the graph."""
        files = (*self.ontology_files, *self.data_files)
        return [(path.relative_to(self.root).as_posix(), path) for path in files]

    @property
    def link_files(self) -> list[Path]:
        """Return the mapping sets to other datasets, one file a dataset."""
        return sorted((self.root / "data" / "links").glob("*.sssom.tsv"))

    @property
    def shape_files(self) -> list[Path]:
        """Return the shapes that judge data, without those that judge the ontology itself."""
        return [path for path in sorted((self.root / "shapes").glob("*.ttl")) if path.stem != "ontology"]

    @property
    def rule_files(self) -> list[Path]:
        """Return the rules that derive statements, in the order in which they run."""
        return sorted((self.root / "queries" / "rules").glob("*.rq"))

    @property
    def question_files(self) -> list[Path]:
        """Return the saved questions."""
        return sorted((self.root / "queries" / "questions").glob("*.rq"))

    @property
    def check_files(self) -> list[Path]:
        """Return the checks that judge data: any row is a fault."""
        return sorted((self.root / "queries" / "checks" / "data").glob("*.rq"))

    @property
    def ontology_check_files(self) -> list[Path]:
        """Return the checks that judge the ontology: any row is a fault."""
        return sorted((self.root / "queries" / "checks" / "ontology").glob("*.rq"))
