"""What each source says of the days of each occasion, and what follows: claims, verdicts and windows.

What a source says of a round holds for the dialogues in it: where it gives the round several days, each
dialogue was on one of them. Where it dates every dialogue of a round, the round starts with the earliest.
Of a case nothing of the kind follows: its steps lie weeks apart, and those that are known need not be all.
Who gives one day that lies in the span of another account can mean a day of that span.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha1
from itertools import combinations
from typing import TYPE_CHECKING

from communique.derive.days import (
    Account,
    Day,
    Moments,
    compare,
    intersect,
    moments_of_date,
    possible_moments,
    windows,
)
from communique.namespaces import CONCEPT, DERIVED, PREFIXES, TERM
from communique.store.protocol import Iri, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.store.protocol import Store, Term

    Triple = tuple[Term, Iri, Term]

_RDF_TYPE = Iri(PREFIXES["rdf"] + "type")
_LABEL = Iri(PREFIXES["rdfs"] + "label")
_DERIVED_FROM = Iri(PREFIXES["prov"] + "wasDerivedFrom")
_XSD = PREFIXES["xsd"]
_HEADER = "\n".join(f"PREFIX {p}: <{PREFIXES[p]}>" for p in ("cmq", "zone-basis"))
_FIRM_BASES = ("stated", "place")
_BOUNDS = ("first-day", "last-day")


@dataclass(slots=True)
class _Told:
    """The days that one readout gives, by the property that relates it to them."""

    readout: str
    days: dict[str, list[Day]] = field(default_factory=lambda: defaultdict(list))

    def bounds(self) -> tuple[tuple[Day, ...], tuple[Day, ...]]:
        """Return the alternatives for the first and for the last day."""
        held, one_of = _in_order(self.days["heldOn"]), _in_order(self.days["heldOnOneOf"])
        starts, ends = _in_order(self.days["startsOn"]), _in_order(self.days["endsOn"])
        if starts or ends:
            return starts, ends or starts
        if one_of:
            return one_of, one_of
        if len(held) > 1 and all(day.date for day in held):
            return held[:1], held[-1:]
        return held, held

    def is_one_day(self) -> bool:
        """Return whether the readout gives one day and no more."""
        found = [(name, day) for name, days in self.days.items() for day in days]
        return len(found) == 1 and found[0][0] == "heldOn" and found[0][1].date is not None

    def is_longer(self) -> bool:
        """Return whether the readout gives a first and a last day that are two."""
        starts, ends = self.bounds()
        return starts != ends and all(day.date for day in (*starts, *ends))

    def one_of_them(self) -> tuple[Day, ...]:
        """Return the days on one of which a part of the occasion was held."""
        starts, ends = self.days["startsOn"], self.days["endsOn"]
        first = next((day.date for day in starts), None)
        last = next((day.date for day in ends), None)
        if first and last:
            return tuple(
                replace(starts[0], date=first + timedelta(days=n))
                for n in range(max((last - first).days, 0) + 1)
            )
        return _in_order([day for days in self.days.values() for day in days])


def date_statements(store: Store) -> Iterator[Triple]:
    """Yield the derived statements about days: intervals and labels of days, claims, verdicts, windows."""
    told = _read_readouts(store)
    parts = _read_parts(store, "FILTER NOT EXISTS { ?part a cmq:Step }")
    zones = _read_zones(store, _read_parts(store))
    yield from _day_statements({day for t in told.values() for days in t.days.values() for day in days})
    occasions = sorted(
        {occasion for occasion, _ in told} | set(parts) | {p for ps in parts.values() for p in ps}
    )
    for occasion in occasions:
        clocks = sorted(zones.get(occasion, ()))
        own = {source: t for (about, source), t in told.items() if about == occasion}
        for n, accounts in enumerate(_accounts(occasion, told, parts)):
            yield from _statements(occasion, _BOUNDS[n], _within_spans(accounts, own, n, clocks), clocks)


def _accounts(
    occasion: str, told: dict[tuple[str, str], _Told], parts: dict[str, list[str]]
) -> tuple[list[Account], list[Account]]:
    wholes = {part: whole for whole, found in parts.items() for part in found}
    sources = sorted({source for _, source in told})
    first: list[Account] = []
    last: list[Account] = []
    for source in sources:
        own = told.get((occasion, source))
        if own and any(own.days.values()):
            starts, ends = own.bounds()
            first.append(Account(source, starts, (own.readout,)))
            if parts.get(occasion) or starts != ends:
                last.append(Account(source, ends, (own.readout,)))
            continue
        whole = told.get((wholes.get(occasion, ""), source))
        if whole and any(whole.days.values()):
            first.append(Account(source, whole.one_of_them(), (whole.readout,)))
            continue
        below = [told.get((part, source)) for part in parts.get(occasion, [])]
        if below and all(t and all(d.date for d in t.bounds()[0]) and t.bounds()[0] for t in below):
            known = [t for t in below if t]
            readouts = tuple(sorted(t.readout for t in known))
            first.append(Account(source, min((t.bounds()[0] for t in known), key=_dates), readouts))
            last.append(Account(source, max((t.bounds()[1] for t in known), key=_dates), readouts))
    return first, last


def _within_spans(
    accounts: Iterable[Account], own: dict[str, _Told], bound: int, zones: list[str]
) -> list[Account]:
    """Return the accounts, those of one day with the bounds of the longer spans in which it lies."""
    spans = [told for told in own.values() if told.is_longer()]

    def within(account: Account) -> tuple[Day, ...]:
        told = own.get(account.source)
        if told is None or not told.is_one_day():
            return ()
        day = possible_moments(account, zones, ())
        around = (span for span in spans if intersect(day, _moments_of(span, zones)))
        return _in_order({found for span in around for found in span.bounds()[bound]})

    return [replace(account, within=within(account)) for account in accounts]


def _moments_of(span: _Told, zones: list[str]) -> Moments:
    return possible_moments(Account(span.readout, span.one_of_them()), zones, ())


def _statements(occasion: str, bound: str, accounts: list[Account], zones: list[str]) -> Iterator[Triple]:
    about = (("about", Iri(occasion)), ("property", Iri(f"{CONCEPT}property/{bound}")))
    groups: dict[tuple[object, ...], list[Account]] = defaultdict(list)
    for account in accounts:
        key = tuple((d.date, d.day_of_month, d.zone, d.firm) for d in account.days)
        groups[key].append(account)
    claims = {
        _mint("claim", occasion, bound, *sorted({d.node for a in group for d in a.days})): group
        for group in groups.values()
    }
    for claim, group in claims.items():
        nodes = sorted({day.node for account in group for day in account.days})
        yield from _node(
            claim,
            "Claim",
            *about,
            *(("value", Iri(node)) for node in nodes),
            *(("saidBy", Iri(account.source)) for account in group),
        )
        yield from _derived_from(claim, group)
    near = [day.date for account in accounts for day in account.days if day.date]
    for (claim, group), (other, others) in combinations(claims.items(), 2):
        found = compare(group[0], others[0], zones, near)
        verdict = _mint("verdict", *sorted((claim.value, other.value)))
        yield from _node(
            verdict,
            "Verdict",
            *about,
            ("judgement", Iri(f"{CONCEPT}judgement/{found.judgement}")),
            *(("reason", Iri(f"{CONCEPT}reason/{reason}")) for reason in found.reasons),
            ("claim", claim),
            ("claim", other),
        )
        yield from _derived_from(verdict, [*group, *others])
    for window in windows(accounts, zones):
        node = _mint("window", occasion, bound, *(account.source for account in window.accounts))
        yield from _node(
            node,
            "Window",
            *about,
            ("firm", Literal("true" if window.firm else "false", _XSD + "boolean")),
        )
        yield from _derived_from(node, window.accounts)
        yield from _intervals(node, window.moments)


def _day_statements(days: Iterable[Day]) -> Iterator[Triple]:
    for day in sorted(days, key=lambda d: d.node):
        clock = f"on the clock of {day.zone}" if day.zone else "on an unknown clock"
        text = day.date.isoformat() if day.date else f"day {day.day_of_month} of the month"
        assumed = "" if day.firm else ", assumed" if day.zone else ""
        yield (
            Iri(day.node),
            _LABEL,
            Literal(f"{text} {clock}{assumed}", PREFIXES["rdf"] + "langString", "en"),
        )
        if day.date and day.zone:
            yield from _intervals(Iri(day.node), moments_of_date(day.date, day.zone))


def _intervals(owner: Iri, moments: Moments) -> Iterator[Triple]:
    for number, moment in enumerate(moments, start=1):
        node = _mint("interval", owner.value, str(number))
        yield owner, Iri(TERM + "interval"), node
        yield from _node(
            node,
            "Interval",
            *(
                (name, Literal(f"{when:%Y-%m-%dT%H:%M:%S}Z", _XSD + "dateTime"))
                for name, when in (("opensAt", moment.opens), ("closesAt", moment.closes))
            ),
        )


def _node(node: Iri, kind: str, *values: tuple[str, Term]) -> Iterator[Triple]:
    yield node, _RDF_TYPE, Iri(TERM + kind)
    for name, value in values:
        yield node, Iri(TERM + name), value


def _derived_from(node: Iri, accounts: Iterable[Account]) -> Iterator[Triple]:
    for readout in sorted({readout for account in accounts for readout in account.readouts}):
        yield node, _DERIVED_FROM, Iri(readout)


def _mint(kind: str, *names: str) -> Iri:
    digest = sha1(" ".join(names).encode(), usedforsecurity=False).hexdigest()
    return Iri(f"{DERIVED}{kind}/{digest}")


def _in_order(days: Iterable[Day]) -> tuple[Day, ...]:
    return tuple(sorted(days, key=lambda d: (d.date or date.min, d.day_of_month or 0, d.node)))


def _dates(days: tuple[Day, ...]) -> list[date]:
    return [day.date for day in days if day.date]


def _read_readouts(store: Store) -> dict[tuple[str, str], _Told]:
    """Return the readouts of occasions, by occasion and source."""
    table = store.select(
        f"""{_HEADER}
        SELECT ?about ?source ?readout ?property ?day ?date ?dayOfMonth ?zone ?basis
        WHERE {{
          ?readout a cmq:Readout ; cmq:about ?about ; cmq:fromSource ?source .
          OPTIONAL {{
            VALUES ?property {{ cmq:heldOn cmq:heldOnOneOf cmq:startsOn cmq:endsOn }}
            ?readout ?property ?day .
            OPTIONAL {{ ?day cmq:date ?date }}
            OPTIONAL {{ ?day cmq:dayOfMonth ?dayOfMonth }}
            OPTIONAL {{ ?day cmq:zone ?zone }}
            OPTIONAL {{ ?day cmq:zoneBasis ?basis }}
          }}
        }}"""
    )
    told: dict[tuple[str, str], _Told] = {}
    for row in table.rows:
        about, source, readout, name, node, day, of_month, zone, basis = (
            None if term is None else term.value for term in row
        )
        account = told.setdefault((str(about), str(source)), _Told(str(readout)))
        if node is None or (day is None and of_month is None):
            continue
        account.days[str(name).removeprefix(TERM)].append(
            Day(
                node,
                date.fromisoformat(day[:10]) if day else None,
                int(of_month[3:5]) if of_month else None,
                zone,
                str(basis).rpartition("/")[2] in _FIRM_BASES,
            )
        )
    return told


def _read_parts(store: Store, condition: str = "") -> dict[str, list[str]]:
    """Return the parts of each whole that meet a condition, in order."""
    parts: dict[str, list[str]] = defaultdict(list)
    rows = store.select(f"{_HEADER} SELECT ?whole ?part WHERE {{ ?part cmq:partOf ?whole {condition} }}").rows
    for whole, part in sorted((str(row[0]), str(row[1])) for row in rows):
        parts[whole].append(part)
    return dict(parts)


def _read_zones(store: Store, parts: dict[str, list[str]]) -> dict[str, set[str]]:
    """Return the zones of where the parties of each occasion have their seats, and of where they met.

    A whole's are its parts'. The place of a case is that of the facility; nobody need have met there.
    """
    zones: dict[str, set[str]] = defaultdict(set)
    rows = store.select(
        f"""{_HEADER} SELECT DISTINCT ?about ?zone WHERE {{
          {{ ?readout cmq:about ?about ; cmq:party/cmq:seatZone ?zone }}
          UNION {{
            ?readout cmq:about ?about ; cmq:place/cmq:seatZone ?zone .
            FILTER NOT EXISTS {{ ?about a cmq:Case }}
          }}
        }}"""
    ).rows
    for about, zone in rows:
        zones[str(about)].add(str(zone))
    for whole, found in parts.items():
        for part in found:
            zones[part] |= zones[whole]
    return dict(zones)
