"""One source's names, each decided once: by a curator, by what the graph knows, or put as a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.drafting import names
from communique.drafting.identity import Clues, Decision, Outcome, decide
from communique.drafting.known import KINDS, Entity
from communique.drafting.occasions import Event, decide_occasion
from communique.drafting.registers import Additions, file_of, named, proposed_name, scheme_of, short_name
from communique.namespaces import BASE, CONCEPT
from communique.questions.entities import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from communique.drafting.facts import Facts, Source
    from communique.drafting.known import Known
    from communique.errors import Location

    Place = tuple[str | int, ...]

_STEP_NAMES = {"request-for-review": "request", "case-closing": "closing"}
_REGISTERED = {"body": "body", "organization": "organization"}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A decision at its place in the facts, and what it will be if it is new."""

    decision: Decision
    location: Location
    iri: str | None
    sides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that the record needs and the file does not give."""

    location: Location
    field: str
    message: str


class Resolution:
    """The names of one source and what becomes of them."""

    def __init__(self, source: Source, known: Known, read_on: str | None = None) -> None:
        self.resolved: list[Resolved] = []
        self.missing: list[Missing] = []
        self.additions = Additions()
        self.publisher: str | None = None
        self.occasions: dict[str, str] = {}
        """The occasion of each event, by the event's label."""
        self._source = source
        self._known = known
        self._read_on = read_on
        self._made: dict[tuple[str, str, str | None, str | None], str | None] = {}
        self._taken: set[str] = set()
        self._told: Sequence[Facts] = source.facts.get("decisions") or ()
        self._used: set[int] = set()

    @property
    def open(self) -> list[Resolved]:
        """Return what a curator has to decide."""
        return [one for one in self.resolved if one.decision.outcome is Outcome.ASK]

    # What is not a name.

    def ask_for(self, field: str, message: str, *, at: Place) -> None:
        """Note that a fact is missing."""
        self.missing.append(Missing(self._source.place(*at), field, message))

    def day_of_reading(self, given: str | None) -> str | None:
        """Return the day on which the page was read, or ask for it."""
        day = given or self._read_on
        if day is None:
            self.ask_for(
                "read", "Say on which day the page was read: `read: 2026-01-31`, or --read-on.", at=()
            )
        return day

    def has_source(self, iri: str) -> bool:
        """Return whether a source has a record."""
        return iri in self._known.sources

    def zone_of(self, iri: str | None) -> str | None:
        """Return the clock of a place, a government, or the government of a body."""
        entity = self._known.entities.get(iri or "")
        if entity is not None and entity.kind == "body":
            entity = self._known.entities.get(entity.fact("government") or "")
        return entity.fact("seatZone") if entity else None

    def zone_of_original(self, source: str | None) -> str | None:
        """Return the clock of the publisher of the source that is copied, where that source has a record."""
        publisher = self._known.sources.get(BASE + "source/" + (source or ""))
        return self.zone_of(publisher)

    def concept(
        self, scheme: str, given: str | None, *, at: Place, silent: Collection[str] = ()
    ) -> str | None:
        """Return the concept of a name in a scheme; where there is none, ask, with the nearest name."""
        if given is None or given in silent:
            return None
        known = self._known.concepts.get(scheme, {})
        found = known.get(names.folded(given))
        if found is None:
            choices = sorted({iri.rpartition("/")[2] for iri in known.values()})
            hint = nearest(given, choices)
            self.ask_for(
                str(at[-1]),
                f"`{given}` is no concept of the scheme {scheme}.{hint} Known: {', '.join(choices)}.",
                at=at,
            )
        return found

    # Names.

    def government(self, name: str | None, *, at: Place) -> str | None:
        """Return the government of a name, or of none."""
        return None if name is None else self.name("government", name, at=at)

    def mechanism(self, name: str, *, at: Place) -> str | None:
        """Return the mechanism of a name."""
        return self.name("mechanism", name, at=at)

    def name(self, kind: str, name: str, *, at: Place, clues: Clues | None = None) -> str | None:
        """Return what a name of a kind means: an IRI, known or new; None where that is not decided."""
        clues = clues or Clues()
        key = (kind, name, clues.side, clues.body)
        if key not in self._made:
            printed, reading = names.printed_and_reading(name)
            decision = self._decision(kind, printed, clues) or self._decide(kind, printed, reading, clues)
            self._made[key] = self._take(decision, printed, reading, clues, at)
        return self._made[key]

    def person(
        self,
        printed: str,
        reading: str | None,
        side: str | None,
        body: str | None,
        posts: Sequence[str],
        *,
        at: Place,
    ) -> str | None:
        """Return the person of a name, a side, a body and posts."""
        clues = Clues(side, self._country(side), body, tuple(posts))
        name = f"{printed} ({reading})" if reading else printed
        return self.name("person", name, at=at, clues=clues)

    def actor(
        self, name: str, *, at: Place, kinds: Sequence[str], side: str | None = None, sort: str | None = None
    ) -> str | None:
        """Return the body, organisation or government of a name, whichever of the kinds it is known as."""
        # A name that tells its country needs no side to be told from another country's.
        of = side or self._known.government_of(names.country_named(name))
        clues = Clues(of, self._country(of), None, (), sort)
        key = ("|".join(kinds), name, side, None)
        if key in self._made:
            return self._made[key]
        printed, reading = names.printed_and_reading(name)
        told = [found for kind in kinds if (found := self._decision(kind, printed, clues))]
        decisions = told or [self._decide(kind, printed, reading, clues) for kind in kinds]
        linked = [one for one in decisions if one.outcome is Outcome.LINK]
        asked = [one for one in decisions if one.outcome is Outcome.ASK and one.candidates]
        if len(linked) > 1:
            both = tuple(candidate for one in linked for candidate in one.candidates)
            decision = Decision(
                linked[0].kind, printed, Outcome.ASK, None, both, "a body and an organisation have this name"
            )
        else:
            decision = next(iter([*linked, *asked, *decisions]))
        self._made[key] = self._take(decision, printed, reading, clues, at)
        return self._made[key]

    def posts(self, title: str | None, body: str | None, side: str | None, *, at: Place) -> list[str]:
        """Return the posts that a title means; a title that is no seat of a body that is known means none."""
        if not title:
            return []
        entity = self._known.entities.get(body or "")
        clues = Clues(side, self._country(side), body if entity is None or entity.kind == "body" else None)
        whole = self._decision("post", title, clues) or decide("post", title, clues, self._known)
        if whole.outcome is not Outcome.LINK and not whole.by_curator:
            for parts in names.ways_to_part(title):
                each = [decide("post", part, clues, self._known) for part in parts]
                if all(one.outcome is Outcome.LINK for one in each):
                    return [iri for one in each if (iri := self._take(one, one.name, None, clues, at))]
        if entity is not None and entity.kind == "organization":
            return []  # Posts are seats in bodies of governments.
        if whole.outcome is Outcome.ASK and not whole.candidates and not clues.body:
            return []
        found = self.name("post", title, at=at, clues=clues)
        return [found] if found else []

    # Occasions.

    def about(self, number: int, event: Facts, source: str) -> str | None:
        """Return the occasion or mechanism that an event is, or None where that is not decided."""
        at = ("events", number)
        mechanism = self.mechanism(event["mechanism"], at=(*at, "mechanism"))
        if mechanism is None or event.get("about") == "mechanism":
            return mechanism
        facility = self._facility(event, at)
        kind = self._known.concepts.get("occasion-kind", {}).get(names.folded(event.get("kind") or ""))
        days = frozenset(
            date.fromisoformat(day)
            for day in (
                event.get("start"),
                event.get("end"),
                *(d.get("date") for d in event.get("days") or ()),
            )
            if day
        )
        wanted = Event(event["label"], mechanism, event.get("round"), kind, days, source, facility)
        told = self._told_of("occasion", event["label"], None)
        decision = self._decision("occasion", event["label"], Clues())
        if decision is None:
            decision = decide_occasion(wanted, self._known, self._known.broader, self._taken)
        iri = self._take_occasion(decision, told, wanted, at)
        if iri:
            if event["label"] in self.occasions:
                self.ask_for(
                    "label",
                    "Give each event a label of its own: another one has the same.",
                    at=(*at, "label"),
                )
            self._taken.add(iri)
            self.occasions[event["label"]] = iri
        return iri

    def case_of(self, occasion: str) -> str | None:
        """Return the case that an occasion is or is a step of, or None."""
        entity = self._known.entities.get(occasion)
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
            self.ask_for(
                "steps", f"{of.label} has several steps of this kind; write an event of its own.", at=at
            )
            return None
        label = f"{local.replace('-', ' ').capitalize()}: {of.label}"
        self._describe_occasion(named_so, label, "step", part_of=case)
        self._note(
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
            self.actor(
                event["company"],
                at=(*at, "company"),
                kinds=("organization",),
                sort=CONCEPT + "organization-kind/company",
            )
            if event.get("company")
            else None
        )
        return self.name("facility", event["facility"], at=(*at, "facility"), clues=Clues(body=company))

    # What has been decided.

    def _country(self, side: str | None) -> str | None:
        entity = self._known.entities.get(side or "")
        return entity.fact("countryCode") if entity else None

    def _decide(self, kind: str, printed: str, reading: str | None, clues: Clues) -> Decision:
        decision = decide(kind, printed, clues, self._known)
        if reading and decision.outcome is not Outcome.LINK:
            by_reading = decide(kind, reading, clues, self._known)
            if by_reading.outcome is Outcome.LINK or by_reading.candidates:
                return Decision(
                    kind,
                    printed,
                    by_reading.outcome,
                    by_reading.entity,
                    by_reading.candidates,
                    by_reading.reason,
                )
        return decision

    def _told_of(self, kind: str, name: str, side: str | None) -> Facts | None:
        """Return what a curator has decided of a name, by the decisions that the facts carry."""
        for number, told in enumerate(self._told):
            if told["kind"] != kind or names.folded(told["name"]) != names.folded(name):
                continue
            if told.get("side") and side != self._side_named(told["side"]):
                continue
            self._used.add(number)
            return told
        return None

    def _side_named(self, name: str) -> str | None:
        decision = decide("government", name, Clues(), self._known)
        return decision.entity.iri if decision.entity else None

    def _decision(self, kind: str, name: str, clues: Clues) -> Decision | None:
        """Return a curator's decision on a name, or None where there is none."""
        told = self._told_of(kind, name, clues.side)
        if told is None:
            return None
        if reason := told.get("left_out"):
            return Decision(kind, name, Outcome.LEAVE_OUT, None, (), str(reason), by_curator=True)
        slug = str(told.get("is") or told.get("new"))
        entity = self._known.named(slug)
        if entity is not None:
            return Decision(kind, name, Outcome.LINK, entity, (), "decided by a curator", by_curator=True)
        if told.get("is"):
            self.ask_for(
                "is", f"There is no {slug}; name one of the registers, or write `new:`.", at=self._at(told)
            )
            return Decision(kind, name, Outcome.ASK, None, (), f"{slug} is not in the registers")
        plain = decide(kind, name, clues, self._known)
        apart = set(told.get("distinct_from") or ())
        near = [candidate for candidate in plain.near if candidate.entity.slug not in apart]
        if near and kind != "occasion":
            return Decision(
                kind,
                name,
                Outcome.ASK,
                None,
                plain.candidates,
                f"{slug} would be a near twin; if it is another, say --distinct-from {near[0].entity.slug}",
            )
        return Decision(
            kind, name, Outcome.CREATE, None, plain.candidates, "decided by a curator", by_curator=True
        )

    def _at(self, told: Facts) -> Place:
        return ("decisions", list(self._told).index(told))

    def unused_decisions(self) -> list[tuple[Location, Facts]]:
        """Return the decisions of the file that no name of it asks for, with their places."""
        return [
            (self._source.place("decisions", n), told)
            for n, told in enumerate(self._told)
            if n not in self._used
        ]

    def _note(self, decision: Decision, at: Place, iri: str | None, side: str | None = None) -> None:
        self.resolved.append(Resolved(decision, self._source.place(*at), iri, (side,) if side else ()))

    def _take(
        self, decision: Decision, printed: str, reading: str | None, clues: Clues, at: Place
    ) -> str | None:
        """Return the IRI that a decision gives, with what must be added to the registers for it."""
        iri: str | None = None
        if decision.outcome is Outcome.LINK and decision.entity is not None:
            iri = decision.entity.iri
            self._learn(decision.entity, printed, at)
        elif decision.outcome is Outcome.CREATE:
            iri = self._create(decision, printed, reading, clues, at)
            if iri is None:
                return None
        self._note(decision, at, iri, clues.side)
        return iri

    def _learn(self, entity: Entity, printed: str, at: Place) -> None:
        """Add a spelling that the entity is not yet known by."""
        language = names.language_of(printed, str(self._source.facts["language"]))
        if any(name.casefold() == printed.casefold() for name, _ in entity.names):
            return
        if at[:1] == ("publisher",) and names.has_remark(printed):
            return
        if entity.kind in {"government", "post"}:
            return  # No record prints these as names: a title is kept with the participation.
        entity.names.append((printed, language))
        file = file_of(entity.kind, self._known.country_of(entity))
        self.additions.add(file, entity.iri, "skos:altLabel", ox.Literal(printed, language=language))
        self._known.add(entity)

    def _create(
        self, decision: Decision, printed: str, reading: str | None, clues: Clues, at: Place
    ) -> str | None:
        """Describe something new, or ask for what its description needs."""
        kind = decision.kind
        told: Facts = self._told_of(kind, printed, clues.side) or {}
        language = names.language_of(printed, str(self._source.facts["language"]))
        english = told.get("label") or (printed if language == "en" or not reading else reading)
        english = str(english if told.get("label") or reading or language == "en" else "")
        if not english and language != "en":
            if kind in {
                "organization",
                "instrument",
                "person",
                "body",
                "facility",
                "mechanism",
                "post",
            } and _latin(printed):
                english = printed
            else:
                self.ask_for("label", f"“{printed}” is new: give its name in English with `label:`.", at=at)
                self._note(
                    Decision(kind, printed, Outcome.ASK, None, (), "needs a name in English"), at, None
                )
                return None
        missing = [field for field in _NEEDED.get(kind, ()) if not told.get(field)]
        if missing:
            self._note(
                Decision(
                    kind,
                    printed,
                    Outcome.ASK,
                    None,
                    decision.candidates,
                    f"new, and needs {' and '.join(missing)}",
                ),
                at,
                None,
            )
            return None
        iri = self._iri_for(kind, english, clues, told)
        entity = Entity(iri, kind, english, [(english, "en")])
        facts = self._described(entity, told, clues)
        title = names.title_without_acting(english) if kind == "post" else english
        entity.label = title
        self.additions.describe(
            kind,
            iri,
            ox.Literal(title, language="en"),
            facts,
            country=clues.country if kind == "body" else None,
        )
        file = file_of(kind, clues.country)
        if printed not in {english, title} and kind != "post":
            native = (
                "skos:altLabel"
                if language == "en"
                else ("skos:prefLabel" if kind in {"topic", "place"} else "rdfs:label")
            )
            self.additions.add(file, iri, native, ox.Literal(printed, language=language))
            entity.names.append((printed, language))
        self._known.add(entity)
        for other in told.get("distinct_from") or ():
            if distinct := self._known.named(other):
                first = min(entity, distinct, key=lambda one: one.iri)
                home = file_of(first.kind, self._known.country_of(first))
                self.additions.tell_apart(iri, distinct.iri, home)
        return iri

    def _iri_for(self, kind: str, english: str, clues: Clues, told: Facts) -> str:
        if told.get("new"):
            prefix, _, local = str(told["new"]).partition(":")
            return KINDS[prefix] + local
        body = self._known.entities.get(clues.body or "")
        title = names.title_without_acting(english) if kind == "post" else english
        return KINDS[kind] + proposed_name(kind, title, clues.country, body, self._known.entities)

    def _described(
        self, entity: Entity, told: Facts, clues: Clues
    ) -> list[tuple[str, ox.NamedNode | ox.Literal]]:
        """Return what is stated of something new beside its names, and let the entity know it."""
        facts: list[tuple[str, ox.NamedNode | ox.Literal]] = []

        def state(prop: str, value: str | None, literal: ox.Literal | None = None) -> None:
            if value:
                facts.append((prop, literal or ox.NamedNode(value)))
                entity.facts[prop.partition(":")[2]].add(value)

        match entity.kind:
            case "body":
                state("cmq:government", clues.side)
                if above := told.get("part_of"):
                    parent = self._known.named(above)
                    state("org:unitOf", parent.iri if parent else None)
            case "post":
                state("org:postIn", clues.body)
            case "organization":
                state("org:classification", clues.kind)
            case "facility":
                state("org:siteOf", clues.body)
            case "government":
                state("cmq:countryCode", told["country_code"], ox.Literal(told["country_code"]))
                state("cmq:seatZone", told["zone"], ox.Literal(told["zone"]))
            case "topic" | "place":
                state("skos:definition", told["definition"], ox.Literal(told["definition"], language="en"))
                if zone := told.get("zone"):
                    state("cmq:seatZone", zone, ox.Literal(zone))
                broader = self._known.named(told.get("broader") or "")
                scheme = scheme_of(entity.kind)
                state(
                    "skos:broader" if broader else "skos:topConceptOf",
                    broader.iri if broader else scheme.value,
                )
                facts.append(("skos:inScheme", scheme))
            case _:
                pass
        return facts

    def _take_occasion(self, decision: Decision, told: Facts | None, event: Event, at: Place) -> str | None:
        if decision.outcome is Outcome.LINK and decision.entity is not None:
            self._note(decision, at, decision.entity.iri)
            return decision.entity.iri
        if decision.outcome is not Outcome.CREATE:
            self._note(decision, at, None)
            return None
        told = told or {}
        above = self._whole(told, event, at)
        if above is _UNKNOWN:
            return None
        sort = str(
            told.get("type")
            or ("step" if event.facility and event.kind else "case" if event.facility else "dialogue")
        )
        if sort == "step" and above is None:
            above = self._case(event, at)
        iri = KINDS["occasion"] + (
            str(told["new"]).partition(":")[2] if told.get("new") else self._occasion_name(event, above)
        )
        self._describe_occasion(
            iri,
            str(told.get("label") or event.label),
            sort,
            part_of=above,
            under=None if above else event.mechanism,
            facility=event.facility if sort == "case" else None,
            ordinal=event.number if sort in {"round", "dialogue"} and above is None else None,
            kind=event.kind,
        )
        self._note(decision, at, iri)
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
        self.ask_for(
            "part_of",
            f"There is no {slug}; write the event that it is first, or add it to the register.",
            at=at,
        )
        self._note(
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
            self.ask_for(
                "part_of", "The facility has had several cases; decide which with `part_of:`.", at=at
            )
            return None
        facility = self._known.entities[str(event.facility)]
        iri = wanted or KINDS["occasion"] + f"rrm-{facility.slug.partition(':')[2]}"
        label = f"Case of {facility.label}" if not cases else f"Case {len(cases) + 1} of {facility.label}"
        self._describe_occasion(iri, label, "case", under=event.mechanism, facility=event.facility)
        self._note(
            Decision("occasion", label, Outcome.CREATE, None, (), "the first record of this facility's case"),
            at,
            iri,
        )
        return iri

    def _occasion_name(self, event: Event, above: str | None) -> str:
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
        self.additions.describe("occasion", iri, ox.Literal(label, language="en"), facts, sort=sort)
        self._known.add(entity)


_UNKNOWN = ""
"""Stands for an occasion that is named and not there; None is for one that is not named."""
_NEEDED = {"topic": ("definition",), "place": ("definition", "zone"), "government": ("country_code", "zone")}


def _latin(text: str) -> bool:
    return all(ord(letter) < 0x250 for letter in text if letter.isalpha())  # noqa: PLR2004 - Latin letters end here
