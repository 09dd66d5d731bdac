"""Makes a graph of dialogues of any size, in the project's own terms: registers, two sources for each round.

    python benchmarks/generate.py FOLDER --dialogues 1000

The same size and seed give the same bytes. Everything in it is made up, and says so in its name. Ontology,
shapes and queries are those of the project. What it takes after: rounds of two dialogues under standing
mechanisms between two governments; USTR's and METI's pages, each with days on its own clock, a chair, lists
of agencies and stakeholders, an instrument, and the words that back each.
"""

from __future__ import annotations

import argparse
import datetime
import random
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from communique.layout import Layout
from communique.namespaces import BASE, PREFIXES

ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "US": "America/New_York",
}
KINDS = ("business-association", "civil-society", "company", "multi-stakeholder", "trade-union")
BODIES, UNITS, POSTS = 14, 2, 6
"""Of each government: its bodies, how many of them are units of another, and the posts that chair."""
ROUNDS = 12
"""Of each mechanism, at most."""
_PREFIX = re.compile(r"(?<![\w:/<\"])([a-z][a-z-]*):(?=[a-zA-Z])")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>')


@dataclass
class Government:
    """A government with what belongs to it, by slugs and by labels.

    Attributes:
        code: its country code.
        bodies: slug and label of each.
        people: slug and label of each.
        organizations: slug and label of each.

    """

    code: str
    bodies: list[tuple[str, str]] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)
    organizations: list[tuple[str, str]] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """Return the slug of its IRI."""
        return f"made-up-{self.code.lower()}"


def generate(folder: Path, dialogues: int, seed: int = 1) -> Path:
    """Write a graph into a new folder, and return it."""
    shipped = Layout.shipped()
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(shipped.root / name, folder / name)
    topics = re.findall(
        r"^topic:([\w-]+) a ", (folder / "ontology/concepts/topic.ttl").read_text("utf-8"), re.M
    )
    rng = random.Random(seed)  # noqa: S311 - nothing here is secret
    governments = [_government(code, dialogues) for code in ZONES]
    _write_registers(folder / "data/register", governments)
    shutil.copy(shipped.root / "data/dataset.ttl", folder / "data/dataset.ttl")
    rounds = max(1, dialogues // 2)
    mechanisms: list[str] = []
    for start in range(0, rounds, ROUNDS):
        pair = rng.sample(governments, 2)
        mechanism = f"made-up-mechanism-{start // ROUNDS + 1}"
        mechanisms.append(
            f'mechanism:{mechanism} a cmq:Mechanism ;\n    rdfs:label "{_words(mechanism)}"@en .\n'
        )
        occasions = []
        for ordinal in range(1, min(ROUNDS, rounds - start) + 1):
            slug = f"{mechanism}-round-{ordinal}"
            occasions.append(_occasions(slug, mechanism, ordinal))
            for side, other in (pair, pair[::-1]):
                _write_source(
                    folder / "data/readouts", _Page(slug, mechanism, ordinal, side, other, topics, rng)
                )
        _write(folder / f"data/register/occasions-{mechanism}.ttl", "\n".join(occasions))
    _write(folder / "data/register/mechanisms.ttl", "\n".join(mechanisms))
    return folder


def _government(code: str, dialogues: int) -> Government:
    made = Government(code)
    low = code.lower()
    size = max(8, dialogues // 60)
    made.bodies = [(f"{low}-made-up-body-{n}", f"Ministry {n} of {code}") for n in range(1, BODIES + 1)]
    made.people = [(f"made-up-{low}-person-{n}", f"Official {n} of {code}") for n in range(1, size + 1)]
    made.organizations = [
        (f"made-up-{low}-organization-{n}", f"Association {n} of {code}") for n in range(1, size + 1)
    ]
    return made


def _write_registers(folder: Path, governments: list[Government]) -> None:
    people, posts, organizations, instruments = [], [], [], []
    _write(
        folder / "governments.ttl",
        "\n".join(
            f'government:{one.slug} a cmq:Government ;\n    rdfs:label "Made-up country {one.code}"@en ;\n'
            f'    cmq:countryCode "{one.code}" ;\n    cmq:seatZone "{ZONES[one.code]}" .\n'
            for one in governments
        ),
    )
    for one in governments:
        low = one.code.lower()
        bodies = []
        for n, (slug, label) in enumerate(one.bodies, 1):
            unit = f" ;\n    org:unitOf body:{one.bodies[0][0]}" if n > BODIES - UNITS else ""
            bodies.append(
                f'body:{slug} a cmq:GovernmentBody ;\n    rdfs:label "{label}"@en ;\n'
                f'    skos:altLabel "M{n}{one.code}"@en ;\n    cmq:government government:{one.slug}{unit} .\n'
            )
        _write(folder / f"bodies-{low}.ttl", "\n".join(bodies))
        people += [
            f'person:{slug} a foaf:Person ;\n    rdfs:label "{label}"@en .\n' for slug, label in one.people
        ]
        posts += [
            f'post:{low}-made-up-post-{n} a org:Post ;\n    rdfs:label "Director {n} of {one.code}"@en ;\n'
            f"    org:postIn body:{one.bodies[n][0]} .\n"
            for n in range(POSTS)
        ]
        organizations += [
            f'organization:{slug} a org:Organization ;\n    rdfs:label "{label}"@en ;\n'
            f"    org:classification organization-kind:{KINDS[n % len(KINDS)]} .\n"
            for n, (slug, label) in enumerate(one.organizations)
        ]
        instruments.append(
            f'instrument:made-up-act-{low} a cmq:Instrument ;\n    rdfs:label "Act of {one.code}"@en .\n'
        )
    registers = {"people": people, "posts": posts, "organizations": organizations, "instruments": instruments}
    for name, entries in registers.items():
        _write(folder / f"{name}.ttl", "\n".join(entries))


def _occasions(slug: str, mechanism: str, ordinal: int) -> str:
    parts = "".join(
        f'\noccasion:{slug}-{part} a cmq:Dialogue ;\n    rdfs:label "{_words(slug)}, {part}"@en ;\n'
        f"    cmq:partOf occasion:{slug} .\n"
        for part in ("government", "stakeholders")
    )
    return (
        f'occasion:{slug} a cmq:Round ;\n    rdfs:label "{_words(slug)}"@en ;\n'
        f"    cmq:under mechanism:{mechanism} ;\n    cmq:ordinal {ordinal} .\n{parts}"
    )


@dataclass(frozen=True)
class _Page:
    """What a page tells of: a round, by one of the two sides."""

    slug: str
    mechanism: str
    ordinal: int
    side: Government
    other: Government
    topics: list[str]
    rng: random.Random


def _write_source(folder: Path, page: _Page) -> None:
    """Write what one side published on a round."""
    low, rng = page.side.code.lower(), page.rng
    source = f"made-up-{low}-{page.slug.removeprefix('made-up-')}"
    publisher = page.side.bodies[0][0]
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=90 * page.ordinal + rng.randrange(60))
    topics = ",\n        ".join(f"topic:{topic}" for topic in sorted(rng.sample(page.topics, 3)))
    parties = ", ".join(sorted(f"government:{side.slug}" for side in (page.side, page.other)))
    printed = f"{day:%B} {day.day}"
    subjects = [
        f"source:{source} a cmq:Source ;\n"
        f'    rdfs:label "Made-up page of {page.side.code} on {page.slug}"@en ;\n'
        f"    dcterms:publisher body:{publisher} ;\n"
        f'    dcterms:issued "{day + datetime.timedelta(days=3)}"^^xsd:date ;\n    dcterms:language "en" ;\n'
        f"    foaf:page <https://{low}.example/{page.slug}> ;\n    cmq:sourceKind source-kind:official ;\n"
        "    cmq:extentRead extent:whole ;\n    cmq:addressBasis address-basis:as-read ;\n"
        '    cmq:readOn "2026-11-24"^^xsd:date .\n',
        _readout(
            "round",
            source,
            page.slug,
            "round",
            [
                f'cmq:nameAsPrinted "round {page.ordinal}"@en',
                f"cmq:number {page.ordinal}",
                "cmq:heldOn :day",
                f"cmq:mode mode:{rng.choice(['virtual', 'in-person', 'hybrid'])}",
                f"cmq:party {parties}",
                f'cmq:outcome "The two sides spoke of {rng.randrange(2, 9)} matters."@en',
            ],
        ),
        f':day a cmq:Day ;\n    cmq:date "{day}"^^xsd:date ;\n    cmq:dateAsPrinted "{printed}"@en ;\n'
        f'    cmq:dateBasis date-basis:day-of-issue ;\n    cmq:zone "{ZONES[page.side.code]}" ;\n'
        "    cmq:zoneBasis zone-basis:publisher .\n",
        _readout(
            "government",
            source,
            f"{page.slug}-government",
            "government-dialogue",
            [
                'cmq:nameAsPrinted "government dialogue"@en',
                f"cmq:topic\n        {topics}",
                "cmq:mentions :act, :bodies, :bodies-other, :chair",
            ],
        ),
        _chair(page),
        _listed("bodies", "body", rng.sample(page.side.bodies[:-UNITS], 5), page.side),
        _listed("bodies-other", "body", rng.sample(page.other.bodies[:-UNITS], 5), page.other),
        f":act a cmq:InstrumentMention ;\n    cmq:instrument instrument:made-up-act-{low} ;\n"
        f'    cmq:nameAsPrinted "Act of {page.side.code}"@en ;\n'
        "    cmq:instrumentKind instrument-kind:law ;\n    cmq:treatment treatment:discussed .\n",
        _readout(
            "stakeholders",
            source,
            f"{page.slug}-stakeholders",
            "stakeholder-dialogue",
            [
                'cmq:nameAsPrinted "stakeholder dialogue"@en',
                "cmq:mentions :organizations, :unnamed",
            ],
        ),
        _listed("organizations", "organization", rng.sample(page.side.organizations, 4), page.side),
        ":unnamed a cmq:Participation ;\n    cmq:participantKind organization-kind:trade-union ;\n"
        '    cmq:nameAsPrinted "worker organizations"@en ;\n    cmq:role role:participant .\n',
    ]
    subjects += [
        f":{part}-passage a cmq:Evidence ;\n    cmq:fromSource source:{source} ;\n"
        f'    cmq:firstWords "The {part} met on"@en ;\n    cmq:lastWords "{printed} and closed"@en ;\n'
        "    cmq:verified true .\n"
        for part in ("government", "round", "stakeholders")
    ]
    _write(folder / f"made-up-{low}" / f"{source}.ttl", "\n".join(subjects), f"{BASE}source/{source}#")


def _readout(part: str, source: str, about: str, kind: str, lines: list[str]) -> str:
    said = [
        f":{part} a cmq:Readout",
        f"cmq:fromSource source:{source}",
        f"cmq:about occasion:{about}",
        f"cmq:kind occasion-kind:{kind}",
        *lines,
        f"cmq:evidence :{part}-passage",
    ]
    return " ;\n    ".join(said) + " .\n"


def _chair(page: _Page) -> str:
    slug, label = page.rng.choice(page.side.people)
    post = page.rng.randrange(POSTS)
    return (
        f":chair a cmq:Participation ;\n    cmq:participant person:{slug} ;\n"
        f'    cmq:nameAsPrinted "{label}"@en ;\n'
        f'    cmq:titleAsPrinted "Director {post} of {page.side.code}"@en ;\n    cmq:role role:chair ;\n'
        f"    cmq:side government:{page.side.slug} ;\n    cmq:onBehalfOf body:{page.side.bodies[post][0]} ;\n"
        f"    cmq:post post:{page.side.code.lower()}-made-up-post-{post} ;\n"
        "    cmq:holding holding:substantive ;\n    cmq:evidence :government-passage .\n"
    )


def _listed(part: str, prefix: str, chosen: list[tuple[str, str]], side: Government) -> str:
    named = sorted(chosen)
    return (
        f":{part} a cmq:Participation ;\n    cmq:participant\n        "
        + ",\n        ".join(f"{prefix}:{slug}" for slug, _ in named)
        + " ;\n    cmq:nameAsPrinted\n        "
        + ",\n        ".join(sorted(f'"{label}"@en' for _, label in named))
        + f" ;\n    cmq:role role:participant ;\n    cmq:side government:{side.slug} .\n"
    )


def _words(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _write(path: Path, text: str, own: str | None = None) -> None:
    """Write Turtle with the prefixes that it uses; ``own`` is what the empty prefix stands for."""
    used = set(_PREFIX.findall(_TEXT.sub(" ", text)))
    lines = [f"@prefix : <{own}> .\n"] if own else []
    lines += [f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in sorted(used)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines) + "\n" + text, encoding="utf-8", newline="\n")


def main() -> None:
    """Write the graph that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dialogues", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(generate(given.folder, given.dialogues, given.seed))


if __name__ == "__main__":
    main()
