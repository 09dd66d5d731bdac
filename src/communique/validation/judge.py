"""Judging records: shapes and checks over given files, in the context of the rest of the graph."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from rdflib import SH, Graph, URIRef

from communique.context.footprint import Footprint
from communique.context.surroundings import (
    Described,
    Surroundings,
    Triple,
    load,
    reachable,
    stated_in,
)
from communique.errors import Location, QueryError
from communique.isolation.refusal import shown
from communique.located.turtle import quiet_terms
from communique.validation.findings import Finding, Severity
from communique.validation.inputs import named, read_all
from communique.validation.notices import noticed
from communique.validation.progress import Stage, told, unheard
from communique.validation.record import Record
from communique.validation.report import Report
from communique.validation.shacl import Account, judge, loaded, local_name
from communique.validation.supported import check_shapes
from communique.validation.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set
    from pathlib import Path

    from rdflib.term import Node

    from communique.layout import Layout
    from communique.located.turtle import LocatedTurtle
    from communique.store.stated import Stated
    from communique.validation.inputs import Named
    from communique.validation.progress import Progress
    from communique.validation.shacl import Result

DESCRIBED_ONCE = "described-once"
"""The one rule that is neither a shape nor a check: a graph does not know files."""

TOO_COSTLY = "too-costly"
ALLOWED_READS, READS_A_STATEMENT = 2_000_000, 500
"""How often the graph may be read for one file: in any case, and for each statement of it besides.

A record of the graph takes some hundred times for each of its statements.
"""

_TOO_MANY = {
    SH.MaxCountConstraintComponent,
    SH.QualifiedMaxCountConstraintComponent,
    SH.UniqueLangConstraintComponent,
}


def validate(
    paths: Sequence[Path],
    *,
    layout: Layout,
    severity: Severity = Severity.VIOLATION,
    against: Stated | None = None,
    progress: Progress = unheard,
) -> Report:
    """Return the findings on files, or on all files of RDF in folders, judged among the rest of a graph.

    Only what the files describe is judged. A file of the graph takes its own place in it; any other is
    judged as an addition. ``severity`` is what counts as failing: findings below it are reported too.
    What cannot be read is a finding, and the rest is judged without it.

    Args:
        paths: the files and folders.
        layout: whose shapes and checks judge.
        severity: what counts as failing.
        against: the rest of the graph; what the files of the layout state, if nothing else is named.
        progress: is told of each file that is read, and of each shape and check.

    Raises:
        UnreadableInputError: if a file of the rest of the graph, or of the shapes, cannot be read.

    """
    found = named(paths)
    stated = against or stated_in(layout, found.files)
    return judge_files(found, layout, stated, severity, progress=progress)


def judge_files(
    given: Named,
    layout: Layout,
    stated: Stated,
    severity: Severity,
    *,
    only: Mapping[Path, Set[Node]] | None = None,
    progress: Progress = unheard,
) -> Report:
    """Return the findings on files.

    Args:
        given: the files, and what was named in vain.
        layout: whose shapes and checks judge.
        stated: the rest of the graph.
        severity: what counts as failing.
        only: for a file of which not all is judged, what of it is.
        progress: is told of each file that is read, and of each shape and check.

    """
    only = only or {}
    with quiet_terms():
        inputs = read_all(given.files, progress)
        located = inputs.located
        surroundings = Surroundings({path: file.graph for path, file in located.items()}, stated, layout.root)
        shapes = shapes_of(layout)
        checks = [path.read_text(encoding="utf-8") for path in layout.check_files]
        focus = {
            subject
            for path, file in located.items()
            for subject in file.graph.subjects(unique=True)
            if path not in only or subject in only[path]
        }
        context = reachable(focus, surroundings, footprint_of(shapes), checks)
        record = Record(list(located.values()), context, focus)
        wording = Wording(Described(record.graph, surroundings), shapes)
        accounts = {file.path: _account(file) for file in record.files}
        findings = {
            *_shape_findings(record, shapes, wording, accounts, progress),
            *_twice_described(record, surroundings, wording),
            *_check_findings(record, layout, wording, progress),
        }
        findings |= set(_too_costly(record, wording, accounts))
        whole = [file for path, file in located.items() if path not in only]
        findings |= set(noticed(whole, findings, layout))
    errors = (*given.missing, *inputs.unreadable)
    return Report.of(findings, [shown(str(path)) for path in given.files], errors, severity)


@lru_cache(maxsize=8)
def footprint_of(shapes: Graph) -> Footprint:
    """Return what the shapes read; it is shared, and grows as it is asked."""
    return Footprint(loaded(shapes))


def shapes_of(layout: Layout) -> Graph:
    """Return the shapes that judge data, as one graph; it is shared, and not to be changed.

    Raises:
        RefusedInputError: if they use what is not judged.

    """
    files = {path: load(path) for path in layout.shape_files}
    for path, triples in files.items():
        check_shapes(triples, path)
    return _joined(tuple(files.values()))


@lru_cache(maxsize=8)
def _joined(files: tuple[tuple[Triple, ...], ...]) -> Graph:
    shapes = Graph(store="SimpleMemory", bind_namespaces="none")
    for triples in files:
        for triple in triples:
            shapes.add(triple)
    return shapes


def _account(file: LocatedTurtle) -> Account:
    return Account(ALLOWED_READS + READS_A_STATEMENT * len(file.graph))


def _too_costly(record: Record, wording: Wording, accounts: Mapping[str, Account]) -> Iterator[Finding]:
    """Return that a file was not judged to its end, at the subject that took most."""
    for file in record.files:
        account = accounts[file.path]
        if not account.is_spent:
            continue
        ((subject, cost),) = account.costs.most_common(1)
        at = record.place_of_subject(subject)
        yield Finding(
            location=at,
            rule=TOO_COSTLY,
            severity=Severity.VIOLATION,
            sentence=f"The file was not judged to its end: it took more than {account.allowed:,} looks "
            f"into the graph, {cost:,} of them for {wording.short(subject)}.",
            remedy="Give this subject fewer values, which are compared with each other, or split the file.",
            focus=str(subject),
            subject=wording.subject(subject),
            path=None,
            value=None,
            source_line=record.line_at(at),
        )


def _shape_findings(
    record: Record, shapes: Graph, wording: Wording, accounts: Mapping[str, Account], progress: Progress
) -> Iterator[Finding]:
    """Return what the shapes find; constraints of one shape on one value make one finding.

    Where a value is wrong, it is not told as well that a right one is missing.
    """
    alike: dict[tuple[Node | None, ...], list[Result]] = defaultdict(list)
    of_subjects = {subject: accounts[record.homes(subject)[0].path] for subject in record.focus}
    for result in judge(record.graph, shapes, record.focus, of_subjects, progress):
        alike[result.shape, result.focus, result.path, result.value].append(result)
    with_wrong_value = {key[:3] for key in alike if key[3] is not None}
    # In an order of their own: of very many, only the first are told what was meant.
    for key, results in sorted(alike.items(), key=lambda item: [str(part) for part in item[0]]):
        if key[:3] in with_wrong_value and all(
            result.component == SH.QualifiedMinCountConstraintComponent for result in results
        ):
            continue
        result = wording.plainest(results)
        yield Finding(
            location=(at := _place(record, result)),
            rule=local_name(result.shape),
            severity=result.severity,
            sentence=wording.sentence(result),
            remedy=wording.remedy(result),
            focus=str(result.focus),
            subject=wording.subject(result.focus),
            path=wording.path(result.path),
            value=None if result.value is None else wording.short(result.value),
            source_line=record.line_at(at),
            meant=wording.meant(result),
        )


def _place(record: Record, result: Result) -> Location:
    """Return the value's place, the last value's where there are too many, else the subject's."""
    if result.value is not None:
        return record.place_of_value(result.focus, result.path, result.value)
    if result.component in _TOO_MANY and isinstance(result.path, URIRef):
        return record.place_of_last_value(result.focus, result.path)
    return record.place_of_subject(result.focus)


def _twice_described(record: Record, surroundings: Surroundings, wording: Wording) -> Iterator[Finding]:
    """Return a finding for each pair of files that describe one subject; it names the first."""
    pairs: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for subject in record.focus:
        home, *others = record.homes(subject)
        for other in others:
            pairs[other.path, home.path].append(subject)
        for stands in surroundings.homes(subject)[:1]:
            pairs[home.path, stands].append(subject)
    for (path, other_path), subjects in pairs.items():
        home = next(file for file in record.files if file.path == path)
        first = min(subjects, key=lambda subject: _line_and_column(home, subject))
        rest = len(subjects) - 1
        more = f", and so {'is' if rest == 1 else 'are'} {rest} other subject{'s'[: rest - 1]}"
        at = home.subjects.get(first, Location(path))
        yield Finding(
            location=at,
            rule=DESCRIBED_ONCE,
            severity=Severity.VIOLATION,
            sentence=f"{wording.short(first)} is described in {other_path} as well{more if rest else ''}.",
            remedy="Describe a subject in one file only: add to it there, or give this one another IRI.",
            focus=str(first),
            subject=wording.subject(first),
            path=None,
            value=None,
            source_line=record.line_at(at),
        )


def _line_and_column(file: LocatedTurtle, subject: Node) -> tuple[int, int]:
    place = file.subjects.get(subject, Location(file.path))
    return place.line, place.column


def _check_findings(
    record: Record, layout: Layout, wording: Wording, progress: Progress
) -> Iterator[Finding]:
    """Return a finding for each row of a check whose ``?focus`` the files describe.

    ``?message`` says what is wrong; a check may select ``?remedy``, ``?path`` and ``?value`` as well.
    """
    for path in told(layout.check_files, Stage.CHECKING, progress, lambda path: path.stem):
        rows = record.graph.query(path.read_text(encoding="utf-8"))
        names = {str(variable) for variable in rows.vars or ()}
        if not {"focus", "message"} <= names:
            raise QueryError(f"{path} must select ?focus and ?message.")
        for row in rows.bindings:
            terms = {str(variable): term for variable, term in row.items()}
            focus, value, prop = terms["focus"], terms.get("value"), terms.get("path")
            if focus not in record.focus:
                continue
            at = (
                record.place_of_subject(focus) if value is None else record.place_of_value(focus, prop, value)
            )
            yield Finding(
                location=at,
                rule=path.stem,
                severity=Severity.VIOLATION,
                sentence=str(terms["message"]),
                remedy=str(terms.get("remedy", "")),
                focus=str(focus),
                subject=wording.subject(focus),
                path=None if prop is None else wording.short(prop),
                value=None if value is None else wording.short(value),
                source_line=record.line_at(at),
            )
