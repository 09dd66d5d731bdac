"""Reads a mapping set, an SSSOM TSV file, and compiles it to links and a description of them.

SSSOM (https://mapping-commons.github.io/sssom/) is the record; the triples are what queries see. A header in
lines that start with ``#`` holds YAML; below it each row is one link, with where it was verified.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha1
from typing import TYPE_CHECKING, Any

import yaml

from communique.errors import Location, UnreadableInputError
from communique.linking.identifiers import fault_of
from communique.namespaces import BASE, PREFIXES
from communique.store.protocol import Iri, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from communique.store.protocol import Term

EXACT = PREFIXES["skos"] + "exactMatch"
CLOSE = PREFIXES["skos"] + "closeMatch"
LEAST_CONFIDENCE = Decimal("0.9")
"""What is less sure than this is no link of ours."""

_HEADER = (
    "curie_map",
    "mapping_set_id",
    "mapping_set_title",
    "license",
    "subject_source",
    "object_source",
    "mapping_date",
)
_NEEDED = (
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "author_label",
    "confidence",
    "see_also",
)
_COLUMNS = frozenset([*_NEEDED, "subject_label", "object_label", "comment"])
_IRI = re.compile(r'https?://[^\x00-\x20\x7f<>"{}|^`\\]+')
_CONFIDENCE = re.compile(r"0(?:\.[0-9]{1,4})?|1(?:\.0{1,4})?")


@dataclass(frozen=True, slots=True)
class Link:
    """One link from a thing of ours to the identifier that it has elsewhere.

    Attributes:
        subject: the IRI of the thing.
        predicate: ``skos:exactMatch`` or ``skos:closeMatch``.
        object: the IRI elsewhere.
        label: what the thing is called here, as the file says.
        justification: how it was made, as an IRI of the SEMAPV vocabulary.
        confidence: between 0 and 1.
        pages: where it was verified.

    """

    subject: str
    predicate: str
    object: str
    label: str
    justification: str
    confidence: Decimal
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappingSet:
    """The links to one dataset.

    Attributes:
        iri: its own IRI.
        title: what it is called.
        license: the IRI of its licence.
        subject_source: the dataset that the links start from.
        object_source: the dataset that they lead to.
        issued: the day on which they were made.
        links: the links, in the order of the file.

    """

    iri: str
    title: str
    license: str
    subject_source: str
    object_source: str
    issued: date
    links: tuple[Link, ...]


def read_mapping_set(path: Path) -> MappingSet:
    """Return the mapping set in a file.

    Raises:
        UnreadableInputError: if it is not SSSOM as this project writes it, with the line and what to do.

    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _fault(path, 1, f"cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    height = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = _read_header(path, lines[:height])
    names = header["curie_map"]
    rows = csv.reader(lines[height:], delimiter="\t", strict=True)
    links: list[Link] = []
    places: dict[tuple[str, str], int] = {}
    try:
        columns = next(rows, [])
        _check_columns(path, height + 1, columns)
        for row in rows:
            line = height + rows.line_num
            if len(row) != len(columns):
                raise _fault(path, line, f"{len(row)} cells, and {len(columns)} columns. Write one for each.")
            link = _read_link(path, line, dict(zip(columns, row, strict=True)), names)
            _check_against_others(path, line, link, places)
            links.append(link)
    except csv.Error as error:
        raise _fault(path, height + rows.line_num, f"is not a row of a TSV file: {error}.") from None
    if not links:
        raise _fault(path, height + 1, "has no links. Add one, or remove the file.")
    issued = header["mapping_date"]
    if not isinstance(issued, date):
        raise _fault(path, 1, "write `mapping_date` as YYYY-MM-DD.")
    return MappingSet(
        iri=_address(path, 1, header["mapping_set_id"]),
        title=str(header["mapping_set_title"]),
        license=_address(path, 1, header["license"]),
        subject_source=_expand(path, 1, str(header["subject_source"]), names),
        object_source=_expand(path, 1, str(header["object_source"]), names),
        issued=issued,
        links=tuple(links),
    )


def triples(mappings: MappingSet) -> Iterator[tuple[Term, Iri, Term]]:
    """Return the links as triples, what is known of each, and the description of the set (VoID)."""
    whole = Iri(mappings.iri)
    yield Iri(mappings.subject_source), _p("void:subset"), whole
    yield whole, _p("rdf:type"), _p("void:Linkset")
    yield whole, _p("rdfs:label"), Literal(mappings.title, PREFIXES["rdf"] + "langString", "en")
    yield whole, _p("dcterms:license"), Iri(mappings.license)
    yield whole, _p("dcterms:issued"), Literal(mappings.issued.isoformat(), PREFIXES["xsd"] + "date")
    yield whole, _p("void:subjectsTarget"), Iri(mappings.subject_source)
    yield whole, _p("void:objectsTarget"), Iri(mappings.object_source)
    count = str(len(mappings.links))
    yield whole, _p("void:triples"), Literal(count, PREFIXES["xsd"] + "integer")
    for predicate in sorted({link.predicate for link in mappings.links}):
        yield whole, _p("void:linkPredicate"), Iri(predicate)
    for link in mappings.links:
        yield from _link_triples(link, whole)


def _link_triples(link: Link, whole: Iri) -> Iterator[tuple[Term, Iri, Term]]:
    names = (link.subject, link.predicate, link.object)
    subject, predicate, target = map(Iri, names)
    yield subject, predicate, target
    # A link has an IRI that is made of IRIs, so that it stays the same when rows are moved.
    digest = sha1(" ".join(names).encode(), usedforsecurity=False).hexdigest()
    statement = Iri(f"{whole.value}#{digest}")
    yield statement, _p("rdf:type"), _p("rdf:Statement")
    yield statement, _p("rdf:subject"), subject
    yield statement, _p("rdf:predicate"), predicate
    yield statement, _p("rdf:object"), target
    yield statement, _p("dcterms:isPartOf"), whole
    yield statement, _p("sssom:mapping_justification"), Iri(link.justification)
    confidence = f"{link.confidence:f}"
    yield statement, _p("sssom:confidence"), Literal(confidence, PREFIXES["xsd"] + "decimal")
    for page in link.pages:
        yield statement, _p("dcterms:source"), Iri(page)


def _read_header(path: Path, lines: Sequence[str]) -> Mapping[str, Any]:
    try:
        header = yaml.safe_load("\n".join(line[1:] for line in lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise _fault(
            path, line, "the lines that start with `#` are not YAML. Write `# name: value`."
        ) from None
    if not isinstance(header, dict):
        raise _fault(path, 1, "begin the file with `# curie_map:` and the other lines of a header.")
    if missing := [name for name in _HEADER if not header.get(name)]:
        raise _fault(path, 1, f"the header lacks {', '.join(missing)}.")
    names = header["curie_map"]
    if not isinstance(names, dict) or not all(isinstance(start, str) for start in names.values()):
        raise _fault(path, 1, "write below `curie_map:` one line `prefix: address` for each prefix.")
    for prefix, start in names.items():
        if PREFIXES.get(prefix, start) != start:
            raise _fault(path, 1, f"the prefix {prefix} stands for {PREFIXES[prefix]} here, not for {start}.")
    return header


def _check_columns(path: Path, line: int, columns: Sequence[str]) -> None:
    if missing := [name for name in _NEEDED if name not in columns]:
        raise _fault(path, line, f"the columns lack {', '.join(missing)}.")
    if unknown := sorted(set(columns) - _COLUMNS):
        raise _fault(
            path, line, f"unknown columns: {', '.join(unknown)}. Known: {', '.join(sorted(_COLUMNS))}."
        )
    if len(set(columns)) < len(columns):
        twice = ", ".join(name for name, count in Counter(columns).items() if count > 1)
        raise _fault(path, line, f"a column stands twice: {twice}.")


def _read_link(path: Path, line: int, row: Mapping[str, str], names: Mapping[str, str]) -> Link:
    if empty := [name for name in _NEEDED if not row[name].strip()]:
        raise _fault(path, line, f"{', '.join(empty)} is empty.")
    subject, predicate, target, justification = (
        _expand(path, line, row[name], names)
        for name in ("subject_id", "predicate_id", "object_id", "mapping_justification")
    )
    if not subject.startswith(BASE):
        raise _fault(path, line, f"{row['subject_id']} is not a thing of this graph.")
    if predicate not in {EXACT, CLOSE}:
        raise _fault(
            path, line, f"{row['predicate_id']} is no link: write skos:exactMatch or skos:closeMatch."
        )
    if target.startswith(BASE):
        raise _fault(path, line, f"{row['object_id']} is of this graph; link to another dataset.")
    if fault := fault_of(target):
        raise _fault(path, line, f"{row['object_id']} {fault}. Copy it again from where it is verified.")
    if not justification.startswith(PREFIXES["semapv"]):
        raise _fault(path, line, f"{row['mapping_justification']} is no justification of SEMAPV.")
    if not _CONFIDENCE.fullmatch(row["confidence"]):
        raise _fault(path, line, f"the confidence {row['confidence']} is no number from 0 to 1.")
    confidence = Decimal(row["confidence"])
    if confidence < LEAST_CONFIDENCE:
        raise _fault(
            path,
            line,
            f"a confidence of {confidence} is too low. Verify the link at a second source, or leave it out.",
        )
    pages = tuple(page.strip() for page in row["see_also"].split("|"))
    for page in pages:
        if not page.startswith("https://"):
            raise _fault(path, line, f"see_also holds {page}; name a page by its https:// address.")
        _address(path, line, page)
    label = row.get("subject_label", "")
    return Link(subject, predicate, target, label, justification, confidence, pages)


def _check_against_others(path: Path, line: int, link: Link, places: dict[tuple[str, str], int]) -> None:
    """Refuse a link that stands there already, and an identifier that two things would have."""
    pair = (link.subject, link.object)
    if pair in places:
        raise _fault(path, line, f"line {places[pair]} links the same two already.")
    places[pair] = line
    if link.predicate == EXACT:
        taken = places.setdefault((EXACT, link.object), line)
        if taken != line:
            raise _fault(
                path, line, f"line {taken} gives the same identifier to another thing. Find out whose it is."
            )


def _expand(path: Path, line: int, name: str, names: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in names:
        raise _fault(path, line, f"{name} has no prefix of `curie_map`. Known: {', '.join(sorted(names))}.")
    return _address(path, line, names[prefix] + local)


def _address(path: Path, line: int, given: object) -> str:
    if not isinstance(given, str) or not _IRI.fullmatch(given):
        raise _fault(path, line, f"{given} is not an address of the web.")
    return given


def _fault(path: Path, line: int, message: str) -> UnreadableInputError:
    return UnreadableInputError(Location(str(path), line), message)


def _p(name: str) -> Iri:
    prefix, _, local = name.partition(":")
    return Iri(PREFIXES[prefix] + local)
