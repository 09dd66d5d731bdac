"""The facade: a graph of dialogues that answers questions and judges new records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from communique import release
from communique.errors import CommuniqueError, QuestionError
from communique.isolation.scan import check
from communique.layout import Layout
from communique.questions import federation
from communique.questions.answers import Answer, typed_rows
from communique.questions.binding import bind, choices
from communique.questions.citations import cite
from communique.questions.entities import nearest
from communique.questions.header import Question, read_question
from communique.questions.lint import check_prefixes, unknown_terms
from communique.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    import rdflib

    from communique.store.protocol import Store
    from communique.store.transport import Limits
    from communique.validation.findings import Severity
    from communique.validation.report import Report


class DialogueGraph:
    """A graph of dialogues: what its sources state, and what follows from them."""

    def __init__(self, store: Store, layout: Layout) -> None:
        self._store = store
        self._layout = layout

    @classmethod
    def open(cls, folder: str | Path | None = None) -> DialogueGraph:
        """Return the graph that comes with the package, or the one in a folder.

        Args:
            folder: a graph's files (``ontology``, ``data``, ``shapes``, ``queries``), from which all that
                follows is derived now; or what ``build`` has written, which is only read.

        Raises:
            LayoutError: if the folder is neither.
            UnreadableInputError: if a file is not Turtle, with its line and column.

        """
        if folder is not None and (built := release.current(Path(folder))):
            return cls(EmbeddedStore(built / "store"), Layout.at(built))
        layout = Layout.shipped() if folder is None else Layout.at(Path(folder))
        return cls(release.read_files(layout)[0], layout)

    @classmethod
    def connect(cls, url: str, limits: Limits | None = None) -> DialogueGraph:
        """Return the graph that a SPARQL 1.1 endpoint holds: the same questions, asked there.

        The endpoint must hold the dump of a release, ``graph.nt``, in its default graph.

        Args:
            url: the address: https, or http on this machine.
            limits: what the endpoint may take of time and memory.

        Raises:
            EndpointError: if the address is neither; later, if an answer is not whole or not SPARQL's.

        """
        from communique.store.remote import RemoteStore

        return cls(RemoteStore(url, limits=limits) if limits else RemoteStore(url), Layout.shipped())

    @property
    def release(self) -> str:
        """Return the version of the data."""
        return release.version_of(self._store)

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
            parameters: values by the parameter's name: an entity's slug, name or IRI, a date, a number.

        Raises:
            QuestionError: if the question, a parameter or a value is unknown; it names the nearest.
            EndpointError: if a second endpoint, which a parameter names, gives no answer to rely on.

        """
        found = self.question(question)
        query, understood = bind(found, parameters, self._store)
        endpoints = {f"_{name}": understood[name] for name in found.endpoints if name in understood}
        table = federation.select(query, endpoints, self._store)
        rows = typed_rows(table, found.lists, self._store)
        return Answer(
            found.name,
            understood,
            table.variables,
            rows,
            self.release,
            found.across,
            cite(rows, self._store),
        )

    def sparql(self, query: str) -> Answer:
        """Return the rows of a SPARQL 1.1 query of your own.

        An ASK query gives one row, a CONSTRUCT query a row for each triple. The answer's ``warnings`` name
        the terms and entities of ours in the query that the graph does not know.

        Raises:
            QueryError: if the query is not SPARQL 1.1, would change data or leave the graph, or is too large.

        """
        check(query)
        check_prefixes(query)
        table = self._store.select(query)
        rows = typed_rows(table, (), self._store)
        warnings = tuple(unknown_terms(query, self._store))
        return Answer(
            "", {}, table.variables, rows, self.release, citations=cite(rows, self._store), warnings=warnings
        )

    def show(self, entity: str) -> Answer:
        """Return what is known of an entity, by whom, and what points to it.

        The same as asking ``known-of``.
        """
        return self.ask("known-of", entity=entity)

    def disagreements(self, occasion: str | None = None, **parameters: str) -> Answer:
        """Return where the accounts of an occasion and its parts differ, or of all occasions.

        The same as asking ``disagreements``.
        """
        if occasion is not None:
            parameters["occasion"] = occasion
        return self.ask("disagreements", **parameters)

    def validate(self, *paths: str | Path, severity: Severity | str = "violation") -> Report:
        """Return the findings on files or folders of Turtle, judged in the context of this graph's files.

        Args:
            paths: what to judge; the graph's own data if none is named.
            severity: the least severity that counts as failing: info, warning or violation.

        Raises:
            UnreadableInputError: if a file cannot be read, with its line and column.
            CommuniqueError: if there is no such severity.

        """
        from communique.validation.findings import Severity
        from communique.validation.judge import validate

        named: Sequence[Path] = [Path(path) for path in paths] or [self._layout.root / "data"]
        return validate(named, layout=self._layout, severity=Severity.named(severity))

    def infer(self) -> rdflib.Graph:
        """Return the OWL 2 RL closure of the graph by owlrl, the reference reasoner.

        It takes seconds on the shipped data; the saved questions do not need it.

        Raises:
            CommuniqueError: if the closure contradicts itself; it tells the first contradiction.

        """
        from communique.derive.reasoning import close, inconsistencies

        graph = self.to_rdflib()
        if found := inconsistencies(graph):
            raise CommuniqueError(f"The graph contradicts itself: {found[0].message}")
        return close(graph)

    def build(self, folder: str | Path) -> Path:
        """Write a release of this graph's files into a folder, and return where it is.

        It holds the merged dump, a store that ``open`` reads, and a manifest of counts and digests.
        """
        return release.build(self._layout, Path(folder))

    def to_rdflib(self) -> rdflib.Graph:
        """Return a copy of the graph, derived statements included, for rdflib."""
        import rdflib

        return rdflib.Graph().parse(data=self._store.dump(), format="nt")
