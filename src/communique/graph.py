"""The facade: a graph of dialogues that answers saved questions and judges new records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from communique.derive.rules import derive
from communique.errors import QuestionError
from communique.layout import Layout
from communique.questions.answers import Answer, typed_rows
from communique.questions.binding import bind, choices
from communique.questions.entities import nearest
from communique.questions.header import Question, read_question
from communique.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    import rdflib

    from communique.validation.findings import Report, Severity

_RELEASE = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
SELECT ?version WHERE { ?dataset a dcat:Dataset ; dcat:version ?version } ORDER BY ?version
"""


class DialogueGraph:
    """A graph of dialogues: what its sources state, and what follows from them."""

    def __init__(self, store: EmbeddedStore, layout: Layout) -> None:
        self._store = store
        self._layout = layout

    @classmethod
    def open(cls, folder: str | Path | None = None) -> DialogueGraph:
        """Return the graph that comes with the package, or the one in a folder, with what follows from it.

        Args:
            folder: a folder with ``ontology``, ``data``, ``shapes`` and ``queries`` in it.

        Raises:
            LayoutError: if the folder lacks one of those.
            UnreadableInputError: if a file is not Turtle, with its line and column.

        """
        layout = Layout.shipped() if folder is None else Layout.at(Path(folder))
        store = EmbeddedStore()
        for path in (*layout.ontology_files, *layout.data_files):
            store.load(path)
        derive(store, layout.rule_files)
        return cls(store, layout)

    @property
    def release(self) -> str:
        """Return the version of the data."""
        rows = self._store.select(_RELEASE).rows
        return str(rows[0][0]) if rows else "unreleased"

    def questions(self) -> list[Question]:
        """Return the saved questions, by name."""
        return [read_question(path) for path in self._layout.question_files]

    def question(self, name: str) -> Question:
        """Return one saved question.

        Raises:
            QuestionError: if there is none of that name; the nearest is named.

        """
        paths = {path.stem: path for path in self._layout.question_files}
        if name not in paths:
            raise QuestionError(
                f"There is no question `{name}`.{nearest(name, paths)} Known: {', '.join(paths)}."
            )
        return read_question(paths[name])

    def choices(self, question: str, parameter: str) -> dict[str, str]:
        """Return the values that a parameter can have, each with its label."""
        asked = {found.name: found for found in self.question(question).parameters}
        return choices(asked[parameter], self._store)

    def ask(self, question: str, **parameters: str) -> Answer:
        """Return the answer to a saved question.

        Args:
            question: its name.
            parameters: values by the parameter's name: an entity's slug, label or IRI, a date, a number.

        Raises:
            QuestionError: if the question, a parameter or a value is unknown; it names the nearest.

        """
        found = self.question(question)
        query, understood = bind(found, parameters, self._store)
        table = self._store.select(query)
        return Answer(
            found.name,
            understood,
            table.variables,
            typed_rows(table, found.lists, self._store),
            self.release,
            found.across,
        )

    def disagreements(self, occasion: str | None = None, **parameters: str) -> Answer:
        """Return where the accounts of an occasion and its parts differ, or of all occasions.

        The same as asking ``disagreements``.
        """
        if occasion is not None:
            parameters["occasion"] = occasion
        return self.ask("disagreements", **parameters)

    def validate(self, *paths: str | Path, severity: Severity | None = None) -> Report:
        """Return the findings on files or folders of Turtle, judged in the context of this graph's files.

        Args:
            paths: what to judge; the graph's own data if none is named.
            severity: what counts as failing; a violation if none is named.

        Raises:
            UnreadableInputError: if a file cannot be read, with its line and column.

        """
        from communique.validation.findings import Severity
        from communique.validation.judge import validate

        named: Sequence[Path] = [Path(path) for path in paths] or [self._layout.root / "data"]
        return validate(named, layout=self._layout, severity=severity or Severity.VIOLATION)

    def to_rdflib(self) -> rdflib.Graph:
        """Return a copy of the graph, derived statements included, for rdflib."""
        import rdflib

        return rdflib.Graph().parse(data=self._store.dump(), format="nt")
