"""The record of a source: its facts as statements, once it is decided who is who."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.drafting.placement import Placement
from communique.drafting.registers import named, short_name
from communique.identity import names
from communique.namespaces import BASE, CONCEPT, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from communique.drafting.facts import Facts, Source
    from communique.drafting.registers import Statement
    from communique.drafting.resolution import Resolution

_DATE = ox.NamedNode(PREFIXES["xsd"] + "date")
_GDAY = ox.NamedNode(PREFIXES["xsd"] + "gDay")
_INTEGER = ox.NamedNode(PREFIXES["xsd"] + "integer")
_BOOLEAN = ox.NamedNode(PREFIXES["xsd"] + "boolean")
_COMPILER = "en"
"""The language of the compiler's own words."""
_DATELINE = "(dateline)"
_ENDS = 2
"""How many days a span is given by."""


class Record:
    """The statements of one source's file, in the order in which a reader wants them."""

    def __init__(self, source: Source, resolution: Resolution) -> None:
        self.iri = BASE + "source/" + source.id
        self.statements: list[Statement] = []
        self._facts = source.facts
        self._language = str(source.facts["language"])
        self._who = resolution
        self.placement = Placement(resolution)
        self._names: set[str] = set()
        self._passages: dict[tuple[str, str], str] = {}
        self._late: list[Statement] = []
        self._publisher: str | None = None

    def write(self) -> list[Statement]:
        """Return all statements: the source, its readouts with their parts, the passages."""
        self._write_source()
        for number, event in enumerate(self._facts["events"]):
            self._write_event(number, event)
        self.statements += self._late
        return self.statements

    # What every part is made of.

    def _say(self, subject: str, prop: str, value: ox.NamedNode | ox.Literal | str | None) -> None:
        if value is not None:
            term = ox.NamedNode(value) if isinstance(value, str) else value
            self.statements.append((ox.NamedNode(subject), named(prop), term))

    def _own(self, wanted: str) -> str:
        """Return the IRI of a part of this record, under a name that no other part has."""
        name, number = wanted, 2
        while name in self._names:
            name, number = f"{wanted}-{number}", number + 1
        self._names.add(name)
        return f"{self.iri}#{name}"

    def _printed(self, text: str | None) -> ox.Literal | None:
        """Return words of the page with the language that they are in."""
        if not text:
            return None
        return ox.Literal(text.strip(), language=names.language_of(text, self._language))

    def _note(self, subject: str, *texts: str | None) -> None:
        for text in texts:
            if text:
                self._say(subject, "skos:editorialNote", ox.Literal(text.strip(), language=_COMPILER))

    # The source.

    def _write_source(self) -> None:
        facts, iri = self._facts, self.iri
        at = ("publisher",)
        self._publisher = self._who.actor(
            facts["publisher"], at=at, kinds=("body", "organization", "government")
        )
        title = None if facts.get("title_inferred") else facts.get("title")
        self._say(iri, "rdf:type", named("cmq:Source"))
        self._say(iri, "rdfs:label", ox.Literal(self._label(title), language=_COMPILER))
        self._say(iri, "dcterms:title", self._printed(title))
        self._note(iri, facts.get("note"), facts.get("issued_note"), facts.get("url_note"))
        self._who.publisher = self._publisher
        self._say(iri, "dcterms:publisher", self._publisher)
        if issued := facts.get("issued"):
            self._say(iri, "dcterms:issued", ox.Literal(issued, datatype=_DATE))
        self._say(iri, "dcterms:language", ox.Literal(self._language))
        self._say(iri, "foaf:page", facts["url"])
        self._say(iri, "cmq:sourceKind", CONCEPT + "source-kind/" + facts["source_kind"])
        if copied := facts.get("republishes"):
            original = BASE + "source/" + copied
            if self._who.has_source(original):
                self._say(iri, "cmq:republishes", original)
            else:
                self._note(iri, f"Republishes: {copied}")
        extent = "beginning" if facts.get("truncated") else "whole"
        self._say(iri, "cmq:extentRead", CONCEPT + "extent/" + extent)
        basis = "inferred" if facts.get("url_note") else "as-read"
        self._say(iri, "cmq:addressBasis", CONCEPT + "address-basis/" + basis)
        if read := self._who.day_of_reading(facts.get("read")):
            self._say(iri, "cmq:readOn", ox.Literal(read, datatype=_DATE))

    def _label(self, title: str | None) -> str:
        if label := self._facts.get("label"):
            return str(label)
        if title and self._language == _COMPILER:
            return title
        events = self._facts["events"]
        about = events[0]["label"] if events else self._facts["id"]
        return f"{self._facts['publisher']}: {about}"

    # An event.

    def _write_event(self, number: int, event: Facts) -> None:
        at: tuple[str | int, ...] = ("events", number)
        about = self.placement.about(number, event, self.iri)
        if number in self.placement.left_out:
            return
        kind = self._who.concept("occasion-kind", event.get("kind"), at=(*at, "kind"), silent=("other",))
        base = "mechanism" if event.get("about") == "mechanism" else (kind or "occasion").rpartition("/")[2]
        readout = self._own(base)
        base = readout.rpartition("#")[2]
        say = self._say
        say(readout, "rdf:type", named("cmq:Readout"))
        say(readout, "cmq:fromSource", self.iri)
        say(readout, "cmq:about", about)
        if event.get("about") != "mechanism":
            say(readout, "cmq:kind", kind)
            if event.get("round"):
                say(readout, "cmq:number", ox.Literal(str(event["round"]), datatype=_INTEGER))
        for called in _texts(event.get("called")):
            say(readout, "cmq:nameAsPrinted", self._printed(called))
        self._note(readout, event.get("note"))
        self._write_frame(readout, base, event, at)
        self._write_matters(readout, event, at)
        passages = [self._passage(passage) for passage in event.get("evidence", ())]
        for passage in passages:
            say(readout, "cmq:evidence", passage)
        self._write_mentions(readout, base, event, at)
        self._write_steps(readout, self.placement.case_of(about), event, passages, at)

    def _write_frame(self, readout: str, base: str, event: Facts, at: tuple[str | int, ...]) -> None:
        """Write when and where it was, and between whom."""
        say = self._say
        places = self._places(event, at)
        # Of a facility's case, the place is the facility's; nobody need have met there.
        zones = (
            {zone for place in places if (zone := self._who.zone_of(place))}
            if not event.get("facility")
            else set()
        )
        days = self._days(readout, base, event, zones.pop() if len(zones) == 1 else None, at)
        if event.get("date_note") and len(days) != 1:
            self._note(readout, event["date_note"])
        if not event.get("mode_inferred_from_place") and event.get("mode"):
            say(readout, "cmq:mode", CONCEPT + "mode/" + event["mode"])
        for place in places:
            say(readout, "cmq:place", place)
        for n, party in enumerate(event["parties"]):
            say(readout, "cmq:party", self._who.government(party, at=(*at, "parties", n)))

    def _write_matters(self, readout: str, event: Facts, at: tuple[str | int, ...]) -> None:
        """Write what it was about and what came of it."""
        say = self._say
        for n, above in enumerate(_texts(event.get("placed_under"))):
            say(readout, "cmq:placedUnder", self._who.mechanism(above, at=(*at, "placed_under", n)))
        if purpose := event.get("purpose"):
            say(readout, "cmq:purpose", ox.Literal(purpose, language=_COMPILER))
        for n, topic in enumerate(event.get("topics", ())):
            say(readout, "cmq:topic", self._who.name("topic", topic, at=(*at, "topics", n)))
        for outcome in event.get("outcomes", ()):
            say(readout, "cmq:outcome", ox.Literal(outcome, language=_COMPILER))

    def _places(self, event: Facts, at: tuple[str | int, ...]) -> list[str]:
        places = [place for place in _texts(event.get("place")) if _DATELINE not in place]
        found = [self._who.name("place", place, at=(*at, "place")) for place in places]
        return [place for place in found if place]

    # Days.

    def _days(
        self, readout: str, base: str, event: Facts, zone_there: str | None, at: tuple[str | int, ...]
    ) -> list[str]:
        """Write the days of an event, and return their nodes."""
        days: Sequence[Facts] = event.get("days") or ()
        relation = event.get("days_are")
        if not days:
            first, last = event.get("start"), event.get("end")
            if last and not first:
                question = "Give the first day of the span as well, with `start`."
                self._who.ask_for("start", question, at=(*at, "end"))
                return []
            basis = "context" if event.get("year_inferred") else None
            days = [{"date": day, "basis": basis} for day in dict.fromkeys([first, last]) if day]
            relation = "span" if len(days) > 1 else None
        elif event.get("start") or event.get("end"):
            self._who.ask_for("days", "Give either `days`, or `start` and `end`.", at=(*at, "days"))
        if len(days) > 1 and relation is None:
            question = "Say what the several days are: each (it met on each), one-of, or span."
            self._who.ask_for("days_are", question, at=(*at, "days"))
        if len(days) > _ENDS and relation == "span":
            question = "A span has its first and its last day; leave out those between."
            self._who.ask_for("days", question, at=(*at, "days"))
            return []
        nodes: list[str] = []
        links = _links(len(days), relation)
        for n, (day, (link, name)) in enumerate(zip(days, links, strict=True)):
            node = self._own(f"{base}-{name}")
            nodes.append(node)
            self.statements.append((ox.NamedNode(readout), named(link), ox.NamedNode(node)))
            self._write_day(node, day, event, zone_there, (*at, "days", n))
        if event.get("date_note") and len(nodes) == 1:
            self._note(nodes[0], event["date_note"])
        return nodes

    def _write_day(
        self, node: str, day: Facts, event: Facts, zone_there: str | None, at: tuple[str | int, ...]
    ) -> None:
        say = self._say
        say(node, "rdf:type", named("cmq:Day"))
        if day.get("date"):
            say(node, "cmq:date", ox.Literal(day["date"], datatype=_DATE))
        else:
            say(node, "cmq:dayOfMonth", ox.Literal(f"---{day['day_of_month']:02}", datatype=_GDAY))
        say(node, "cmq:dateAsPrinted", self._printed(day.get("as_printed")))
        say(node, "cmq:dateBasis", self._who.concept("date-basis", day.get("basis"), at=(*at, "basis")))
        zone, basis = self._clock(day, event, zone_there, at)
        if zone and basis:
            say(node, "cmq:zone", ox.Literal(zone))
            say(node, "cmq:zoneBasis", basis)
        say(node, "cmq:zoneAsPrinted", self._printed(day.get("zone_as_printed")))
        self._note(node, day.get("note"))

    def _clock(
        self, day: Facts, event: Facts, zone_there: str | None, at: tuple[str | int, ...]
    ) -> tuple[str | None, str | None]:
        """Return the clock of a day and its basis: printed, the place's, the original's, the publisher's."""
        scheme = CONCEPT + "zone-basis/"
        told = self._who.concept("zone-basis", day.get("zone_basis"), at=(*at, "zone_basis"))
        of_place = None if event.get("mode") == "virtual" else zone_there
        of_publisher = self._who.zone_of(self._publisher)
        if day.get("zone_as_printed") and not day.get("zone"):
            self._who.ask_for("zone", "Say which clock the printed words mean, by its IANA name.", at=at)
        if zone := day.get("zone"):
            likely = {of_publisher: "publisher", of_place: "place"}.get(zone)
            basis = "stated" if day.get("zone_as_printed") else likely
            if told is None and basis is None:
                question = f"Say why {zone} is the clock: stated, place, origin or publisher."
                self._who.ask_for("zone_basis", question, at=at)
            return zone, told or (scheme + basis if basis else None)
        if of_place:
            return of_place, scheme + "place"
        if self._facts["source_kind"] == "official-republished":
            return self._who.zone_of_original(self._facts.get("republishes")), scheme + "origin"
        return of_publisher, scheme + "publisher"

    # Mentions.

    def _write_mentions(self, readout: str, base: str, event: Facts, at: tuple[str | int, ...]) -> None:
        for n, person in enumerate(event.get("chairs", ())):
            self._write_person(readout, base, person, (*at, "chairs", n))
        lists: dict[tuple[str, str | None, str | None], dict[str, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        for field, kinds in (
            ("bodies", ("body", "organization")),
            ("stakeholders", ("organization", "body")),
        ):
            for n, one in enumerate(event.get(field, ())):
                here = (*at, field, n)
                side = self._who.government(one.get("side"), at=(*here, "side"))
                sort = self._who.concept("organization-kind", one.get("type"), at=(*here, "type"))
                who = self._who.actor(one["name"], at=here, kinds=kinds, side=side, sort=sort)
                if who:
                    role = self._role(one.get("role") or "participant", here)
                    lists[field, side, role][who].add(one["name"])
        for (field, side, role), members in lists.items():
            self._write_list(readout, f"{base}-{field}", members, side, role)
        for n, crowd in enumerate(event.get("unnamed", ())):
            self._write_unnamed(readout, base, crowd, (*at, "unnamed", n))
        for n, instrument in enumerate(event.get("instruments", ())):
            self._write_instrument(readout, base, instrument, (*at, "instruments", n))

    def _role(self, role: str | None, at: tuple[str | int, ...]) -> str | None:
        return self._who.concept("role", role or "named", at=(*at, "role"))

    def _mention(self, readout: str, name: str, kind: str) -> str:
        node = self._own(name)
        self._say(readout, "cmq:mentions", node)
        self._say(node, "rdf:type", named(kind))
        return node

    def _write_person(self, readout: str, base: str, person: Facts, at: tuple[str | int, ...]) -> None:
        if not person.get("person"):
            title = person.get("title")
            self._note(readout, f"Named by title alone: {title}" if title else None, person.get("note"))
            return
        side = self._who.government(person.get("side"), at=(*at, "side"))
        body = (
            self._who.actor(person["body"], at=(*at, "body"), kinds=("body", "organization"), side=side)
            if person.get("body")
            else None
        )
        posts = self._who.posts(person.get("title"), body, side, at=(*at, "title"))
        printed, reading = names.printed_and_reading(person["person"])
        who = self._who.person(printed, reading, side, body, posts, at=at)
        if who is None:
            return
        node = self._mention(readout, f"{base}-{who.rpartition('/')[2]}", "cmq:Participation")
        say = self._say
        say(node, "cmq:participant", who)
        say(node, "cmq:nameAsPrinted", self._printed(printed))
        say(node, "cmq:titleAsPrinted", self._printed(person.get("title")))
        say(node, "cmq:role", self._role(person.get("role"), at))
        say(node, "cmq:side", side)
        say(node, "cmq:onBehalfOf", body)
        for post in posts:
            say(node, "cmq:post", post)
        if posts and (person.get("acting") or names.is_acting(person.get("title") or "")):
            say(node, "cmq:holding", CONCEPT + "holding/acting")
        self._note(node, person.get("note"))

    def _write_list(
        self,
        readout: str,
        name: str,
        members: Mapping[str, Iterable[str]],
        side: str | None,
        role: str | None,
    ) -> None:
        if side:
            name = f"{name}-{side.rpartition('/')[2]}"
        node = self._mention(readout, name, "cmq:Participation")
        for who, printed in members.items():
            self._say(node, "cmq:participant", who)
            for text in printed:
                self._say(node, "cmq:nameAsPrinted", self._printed(names.printed_and_reading(text)[0]))
        self._say(node, "cmq:role", role)
        self._say(node, "cmq:side", side)

    def _write_unnamed(self, readout: str, base: str, crowd: Facts, at: tuple[str | int, ...]) -> None:
        node = self._mention(readout, f"{base}-unnamed", "cmq:Participation")
        for n, kind in enumerate(crowd["kinds"]):
            concept = self._who.concept("organization-kind", kind, at=(*at, "kinds", n))
            self._say(node, "cmq:participantKind", concept)
        self._say(node, "cmq:nameAsPrinted", self._printed(crowd.get("as_printed")))
        self._say(node, "cmq:role", self._role(crowd.get("role") or "participant", at))
        self._say(node, "cmq:side", self._who.government(crowd.get("side"), at=(*at, "side")))

    def _write_instrument(
        self, readout: str, base: str, given: str | Facts, at: tuple[str | int, ...]
    ) -> None:
        facts: Facts = {"name": given} if isinstance(given, str) else given
        instrument = self._who.name("instrument", facts["name"], at=at)
        if instrument is None:
            return
        node = self._mention(readout, f"{base}-{instrument.rpartition('/')[2]}", "cmq:InstrumentMention")
        self._say(node, "cmq:instrument", instrument)
        self._say(node, "cmq:nameAsPrinted", self._printed(facts["name"]))
        kind = self._who.concept("instrument-kind", facts.get("kind"), at=(*at, "kind"))
        self._say(node, "cmq:instrumentKind", kind)
        treatment = facts.get("treatment") or "referred-to"
        self._say(node, "cmq:treatment", self._who.concept("treatment", treatment, at=(*at, "treatment")))

    # The dated steps of a facility's case.

    def _write_steps(
        self, readout: str, case: str | None, event: Facts, passages: Sequence[str], at: tuple[str | int, ...]
    ) -> None:
        if case is None:
            return
        for field, kind in (("date_requested", "request-for-review"), ("date_closed", "case-closing")):
            day = event.get(field)
            if day and len(day) == len("2024-01-31") and event.get("kind") != kind:
                self._write_step(case, {"kind": kind, "start": day}, event, passages, (*at, field))
            elif day and len(day) < len("2024-01-31"):
                self._note(readout, f"{field.replace('_', ' ').capitalize()}: {day}")
        if sector := event.get("sector"):
            self._note(readout, f"Sector of the facility: {sector}")
        for n, step in enumerate(event.get("steps", ())):
            self._write_step(case, step, event, passages, (*at, "steps", n))

    def _write_step(
        self, case: str, step: Facts, event: Facts, passages: Sequence[str], at: tuple[str | int, ...]
    ) -> None:
        """Write what the page says in passing of another step of a case: its kind and its day."""
        kind = self._who.concept("occasion-kind", step["kind"], at=(*at, "kind"))
        occasion = self.placement.step(case, kind, at=at) if kind else None
        if kind is None or occasion is None:
            return
        readout = self._own(kind.rpartition("/")[2])
        self._say(readout, "rdf:type", named("cmq:Readout"))
        self._say(readout, "cmq:fromSource", self.iri)
        self._say(readout, "cmq:about", occasion)
        self._say(readout, "cmq:kind", kind)
        days = self._days(readout, readout.rpartition("#")[2], {**step, "mode": event.get("mode")}, None, at)
        if step.get("date_note") and not days:
            self._note(readout, step["date_note"])
        for n, party in enumerate(event["parties"]):
            self._say(readout, "cmq:party", self._who.government(party, at=(*at, "parties", n)))
        for passage in passages:
            self._say(readout, "cmq:evidence", passage)

    # Passages.

    def _passage(self, passage: Facts) -> str:
        """Return the node of a passage; one that several events rest on is written once."""
        words = (passage["text_start"], passage["text_end"])
        if words not in self._passages:
            node = self._own(f"{short_name(passage.get('fact') or 'text') or 'text'}-passage")
            self._passages[words] = node
            self._late += [
                (ox.NamedNode(node), named("rdf:type"), named("cmq:Evidence")),
                (ox.NamedNode(node), named("cmq:fromSource"), ox.NamedNode(self.iri)),
                (ox.NamedNode(node), named("cmq:firstWords"), ox.Literal(words[0], language=self._language)),
                (ox.NamedNode(node), named("cmq:lastWords"), ox.Literal(words[1], language=self._language)),
                (
                    ox.NamedNode(node),
                    named("cmq:verified"),
                    ox.Literal("true" if passage.get("verified") else "false", datatype=_BOOLEAN),
                ),
            ]
        return self._passages[words]


def _texts(given: str | Sequence[str] | None) -> Sequence[str]:
    return [given] if isinstance(given, str) else (given or ())


def _links(count: int, relation: str | None) -> list[tuple[str, str]]:
    """Return, for each of the days, the property that leads to it and the name of its node."""
    if relation == "span":
        return [("cmq:startsOn", "first-day"), ("cmq:endsOn", "last-day")][:count]
    if count == 1:
        return [("cmq:heldOn", "day")]
    link = "cmq:heldOnOneOf" if relation == "one-of" else "cmq:heldOn"
    return [(link, f"day-{number}") for number in range(1, count + 1)]
