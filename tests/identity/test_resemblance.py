"""What is asked about because two names go together by their words, and what tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from communique.identity import names
from communique.identity.clues import Clues
from communique.identity.deciding import Outcome, decide
from communique.identity.known import KINDS, Entity, Known
from communique.identity.resemblance import KIN, NEAR, resemblance

if TYPE_CHECKING:
    from collections.abc import Mapping

NORTH = KINDS["government"] + "northland"
SOUTH = KINDS["government"] + "southland"
MINISTER = KINDS["post"] + "nl-minister-of-labor"


def entity(slug: str, *called: str, facts: Mapping[str, str] | None = None) -> Entity:
    kind, _, local = slug.partition(":")
    made = Entity(KINDS[kind] + local, kind, called[0], [(name, "en") for name in called])
    for name, value in (facts or {}).items():
        made.facts[name].add(value)
    return made


def minister(slug: str, *called: str, side: str) -> Entity:
    made = entity(slug, *called)
    made.sides, made.posts = {side}, {MINISTER}
    return made


def body(slug: str, *called: str, government: str = NORTH) -> Entity:
    return entity(f"body:{slug}", *called, facts={"government": government})


@pytest.fixture
def known() -> Known:
    there = [
        entity("government:northland", "Northland", facts={"countryCode": "US"}),
        entity("government:southland", "Southland", facts={"countryCode": "JP"}),
        body("nl-labor", "Department of Labor"),
        body("nl-delegation", "Delegation to Southland"),
        body("nl-health", "Department of Health"),
        body("sl-labor", "Ministry of Justice", "MOJ", government=SOUTH),
        minister("person:jane-doe", "Jane Doe", "Doe", side=NORTH),
        minister("person:suzuki-ichiro", "Suzuki Ichiro", side=SOUTH),
        entity("mechanism:sme-dialogue", "Northland-Southland SME Dialogue", "SME Dialogue"),
        entity("instrument:fair-work-act", "Fair Work Act"),
        entity(
            "instrument:memorandum", "Memorandum of the two ministries", "Memorandum of Cooperation (MOC)"
        ),
        entity("instrument:decision-5", "Decision No. 5 of the joint trade commission"),
        entity(
            "post:nl-minister-of-labor", "Minister of Labor", facts={"postIn": KINDS["body"] + "nl-labor"}
        ),
    ]
    return Known({one.iri: one for one in there}, {})


def outcome(known: Known, kind: str, name: str, clues: Clues | None = None) -> tuple[Outcome, list[str]]:
    decision = decide(kind, name, clues or Clues(), known)
    if decision.entity:
        return decision.outcome, [decision.entity.slug]
    return decision.outcome, [candidate.entity.slug for candidate in decision.candidates]


NORTHERN = Clues(side=NORTH, country="US")


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("Minister Doe", ["doe"]),
        ("Dr. Jane Doe", ["jane", "doe"]),
        ("Labor Minister Jane Doe", ["jane", "doe"]),
        ("H.E. Mr. Jane Doe", ["jane", "doe"]),
        ("He Lifeng", ["he", "lifeng"]),
        ("Secretary of Labor Jane Doe", ["secretary", "of", "labor", "jane", "doe"]),
        ("Jane Doe (host)", ["jane", "doe"]),
    ],
)
def test_titles_before_a_name_are_none_of_it(printed: str, bare: list[str]) -> None:
    assert names.bare_words(printed) == bare


@pytest.mark.parametrize("printed", ["Labor Minister Jane Doe", "DOE Jane", "Doe, Jane", "Ms. Jane Doe"])
def test_a_whole_name_is_linked_behind_a_title_and_in_both_orders(known: Known, printed: str) -> None:
    assert outcome(known, "person", printed, NORTHERN) == (Outcome.LINK, ["person:jane-doe"])


@pytest.mark.parametrize("printed", ["Minister Doe", "Jane Mary Doe", "Secretary of Labor Jane Doe"])
def test_a_name_that_holds_another_or_is_held_by_it_is_asked_about(known: Known, printed: str) -> None:
    asked, candidates = outcome(known, "person", printed)
    assert asked is Outcome.ASK
    assert candidates[0] == "person:jane-doe"


def test_another_whole_name_of_the_family_is_new(known: Known) -> None:
    assert outcome(known, "person", "Ottokar Doe") == (Outcome.CREATE, [])


def test_a_new_person_is_not_entered_with_a_title(known: Known) -> None:
    assert outcome(known, "person", "Ottokar Unheard")[0] is Outcome.CREATE
    assert outcome(known, "person", "Mr. Ottokar Unheard")[0] is Outcome.ASK


def test_a_name_in_another_script_is_asked_about_where_the_post_is_the_same(known: Known) -> None:
    with_post = Clues(side=SOUTH, country="JP", posts=(MINISTER,))
    assert outcome(known, "person", "鈴木一郎", with_post) == (Outcome.ASK, ["person:suzuki-ichiro"])
    assert outcome(known, "person", "鈴木一郎", Clues(side=SOUTH, country="JP")) == (Outcome.CREATE, [])


def test_a_word_that_only_one_body_of_a_government_has_is_asked_about(known: Known) -> None:
    assert outcome(known, "body", "Northern Delegation in Port Royal", NORTHERN) == (
        Outcome.ASK,
        ["body:nl-delegation"],
    )
    assert outcome(known, "body", "Department of Defense", NORTHERN)[0] is Outcome.CREATE


def test_an_abbreviation_that_the_words_give_is_asked_about(known: Known) -> None:
    labor = known.entities[KINDS["body"] + "nl-labor"]
    assert resemblance("USDL", labor, NORTHERN, known).likeness == KIN
    assert resemblance("USDX", labor, NORTHERN, known).likeness < KIN


@pytest.mark.parametrize(
    ("one", "other", "is_short"),
    [
        ("AFL-CIO", "American Federation of Labor and Congress of Industrial Organizations", True),
        ("Office of the United States Trade Representative", "USTR", True),
        ("AIT", "American Institute in Taiwan", True),
        ("USDA", "Department of Agriculture", True),
        ("USDA", "Department of Labor", False),
        ("EU", "European Union", False),
        ("MOJ", "MOJ", False),
    ],
)
def test_first_letters_make_an_abbreviation(one: str, other: str, is_short: bool) -> None:
    assert names.abbreviates(one, other) is is_short


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        ("Inflation Reduction Act of 2022", "Inflation Reduction Act", True),
        ("freedom of association", "freedom of association and collective bargaining", True),
        ("Japan-China Human Rights Dialogue", "Japan-Iran Human Rights Dialogue", False),
        ("林芳正外務大臣", "林芳正", True),
        ("林外務大臣", "林", False),
        ("林芳正", "Hayashi Yoshimasa", False),
        ("of the", "of the Act", False),
    ],
)
def test_one_name_holds_another_by_its_words(one: str, other: str, held: bool) -> None:
    assert names.holds(one, other) is held
    assert names.holds(other, one) is held


def test_the_sitting_of_a_mechanism_is_the_mechanism(known: Known) -> None:
    linked = (Outcome.LINK, ["mechanism:sme-dialogue"])
    assert outcome(known, "mechanism", "8th SME Dialogue") == linked
    assert outcome(known, "mechanism", "8th Southland-Northland SME Dialogue") == linked
    assert outcome(known, "mechanism", "8th Port Royal Dialogue")[0] is Outcome.CREATE


def test_a_government_is_known_with_the_word_for_it(known: Known) -> None:
    linked = (Outcome.LINK, ["government:northland"])
    assert outcome(known, "government", "Government of Northland") == linked
    assert outcome(known, "government", "the Northland Government") == linked


def test_a_paper_whose_name_tells_only_what_sort_it_is_is_asked_about(known: Known) -> None:
    assert outcome(known, "instrument", "Memorandum of Cooperation (MOC)") == (
        Outcome.ASK,
        ["instrument:memorandum"],
    )
    assert outcome(known, "instrument", "Memorandum of the two ministries")[0] is Outcome.LINK
    assert outcome(known, "instrument", "Fair Work Act")[0] is Outcome.LINK


def test_a_part_of_a_paper_is_asked_about_and_what_differs_in_number_is_new(known: Known) -> None:
    assert outcome(known, "instrument", "Fair Work Act Entity List") == (
        Outcome.ASK,
        ["instrument:fair-work-act"],
    )
    assert outcome(known, "instrument", "Decision No. 6 of the joint trade commission")[0] is Outcome.CREATE


def test_a_post_is_linked_only_where_its_body_or_side_is_told(known: Known) -> None:
    assert outcome(known, "post", "Acting Minister of Labor", NORTHERN)[0] is Outcome.LINK
    assert outcome(known, "post", "Minister of Labor")[0] is Outcome.ASK
    assert outcome(known, "post", "Minister of Labor", Clues(side=SOUTH, country="JP"))[0] is Outcome.ASK


def test_kinship_asks_and_never_makes_a_twin_that_must_be_told_apart(known: Known) -> None:
    decision = decide("instrument", "Fair Work Act Entity List", Clues(), known)
    assert KIN < NEAR
    assert [candidate.likeness for candidate in decision.candidates] == [KIN]
    assert decision.near == ()
