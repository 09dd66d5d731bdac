"""Additions to the registers: which file an entry belongs to, its short name, and the file with it in."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.curation.formatting import format_turtle
from communique.drafting import names
from communique.drafting.known import KINDS
from communique.namespaces import CONCEPT, PREFIXES, TERM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from communique.drafting.known import Entity

Statement = tuple[ox.NamedNode, ox.NamedNode, "ox.NamedNode | ox.Literal"]

CLASSES = {
    "government": TERM + "Government",
    "body": TERM + "GovernmentBody",
    "person": PREFIXES["foaf"] + "Person",
    "post": PREFIXES["org"] + "Post",
    "organization": PREFIXES["org"] + "Organization",
    "mechanism": TERM + "Mechanism",
    "facility": PREFIXES["org"] + "Site",
    "instrument": TERM + "Instrument",
    "topic": PREFIXES["skos"] + "Concept",
    "place": PREFIXES["skos"] + "Concept",
    "round": TERM + "Round",
    "dialogue": TERM + "Dialogue",
    "case": TERM + "Case",
    "step": TERM + "Step",
}
"""The class of each kind of entry; of an occasion, of each sort."""
_FILES = {
    "government": "data/register/governments.ttl",
    "person": "data/register/people.ttl",
    "post": "data/register/posts.ttl",
    "organization": "data/register/organizations.ttl",
    "mechanism": "data/register/mechanisms.ttl",
    "occasion": "data/register/occasions.ttl",
    "facility": "data/register/facilities.ttl",
    "instrument": "data/register/instruments.ttl",
    "topic": "ontology/concepts/topic.ttl",
    "place": "ontology/concepts/place.ttl",
}
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_LONGEST = 60
_WORD = re.compile(r"[a-z0-9]+")
_SUBJECT = re.compile(r"^(\S+) ", re.MULTILINE)


def named(prefixed: str) -> ox.NamedNode:
    """Return the node of a prefixed name of ours or of a vocabulary in use: ``cmq:side``."""
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def file_of(kind: str, country: str | None = None) -> str:
    """Return the register that holds a kind of entry, by its name in the graph; bodies have one a country."""
    return f"data/register/bodies-{(country or '').lower()}.ttl" if kind == "body" else _FILES[kind]


def short_name(text: str) -> str:
    """Return a name as the last part of an IRI: words of ASCII letters and digits with hyphens."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("đ", "d").replace("Đ", "D").replace("’", "").replace("'", "")
    )
    words = _WORD.findall(plain.encode("ascii", "ignore").decode().lower())
    cut = ""
    for word in words:
        if len(cut) + len(word) >= _LONGEST:
            break
        cut = f"{cut}-{word}" if cut else word
    return cut


def proposed_name(
    kind: str, label: str, country: str | None, body: Entity | None, known: Iterable[str]
) -> str:
    """Return a short name for something new that nothing has yet."""
    name, parts = names.brackets(label)
    short = next((part for part in parts if names.is_abbreviation(part)), None)
    if kind == "body":
        base = f"{(country or '').lower()}-{short_name(short or names.folded(name))}"
    elif kind == "post" and body is not None:
        base = f"{body.slug.partition(':')[2]}-{short_name(name)}"
    else:
        base = short_name(name if kind == "person" else (name or label))
    taken, number, found = set(known), 2, base
    while KINDS[kind] + found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


class Additions:
    """Statements that are to be added to the registers, by file."""

    def __init__(self) -> None:
        self.statements: dict[str, list[Statement]] = defaultdict(list)

    def add(self, file: str, subject: str, prop: str, value: ox.NamedNode | ox.Literal | str) -> None:
        """Add a statement; a plain text as value is an IRI."""
        term = ox.NamedNode(value) if isinstance(value, str) else value
        statement = (ox.NamedNode(subject), named(prop), term)
        if statement not in self.statements[file]:
            self.statements[file].append(statement)

    def describe(
        self,
        kind: str,
        iri: str,
        label: ox.Literal,
        facts: Iterable[tuple[str, ox.NamedNode | ox.Literal]],
        *,
        country: str | None = None,
        sort: str | None = None,
    ) -> None:
        """Add the entry of something new."""
        file = file_of(kind, country)
        self.add(file, iri, "rdf:type", CLASSES[sort or kind])
        concept = kind in {"topic", "place"}
        self.add(file, iri, "skos:prefLabel" if concept else "rdfs:label", label)
        for prop, value in facts:
            self.add(file, iri, prop, value)

    def tell_apart(self, one: str, other: str, file: str) -> None:
        """Add that two entries of a file that look alike are two, as a curator has decided."""
        first, second = sorted((one, other))
        self.add(file, first, "owl:differentFrom", second)

    def files(self, text_of: Callable[[str], str]) -> Mapping[str, str]:
        """Return the text of each file as it will be, in canonical form.

        Args:
            text_of: the text that a file has now; empty where there is none.

        """
        return {
            file: with_statements(text_of(file), statements, file)
            for file, statements in self.statements.items()
        }


def with_statements(text: str, statements: Iterable[Statement], name: str) -> str:
    """Return a Turtle text with statements added, in canonical form: each new subject at its place by name.

    Subjects that the text has keep the author's order. One that is new goes before the first that is greater.
    """
    by_subject: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        by_subject[statement[0].value].append(statement)
    for subject in sorted(by_subject):
        lines = "".join(f"{s} {p} {o} .\n" for s, p, o in by_subject[subject])
        longer = format_turtle(f"{text}\n{lines}" if text else lines, name)
        text = _in_place(text, longer)
    return text


def _in_place(before: str, after: str) -> str:
    """Return a text whose last block is new with that block moved to where its name belongs."""
    old, new = before.count("\n\n"), after.count("\n\n")
    head, *blocks = after.rstrip("\n").split("\n\n")
    if new == old or not before:
        return after
    *rest, last = blocks
    subjects = [_SUBJECT.search(block) for block in rest]
    found = _SUBJECT.search(last)
    if found is None or any(subject is None for subject in subjects):
        return after
    order = [subject.group(1) for subject in subjects if subject]
    place = next(
        (n for n, subject in enumerate(order) if _kin(subject, found.group(1)) and subject > found.group(1)),
        len(order),
    )
    return "\n\n".join([head, *rest[:place], last, *rest[place:]]) + "\n"


def _kin(one: str, other: str) -> bool:
    """Return whether two short names have one prefix: entries stand among their like."""
    return one.partition(":")[0] == other.partition(":")[0]


def scheme_of(kind: str) -> ox.NamedNode:
    """Return the concept scheme of topics or places."""
    return ox.NamedNode(CONCEPT + kind)
