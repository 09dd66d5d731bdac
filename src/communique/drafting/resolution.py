"""One source's names, each decided once: by a curator, by what the graph knows, or put as a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.drafting.entries import Entries
from communique.identity import names
from communique.identity.clues import Clues
from communique.identity.deciding import Decision, Outcome, decide
from communique.identity.known import Entity, keys_of
from communique.namespaces import BASE
from communique.questions.entities import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from communique.drafting.facts import Facts, Source
    from communique.errors import Location
    from communique.identity.known import Known

    Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What has become of one name.

    Attributes:
        decision: what was decided.
        location: where the name stands.
        iri: what it is, known or new; None where that is not decided.
        side: the label of the government on whose side it stands.
        proposed: where it is to be decided, a short name for it if it is new.

    """

    decision: Decision
    location: Location
    iri: str | None
    side: str | None = None
    proposed: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that the record needs and the file does not give."""

    location: Location
    field: str
    message: str


class Resolution:
    """The names of one source and what becomes of them."""

    def __init__(
        self, source: Source, known: Known, decisions: Sequence[Facts], read_on: str | None = None
    ) -> None:
        """Take the facts, what the graph knows, who is who by the curators, and the day of reading."""
        self.resolved: list[Resolved] = []
        self.missing: list[Missing] = []
        self.publisher: str | None = None
        self.known = known
        self.entries = Entries(known, str(source.facts["language"]))
        self._source = source
        self._read_on = read_on
        self._made: dict[tuple[str, str, str | None, str | None], str | None] = {}
        self._decisions = decisions
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
        return iri in self.known.sources

    def zone_of(self, iri: str | None) -> str | None:
        """Return the clock of a place, a government, or the government of a body."""
        entity = self.known.entities.get(iri or "")
        if entity is not None and entity.kind == "body":
            entity = self.known.entities.get(entity.fact("government") or "")
        return entity.fact("seatZone") if entity else None

    def zone_of_original(self, source: str | None) -> str | None:
        """Return the clock of the publisher of the source that is copied, where that source has a record."""
        publisher = self.known.sources.get(BASE + "source/" + (source or ""))
        return self.zone_of(publisher)

    def concept(
        self, scheme: str, given: str | None, *, at: Place, silent: Collection[str] = ()
    ) -> str | None:
        """Return the concept of a name in a scheme; where there is none, ask, with the nearest name."""
        if given is None or given in silent:
            return None
        known = self.known.concepts.get(scheme, {})
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
            decision = self.decision_on(kind, printed, clues) or self._decide(kind, printed, reading, clues)
            self._made[key] = self._take(decision, printed, reading, clues, at)
        return self._made[key] or None

    def is_left_out(self, kind: str, name: str) -> bool:
        """Return whether a name that was asked for without clues is not to be recorded."""
        return self._made.get((kind, name, None, None)) == _LEFT_OUT

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
        of = side or self.known.government_of(names.country_named(name))
        clues = Clues(of, self._country(of), None, (), sort)
        key = ("|".join(kinds), name, side, None)
        if key in self._made:
            return self._made[key] or None
        printed, reading = names.printed_and_reading(name)
        told = [found for kind in kinds if (found := self.decision_on(kind, printed, clues))]
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
        return self._made[key] or None

    def posts(self, title: str | None, body: str | None, side: str | None, *, at: Place) -> list[str]:
        """Return the posts that a title means; a title that is no seat of a body that is known means none."""
        if not title:
            return []
        entity = self.known.entities.get(body or "")
        clues = Clues(side, self._country(side), body if entity is None or entity.kind == "body" else None)
        whole = self.decision_on("post", title, clues) or decide("post", title, clues, self.known)
        if whole.outcome is not Outcome.LINK and not whole.by_curator:
            for parts in names.ways_to_part(title):
                each = [decide("post", part, clues, self.known) for part in parts]
                if all(one.outcome is Outcome.LINK for one in each):
                    return [iri for one in each if (iri := self._take(one, one.name, None, clues, at))]
        if entity is not None and entity.kind == "organization":
            return []  # Posts are seats in bodies of governments.
        if whole.outcome is Outcome.ASK and not whole.candidates and not clues.body:
            return []
        found = self.name("post", title, at=at, clues=clues)
        return [found] if found else []

    # What has been decided.

    def _country(self, side: str | None) -> str | None:
        entity = self.known.entities.get(side or "")
        return entity.fact("countryCode") if entity else None

    def _decide(self, kind: str, printed: str, reading: str | None, clues: Clues) -> Decision:
        decision = decide(kind, printed, clues, self.known)
        if reading and decision.outcome is not Outcome.LINK:
            by_reading = decide(kind, reading, clues, self.known)
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

    def told_of(self, kind: str, name: str, side: str | None) -> Facts | None:
        """Return what a curator has decided of a name, by the decisions that the facts carry."""
        for told in self._decisions:
            if told["kind"] != kind or names.folded(told["name"]) != names.folded(name):
                continue
            if told.get("side") and side != self._side_named(told["side"]):
                continue
            self._used.add(id(told))
            return told
        return None

    def _side_named(self, name: str) -> str | None:
        decision = decide("government", name, Clues(), self.known)
        return decision.entity.iri if decision.entity else None

    def decision_on(self, kind: str, name: str, clues: Clues) -> Decision | None:
        """Return a curator's decision on a name, or None where there is none."""
        told = self.told_of(kind, name, clues.side)
        if told is None:
            return None
        if reason := told.get("left_out"):
            return Decision(kind, name, Outcome.LEAVE_OUT, None, (), str(reason), by_curator=True)
        slug = str(told.get("is") or told.get("new"))
        entity = self.known.named(slug)
        if entity is not None and (told.get("is") or self._is_called(entity, name, clues)):
            return Decision(kind, name, Outcome.LINK, entity, (), "decided by a curator", by_curator=True)
        if fault := self._fault_of(told, slug, entity):
            self.ask_for("is" if told.get("is") else "new", fault, at=self._at(told))
            return Decision(kind, name, Outcome.ASK, None, (), fault)
        plain = decide(kind, name, clues, self.known)
        apart = set(told.get("distinct_from") or ())
        near = [candidate for candidate in plain.near if candidate.entity.slug not in apart]
        if near and kind != "occasion":
            advice = f"say --distinct-from {near[0].entity.slug}"
            reason = f"{slug} would be a near twin; if it is another, {advice}"
            return Decision(kind, name, Outcome.ASK, None, plain.candidates, reason)
        return Decision(
            kind, name, Outcome.CREATE, None, plain.candidates, "decided by a curator", by_curator=True
        )

    def _is_called(self, entity: Entity, name: str, clues: Clues) -> bool:
        """Return whether an entity that a decision calls new is the one that it has made before."""
        if entity.kind == "occasion":
            return True
        return entity.iri in self.known.with_key(entity.kind, keys_of(entity.kind, name, clues.country))

    def _fault_of(self, told: Facts, slug: str, entity: Entity | None) -> str | None:
        """Return what is wrong with the short names of a decision, or None."""
        if told.get("new") and entity is not None:
            return f"{slug} is there already, “{entity.label}”: give what is new another short name."
        prefix = slug.partition(":")[0]
        if told.get("new") and prefix not in {told["kind"], *_ALSO.get(told["kind"], ())}:
            return f"A new {told['kind']} has a short name that begins so: {told['kind']}:…, not {prefix}:…"
        others = [told["is"]] if told.get("is") else [*(told.get("distinct_from") or ())]
        for other in [*others, *filter(None, [told.get("broader")])]:
            if self.known.named(other) is None:
                slugs = [one.slug for one in self.known.of_kind(other.partition(":")[0])]
                return (
                    f"There is no {other}.{nearest(other, slugs)} Name one of the registers, or write `new:`."
                )
        return None

    def _at(self, told: Facts) -> Place:
        """Return where a decision stands in the file; its beginning for one that was given elsewhere."""
        given = self._source.facts.get("decisions") or ()
        return next((("decisions", n) for n, one in enumerate(given) if one is told), ())

    def unused_decisions(self) -> list[tuple[Location, Facts]]:
        """Return the decisions that no name asks for, with their places."""
        return [
            (self._source.place(*self._at(told)), told)
            for told in self._decisions
            if id(told) not in self._used
        ]

    def note(
        self,
        decision: Decision,
        at: Place,
        iri: str | None,
        side: str | None = None,
        proposed: str | None = None,
    ) -> None:
        """Note what has become of a name."""
        entity = self.known.entities.get(side or "")
        label = entity.label if entity else None
        self.resolved.append(Resolved(decision, self._source.place(*at), iri, label, proposed))

    def _take(
        self, decision: Decision, printed: str, reading: str | None, clues: Clues, at: Place
    ) -> str | None:
        """Return the IRI that a decision gives, with what must be added to the registers for it.

        None where nothing is decided, an empty text where it is left out.
        """
        iri: str | None = None
        if decision.outcome is Outcome.LINK and decision.entity is not None:
            iri = decision.entity.iri
            self.entries.learn(decision.entity, printed, at, by_curator=decision.by_curator)
        elif decision.outcome is Outcome.CREATE:
            iri = self._create(decision, printed, reading, clues, at)
            if iri is None:
                return None
        proposed = None
        if decision.outcome is Outcome.ASK:
            proposed = self.entries.iri_for(decision.kind, reading or printed, clues, {}).rpartition("/")[2]
        self.note(decision, at, iri, clues.side, proposed)
        return _LEFT_OUT if decision.outcome is Outcome.LEAVE_OUT else iri

    def _create(
        self, decision: Decision, printed: str, reading: str | None, clues: Clues, at: Place
    ) -> str | None:
        """Describe something new, or ask for what its description needs."""
        kind = decision.kind
        told: Facts = self.told_of(kind, printed, clues.side) or {}
        language = self.entries.language_of(printed, kind)
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
            } and is_latin(printed):
                english = printed
            else:
                self.ask_for("label", f"“{printed}” is new: give its name in English with `label:`.", at=at)
                self.note(
                    Decision(kind, printed, Outcome.ASK, None, (), "new, and needs a name in English"),
                    at,
                    None,
                )
                return None
        missing = [field for field in _NEEDED.get(kind, ()) if not told.get(field)]
        if missing:
            self.note(
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
        return self.entries.describe(kind, english, printed, clues, told)


_LEFT_OUT = ""
"""Stands for a name that is not to be recorded; None is for one that is not decided."""
_ALSO = {"body": ("organization",), "organization": ("body",)}
"""What a name that is asked for as one kind may turn out to be."""
_NEEDED = {"topic": ("definition",), "place": ("definition", "zone"), "government": ("country_code", "zone")}


def is_latin(text: str) -> bool:
    """Return whether all letters of a text are Latin ones."""
    return all(ord(letter) < 0x250 for letter in text if letter.isalpha())  # noqa: PLR2004 - Latin letters end here
