"""Names as they are compared: without case, accents, punctuation and the order that differs by country.

A name gives several keys, from strict to loose. Two names that share a key may be one; which key it is says
how much that weighs. What no key brings together is compared by letters, and that never decides.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz

from communique.drafting.words import HONORIFICS, LEGAL_FORM, PEOPLES, PHRASES, SPELLINGS, UNWEIGHED


class Match(IntEnum):
    """How two names are the same, the strictest last."""

    SHORT = 1
    """One is the abbreviation, the family name, or the name without its middle initials."""
    REORDERED = 2
    """The same words in another order: both name orders, `EU-US` and `U.S.-EU`."""
    FOLDED = 3
    """The same words but for case, accents, punctuation and spelling: `Labour`, `U.S.`."""


_LATIN = re.compile(r"[A-Za-z]")
_EASTERN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}")
_BRACKETED = re.compile(r"\s*[(（\[]([^()（）\[\]]*)[)）\]]")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9&./-]*[A-Z0-9]")


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Return a name's words without case, accents and punctuation, in their order, in one spelling."""
    plain = unicodedata.normalize("NFKC", text).replace("&", " and ").replace("’", "'").replace("'s ", "s ")
    plain = _INITIALS.sub(lambda found: found.group().replace(".", "").replace(" ", "") + " ", plain)
    if _LATIN.search(plain):
        # Only letters of alphabets are taken apart: in Japanese, marks tell one sound from another.
        decomposed = unicodedata.normalize("NFD", plain)
        plain = "".join(
            c
            for i, c in enumerate(decomposed)
            if not (unicodedata.combining(c) and i and decomposed[i - 1].isascii())
        )
        plain = "".join(c for c in plain if not ("\u0300" <= c <= "\u036f"))
        plain = (
            unicodedata.normalize("NFC", plain)
            .replace("đ", "d")
            .replace("Đ", "D")
            .replace("ø", "o")
            .replace("ł", "l")
        )
    words = [SPELLINGS.get(word, word) for word in _WORD.findall(plain.casefold())]
    line = " ".join(words)
    for pattern, short in PHRASES:
        line = pattern.sub(short, line)
    return line.removeprefix("the ")


def brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a name without what stands in brackets, and each of these parts."""
    parts = tuple(part.strip() for part in _BRACKETED.findall(text) if part.strip())
    return _BRACKETED.sub("", text).strip() or text, parts


def printed_and_reading(text: str) -> tuple[str, str | None]:
    """Return the name as printed, and its reading in Latin letters where that follows in brackets."""
    name, parts = brackets(text)
    if parts and not _LATIN.search(name) and _LATIN.match(parts[0]):
        return name, parts[0]
    return text, None


def language_of(text: str, language: str) -> str:
    """Return the language that a text of a page is in: the page's, if it is in the page's script."""
    if language.partition("-")[0] in {"ja", "zh", "ko"}:
        return language if _EASTERN.search(text) else "en"
    return language


def is_full(name: str) -> bool:
    """Return whether a person's name has a family and a given name."""
    plain = brackets(name)[0]
    return len(folded(plain).split()) > 1 or len(_EASTERN.findall(plain)) > 2  # noqa: PLR2004 - 林芳正


def is_abbreviation(text: str) -> bool:
    """Return whether a name is one word of capitals."""
    return bool(_ABBREVIATION.fullmatch(text.strip()))


def short_forms(text: str) -> set[str]:
    """Return the abbreviations that stand in a name in brackets, or that the name is, as keys."""
    _, parts = brackets(text)
    return {folded(part) for part in (text, *parts) if is_abbreviation(part)}


def sorted_words(text: str) -> str:
    """Return the words that weigh, sorted."""
    return " ".join(sorted(word for word in folded(text).split() if word not in UNWEIGHED))


def person_keys(text: str) -> dict[str, Match]:
    """Return the keys of a person's name."""
    words = folded(brackets(text)[0]).split()
    while len(words) > 2 and words[0] in HONORIFICS:  # noqa: PLR2004 - a given and a family name
        words.pop(0)
    keys = {" ".join(words): Match.FOLDED}
    if len(words) > 1:
        keys.setdefault(" ".join(sorted(words)), Match.REORDERED)
        keys.setdefault("=" + "".join(sorted(words)), Match.REORDERED)
        spelt = [word for word in words if len(word) > 1]
        if 1 < len(spelt) < len(words):
            keys.setdefault(" ".join(sorted(spelt)), Match.SHORT)
        keys.setdefault("=" + "".join(words), Match.REORDERED)
    return keys


def body_keys(text: str, country: str | None) -> dict[str, Match]:
    """Return the keys of a body's name: with and without the word for its country, and its short form."""
    name, _ = brackets(text)
    keys = {folded(text): Match.FOLDED, _plain_body(folded(name), country): Match.FOLDED}
    keys.setdefault(
        " ".join(sorted(_plain_body(folded(name), country).replace(" of ", " ").split())), Match.REORDERED
    )
    keys |= {form: Match.SHORT for form in short_forms(text) if form not in keys}
    return keys


def _plain_body(name: str, country: str | None) -> str:
    for people in sorted(PEOPLES.get(country or "", ()), key=len, reverse=True):
        for start in (f"{people} ", f"{people}s "):
            name = name.removeprefix(start)
        for end in (f" of the {people}", f" of {people}", f" {people}"):
            name = name.removesuffix(end)
        name = name.replace(f" of the {people} ", " of the ").removeprefix("government of ")
    return name.removeprefix("the ")


def country_named(text: str) -> str | None:
    """Return the code of the one country that a name tells of itself: `Ministry of Justice (Japan)`."""
    line = f" {folded(text)} "
    named = {code for code, people in PEOPLES.items() if any(f" {word} " in line for word in people)}
    return named.pop() if len(named) == 1 else None


def _without_brackets(text: str) -> Match:
    """Return how much a name says without its brackets: all, where only its abbreviation stood in them."""
    return Match.FOLDED if all(is_abbreviation(part) for part in brackets(text)[1]) else Match.REORDERED


def organization_keys(text: str) -> dict[str, Match]:
    """Return the keys of an organisation's name: without its legal form, and what is in brackets."""
    name, _ = brackets(text)
    keys = {folded(text): Match.FOLDED}
    keys.setdefault(folded(name), _without_brackets(text))
    keys.setdefault(LEGAL_FORM.sub("", folded(name)).strip() or folded(name), Match.FOLDED)
    keys |= {form: Match.SHORT for form in short_forms(text) if form not in keys}
    return keys


def title_keys(text: str) -> dict[str, Match]:
    """Return the keys of the name of a mechanism or an instrument, in which the parties' order differs."""
    name, _ = brackets(text)
    keys = {folded(text): Match.FOLDED}
    keys.setdefault(folded(name), _without_brackets(text))
    keys.setdefault("=" + sorted_words(name), Match.REORDERED)
    keys |= {form: Match.SHORT for form in short_forms(text) if form not in keys}
    return keys


def post_keys(text: str, country: str | None) -> dict[str, Match]:
    """Return the keys of a post: without `acting`, the holder's honorific and the word for the country."""
    # What stands in brackets in Latin letters is an abbreviation or a remark; in Japanese it is the matter.
    line = folded(re.sub(r"\s*[(（][^()（）\u3005-\u9fff]*[)）]", "", text))
    line = re.sub(r"\b(?:acting|interim|designate|ambassador)\b", " ", line) if line != "ambassador" else line
    line = " ".join(line.split())
    line = _plain_body(line, country)
    weighed = " ".join(sorted(word for word in line.split() if word not in UNWEIGHED))
    keys = {line: Match.FOLDED}
    keys.setdefault("=" + weighed, Match.REORDERED)
    return keys


def place_keys(text: str) -> dict[str, Match]:
    """Return the keys of a town: with and without the country behind the comma."""
    name, _ = brackets(text)
    keys = {folded(name): Match.FOLDED}
    keys.setdefault(folded(name.partition(",")[0]), Match.SHORT)
    return keys


def plain_keys(text: str) -> dict[str, Match]:
    """Return the one key of a name that is compared as it is, such as a topic's."""
    return {folded(text): Match.FOLDED}


def is_acting(title: str) -> bool:
    """Return whether a title says that the post is held for the time being."""
    return bool(re.search(r"\b(?:acting|interim)\b", folded(title))) or "代行" in title


def likeness(one: str, other: str) -> float:
    """Return how alike two names are by their letters, from 0 to 100, whatever the order of their words."""
    return fuzz.token_sort_ratio(folded(brackets(one)[0]), folded(brackets(other)[0]))


def ways_to_part(title: str) -> list[tuple[str, ...]]:
    """Return how a title may be several, the plainest way first: `Director-General …/Deputy Director …`."""
    slashed = tuple(part.strip() for part in re.split(r"\s*[/／;]\s*", title) if part.strip())
    ways = [slashed] if len(slashed) > 1 else []
    for joint in re.finditer(r"\s+and\s+|,\s+", title):
        ways.append((title[: joint.start()].strip(), title[joint.end() :].strip()))
    return [way for way in ways if all(way)]


def title_without_acting(title: str) -> str:
    """Return a title as the name of the post: without `Acting` and what stands in brackets."""
    name, _ = brackets(title)
    return re.sub(r"^(?:acting|interim)\s+", "", name, flags=re.IGNORECASE).strip()
