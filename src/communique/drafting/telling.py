"""A proposal in words: what is known, what is new, what has to be decided, and what would be written."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from communique.identity.deciding import Outcome
from communique.validation.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.drafting.draft import Proposal
    from communique.drafting.resolution import Resolved

_SIGNS = {Outcome.LINK: "=", Outcome.CREATE: "+", Outcome.ASK: "?", Outcome.LEAVE_OUT: "-"}


def lines(proposal: Proposal, *, every: bool = False) -> Iterator[str]:
    """Yield a proposal line by line; names that are plainly known only with ``every``."""
    source = proposal.source
    known = sum(one.decision.outcome is Outcome.LINK for one in proposal.resolved)
    new = [one for one in proposal.resolved if one.decision.outcome is Outcome.CREATE]
    yield f"{source.id}: {known} names known, {len(new)} new, {len(proposal.open)} to be decided"
    for one in proposal.resolved:
        if every or one.decision.outcome is not Outcome.LINK:
            yield from _told(one)
    for fact in proposal.missing:
        yield f"  ! {fact.location}: {fact.message}"
    for conflict in proposal.conflicts:
        yield f"  ! conflict: {conflict}"
    for finding in proposal.findings:
        sign = "!" if finding.severity is Severity.VIOLATION else "~"
        yield f"  {sign} {finding.location}: {finding.message}"
    for location, told in proposal.unused:
        of = f"{told['kind']} “{told['name']}”"
        yield f"  ! {location}: no name asks for the decision on the {of}; remove it."
    if proposal.kept:
        yield "  The record was written by hand and stays as it is; only the facts are kept beside it."
    if proposal.in_place:
        yield (
            "  This is the file of the accepted facts itself, git keeps no earlier one, and the record says "
            "otherwise in places. Edits by hand stay; if facts were changed here, "
            "change a copy and draft that."
        )
    for name, text in proposal.files.items():
        before = proposal.before[name]
        more = len(text.splitlines()) - len(before.splitlines())
        yield f"  {'changes' if before else 'new'} {name} ({more:+} lines)"
    if not proposal.files:
        yield "  Nothing changes."


def _told(one: Resolved) -> Iterator[str]:
    decision = one.decision
    sign = _SIGNS[decision.outcome]
    what = f"{decision.kind} “{decision.name}”"
    match decision.outcome:
        case Outcome.LINK if decision.entity is not None:
            yield f"  {sign} {what} is {decision.entity.slug}: {decision.reason}"
        case Outcome.CREATE:
            local = (one.iri or "").rpartition("/")[2]
            yield f"  {sign} {what} is new, {decision.kind}:{local}: {decision.reason}"
        case Outcome.LEAVE_OUT:
            yield f"  {sign} {what} is left out: {decision.reason}"
        case _:
            yield f"  {sign} {one.location}: {what}: {decision.reason}"
    if decision.outcome is not Outcome.LINK and not decision.by_curator:
        for number, candidate in enumerate(decision.candidates, 1):
            yield f"      {number}. {candidate}"


def document(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as plain values for JSON."""
    return {
        "source": proposal.source.id,
        "certain": proposal.certain,
        "decisions": [
            {
                "kind": one.decision.kind,
                "name": one.decision.name,
                "outcome": str(one.decision.outcome),
                "entity": one.iri,
                "reason": one.decision.reason,
                "location": str(one.location),
                "candidates": [
                    {
                        "entity": candidate.entity.slug,
                        "label": candidate.entity.label,
                        "likeness": round(candidate.likeness, 1),
                        "for": list(candidate.pros),
                        "against": list(candidate.cons),
                    }
                    for candidate in one.decision.candidates
                ],
            }
            for one in proposal.resolved
        ],
        "missing": [
            {"field": fact.field, "location": str(fact.location), "message": fact.message}
            for fact in proposal.missing
        ],
        "conflicts": [asdict(conflict) for conflict in proposal.conflicts],
        "findings": [
            {
                "rule": finding.rule,
                "severity": str(finding.severity),
                "location": str(finding.location),
                "message": finding.message,
            }
            for finding in proposal.findings
        ],
        "unused": [{"location": str(location), "decision": dict(told)} for location, told in proposal.unused],
        "kept": proposal.kept,
        "in_place": proposal.in_place,
        "files": sorted(proposal.files),
    }
