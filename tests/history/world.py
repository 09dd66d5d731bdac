"""A small graph of dialogues that can be edited, and that knows what a report must say of each edit."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass, field

from communique.history.changes import Group
from communique.namespaces import PREFIXES

Triple = tuple[str, str, str]
"""Subject, predicate and object, with prefixes; a node of a source is ``source:x#day``."""

CONCEPTS = "ontology/concepts/"
REGISTER = "data/register/"
ENDINGS = ("\n", "\r\n")


@dataclass(frozen=True)
class Expected:
    """What a report must say of a change, but for details and statements."""

    kind: str
    group: Group
    subject: str
    about: str
    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    file: str


@dataclass
class World:
    """Statements by file."""

    files: dict[str, set[Triple]] = field(default_factory=dict)

    def copy(self) -> World:
        return deepcopy(self)

    def add(self, file: str, subject: str, *values: tuple[str, str]) -> None:
        for predicate, value in values:
            self.files.setdefault(file, set()).add((subject, predicate, value))

    def home(self, subject: str) -> str:
        return next(
            name for name, triples in sorted(self.files.items()) if any(t[0] == subject for t in triples)
        )

    def replace(self, old: Triple, *new: Triple) -> None:
        """Put statements in the place of another, in its file."""
        file = next(name for name, triples in self.files.items() if old in triples)
        self.files[file].remove(old)
        self.files[file].update(new)

    def all(self) -> set[Triple]:
        return set().union(*self.files.values())

    def subjects(self, kind: str) -> list[str]:
        return sorted(s for s, p, o in self.all() if (p, o) == ("rdf:type", kind))

    def value(self, subject: str, predicate: str) -> str:
        [found] = [o for s, p, o in self.all() if (s, p) == (subject, predicate)]
        return found

    def label(self, node: str) -> str:
        """Return the one English name of a thing, without quotes."""
        [found] = [
            o
            for s, p, o in self.all()
            if s == node and p in {"rdfs:label", "skos:prefLabel"} and o.endswith("@en")
        ]
        return found.removesuffix("@en").strip('"')

    def drop(self, *subjects: str) -> None:
        """Remove all that is said of some subjects."""
        for file in self.files:
            self.files[file] = {t for t in self.files[file] if t[0] not in subjects}

    def texts(self, chance: random.Random) -> dict[str, str]:
        """Return the files as Turtle, in an order and a form that chance gives."""
        return {name: turtle(triples, chance) for name, triples in self.files.items()}


def turtle(triples: set[Triple], chance: random.Random) -> str:
    """Return statements as Turtle, in an order and a form that chance gives."""
    prefixes = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in PREFIXES]
    chance.shuffle(prefixes)
    rest = sorted(triples)
    chance.shuffle(rest)
    lines = prefixes
    while rest:
        subject, predicate, value = rest.pop()
        line = f"{term(subject, chance)} {term(predicate, chance)} {term(value, chance)}"
        # Statements on the same subject are put together, or not.
        for other in [t for t in rest if t[0] == subject]:
            if chance.random() < 0.7:
                rest.remove(other)
                line += f" ;\n    {term(other[1], chance)} {term(other[2], chance)}"
        lines.append(f"{line} ." + chance.choice(["", "", "\n", "  # said so"]))
    return chance.choice(ENDINGS).join("\n".join(lines).split("\n")) + "\n"


def term(name: str, chance: random.Random) -> str:
    """Return a term as Turtle, with its prefix or whole."""
    prefix, colon, local = name.partition(":")
    if name.startswith('"') or not colon:
        return name
    if "#" in local or chance.random() < 0.2:
        return f"<{PREFIXES[prefix]}{local}>"
    return name


def start(sources: int) -> World:
    """Return a world of some sources, each with an account of a round of its own."""
    world = World()
    for n in range(6):
        world.add(
            REGISTER + "people.ttl",
            f"person:p{n}",
            ("rdf:type", "foaf:Person"),
            ("rdfs:label", f'"Person {n}"@en'),
            ("rdfs:label", f'"人{n}"@ja'),
            ("skos:altLabel", f'"P. {n}"@en'),
        )
    for side, label in (("japan", "Japan"), ("united-states", "United States")):
        world.add(
            REGISTER + "governments.ttl",
            f"government:{side}",
            ("rdf:type", "cmq:Government"),
            ("rdfs:label", f'"{label}"@en'),
        )
    for n in range(8):
        world.add(
            REGISTER + "bodies.ttl",
            f"body:b{n}",
            ("rdf:type", "cmq:GovernmentBody"),
            ("rdfs:label", f'"Body {n}"@en'),
            ("skos:altLabel", f'"B. {n}"@en'),
            ("skos:altLabel", f'"Bureau {n}"@en'),
            ("cmq:government", "government:japan"),
        )
    world.add(REGISTER + "bodies.ttl", "body:b0", ("org:unitOf", "body:b1"))
    world.add(
        REGISTER + "mechanisms.ttl",
        "mechanism:m",
        ("rdf:type", "cmq:Mechanism"),
        ("rdfs:label", '"The mechanism"@en'),
    )
    for name in ("co-chair", "participant"):
        world.add(
            CONCEPTS + "role.ttl",
            f"role:{name}",
            ("rdf:type", "skos:Concept"),
            ("skos:prefLabel", f'"{name}"@en'),
        )
    for name in ("fish", "labor", "timber"):
        world.add(
            CONCEPTS + "topic.ttl",
            f"topic:{name}",
            ("rdf:type", "skos:Concept"),
            ("skos:prefLabel", f'"{name}"@en'),
            ("skos:definition", f'"What {name} is."@en'),
        )
    for n in range(sources):
        add_round(world, n)
        add_source(world, n)
    return world


def add_round(world: World, n: int) -> None:
    world.add(
        REGISTER + "occasions.ttl",
        f"occasion:r{n}",
        ("rdf:type", "cmq:Round"),
        ("rdfs:label", f'"Round {n}"@en'),
        ("cmq:under", "mechanism:m"),
        ("cmq:ordinal", str(n)),
    )


def add_source(world: World, n: int) -> None:
    """Add a source, with an account of the round of its number, its day, chair and participants."""
    file, source = f"data/readouts/s/source {n}.ttl", f"source:s{n}"
    world.add(
        file,
        source,
        ("rdf:type", "cmq:Source"),
        ("rdfs:label", f'"Source {n}"@en'),
        ("dcterms:publisher", f"body:b{n % 3}"),
        ("dcterms:issued", '"2024-03-01"^^xsd:date'),
    )
    world.add(
        file,
        f"{source}#round",
        ("rdf:type", "cmq:Readout"),
        ("cmq:fromSource", source),
        ("cmq:about", f"occasion:r{n}"),
        ("cmq:topic", "topic:fish"),
        ("cmq:heldOn", f"{source}#day"),
        ("cmq:mentions", f"{source}#chair"),
        ("cmq:mentions", f"{source}#bodies"),
        ("cmq:evidence", f"{source}#passage"),
    )
    world.add(
        file,
        f"{source}#day",
        ("rdf:type", "cmq:Day"),
        ("cmq:date", '"2024-02-06"^^xsd:date'),
        ("cmq:zone", '"Asia/Tokyo"'),
    )
    world.add(
        file,
        f"{source}#chair",
        ("rdf:type", "cmq:Participation"),
        ("cmq:participant", "person:p0"),
        ("cmq:titleAsPrinted", '"Director"@en'),
        ("cmq:role", "role:co-chair"),
        ("cmq:side", "government:japan"),
        ("cmq:onBehalfOf", f"body:b{n % 3}"),
        ("cmq:evidence", f"{source}#passage"),
    )
    world.add(
        file,
        f"{source}#bodies",
        ("rdf:type", "cmq:Participation"),
        ("cmq:participant", "body:b3"),
        ("cmq:participant", f"body:b{n % 3}"),
        ("cmq:role", "role:participant"),
        ("cmq:side", "government:japan"),
    )
    world.add(file, f"{source}#passage", *passage(source, f"The round {n}"))


def passage(source: str, first: str) -> tuple[tuple[str, str], ...]:
    return (
        ("rdf:type", "cmq:Evidence"),
        ("cmq:fromSource", source),
        ("cmq:firstWords", f'"{first}"@en'),
        ("cmq:lastWords", '"was held"@en'),
        ("cmq:verified", "false"),
    )
