"""A curator at a terminal decides what is not certain, one name after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from communique.drafting.registers import proposed_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.drafting.draft import Drafting, Proposal
    from communique.drafting.facts import Source
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
    decisions: list[dict[str, Any]] = []
    asked: set[tuple[str, str, str]] = set()
    while True:
        proposal = drafting.draft(source, decisions)
        unasked = [one for one in proposal.open if _key(one) not in asked]
        if not unasked:
            return proposal
        one = unasked[0]
        asked.add(_key(one))
        decision = _decide(one, source)
        if decision is None:
            return None
        if decision:
            decisions.append(decision)


def _key(one: Resolved) -> tuple[str, str, str]:
    return one.decision.kind, one.decision.name, one.decision.reason


def _decide(one: Resolved, source: Source) -> dict[str, Any] | None:
    """Return what the curator says of one name; empty to leave it open, None to break off."""
    decision = one.decision
    click.echo(f"\n{source.id}: who or what is the {decision.kind} “{decision.name}”? ({decision.reason})")
    for number, candidate in enumerate(decision.candidates, 1):
        click.echo(f"  {number}  {candidate}")
    click.echo("  n  new: none of these   e  another entity   o  leave it out   s  skip   q  break off")
    choices = [str(number) for number in range(1, len(decision.candidates) + 1)]
    answer = click.prompt("", type=click.Choice([*choices, *"neosq"]), show_choices=False, prompt_suffix="> ")
    told: dict[str, Any] = {"kind": decision.kind, "name": decision.name}
    if answer in choices:
        return {**told, "kind": (of := decision.candidates[int(answer) - 1].entity).kind, "is": of.slug}
    if answer == "e":
        return {**told, "is": click.prompt("Its short name with its prefix, as person:jane-doe")}
    if answer == "o":
        return {**told, "left_out": click.prompt("Why")}
    if answer == "n":
        return _new(told, one)
    return None if answer == "q" else {}


def _new(told: dict[str, Any], one: Resolved) -> dict[str, Any]:
    """Return the decision that something is new, with what its description needs."""
    decision = one.decision
    kind = str(told["kind"])
    local = proposed_name(kind, decision.name, None, None, ())
    told["new"] = click.prompt("Its short name", default=f"{kind}:{local}")
    if near := [candidate.entity.slug for candidate in decision.near]:
        click.echo(f"It looks like {', '.join(near)}. It is recorded that they are two.")
        click.confirm("Are they?", abort=True)
        told["distinct_from"] = near
    for field, question in _NEEDS.get(kind, ()):
        told[field] = click.prompt(question)
    return told
