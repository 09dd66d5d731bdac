"""A curator at a terminal decides what is not certain, one name after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from communique.drafting.decisions import merged
from communique.drafting.facts import judge_decision
from communique.drafting.resolution import is_latin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.drafting.draft import Drafting, Proposal
    from communique.drafting.facts import Facts, Source
    from communique.drafting.resolution import Resolved

_NEEDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "topic": (("definition", "What is it, in a sentence?"),),
    "place": (("definition", "What is it, in a sentence?"), ("zone", "Its clock, as Europe/Stockholm")),
    "government": (("country_code", "Its ISO 3166-1 code"), ("zone", "Its clock, as America/Toronto")),
}


def interview(drafting: Drafting, source: Source) -> Proposal | None:
    """Ask for each open decision of a source until none is left, and return what it becomes.

    None if the curator breaks off: then nothing of this source is kept.
    """
    decisions: list[Facts] = []
    asked: set[tuple[str, str, str, str | None]] = set()
    while True:
        proposal = drafting.draft(source, decisions)
        unasked = [one for one in proposal.open if _key(one) not in asked]
        if not unasked:
            return proposal
        one = unasked[0]
        asked.add(_key(one))
        decision = _decide(one, proposal)
        if decision is None:
            return None
        if decision:
            decisions = merged([], [], [*decisions, decision])


def _key(one: Resolved) -> tuple[str, str, str, str | None]:
    # Asked again with another reason, it is another question: the answer did not settle it.
    return one.decision.kind, one.decision.name, one.decision.reason, one.side


def _decide(one: Resolved, proposal: Proposal) -> dict[str, Any] | None:
    """Return what the curator says of one name; empty to leave it open, None to break off."""
    decision = one.decision
    click.echo(
        f"\n{proposal.source.id}: who or what is the {decision.kind} “{decision.name}”? ({decision.reason})"
    )
    for number, candidate in enumerate(decision.candidates, 1):
        click.echo(f"  {number}  {candidate}")
    click.echo("  n  new: none of these   e  another entity   o  leave it out   s  skip   q  break off")
    choices = [str(number) for number in range(1, len(decision.candidates) + 1)]
    told: dict[str, Any] = {"kind": decision.kind, "name": decision.name, **_side(one, proposal)}
    while True:
        answer = click.prompt(
            "", type=click.Choice([*choices, *"neosq"]), show_choices=False, prompt_suffix="> "
        )
        if answer in choices:
            entity = decision.candidates[int(answer) - 1].entity
            return {**told, "kind": entity.kind, "is": entity.slug}
        if answer in {"q", "s"}:
            return None if answer == "q" else {}
        if answer == "o":
            said = {**told, "left_out": click.prompt("Why")}
        elif answer == "e":
            said = {**told, "is": click.prompt("Its short name with its prefix, as person:jane-doe")}
        else:
            said = _new(told, one)
        fault = judge_decision(said) if said else "It is not decided."
        if not fault:
            return said
        click.echo(fault)


def _side(one: Resolved, proposal: Proposal) -> dict[str, str]:
    """Return the side of a name that stands on several, so that the decision is on this one alone."""
    name = (one.decision.kind, one.decision.name)
    sides = {other.side for other in proposal.resolved if (other.decision.kind, other.decision.name) == name}
    return {"side": one.side} if len(sides) > 1 and one.side else {}


def _new(told: dict[str, Any], one: Resolved) -> dict[str, Any]:
    """Return the decision that something is new, with what its description needs; empty if it is a twin."""
    decision = one.decision
    kind = str(told["kind"])
    said = dict(told)
    said["new"] = click.prompt("Its short name", default=f"{kind}:{one.proposed}" if one.proposed else None)
    if not is_latin(decision.name):
        said["label"] = click.prompt("Its name in English")
    if near := [candidate.entity.slug for candidate in decision.near if candidate.entity.kind == kind]:
        click.echo(f"It looks like {', '.join(near)}. It is recorded that they are two.")
        if not click.confirm("Are they?"):
            return {}
        said["distinct_from"] = near
    for field, question in _NEEDS.get(kind, ()):
        said[field] = click.prompt(question)
    return said
