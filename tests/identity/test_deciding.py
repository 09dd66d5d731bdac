"""Who is who: what links without asking, what is asked, what is new, on a register made for it."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.identity.clues import Clues
from communique.identity.deciding import Decision, Outcome, decide
from communique.identity.known import KINDS, Entity, Known

US, JP = KINDS["government"] + "united-states", KINDS["government"] + "japan"
DOL, MHLW, USTR = (KINDS["body"] + local for local in ("us-dol", "jp-mhlw", "us-ustr"))
AUSTR, SECRETARY = KINDS["post"] + "us-austr-labor", KINDS["post"] + "us-dol-secretary"
UNION = "https://w3id.org/communique/concept/organization-kind/trade-union"


def entity(slug: str, *names: str, **facts: str) -> Entity:
    kind, _, local = slug.partition(":")
    made = Entity(KINDS[kind] + local, kind, names[0], [(name, "en") for name in names])
    made.facts = defaultdict(set, {key: {value} for key, value in facts.items()})
    return made


def person(slug: str, *names: str, side: str | None = None, post: str | None = None) -> Entity:
    made = entity(slug, *names)
    made.sides = {side} if side else set()
    made.posts = {post} if post else set()
    return made


def register() -> Known:
    entries = [
        entity("government:united-states", "United States", countryCode="US"),
        entity("government:japan", "Japan", countryCode="JP"),
        entity("body:us-dol", "U.S. Department of Labor", "DOL", government=US),
        entity("body:us-ustr", "Office of the United States Trade Representative (USTR)", government=US),
        entity("body:jp-mhlw", "Ministry of Health, Labour and Welfare", government=JP),
        entity("body:jp-mol", "Ministry of Labour", government=JP),
        entity("post:us-austr-labor", "Assistant U.S. Trade Representative for Labor", postIn=USTR),
        entity("post:us-dol-secretary", "Secretary of Labor", postIn=DOL),
        person("person:katy-mastman", "Katy Mastman", side=US, post=AUSTR),
        person("person:thea-lee", "Thea Mei Lee", "Thea Lee", side=US),
        person("person:marty-walsh", "Martin J. Walsh", "Marty Walsh", side=US, post=SECRETARY),
        person("person:nishimura-yasutoshi", "Nishimura Yasutoshi", "西村康稔", side=JP),
        person("person:john-smith", "John Smith", side=US),
        person("person:john-smith-2", "John Smith", side=JP),
        entity("organization:union-of-weavers", "Union of Weavers (UoW)", classification=UNION),
        entity("mechanism:ttc", "U.S.-EU Trade and Technology Council", "TTC"),
        entity("instrument:uflpa", "Uyghur Forced Labor Prevention Act"),
        entity("topic:forced-labor", "forced labor", "forced labor in supply chains"),
        entity("topic:round-2", "results of round 2"),
        entity("place:leuven", "Leuven", definition="Leuven, in Belgium."),
    ]
    return Known({one.iri: one for one in entries}, {})


REGISTER = register()
ON_US, ON_JP = Clues(US, "US"), Clues(JP, "JP")


def of(kind: str, name: str, clues: Clues | None = None) -> Decision:
    return decide(kind, name, clues or Clues(), REGISTER)


def slug(decision: Decision) -> str | None:
    return decision.entity.slug if decision.entity else None


@pytest.mark.parametrize(
    ("kind", "name", "clues", "meant"),
    [
        ("person", "Katy Mastman", ON_US, "person:katy-mastman"),
        ("person", "MASTMAN Katy", ON_US, "person:katy-mastman"),
        ("person", "Yasutoshi Nishimura", ON_JP, "person:nishimura-yasutoshi"),
        ("person", "Nishimura Yasutoshi", Clues(), "person:nishimura-yasutoshi"),
        ("person", "西村 康稔", ON_JP, "person:nishimura-yasutoshi"),
        ("person", "Thea M. Lee", ON_US, "person:thea-lee"),
        ("person", "John Smith", ON_JP, "person:john-smith-2"),
        ("body", "Department of Labor", ON_US, "body:us-dol"),
        ("body", "US Department of Labour", ON_US, "body:us-dol"),
        ("body", "DOL", ON_US, "body:us-dol"),
        ("body", "Office of the U.S. Trade Representative", ON_US, "body:us-ustr"),
        ("body", "Japanese Ministry of Labour", ON_JP, "body:jp-mol"),
        ("organization", "Union of Weavers", Clues(kind=UNION), "organization:union-of-weavers"),
        ("mechanism", "EU-U.S. Trade and Technology Council", Clues(), "mechanism:ttc"),
        ("mechanism", "TTC", Clues(), "mechanism:ttc"),
        ("instrument", "The Uyghur Forced Labour Prevention Act", Clues(), "instrument:uflpa"),
        ("topic", "Forced labour in supply chains", Clues(), "topic:forced-labor"),
        ("place", "Leuven, Belgium", Clues(), "place:leuven"),
        ("government", "the Government of Japan", Clues(), "government:japan"),
        ("post", "Acting Assistant United States Trade Representative for Labor", Clues(US, "US", USTR),
         "post:us-austr-labor"),
    ],
)  # fmt: skip
def test_a_known_name_is_linked(kind: str, name: str, clues: Clues, meant: str) -> None:
    decision = of(kind, name, clues)
    assert (decision.outcome, slug(decision)) == (Outcome.LINK, meant), decision.reason
    assert decision.reason


@pytest.mark.parametrize(
    ("kind", "name", "clues", "candidate"),
    [
        # A single name may be anybody's.
        ("person", "Mastman", Clues(), "person:katy-mastman"),
        # A side that contradicts what records say.
        ("person", "Katy Mastman", ON_JP, "person:katy-mastman"),
        ("body", "U.S. Department of Labor", ON_JP, "body:us-dol"),
        # A ministry of which every country has one, on no side.
        ("body", "Ministry of Labour", Clues(), "body:jp-mol"),
        # Two people of one name, and nothing tells which.
        ("person", "John Smith", Clues(), "person:john-smith"),
        # One letter apart.
        ("person", "Katie Mastman", ON_US, "person:katy-mastman"),
        ("organization", "Unions of Weavers", Clues(), "organization:union-of-weavers"),
        ("instrument", "Uyghur Forced Labor Preventions Act", Clues(), "instrument:uflpa"),
        # The same post, and a name in common.
        ("person", "Marty J. Walsh Jr", Clues(US, "US", DOL, (SECRETARY,)), "person:marty-walsh"),
        # An initial for a name.
        ("person", "K. Mastman", ON_US, "person:katy-mastman"),
        # A town of this name in a country that nothing tells of.
        ("place", "Leuven, Ontario", Clues(), "place:leuven"),
        # A post of another body.
        ("post", "Secretary of Labor", Clues(JP, "JP", MHLW), "post:us-dol-secretary"),
    ],
)
def test_what_is_not_certain_is_asked_with_the_candidate(
    kind: str, name: str, clues: Clues, candidate: str
) -> None:
    decision = of(kind, name, clues)
    assert decision.outcome is Outcome.ASK, decision.reason
    assert candidate in [one.entity.slug for one in decision.candidates]
    assert decision.reason
    assert all(one.pros for one in decision.candidates)


@pytest.mark.parametrize(
    ("kind", "name", "clues", "words"),
    [
        ("person", "Lindqvist", ON_US, "one name alone"),
        ("body", "Cotton Dust Inspectorate", Clues(), "of which government"),
        ("post", "Cotton Inspector", Clues(), "of which body"),
        ("topic", "cotton dust", Clues(), "definition"),
        ("place", "Torreón", Clues(), "a definition and a clock"),
        ("government", "Ruritania", Clues(), "country code"),
    ],
)
def test_what_is_new_and_cannot_be_described_is_asked(kind: str, name: str, clues: Clues, words: str) -> None:
    decision = of(kind, name, clues)
    assert decision.outcome is Outcome.ASK
    assert words in decision.reason


@pytest.mark.parametrize(
    ("kind", "name", "clues"),
    [
        ("person", "Rosalind Achterberg", ON_US),
        ("person", "Wei Chang", Clues()),
        ("body", "Cotton Dust Inspectorate", ON_US),
        ("organization", "Sindicato de Hilanderos Libres", Clues()),
        ("facility", "Hilados del Norte", Clues()),
        ("instrument", "Torreón Protocol on Ballots", Clues()),
        ("post", "Inspector of Spindles", Clues(US, "US", DOL)),
    ],
)
def test_what_nobody_is_near_to_is_new(kind: str, name: str, clues: Clues) -> None:
    decision = of(kind, name, clues)
    assert (decision.outcome, decision.entity) == (Outcome.CREATE, None), decision.reason


def test_two_of_one_name_are_shown_with_what_speaks_for_and_against() -> None:
    decision = of("person", "Katy Mastman", ON_JP)
    (candidate,) = decision.candidates
    assert str(candidate) == (
        "person:katy-mastman “Katy Mastman”: the same name; but records put that person on the side of "
        "United States"
    )


def test_names_that_differ_in_a_number_are_not_near() -> None:
    decision = of("topic", "results of round 3")
    assert decision.near == ()


def test_likeness_alone_never_links() -> None:
    for one in REGISTER.entities.values():
        for name, _ in one.names:
            if len(name) > 5 and name.isascii():
                decision = of(one.kind, name[:3] + "z" + name[3:], ON_US)
                assert decision.outcome is not Outcome.LINK, name


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=30))
def test_any_text_is_decided_and_the_register_stays_as_it_is(kind: str, name: str) -> None:
    known = register()
    decision = decide(kind, name, Clues(), known)
    assert decision.outcome in set(Outcome)
    assert known.entities.keys() == REGISTER.entities.keys()
