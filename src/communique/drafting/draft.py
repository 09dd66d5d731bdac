"""A draft: facts in, proposals out; and what is certain, accepted into the graph's files."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING

from communique.drafting.decisions import is_same_name, merged, with_decisions
from communique.drafting.facts import judge_decision, read_facts, sources_of
from communique.drafting.journal import finish, read_text, write_all
from communique.drafting.merging import merge, statements_of, turtle_of
from communique.drafting.record import Record
from communique.drafting.registers import named
from communique.drafting.resolution import Resolution
from communique.drafting.staging import judge
from communique.errors import ChangesError, CommuniqueError, Location
from communique.identity.deciding import Outcome
from communique.identity.known import Known
from communique.questions.entities import nearest
from communique.repository import git
from communique.validation.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from communique.drafting.facts import Facts, Source
    from communique.drafting.merging import Conflict
    from communique.drafting.resolution import Missing, Resolved
    from communique.layout import Layout
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
        findings: what the shapes and checks find in the files as they would be: what must be mended, and what
            else they have to say of the record.
        unused: decisions of the file that no name asks for, with their places.
        kept: whether the record was written by hand and stays as it is.
        in_place: whether the file is that of the accepted facts itself, git keeps no earlier one, and the
            record says otherwise.

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
    in_place: bool = False

    @property
    def open(self) -> tuple[Resolved, ...]:
        """Return the names that a curator has to decide."""
        return tuple(one for one in self.resolved if one.decision.outcome is Outcome.ASK)

    @property
    def certain(self) -> bool:
        """Return whether nothing is left to decide, to give or to mend."""
        faults = any(finding.severity is Severity.VIOLATION for finding in self.findings)
        return not (self.open or self.missing or self.conflicts or faults)

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
    if layout.is_installed and (accept or ask):
        raise DraftError(
            "What is installed with the package is only read: draft into a graph's files of your own, with "
            "--folder."
        )
    sources = [source for path in paths for source in read_facts(path)]
    _ensure_one_of_each(sources)
    _judge_decisions(decisions)
    finish(layout.root)
    drafting = Drafting(layout, read_on)
    proposals = drafting.draft_all(sources, decisions)
    _ensure_asked_for(decisions, proposals)
    if ask is not None:
        for number, proposal in enumerate(proposals):
            if not proposal.certain:
                proposals[number] = ask(drafting, proposal.source) or proposal
                # What a curator has decided is not lost if they break off at the next source.
                drafting.accept()
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
        self._before: dict[str, str] = {}

    def draft(self, source: Source, decisions: Sequence[Facts] = ()) -> Proposal:
        """Return what a source's facts become; if it is certain, what follows builds on it.

        Args:
            source: the facts.
            decisions: what a curator has decided beside what the facts carry.

        """
        facts_file = f"{FACTS}/{source.id}.yaml"
        accepted = self._accepted(source, facts_file)
        given: Sequence[Facts] = source.facts.get("decisions") or ()
        remembered: Sequence[Facts] = (accepted.facts.get("decisions") if accepted else None) or ()
        told = merged(given, remembered, decisions)
        known = self._known.copy()
        there = self._record_of(source)
        current = self._text(there) if there else ""
        resolution = Resolution(source, known, told, _value_of(current, "cmq:readOn") or self._read_on)
        record = Record(source, resolution)
        statements = record.write()
        _ensure_one_page(source, current, resolution)
        path = there or f"{READOUTS}/{_folder(resolution.publisher, known, self._layout)}/{source.id}.ttl"
        unused = resolution.unused_decisions()
        told += _placed(record.placement.occasions, told)
        told = [one for one in told if one in given or one in decisions or not _is_among(one, unused)]
        files = {facts_file: with_decisions(source, told)}
        kept = bool(current and not accepted)
        settled = bool(current and accepted and _says_the_same(source, accepted) and told == list(remembered))
        conflicts: tuple[Conflict, ...] = ()
        if not current:
            files |= {
                **resolution.entries.additions.files(self._text),
                path: turtle_of(record.iri, statements),
            }
        elif accepted and not settled:
            files |= resolution.entries.additions.files(self._text)
            base = Record(accepted, Resolution(accepted, self._known.copy(), remembered, self._read_on))
            files[path], conflicts = merge(record.iri, base.write(), current, statements)
        files = {name: files[name] for name in sorted(files, key=_rank) if files[name] != self._text(name)}
        # Who wrote a record has decided who is who; so has who accepted these facts before.
        decided = kept or settled
        proposal = Proposal(
            source,
            tuple(
                one for one in resolution.resolved if not (decided and one.decision.outcome is Outcome.ASK)
            ),
            () if decided else tuple(resolution.missing),
            files,
            {name: self._text(name) for name in files},
            conflicts,
            (),
            tuple((place, one) for place, one in unused if one in given and not decided),
            kept,
            settled
            and self._is_in_place(source, facts_file)
            and self._committed(facts_file) is None
            and statements_of(current) != set(statements),
        )
        if proposal.certain and files:
            proposal = replaced(proposal, findings=self._judged(files))
        if proposal.certain and files:
            self._pending |= files
            self._known = Known.of(self._layout, self._pending)
        return proposal

    def draft_all(self, sources: Sequence[Source], decisions: Sequence[Facts] = ()) -> list[Proposal]:
        """Return what the facts of several sources become, in their order.

        They are drafted in an order of their own, so that it does not matter in which they are given. One may
        name what only another brings in; so what is not certain is tried again, as long as that makes
        anything certain.
        """
        order = _in_order(sources)
        proposals = {source.id: self.draft(source, decisions) for source in order}
        open_before = len(sources) + 1
        while (left := [source for source in order if not proposals[source.id].certain]) and (
            len(left) < open_before
        ):
            open_before = len(left)
            proposals |= {source.id: self.draft(source, decisions) for source in left}
        return [proposals[source.id] for source in sources]

    def _text(self, name: str) -> str:
        """Return the text of a file of the graph as it would be after what is certain so far."""
        if name in self._pending:
            return self._pending[name]
        if name not in self._before:
            self._before[name] = read_text(self._layout.root, name)
        return self._before[name]

    def _accepted(self, source: Source, facts_file: str) -> Source | None:
        """Return the facts of a source as they were accepted.

        Facts that are edited where they are kept have no other copy of what they said than git's.
        """
        text = self._text(facts_file)
        if not text:
            return None
        if self._is_in_place(source, facts_file):
            text = self._committed(facts_file) or text
        accepted = sources_of(text, str(self._layout.root / facts_file))
        if len(accepted) != 1:
            raise DraftError(f"{self._layout.root / facts_file} must hold the facts of one source.")
        return accepted[0]

    def _committed(self, name: str) -> str | None:
        """Return the text of a file in git's last commit, or None where git has none."""
        try:
            return git(self._layout.root, "show", f"HEAD:./{name}").decode("utf-8")
        except (ChangesError, UnicodeDecodeError):
            return None

    def _record_of(self, source: Source) -> str | None:
        """Return where the record of a source lies, if it has one."""
        there = sorted((self._layout.root / READOUTS).glob(f"*/{source.id}.ttl"))
        if there:
            return there[0].relative_to(self._layout.root).as_posix()
        return next((name for name in self._pending if name.endswith(f"/{source.id}.ttl")), None)

    def _is_in_place(self, source: Source, facts_file: str) -> bool:
        """Return whether the facts that are given are the file of the accepted ones."""
        return Path(source.path).resolve() == (self._layout.root / facts_file).resolve()

    def _judged(self, files: Mapping[str, str]) -> tuple[Finding, ...]:
        """Return what would be wrong if the files were in the graph; of the registers, only violations."""
        return tuple(
            finding
            for finding in judge(self._layout, files, self._pending)
            if finding.severity is Severity.VIOLATION or finding.location.path.startswith(READOUTS)
        )

    def accept(self) -> list[str]:
        """Put what is certain into the graph's files, and return their names.

        Each file is replaced in one step, and none before what it refers to. Who is broken off in between
        finds the rest written by the next draft.

        Raises:
            WritingError: if it cannot be written, or was changed by somebody else since it was read.

        """
        names = sorted(self._pending, key=_rank)
        write_all(self._layout.root, {name: (self._before[name], self._pending[name]) for name in names})
        self._before |= self._pending
        self._pending = {}
        return names


_WRITTEN = (
    "data/register/governments.ttl",
    "data/register/organizations.ttl",
    "data/register/bodies-",
    "data/register/posts.ttl",
    "ontology/concepts/",
    "data/register/people.ttl",
    "data/register/mechanisms.ttl",
    "data/register/facilities.ttl",
    "data/register/instruments.ttl",
    "data/register/occasions.ttl",
    READOUTS,
    FACTS,
)
"""Files in the order in which they are written: whatever refers to something stands behind it."""


def _rank(name: str) -> int:
    # Records keep the order in which they were drafted: a copy behind what it copies.
    return next(number for number, start in enumerate(_WRITTEN) if name.startswith(start))


def _ensure_one_of_each(sources: Sequence[Source]) -> None:
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.id, source)
        if other is not source:
            raise DraftError(
                f"{source.place('id')}: the id {source.id} is also that of {other.place('id')}. "
                "Give each source an id of its own, and each file once."
            )


def _judge_decisions(decisions: Sequence[Facts]) -> None:
    """Raise what is wrong with decisions that no file carries."""
    for told in decisions:
        if fault := judge_decision(told):
            raise DraftError(f"The decision on “{told.get('name')}”: {fault}")


def _ensure_asked_for(decisions: Sequence[Facts], proposals: Sequence[Proposal]) -> None:
    """Raise if a decision beside the files is on a name that no file has."""
    if any(one.decision.kind == "mechanism" for proposal in proposals for one in proposal.open):
        return  # Until the mechanism is known, it is not asked which occasion an event is.
    asked = [one.decision for proposal in proposals for one in proposal.resolved]
    for told in decisions:
        named = {one.name for one in asked if is_same_name({"kind": one.kind, "name": one.name}, _bare(told))}
        if not named:
            hint = nearest(str(told["name"]), sorted({one.name for one in asked}))
            raise DraftError(f"No name asks for the decision on the {told['kind']} “{told['name']}”.{hint}")


def _bare(told: Facts) -> Facts:
    return {"kind": told["kind"], "name": told["name"]}


def _in_order(sources: Sequence[Source]) -> list[Source]:
    """Return sources by their ids, but each behind the one that it copies."""
    by_id = {source.id: source for source in sorted(sources, key=lambda source: source.id)}
    ordered: dict[str, Source] = {}

    def put(source: Source, waiting: frozenset[str]) -> None:
        original = by_id.get(str(source.facts.get("republishes")))
        if original is not None and original.id not in waiting:
            put(original, waiting | {original.id})
        ordered.setdefault(source.id, source)

    for source in by_id.values():
        put(source, frozenset({source.id}))
    return list(ordered.values())


def _placed(occasions: Mapping[str, tuple[Outcome, str]], told: Sequence[Facts]) -> list[Facts]:
    """Return the decisions which occasion each event is, where there are none yet.

    They are always kept: by then the record itself would speak for them, and a second reading must not hear
    its own voice.
    """
    found: list[Facts] = []
    for label, (outcome, iri) in occasions.items():
        field = "new" if outcome is Outcome.CREATE else "is"
        one = {"kind": "occasion", "name": label, field: f"occasion:{iri.rpartition('/')[2]}"}
        if not any(is_same_name(one, other) for other in told):
            found.append(one)
    return found


def _is_among(told: Facts, unused: Sequence[tuple[Location, Facts]]) -> bool:
    return any(one is told for _, one in unused)


def _says_the_same(one: Source, other: Source) -> bool:
    """Return whether two files of facts differ in their decisions alone."""
    return {**one.facts, "decisions": ()} == {**other.facts, "decisions": ()}


def _value_of(record: str, prop: str) -> str | None:
    """Return what a record says of its source under a property, if it says so once."""
    found = [o.value for s, p, o in statements_of(record) if p == named(prop) and "#" not in s.value]
    return found[0] if len(found) == 1 else None


def _ensure_one_page(source: Source, current: str, resolution: Resolution) -> None:
    """Ask for another id if there is a record of this one, and it is of another page."""
    page = _value_of(current, "foaf:page")
    if page not in {None, source.facts["url"]}:
        resolution.ask_for(
            "url",
            f"The record of {source.id} is of another page, {page}. Give this page an id of its own; "
            "or, if the page has moved, change the address in the record and in the accepted facts.",
            at=("url",),
        )


def _folder(publisher: str | None, known: Known, layout: Layout) -> str:
    """Return the folder of a publisher: the one that holds its other records, else one named after it."""
    for iri, other in sorted(known.sources.items()):
        if other == publisher:
            there = sorted((layout.root / READOUTS).glob(f"*/{iri.rpartition('/')[2]}.ttl"))
            if there:
                return there[0].parent.name
    entity = known.entities.get(publisher or "")
    if entity is None:
        return "unknown"
    local = entity.slug.partition(":")[2]
    # A body's short name begins with its country; its folder does without.
    return local.partition("-")[2] if entity.kind == "body" else local
