"""The facade: a graph of dialogues that answers questions and judges new records."""

from __future__ import annotations

from functools import cached_property, partial
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
    from collections.abc import Callable, Mapping, Sequence

    import rdflib

    from communique.drafting.draft import Drafting, Proposal
    from communique.drafting.facts import Source
    from communique.history.changes import Changes
    from communique.identity.twins import Twins
    from communique.mending.mended import Mended
    from communique.store.protocol import Store
    from communique.store.stated import Stated
    from communique.store.transport import Limits
    from communique.validation.findings import Severity
    from communique.validation.progress import Progress
    from communique.validation.report import Report


class DialogueGraph:
    """A graph of dialogues: what its sources state, and what follows from them."""

    def __init__(self, store: Store | Callable[[], Store], layout: Layout) -> None:
        self._opener = store
        self._layout = layout

    @cached_property
    def _store(self) -> Store:
        # Judging records needs only what is stated: what follows is derived when it is first asked for.
        return self._opener() if callable(self._opener) else self._opener

    @classmethod
    def open(cls, folder: str | Path | None = None) -> DialogueGraph:
        """Return the graph that comes with the package, or the one in a folder.

        Args:
            folder: a graph's files (``ontology``, ``data``, ``shapes``, ``queries``), from which all that
                follows is derived at the first question; or what ``build`` has written, which is only read.

        Raises:
            LayoutError: if the folder is neither.
            UnreadableInputError: at the first question, if a file is not Turtle, with its line and column.

        """
        if folder is not None and (built := release.current(Path(folder))):
            return cls(partial(EmbeddedStore, built / "store"), Layout.at(built))
        layout = Layout.shipped() if folder is None else Layout.at(Path(folder))
        return cls(lambda: release.read_files(layout)[0], layout)

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

    def validate(
        self,
        *paths: str | Path,
        severity: Severity | str = "violation",
        against: str | Path | None = None,
        changed: str | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Return the findings on files or folders of RDF, judged by this graph's shapes and checks.

        Args:
            paths: what to judge; the graph's own data if none is named.
            severity: the least severity that counts as failing: info, warning or violation.
            against: the graph that they are judged among, if not this one: a graph's files, a folder of
                releases, or the address of an endpoint.
            changed: a revision of git, such as ``HEAD``: judge what the changes of this graph's files since
                then could have affected, instead of paths.
            progress: is told how far it has come: of each file before it is read, and of each shape and check
                before it judges.

        Raises:
            UnreadableInputError: if a file of the graph that is not judged cannot be read. One that is
                judged is named in the report.
            ChangesError: if git does not tell what has changed.
            CommuniqueError: if there is no such severity, or paths are given beside a revision.

        """
        from communique.validation.findings import Severity
        from communique.validation.judge import validate
        from communique.validation.progress import unheard

        threshold = Severity.named(severity)
        if changed is not None:
            from communique.validation.changes import validate_changes

            if paths or against is not None:
                raise CommuniqueError(
                    "What has changed is judged in its own place: name no paths and no graph."
                )
            return validate_changes(self._layout, changed, threshold, progress or unheard)
        named: Sequence[Path] = [Path(path) for path in paths] or [self._layout.root / "data"]
        return validate(
            named,
            layout=self._layout,
            severity=threshold,
            against=self._surroundings(against),
            progress=progress or unheard,
        )

    def _surroundings(self, against: str | Path | None) -> Stated | None:
        """Return what records are judged among; None for the files of this graph."""
        from communique.context.surroundings import stated_in
        from communique.store.stated import StatedEndpoint

        if against is None:
            if callable(self._opener) or isinstance(self._opener, EmbeddedStore):
                return release.stated_in(self._layout)
            return StatedEndpoint(self._opener)
        if str(against).startswith(("http://", "https://")):
            return DialogueGraph.connect(str(against))._surroundings(None)
        other = DialogueGraph.open(against)._layout
        return release.stated_in(other) or stated_in(other)

    def fix(self, *paths: str | Path, write: bool = False, form: bool = True) -> tuple[Mended, ...]:
        """Return what certain remedies make of files or folders of Turtle: fixes, a diff, and what is left.

        Args:
            paths: what to mend.
            write: whether to change the files; each is replaced as a whole.
            form: whether to bring them to the canonical form, last.

        Raises:
            UnreadableInputError: if a file cannot be read, with its line and column.
            MendingError: if a file is of another syntax than Turtle, or changes meanwhile.

        """
        from communique.mending.fixes import fix

        return fix([Path(path) for path in paths], self._layout, write=write, form=form)

    def changes(self, revisions: str) -> Changes:
        """Return what has changed in this graph's files between two revisions of git, in words.

        Args:
            revisions: ``A..B``; or ``A..``, and ``A`` alone, for all since A, work not committed included.

        Raises:
            ChangesError: if git does not keep the files, or knows no such revision.
            UnreadableInputError: if a file cannot be read as it was or is, with its line and column.

        """
        from communique.history.report import changes_of

        return changes_of(self._layout, revisions)

    def draft(
        self,
        *paths: str | Path,
        accept: bool = False,
        decisions: Sequence[Mapping[str, object]] = (),
        read_on: str | None = None,
        ask: Callable[[Drafting, Source], Proposal | None] | None = None,
    ) -> tuple[Proposal, ...]:
        """Return what files of facts become: each name linked, new or to be decided, and the files so far.

        Args:
            paths: files of facts, as ``communique draft --new URL`` prints them.
            accept: whether to write what is certain; what is not stays out, whole.
            decisions: who is who, as the ``decisions`` of a file of facts say it.
            read_on: the day on which the pages were read, where the facts do not say.
            ask: what is asked for a source that is not certain.

        Raises:
            UnreadableInputError: if a file is no YAML, with its line and column.
            FactsError: if it does not have the form of the schema; it tells every fault.
            DraftError: if this graph has no files to draft into, or a decision is on no name of the facts.
            WritingError: if a file cannot be written, or was changed by somebody else meanwhile.

        """
        from communique.drafting.draft import DraftError, draft_files

        if not callable(self._opener):
            raise DraftError("An endpoint has no files to draft into: name a folder that has.")
        return draft_files(
            [Path(path) for path in paths],
            self._layout,
            accept=accept,
            decisions=decisions,
            read_on=read_on,
            ask=ask,
        )

    def twins(self) -> tuple[Twins, ...]:
        """Return the pairs of entries in this graph's registers that look like one and are not told apart.

        Raises:
            UnreadableInputError: if a file is not Turtle, with its line and column.

        """
        from communique.identity.twins import find_twins

        return find_twins(self._layout)

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
