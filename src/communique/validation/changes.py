"""What a commit, or work not yet committed, could have affected: the changed files, and whoever read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph

from communique.context.queries import UnboundedError
from communique.context.surroundings import Surroundings, node_of, stated_in
from communique.errors import ChangesError
from communique.located.turtle import quiet_terms
from communique.repository import git
from communique.validation.inputs import Named, read_all
from communique.validation.judge import footprint_of, judge_files, shapes_of
from communique.validation.progress import unheard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from rdflib.term import Node

    from communique.context.surroundings import Triple
    from communique.layout import Layout
    from communique.validation.findings import Severity
    from communique.validation.progress import Progress
    from communique.validation.report import Report


@dataclass(frozen=True, slots=True)
class Affected:
    """What changes in a graph's files could have affected.

    Attributes:
        files: the files whose every subject is judged: those that have changed.
        elsewhere: for each other file, what of it may be judged otherwise than before.
        everything: why all data are judged, where they are.

    """

    files: tuple[Path, ...]
    elsewhere: Mapping[Path, AbstractSet[Node]] = field(default_factory=dict)
    everything: str | None = None


def validate_changes(
    layout: Layout, revision: str, severity: Severity, progress: Progress = unheard
) -> Report:
    """Return the findings on all that the changes since a revision of git could have affected.

    Raises:
        ChangesError: if the files are not kept by git, or it does not know the revision.
        UnreadableInputError: if a file that has not changed cannot be read.

    """
    affected = affected_since(layout, revision)
    files = (*affected.files, *affected.elsewhere)
    return judge_files(
        Named(files), layout, stated_in(layout, files), severity, only=affected.elsewhere, progress=progress
    )


def affected_since(layout: Layout, revision: str) -> Affected:
    """Return what the changes since a revision of git could have affected; the working tree counts.

    Raises:
        ChangesError: if the files are not kept by git, or it does not know the revision.
        UnreadableInputError: if a file that has not changed cannot be read.

    """
    names = _changed(layout.root, revision)
    data = (*layout.concept_files, *layout.data_files)
    if rules := sorted(name for name in names if _is_rule(name)):
        return Affected(data, everything=f"{rules[0]} has changed, by which all are judged")
    # The ontology states things that are read; it is not itself judged as data.
    changed = tuple(path for path in data if path.relative_to(layout.root).as_posix() in names)
    # What a changed file can no longer tell is missed by whoever read it.
    stated = stated_in(layout, _unreadable(changed))
    graph = Surroundings({}, stated, layout.root)
    after = set(Surroundings({}, stated, layout.root, stated.names() - names).everything())
    before = {triple for name in names if _is_stated(name) for triple in _before(layout.root, revision, name)}
    try:
        readers = readers_of(before ^ after, graph, layout)
    except UnboundedError as error:
        return Affected(data, everything=str(error))
    elsewhere: dict[Path, set[Node]] = {}
    for node in readers:
        for name in graph.homes(node):
            path = layout.root / name
            if path in data and path not in changed:
                elsewhere.setdefault(path, set()).add(node)
    return Affected(changed, dict(sorted(elsewhere.items())))


def readers_of(changed: AbstractSet[Triple], graph: Surroundings, layout: Layout) -> set[Node]:
    """Return the nodes whose judgement by a layout's shapes and checks can have read what has changed.

    Args:
        changed: the triples that were there and are not, or are there and were not.
        graph: the graph as it is now.
        layout: whose shapes and checks judge.

    Raises:
        UnboundedError: if it can be anybody's.

    """
    footprint = footprint_of(shapes_of(layout))
    starts = {footprint.kinds, *(footprint.shape(targets.shape) for targets in footprint.targets)}
    starts |= {footprint.check(path.read_text(encoding="utf-8")) for path in layout.check_files}
    nodes, anyhow = footprint.reach.walk_back(changed, graph)
    if starts & anyhow:
        raise UnboundedError("something has changed that a query names, and so reads whatever it judges")
    return {subject for subject, _, _ in changed}.union(*(nodes[state] for state in starts if state in nodes))


def _unreadable(files: Sequence[Path]) -> list[Path]:
    with quiet_terms():
        located = read_all(files, unheard).located
    return [path for path in files if path not in located]


def _is_rule(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return (folder == "shapes" and file.endswith(".ttl") and file != "ontology.ttl") or (
        folder == "queries/checks/data" and file.endswith(".rq")
    )


def _is_stated(name: str) -> bool:
    return name == "ontology/communique.ttl" or (
        name.startswith(("ontology/concepts/", "data/")) and name.endswith(".ttl")
    )


def _changed(root: Path, revision: str) -> set[str]:
    """Return the names of the files that differ from a revision, relative to the root."""
    if revision.startswith("-"):
        raise ChangesError(f"{revision} is not a revision of git.")
    differing = git(root, "diff", "--name-only", "-z", "--no-renames", "--relative", revision, "--", ".")
    untracked = git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return {name.decode("utf-8", "surrogateescape") for name in (differing + untracked).split(b"\0") if name}


def _before(root: Path, revision: str, name: str) -> Sequence[Triple]:
    """Return what a file stated at a revision; nothing, where it was not there or could not be read."""
    try:
        text = git(root, "show", f"{revision}:./{name}")
        quads = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE, rename_blank_nodes=True)
        return [(node_of(quad.subject), node_of(quad.predicate), node_of(quad.object)) for quad in quads]
    except (ChangesError, SyntaxError):
        return []
