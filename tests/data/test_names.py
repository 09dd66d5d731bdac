"""A name that a source prints is a name that the registers know."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from communique.namespaces import PREFIXES

from .shipped import STATED, iri, loaded, select

ENTRY = """
    body:us-ustr rdfs:label "Office of the United States Trade Representative"@en ; skos:altLabel "USTR"@en .
    cmq:mention cmq:participant body:us-ustr ; cmq:nameAsPrinted "{}"@en .
"""


def unknown_names(store: ox.Store) -> set[tuple[str, ...]]:
    """Return the mentions with a printed name that none of those mentioned is known by."""
    return select(
        store,
        """
        SELECT ?mention ?printed WHERE {
            ?mention cmq:nameAsPrinted ?printed .
            FILTER EXISTS { ?mention cmq:participant|cmq:instrument ?somebody }
            FILTER NOT EXISTS {
                ?mention (cmq:participant|cmq:instrument)/(rdfs:label|skos:prefLabel|skos:altLabel) ?name .
                FILTER (LCASE(STR(?name)) = LCASE(STR(?printed)))
            }
        }
        """,
    )


def nameless(store: ox.Store) -> set[tuple[str, ...]]:
    """Return those mentioned among others whom none of the printed names belongs to."""
    return select(
        store,
        """
        SELECT ?mention ?somebody WHERE {
            ?mention cmq:participant|cmq:instrument ?somebody .
            FILTER EXISTS { ?mention cmq:nameAsPrinted ?any }
            FILTER NOT EXISTS {
                ?mention cmq:nameAsPrinted ?printed .
                ?somebody rdfs:label|skos:prefLabel|skos:altLabel ?name .
                FILTER (LCASE(STR(?name)) = LCASE(STR(?printed)))
            }
        }
        """,
    )


def _store(printed: str) -> ox.Store:
    head = "".join(f"@prefix {name}: <{value}> .\n" for name, value in PREFIXES.items())
    return loaded(ox.parse(head + ENTRY.format(printed), format=ox.RdfFormat.TURTLE))


def test_printed_names_are_known() -> None:
    assert unknown_names(STATED) == set()


def test_whoever_is_listed_by_name_has_a_printed_name() -> None:
    assert nameless(STATED) == set()


@pytest.mark.parametrize("printed", ["ustr", "Office of the United States Trade Representative"])
def test_a_name_is_known_in_any_case(printed: str) -> None:
    assert unknown_names(_store(printed)) == set()


def test_an_unknown_name_is_found() -> None:
    assert unknown_names(_store("USTRR")) == {(iri("cmq:mention"), "USTRR")}
    assert nameless(_store("USTRR")) == {(iri("cmq:mention"), iri("body:us-ustr"))}


def test_printed_words_are_in_the_language_of_their_page() -> None:
    foreign = select(
        STATED,
        """
        SELECT ?node ?words WHERE {
            ?node cmq:nameAsPrinted|cmq:titleAsPrinted|cmq:dateAsPrinted|cmq:zoneAsPrinted|cmq:placeAsPrinted
                |cmq:firstWords|cmq:lastWords ?words .
            ?source a cmq:Source ; dcterms:language ?language .
            FILTER (STRSTARTS(STR(?node), CONCAT(STR(?source), "#")) && LANG(?words) != ?language)
        }
        """,
    )
    assert foreign == set()
