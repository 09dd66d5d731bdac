"""A draft: facts in, proposals out; and what is certain, accepted into the graph's files."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from communique.curation.formatting import replace
from communique.drafting.facts import judge_decision, read_facts, sources_of
from communique.drafting.identity import Outcome
from communique.drafting.known import Known
from communique.drafting.merging import merge, turtle_of
from communique.drafting.record import Record
from communique.drafting.resolution import Resolution
from communique.errors import CommuniqueError, Location
from communique.layout import FOLDERS, Layout
from communique.validation.findings import Severity
from communique.validation.judge import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from communique.drafting.facts import Facts, Source
    from communique.drafting.merging import Conflict
    from communique.drafting.registers import Statement
    from communique.drafting.resolution import Missing, Resolved
    from communique.validation.findings import Finding

FACTS = "data/facts"
READOUTS = "data/readouts"


class DraftError(CommuniqueError):
    """A draft cannot be made here, or a decision that was given fits nothing."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one source's facts become.

    Attributes:
        source: the facts.
        resolved: each name with what becomes of it.
        missing: facts that the record needs and the file does not give.
        files: the text of each file that is new or changes, by its name in the graph.
        before: the text that each of them has now; empty where it is new.
        conflicts: what was edited by hand and is changed by the facts as well.
        findings: what the shapes and checks find in the files as they would be.
        unused: decisions of the file that no name asks for, with their places.
        kept: whether the record was written by hand and stays as it is.

    """

    source: Source
    resolved: tuple[Resolved, ...]
    missing: tuple[Missing, ...]
    files: Mapping[str, str]
    before: Mapping[str, str]
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()
    unused: tuple[tuple[Location, Facts], ...] = ()
    kept: bool = False

    @property
    def open(self) -> tuple[Resolved, ...]:
        """Return the names that a curator has to decide."""
        return tuple(one for one in self.resolved if one.decision.outcome is Outcome.ASK)

    @property
    def certain(self) -> bool:
        """Return whether nothing is left to decide, to give or to mend."""
        return not (self.open or self.missing or self.conflicts or self.findings)

    @property
    def difference(self) -> str:
        """Return what changes, as a unified diff."""
        return "".join(
            line
            for name, text in self.files.items()
            for line in difflib.unified_diff(
                self.before[name].splitlines(keepends=True),
                text.splitlines(keepends=True),
                name if self.before[name] else "/dev/null",
                name,
            )
        )


def draft_files(
    paths: Sequence[Path],
    layout: Layout,
    *,
    accept: bool,
    decisions: Sequence[Facts] = (),
    read_on: str | None = None,
    ask: Callable[[Drafting, Source], Proposal | None] | None = None,
) -> tuple[Proposal, ...]:
    """Return what files of facts become, and write what is certain if it is accepted.

    See ``DialogueGraph.draft``. What ``ask`` returns takes the place of what is not certain; a source that it
    returns None for is left out of what is written.
    """
    if (layout.root / "manifest.json").is_file():
        raise DraftError(
            f"{layout.root} is a release, which never changes: draft into the files it was built from."
        )
    sources = [source for path in paths for source in read_facts(path)]
    _judge_decisions(decisions)
    drafting = Drafting(layout, read_on)
    proposals = drafting.draft_all(sources, decisions)
    if ask is not None:
        proposals = [
            proposal if proposal.certain else (ask(drafting, proposal.source) or proposal)
            for proposal in proposals
        ]
    if accept:
        drafting.accept()
    return tuple(proposals)


class Drafting:
    """Drafts sources one after the other, each in the light of those before it that are certain."""

    def __init__(self, layout: Layout, read_on: str | None = None) -> None:
        self._layout = layout
        self._read_on = read_on
        self._known = Known.of(layout)
        self._pending: dict[str, str] = {}

    def draft(self, source: Source, decisions: Sequence[Facts] = ()) -> Proposal:
        """Return what a source's facts become; if it is certain, what follows builds on it.

        Args:
            source: the facts.
            decisions: what a curator has decided beside what the facts carry.

        """
        source = _with_decisions(source, decisions)
        known = self._known.copy()
        resolution = Resolution(source, known, self._read_on)
        record = Record(source, resolution)
        statements = record.write()
        files = dict(resolution.additions.files(self._text))
        path = self._place_of(source, known, resolution)
        current = self._text(path)
        accepted = self._text(f"{FACTS}/{source.id}.yaml")
        conflicts: tuple[Conflict, ...] = ()
        kept = bool(current and not accepted)
        if not current:
            files[path] = turtle_of(record.iri, statements)
        elif accepted:
            files[path], conflicts = merge(record.iri, self._accepted(accepted, source), current, statements)
        facts = _kept_text(source, resolution)
        files[f"{FACTS}/{source.id}.yaml"] = facts
        if kept:
            # Who wrote the record has decided who is who; nothing of it is drafted.
            files = {f"{FACTS}/{source.id}.yaml": facts}
        files = {name: text for name, text in files.items() if text != self._text(name)}
        proposal = Proposal(
            source,
            () if kept else tuple(resolution.resolved),
            () if kept else tuple(resolution.missing),
            files,
            {name: self._text(name) for name in files},
            conflicts,
            (),
            () if kept else tuple(resolution.unused_decisions()),
            kept,
        )
        if proposal.certain and files:
            findings = self._judged(files)
            if findings:
                proposal = replaced(proposal, findings=findings)
        if proposal.certain:
            self._pending |= files
            self._known = Known.of(self._layout, self._pending)
        return proposal

    def draft_all(self, sources: Sequence[Source], decisions: Sequence[Facts] = ()) -> list[Proposal]:
        """Return what the facts of several sources become, in their order.

        A source may name what only a later one brings in; so what is not certain is tried again, as long as
        that makes anything certain.
        """
        proposals = {number: self.draft(source, decisions) for number, source in enumerate(sources)}
        open_before = len(sources) + 1
        while (uncertain := [n for n, proposal in proposals.items() if not proposal.certain]) and (
            len(uncertain) < open_before
        ):
            open_before = len(uncertain)
            proposals |= {number: self.draft(sources[number], decisions) for number in uncertain}
        return list(proposals.values())

    def _text(self, name: str) -> str:
        """Return the text of a file of the graph as it would be after what is certain so far."""
        if name in self._pending:
            return self._pending[name]
        path = self._layout.root / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def _accepted(self, text: str, source: Source) -> list[Statement]:
        """Return what the facts said when they were accepted, by what the graph knows now."""
        (before,) = sources_of(text, f"{FACTS}/{source.id}.yaml")
        return Record(before, Resolution(before, self._known.copy(), self._read_on)).write()

    def _place_of(self, source: Source, known: Known, resolution: Resolution) -> str:
        """Return where the record of a source lies: where it is, or in the folder of its publisher."""
        readouts = self._layout.root / READOUTS
        there = sorted(readouts.glob(f"*/{source.id}.ttl"))
        if there:
            return there[0].relative_to(self._layout.root).as_posix()
        pending = next((name for name in self._pending if name.endswith(f"/{source.id}.ttl")), None)
        if pending:
            return pending
        return f"{READOUTS}/{_folder(resolution.publisher, known, readouts)}/{source.id}.ttl"

    def _judged(self, files: Mapping[str, str]) -> tuple[Finding, ...]:
        """Return what would be wrong if the files were in the graph."""
        changed = [name for name in files if name.endswith(".ttl")]
        if not changed:
            return ()
        with _staged(self._layout, {**self._pending, **files}) as staged:
            report = validate([staged.root / name for name in changed], layout=staged)
            return tuple(
                _moved(finding, staged.root) for finding in report if finding.severity is Severity.VIOLATION
            )

    def accept(self) -> list[str]:
        """Put what is certain into the graph's files, and return their names.

        Each file is replaced in one step: registers first, then records, the facts last. Who is broken off
        before the end has entries that no record uses yet, and the same draft goes on from there.
        """
        for name in sorted(self._pending, key=_order):
            path = self._layout.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, self._pending[name])
        written = sorted(self._pending)
        self._pending = {}
        return written


def _judge_decisions(decisions: Sequence[Facts]) -> None:
    """Raise what is wrong with decisions that no file carries."""
    for told in decisions:
        if fault := judge_decision(told):
            raise DraftError(f"The decision on “{told.get('name')}”: {fault}")


def _order(name: str) -> tuple[int, str]:
    return (2 if name.startswith(FACTS) else 1 if name.startswith(READOUTS) else 0, name)


def _write(path: Path, text: str) -> None:
    try:
        if path.exists():
            replace(path, text)
            return
        handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(aside).chmod(0o644)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DraftError(f"{path} cannot be written: {error.strerror}. Nothing of it was changed.") from None


@contextmanager
def _staged(layout: Layout, files: Mapping[str, str]) -> Iterator[Layout]:
    """Give a copy of a graph's files with some of them new or otherwise, to be judged."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in FOLDERS:
            shutil.copytree(layout.root / name, root / name)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        yield Layout.at(root)


def _moved(finding: Finding, root: Path) -> Finding:
    """Return a finding at its place in the graph instead of in the copy that was judged."""
    at = finding.location
    name = Path(at.path).relative_to(root).as_posix() if Path(at.path).is_relative_to(root) else at.path
    return replaced(finding, location=Location(name, at.line, at.column))


def _folder(publisher: str | None, known: Known, readouts: Path) -> str:
    """Return the folder of a publisher: the one that holds its other records, else one named after it."""
    for iri, other in sorted(known.sources.items()):
        if other == publisher:
            there = sorted(readouts.glob(f"*/{iri.rpartition('/')[2]}.ttl"))
            if there:
                return there[0].parent.name
    entity = known.entities.get(publisher or "")
    if entity is None:
        return "unknown"
    local = entity.slug.partition(":")[2]
    # A body's short name begins with its country; its folder does without.
    return local.partition("-")[2] if entity.kind == "body" else local


def _with_decisions(source: Source, decisions: Sequence[Facts]) -> Source:
    """Return the facts with decisions added; a later one on the same name counts."""
    if not decisions:
        return source
    kept = [
        told
        for told in source.facts.get("decisions") or ()
        if not any(_same_name(told, other) for other in decisions)
    ]
    return replaced(source, facts={**source.facts, "decisions": [*kept, *decisions]})


def _same_name(one: Facts, other: Facts) -> bool:
    return all(one.get(key) == other.get(key) for key in ("kind", "name", "side"))


def _kept_text(source: Source, resolution: Resolution) -> str:
    """Return the file of facts as it is kept: as it was given, with what was decided at its end.

    Which occasion each event is, is always kept: by then the record itself would speak for it, and a second
    reading must not hear its own voice.
    """
    told = list(source.facts.get("decisions") or ())
    for label, iri in resolution.occasions.items():
        if not any(one["kind"] == "occasion" and one["name"] == label for one in told):
            told.append({"kind": "occasion", "name": label, "is": f"occasion:{iri.rpartition('/')[2]}"})
    facts = {**source.facts, "decisions": told}
    if not told:
        del facts["decisions"]
    if source.text is None:
        return _yaml(facts)
    if told == list(sources_of(source.text, source.path)[0].facts.get("decisions") or ()):
        return source.text
    return without_decisions(source.text) + (_yaml({"decisions": told}) if told else "")


def without_decisions(text: str) -> str:
    """Return the text of a file of facts without its decisions; every other line stays as it is."""
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    lines = text.splitlines(keepends=True)
    starts = [key.start_mark.line for key, _ in root.value] + [len(lines)]
    for place, (key, _) in enumerate(root.value):
        if key.value == "decisions":
            del lines[starts[place] : starts[place + 1]]
            break
    kept = "".join(lines)
    return kept if kept.endswith("\n") else kept + "\n"


def _yaml(facts: Facts) -> str:
    return str(yaml.safe_dump(dict(facts), allow_unicode=True, sort_keys=False, width=110))
