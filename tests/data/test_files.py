"""Each file of the data says what its place in the tree promises, in a form that can be linked to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from communique.namespaces import BASE, PREFIXES

from .shipped import DATA_FILES, LAYOUT, STATED, STATED_FILES, iri, loaded, read, select

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

READOUT_FILES = [path for path in DATA_FILES if "readouts" in path.parts]
REGISTER_FILES = [path for path in DATA_FILES if path.parent.name == "register"]
BODY_FILES = [path for path in REGISTER_FILES if path.stem.startswith("bodies-")]
REGISTERS = {
    "bodies": ("body", "cmq:GovernmentBody"),
    "changes": ("change", "org:ChangeEvent"),
    "coverage": ("coverage", "cmq:Coverage"),
    "facilities": ("facility", "org:Site"),
    "governments": ("government", "cmq:Government"),
    "instruments": ("instrument", "cmq:Instrument"),
    "mechanisms": ("mechanism", "cmq:Mechanism"),
    "occasions": ("occasion", "cmq:Round cmq:Dialogue cmq:Case cmq:Step"),
    "organizations": ("organization", "org:Organization"),
    "people": ("person", "foaf:Person"),
    "posts": ("post", "org:Post"),
}
"""A register (bodies have one for each country), the prefix of its entries, and their classes."""
FAULTS = {
    "blank node": "[] rdfs:label 'x'@en .",
    "blank object": "cmq:x rdfs:seeAlso [] .",
    "owl:sameAs": "cmq:x owl:sameAs cmq:y .",
}


def _parse(text: str) -> list[ox.Quad]:
    head = "".join(f"@prefix {name}: <{value}> .\n" for name, value in PREFIXES.items())
    return list(ox.parse(head + text, format=ox.RdfFormat.TURTLE))


def unlinkable(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the statements with a blank node or with owl:sameAs."""
    same = iri("owl:sameAs")
    return [
        quad
        for quad in quads
        if isinstance(quad.subject, ox.BlankNode)
        or isinstance(quad.object, ox.BlankNode)
        or quad.predicate.value == same
    ]


def described_twice(files: Mapping[str, Iterable[ox.Quad]]) -> dict[str, set[str]]:
    """Return the subjects that several files describe, with those files."""
    places = defaultdict(set)
    for name, quads in files.items():
        for quad in quads:
            places[str(quad.subject)].add(name)
    return {subject: names for subject, names in places.items() if len(names) > 1}


def undescribed(used: Iterable[ox.Quad], described: Iterable[ox.Quad] = ()) -> set[str]:
    """Return the IRIs of our own that the first statements use and neither they nor the others describe."""
    used = list(used)
    names = {
        str(term)
        for quad in used
        for term in (quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
    }
    return names - {str(quad.subject) for quad in (*used, *described)}


def vague_days(store: ox.Store) -> set[tuple[str, ...]]:
    """Return the days whose year is neither printed nor explained."""
    return select(
        store,
        """
        SELECT ?day WHERE {
            ?day cmq:date ?date .
            OPTIONAL { ?day cmq:dateAsPrinted ?printed }
            FILTER NOT EXISTS { ?day cmq:dateBasis|skos:editorialNote ?why }
            FILTER (!BOUND(?printed) || !CONTAINS(?printed, STR(YEAR(?date))))
        }
        """,
    )


@pytest.mark.parametrize("path", STATED_FILES, ids=lambda path: path.stem)
def test_a_file_parses_and_can_be_linked_to(path: Path) -> None:
    quads = read(path)
    assert quads
    assert unlinkable(quads) == []


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_linked_to_is_found(fault: str) -> None:
    assert len(unlinkable(_parse(fault))) == 1


def test_a_subject_is_described_in_one_file() -> None:
    assert described_twice({str(path): read(path) for path in STATED_FILES}) == {}


def test_a_subject_in_two_files_is_found() -> None:
    line = _parse("cmq:x rdfs:label 'x'@en .")
    assert described_twice({"a": line, "b": line}) == {f"<{iri('cmq:x')}>": {"a", "b"}}


def test_what_is_used_is_described() -> None:
    terms = read(LAYOUT.root / "ontology" / "communique.ttl")
    assert undescribed(STATED, terms) == set()


def test_what_is_not_described_is_found() -> None:
    assert undescribed(_parse("cmq:x rdfs:seeAlso body:jp-nobody, rdfs:nothing .")) == {
        f"<{iri('body:jp-nobody')}>"
    }


@pytest.mark.parametrize("path", READOUT_FILES, ids=lambda path: path.stem)
def test_a_file_of_readouts_holds_its_source_and_nothing_else(path: Path) -> None:
    source = iri(f"source:{path.stem}")
    quads = read(path)
    store = loaded(quads)
    assert select(store, "SELECT ?s { ?s a cmq:Source }") == {(source,)}
    assert select(store, "SELECT ?s { ?x cmq:fromSource ?s }") == {(source,)}
    others = {quad.subject.value for quad in quads} - {source}  # type: ignore[union-attr]
    assert others
    assert all(name.startswith(f"{source}#") for name in others)


def test_a_publisher_has_a_folder_and_a_folder_a_publisher() -> None:
    pairs = {
        (path.parent.name, publisher)
        for path in READOUT_FILES
        for (publisher,) in select(loaded(read(path)), "SELECT ?who { ?source dcterms:publisher ?who }")
    }
    assert len({folder for folder, _ in pairs}) == len(pairs) == len({who for _, who in pairs})


@pytest.mark.parametrize("path", REGISTER_FILES, ids=lambda path: path.stem)
def test_a_register_holds_entries_of_its_kind(path: Path) -> None:
    prefix, classes = REGISTERS[path.stem.partition("-")[0]]
    rows = select(loaded(read(path)), "SELECT ?entry ?class { ?entry a ?class }")
    assert rows
    assert {kind for _, kind in rows} <= {iri(name) for name in classes.split()}
    assert all(entry.startswith(PREFIXES[prefix]) for entry, _ in rows)


def test_every_register_is_there() -> None:
    found = {path.stem.partition("-")[0] for path in REGISTER_FILES}
    assert found == set(REGISTERS)


@pytest.mark.parametrize("path", BODY_FILES, ids=lambda path: path.stem)
def test_the_bodies_of_a_country_are_in_its_file(path: Path) -> None:
    code = path.stem.removeprefix("bodies-")
    rows = select(loaded(read(path)), "SELECT ?body ?government { ?body cmq:government ?government }")
    country = select(STATED, f'SELECT ?government {{ ?government cmq:countryCode "{code.upper()}" }}')
    assert len(country) == 1
    assert {(government,) for _, government in rows} == country
    assert all(body.startswith(f"{PREFIXES['body']}{code}-") for body, _ in rows)


def test_a_year_is_printed_or_explained() -> None:
    assert vague_days(STATED) == set()


def test_a_year_from_nowhere_is_found() -> None:
    day = 'cmq:{0} cmq:date "2024-02-06"^^xsd:date ; cmq:dateAsPrinted "{1}"@en .'
    vague = loaded(_parse(day.format("a", "February 6") + day.format("b", "February 6, 2024")))
    assert vague_days(vague) == {(iri("cmq:a"),)}


@pytest.mark.parametrize(("scheme", "term"), [("topic", "cmq:topic"), ("place", "cmq:place")])
def test_every_topic_and_place_is_used(scheme: str, term: str) -> None:
    concepts = select(STATED, f"SELECT ?c {{ ?c skos:inScheme <{BASE}concept/{scheme}> }}")
    used = select(STATED, f"SELECT ?c {{ ?readout {term} ?c }}")
    assert concepts == used


READ = """
    ?readout cmq:fromSource ?page ; cmq:about ?about .
    { ?about cmq:partOf*/cmq:under ?mechanism } UNION { ?about a cmq:Mechanism BIND (?about AS ?mechanism) }
    ?page dcterms:publisher ?publisher .
"""


def test_a_coverage_is_of_the_pages_that_were_read() -> None:
    covered = select(
        STATED,
        f"""
        SELECT ?coverage ?from ?until (MIN(?issued) AS ?first) (MAX(?issued) AS ?last) WHERE {{
            ?coverage cmq:coversMechanism ?mechanism ; cmq:coversPublisher ?publisher ;
                cmq:coversFrom ?from ; cmq:coversUntil ?until .
            {READ}
            ?page dcterms:issued ?issued .
        }} GROUP BY ?coverage ?from ?until
        """,
    )
    assert covered
    assert {row[0] for row in covered} == {c for (c,) in select(STATED, "SELECT ?c { ?c a cmq:Coverage }")}
    assert [row for row in covered if row[1:3] != row[3:]] == []


def test_what_a_coverage_calls_whole_was_read_whole() -> None:
    in_part = select(
        STATED,
        f"""
        SELECT ?page WHERE {{
            ?coverage cmq:coversMechanism ?mechanism ; cmq:coversPublisher ?publisher ;
                cmq:extentRead extent:whole .
            {READ}
            ?page cmq:extentRead extent:beginning .
        }}
        """,
    )
    assert in_part == set()


def test_every_mechanism_with_a_dated_page_is_covered() -> None:
    read = select(STATED, f"SELECT ?mechanism {{ {READ} ?page dcterms:issued ?issued }}")
    assert read
    assert read == select(STATED, "SELECT ?mechanism { ?coverage cmq:coversMechanism ?mechanism }")
