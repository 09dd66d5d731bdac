"""Names as they are compared: laws that hold for every text, and an example of each rule."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from communique.identity import names
from communique.identity.known import KINDS, keys_of
from communique.identity.names import Match

LETTERS = "abcdefghijklmnopqrstuvwxyzáàâäãåçčéèêëíìîïñóòôöõúùûüýśšžő"
words = st.text(LETTERS, min_size=1, max_size=9)
phrases = st.lists(words, min_size=1, max_size=5).map(" ".join)
eastern = st.text("経済産業省通商代表部労働が外務がガぎギばパタイ・", min_size=1, max_size=9)
kinds = st.sampled_from(sorted(KINDS))
countries = st.sampled_from([None, "US", "JP", "EU"])
anything = st.text(max_size=40)


@given(anything)
@example("The the the")
@example("U.S. Dept. of Labour's")
@example("ＵＳＴＲ（通商代表部）")
@example("D.G. Trade")
@settings(max_examples=300)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert names.folded(names.folded(text)) == names.folded(text)


@given(kinds, st.one_of(phrases, eastern), countries)
def test_a_name_always_matches_itself(kind: str, name: str, country: str | None) -> None:
    keys = keys_of(kind, name, country)
    assert max(keys.values()) is Match.FOLDED
    assert "" not in keys


@given(kinds, anything, countries)
def test_no_text_at_all_breaks_the_comparing(kind: str, name: str, country: str | None) -> None:
    assert keys_of(kind, name, country) == keys_of(kind, name, country)
    assert 0 <= names.likeness(name, "Ministry of Labour") <= 100


@given(kinds, phrases, countries)
def test_case_does_not_matter(kind: str, name: str, country: str | None) -> None:
    lower = keys_of(kind, name.lower(), country)
    title = keys_of(kind, name.title(), country)
    assert title == lower


@given(kinds, st.one_of(phrases, eastern), countries)
def test_how_accents_are_encoded_does_not_matter(kind: str, name: str, country: str | None) -> None:
    composed, apart = (keys_of(kind, unicodedata.normalize(form, name), country) for form in ("NFC", "NFD"))
    assert composed == apart


@given(kinds, phrases, countries)
def test_accents_of_latin_letters_do_not_matter(kind: str, name: str, country: str | None) -> None:
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    assert keys_of(kind, plain, country) == keys_of(kind, name, country)


def test_marks_that_tell_one_sound_from_another_do_matter() -> None:
    assert names.folded("ガス") != names.folded("カス")
    assert names.folded("ばら") != names.folded("はら")


@given(words.filter(lambda word: len(word) > 1), words.filter(lambda word: len(word) > 1))
def test_the_order_of_two_names_does_not_matter(one: str, other: str) -> None:
    first, second = names.person_keys(f"{one} {other}"), names.person_keys(f"{other} {one}")
    shared = {key: min(first[key], second[key]) for key in first.keys() & second.keys()}
    assert shared
    assert max(shared.values()) >= Match.REORDERED


@given(phrases, st.permutations(["Labor", "Trade", "Union"]))
def test_in_a_title_the_order_of_the_parties_does_not_matter(name: str, order: list[str]) -> None:
    one = names.title_keys(f"{name} {' '.join(order)}")
    assert one.keys() & names.title_keys(f"{name} Labor Trade Union").keys()


SAME = [
    ("person", "Nishimura Yasutoshi", "Yasutoshi NISHIMURA", Match.REORDERED),
    ("person", "Thea M. Lee", "Thea Lee", Match.SHORT),
    ("person", "H.E. Dao Ngoc Dung", "Đào Ngọc Dung", Match.FOLDED),
    ("person", "Ambassador Katherine Tai", "Katherine Tai", Match.FOLDED),
    ("person", "西村 康稔", "西村康稔", Match.FOLDED),
    ("body", "USTR", "Office of the U.S. Trade Representative (USTR)", Match.SHORT),
    ("body", "U.S. Department of Labour", "Department of Labor", Match.FOLDED),
    ("organization", "Grupo Hilados, S.A. de C.V.", "Grupo Hilados", Match.FOLDED),
    ("mechanism", "U.S.-EU Trade Council", "EU-US Trade Council", Match.REORDERED),
    ("mechanism", "TTC", "Trade and Technology Council (TTC)", Match.SHORT),
    ("place", "Leuven, Belgium", "Leuven", Match.SHORT),
    ("topic", "Forced Labour", "forced labor", Match.FOLDED),
    ("government", "Government of Japan", "Japan", Match.FOLDED),
]  # fmt: skip
APART = [
    ("person", "Thea Lee", "Chang Lee"),
    ("person", "Nguyen Van Hoi", "Nguyen Van Dung"),
    ("body", "Department of Labor", "Department of State"),
    ("organization", "Union of Weavers", "Union of Spinners"),
    ("topic", "forced labor", "child labor"),
    ("place", "Washington", "Wellington"),
]


def common(kind: str, one: str, other: str) -> dict[str, Match]:
    country = "US" if kind in {"body", "post"} else None
    first, second = keys_of(kind, one, country), keys_of(kind, other, country)
    return {key: min(first[key], second[key]) for key in first.keys() & second.keys()}


@pytest.mark.parametrize(("kind", "one", "other", "how"), SAME)
def test_two_writings_of_one_name_share_a_key(kind: str, one: str, other: str, how: Match) -> None:
    assert max(common(kind, one, other).values(), default=None) is how


@pytest.mark.parametrize(("kind", "one", "other"), APART)
def test_two_names_share_none(kind: str, one: str, other: str) -> None:
    assert common(kind, one, other) == {}


def test_a_reading_in_brackets_is_no_part_of_a_name_in_eastern_letters() -> None:
    assert names.printed_and_reading("西村康稔 (Nishimura Yasutoshi)") == ("西村康稔", "Nishimura Yasutoshi")
    assert names.printed_and_reading("METI (経産省)") == ("METI (経産省)", None)


def test_words_are_in_the_language_of_their_letters() -> None:
    assert names.language_of("閣僚会合", "ja") == "ja"
    assert names.language_of("IPEF", "ja") == "en"
    assert names.language_of("Plan de acción", "es") == "es"


@pytest.mark.parametrize(
    ("name", "full"),
    [("Thea Lee", True), ("Lee", False), ("林芳正", True), ("林", False), ("Lee (DOL)", False)],
)
def test_a_full_name_has_a_family_and_a_given_name(name: str, full: bool) -> None:
    assert names.is_full(name) is full


def test_a_country_is_told_by_its_words_if_it_is_one() -> None:
    assert names.country_named("Ministry of Justice (Japan)") == "JP"
    assert names.country_named("U.S.-Japan Task Force") is None
    assert names.country_named("Ministry of Justice") is None


def test_a_title_says_whether_the_post_is_held_for_the_time_being() -> None:
    assert names.is_acting("Acting Secretary of Labor")
    assert not names.is_acting("Secretary of Labor")
    assert names.title_without_acting("Acting Secretary of Labor (interim)") == "Secretary of Labor"
