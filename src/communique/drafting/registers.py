"""Additions to the registers: which file an entry belongs to, its short name, and the file with it in."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.curation.formatting import format_turtle
from communique.drafting.blocks import Block, Blocks
from communique.identity import names
from communique.identity.known import KINDS, file_of
from communique.identity.words import LEGAL_FORM
from communique.namespaces import CONCEPT, PREFIXES, TERM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from communique.identity.known import Entity

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
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_LONGEST = 60
_WORD = re.compile(r"[a-z0-9]+")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")


def named(prefixed: str) -> ox.NamedNode:
    """Return the node of a prefixed name of ours or of a vocabulary in use: ``cmq:side``."""
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def short_name(text: str) -> str:
    """Return a name as the last part of an IRI: words of ASCII letters and digits with hyphens."""
    text = _INITIALS.sub(lambda found: found.group().replace(".", ""), text)
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
    elif kind in {"organization", "facility"}:
        base = short_name(LEGAL_FORM.sub("", names.folded(name)) or name)
    else:
        base = short_name(name)
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
    by_subject: dict[ox.NamedNode, list[str]] = defaultdict(list)
    for statement in statements:
        by_subject[statement[0]].append("{} {} {} .\n".format(*statement))
    blocks = Blocks.of(format_turtle(text, name) if text else "")
    present = {block.subject for block in blocks.inner}
    for subject, lines in sorted(by_subject.items(), key=lambda item: item[0].value):
        later = (n for n, block in enumerate(blocks.inner) if _stands_before(subject, block.subject))
        place = len(blocks.inner) if subject in present else next(later, len(blocks.inner))
        blocks.inner.insert(place, Block(subject, "".join(lines)))
    return blocks.text(name)


def _stands_before(one: ox.NamedNode, other: object) -> bool:
    """Return whether an entry stands before another one: by name, among those of its kind."""
    if not isinstance(other, ox.NamedNode):
        return False
    base, _, local = one.value.rpartition("/")
    kind, _, name = other.value.rpartition("/")
    return base == kind and local < name


def scheme_of(kind: str) -> ox.NamedNode:
    """Return the concept scheme of topics or places."""
    return ox.NamedNode(CONCEPT + kind)
