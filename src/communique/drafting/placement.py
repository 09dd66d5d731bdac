"""Which occasion or mechanism each event of a source is; a new occasion is described in its register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.drafting.registers import named, short_name
from communique.drafting.resolution import is_latin
from communique.identity import names
from communique.identity.clues import Clues
from communique.identity.deciding import Decision, Outcome
from communique.identity.known import KINDS, Entity
from communique.identity.occasions import Event, decide_occasion
from communique.namespaces import CONCEPT

if TYPE_CHECKING:
    from communique.drafting.facts import Facts
    from communique.drafting.resolution import Place, Resolution

_STEP_NAMES = {"request-for-review": "request", "case-closing": "closing"}
_UNKNOWN = ""
"""Stands for an occasion that is named and not there; None is for one that is not named."""


class Placement:
    """The events of one source and the occasions that they are."""

    def __init__(self, who: Resolution) -> None:
        self.occasions: dict[str, tuple[Outcome, str]] = {}
        """What the event of each label is: whether a known occasion or a new one, and its IRI."""
        self.left_out: set[int] = set()
        """The numbers of the events that are not to be recorded."""
        self._who = who
        self._known = who.known
        self._taken: set[str] = set()

    def about(self, number: int, event: Facts, source: str) -> str | None:
        """Return the occasion or mechanism that an event is, or None where that is not decided."""
        at = ("events", number)
        mechanism = self._who.mechanism(event["mechanism"], at=(*at, "mechanism"))
        if self._who.is_left_out("mechanism", event["mechanism"]):
            self.left_out.add(number)
        if mechanism is None or event.get("about") == "mechanism":
            return mechanism
        label = event["label"]
        if label in self.occasions:
            self._who.ask_for(
                "label", "Give each event a label of its own: another one has the same.", at=(*at, "label")
            )
            return None
        wanted = self._event(event, mechanism, source, at)
        decision = self._who.decision_on("occasion", label, Clues()) or decide_occasion(
            wanted, self._known, self._known.broader, self._taken
        )
        if decision.outcome is Outcome.LEAVE_OUT:
            self.left_out.add(number)
        iri = self._take(decision, self._who.told_of("occasion", label, None) or {}, wanted, at)
        if iri:
            self._taken.add(iri)
            self.occasions[label] = (decision.outcome, iri)
        return iri

    def _event(self, event: Facts, mechanism: str, source: str, at: Place) -> Event:
        """Return what tells an event from others."""
        kind = self._known.concepts.get("occasion-kind", {}).get(names.folded(event.get("kind") or ""))
        given = (event.get("start"), event.get("end"), *(day.get("date") for day in event.get("days") or ()))
        days = frozenset(date.fromisoformat(day) for day in given if day)
        facility = self._facility(event, at)
        return Event(event["label"], mechanism, event.get("round"), kind, days, source, facility)

    def case_of(self, occasion: str | None) -> str | None:
        """Return the case that an occasion is or is a step of, or None."""
        entity = self._known.entities.get(occasion or "")
        if entity is None:
            return None
        return (
            entity.iri
            if entity.fact("facility")
            else (entity.fact("partOf") if self._is_step(entity) else None)
        )

    def step(self, case: str, kind: str, *, at: Place) -> str | None:
        """Return the step of a kind in a case: a known one, else a new one."""
        local = kind.rpartition("/")[2]
        steps = [e for e in self._known.of_kind("occasion") if e.fact("partOf") == case]
        named_so = f"{case}-{_STEP_NAMES.get(local, local)}"
        known = [
            e
            for e in steps
            if e.iri == named_so or ((told := self._known.told.get(e.iri)) and kind in told.kinds)
        ]
        if len(known) == 1:
            return known[0].iri
        of = self._known.entities[case]
        if known:
            self._who.ask_for(
                "steps", f"{of.label} has several steps of this kind; write an event of its own.", at=at
            )
            return None
        case_label = of.label[:1].lower() + of.label[1:]
        article = "the " if of.label.startswith("Case of") else ""
        label = f"{local.replace('-', ' ').capitalize()} in {article}{case_label}"
        self._describe_occasion(named_so, label, "step", part_of=case)
        self._who.note(
            Decision("occasion", label, Outcome.CREATE, None, (), "a step that no record has told of"),
            at,
            named_so,
        )
        return named_so

    def _is_step(self, entity: Entity) -> bool:
        case = self._known.entities.get(entity.fact("partOf") or "")
        return bool(case and case.fact("facility"))

    def _facility(self, event: Facts, at: Place) -> str | None:
        if not event.get("facility"):
            return None
        company = (
            self._who.actor(
                event["company"],
                at=(*at, "company"),
                kinds=("organization",),
                sort=CONCEPT + "organization-kind/company",
            )
            if event.get("company")
            else None
        )
        return self._who.name("facility", event["facility"], at=(*at, "facility"), clues=Clues(body=company))

    def _take(self, decision: Decision, told: Facts, event: Event, at: Place) -> str | None:
        """Return the occasion that a decision gives, described if it is new."""
        if decision.outcome is not Outcome.CREATE:
            iri = decision.entity.iri if decision.entity else None
            proposed = self._name_of(event, None) if decision.outcome is Outcome.ASK else None
            self._who.note(decision, at, iri, None, proposed)
            return iri
        above = self._whole(told, event, at)
        if above is _UNKNOWN:
            return None
        label = str(told.get("label") or event.label)
        if not is_latin(label):
            self._who.ask_for("label", f"“{label}” is new: give its name in English with `label:`.", at=at)
            asked = Decision(
                "occasion", event.label, Outcome.ASK, None, (), "new, and needs a name in English"
            )
            self._who.note(asked, at, None, None, self._name_of(event, above))
            return None
        sort = str(told.get("type") or _sort_of(event))
        if sort == "step" and above is None:
            above = self._case(event, at)
        iri = KINDS["occasion"] + (
            str(told["new"]).partition(":")[2] if told.get("new") else self._name_of(event, above)
        )
        self._describe_occasion(
            iri,
            label,
            sort,
            part_of=above,
            under=None if above else event.mechanism,
            facility=event.facility if sort == "case" else None,
            ordinal=event.number if sort in {"round", "dialogue"} and above is None else None,
            kind=event.kind,
        )
        self._who.note(decision, at, iri)
        return iri

    def _whole(self, told: Facts, event: Event, at: Place) -> str | None:
        """Return the larger occasion that a decision names, described if it is a facility's case and new."""
        slug = told.get("part_of")
        if not slug:
            return None
        whole = self._known.named(slug)
        if whole is not None:
            return whole.iri
        if event.facility and told.get("type") == "step":
            return self._case(event, at, KINDS["occasion"] + str(slug).partition(":")[2])
        self._who.ask_for(
            "part_of",
            f"There is no {slug}; write the event that it is first, or add it to the register.",
            at=at,
        )
        self._who.note(
            Decision("occasion", event.label, Outcome.ASK, None, (), f"{slug} is not in the register"),
            at,
            None,
        )
        return _UNKNOWN

    def _case(self, event: Event, at: Place, wanted: str | None = None) -> str | None:
        """Return the case of a facility: the known one, else a new one."""
        cases = [e for e in self._known.of_kind("occasion") if e.fact("facility") == event.facility]
        if wanted is None and len(cases) == 1:
            return cases[0].iri
        if wanted is None and cases:
            self._who.ask_for(
                "part_of", "The facility has had several cases; decide which with `part_of:`.", at=at
            )
            return None
        facility = self._known.entities[str(event.facility)]
        iri = wanted or KINDS["occasion"] + f"rrm-{facility.slug.partition(':')[2]}"
        label = f"Case of {facility.label}" if not cases else f"Case {len(cases) + 1} of {facility.label}"
        self._describe_occasion(iri, label, "case", under=event.mechanism, facility=event.facility)
        self._who.note(
            Decision("occasion", label, Outcome.CREATE, None, (), "the first record of this facility's case"),
            at,
            iri,
        )
        return iri

    def _name_of(self, event: Event, above: str | None) -> str:
        """Return a short name: the number where there is one, else the year and month as first read."""
        base = (above or event.mechanism).rpartition("/")[2]
        kind = (event.kind or "").rpartition("/")[2]
        if above and event.facility:
            name = f"{base}-{_STEP_NAMES.get(kind, kind)}"
        elif event.number and above is None:
            name = f"{base}-{kind or 'round'}-{event.number}"
        elif above:
            name = f"{base}-{kind or short_name(event.label)}"
        elif event.days:
            name = f"{base}-{min(event.days):%Y-%m}"
        else:
            name = f"{base}-{short_name(event.label)}"
        found, number = name, 2
        while KINDS["occasion"] + found in self._known.entities:
            found, number = f"{name}-{number}", number + 1
        return found

    def _describe_occasion(
        self,
        iri: str,
        label: str,
        sort: str,
        *,
        part_of: str | None = None,
        under: str | None = None,
        facility: str | None = None,
        ordinal: int | None = None,
        kind: str | None = None,
    ) -> None:
        facts: list[tuple[str, ox.NamedNode | ox.Literal]] = []
        entity = Entity(iri, "occasion", label, [(label, "en")])
        for prop, value in (("cmq:partOf", part_of), ("cmq:under", under), ("cmq:facility", facility)):
            if value:
                facts.append((prop, ox.NamedNode(value)))
                entity.facts[prop.partition(":")[2]].add(value)
        if ordinal and (sort == "round" or kind):
            integer = named("xsd:integer")
            facts.append(("cmq:ordinal", ox.Literal(str(ordinal), datatype=integer)))
            entity.facts["ordinal"].add(str(ordinal))
            if sort == "dialogue" and kind:
                facts.append(("cmq:countedAs", ox.NamedNode(kind)))
        self._who.entries.additions.describe(
            "occasion", iri, ox.Literal(label, language="en"), facts, sort=sort
        )
        self._known.add(entity)


def _sort_of(event: Event) -> str:
    """Return the sort of occasion that an event of a kind is, where nobody has said."""
    kind = (event.kind or "").rpartition("/")[2]
    if event.facility:
        return "case" if kind in {"", "case"} else "step"
    return "round" if kind in {"round", "negotiating-round"} else "dialogue"
