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

from communique.identity.words import HONORIFICS, LEGAL_FORM, PEOPLES, PHRASES, SPELLINGS, UNWEIGHED


class Match(IntEnum):
    """How two names are the same, the strictest last."""

    SHORT = 1
    """One is the abbreviation, the family name, or the name without its middle initials."""
    REORDERED = 2
    """The same words in another order: both name orders, `EU-US` and `U.S.-EU`."""
    FOLDED = 3
    """The same words but for case, accents, punctuation and spelling: `Labour`, `U.S.`."""


_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_EASTERN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EXCELLENCY = re.compile(r"\bH\.\s?E\.\s*")
_READING = re.compile(r"[A-Z][\w.'’-]*(?:,? (?:of|the|and|for|on|[A-Z][\w.'’-]*))*")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}")
_BRACKETED = re.compile(r"\s*[(（\[]([^()（）\[\]]*)[)）\]]")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ARTICLES = re.compile(r"^(?:the )+")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9&./-]*[A-Z0-9]")
_COUNTED = re.compile(r"^\d+(?:st|nd|rd|th)\s+|^第\d+回")
_WITHIN_EASTERN = 3
"""How many letters of an Eastern script make a name that is looked for within another."""


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Return a name's words without case, accents and punctuation, in their order, in one spelling."""
    plain = unicodedata.normalize("NFKC", text).replace("&", " and ").replace("’", "'").replace("'s ", "s ")
    plain = _INITIALS.sub(lambda found: found.group().replace(".", "").replace(" ", "") + " ", plain)
    # These are the marks of alphabets; in Japanese, marks tell one sound from another and have their own.
    decomposed = unicodedata.normalize("NFD", plain.casefold())
    plain = unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))
    plain = plain.replace("đ", "d").replace("ø", "o").replace("ł", "l")
    words = [SPELLINGS.get(word, word) for word in _WORD.findall(plain)]
    line = " ".join(words)
    for pattern, short in PHRASES:
        line = pattern.sub(short, line)
    return _ARTICLES.sub("", line)


@lru_cache(maxsize=65_536)
def brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a name without what stands in brackets, and each of these parts."""
    parts = tuple(part.strip() for part in _BRACKETED.findall(text) if part.strip())
    return _BRACKETED.sub("", text).strip() or text, parts


def printed_and_reading(text: str) -> tuple[str, str | None]:
    """Return the name as printed, and its reading in Latin letters where that follows in brackets.

    Behind a name in another script, Latin letters in brackets are the compiler's: a reading, or a remark.
    """
    name, parts = brackets(text)
    if parts and not _LATIN.search(name) and _LATIN.match(parts[0]):
        return name, parts[0] if _READING.fullmatch(parts[0]) else None
    return text, None


def is_common(text: str) -> bool:
    """Return whether a name is written like a common noun: `business associations`."""
    return bool(_LATIN.search(text)) and text == text.lower()


def language_of(text: str, language: str) -> str:
    """Return the language that a text of a page is in: the page's, if it is in the page's script."""
    if language.partition("-")[0] in {"ja", "zh", "ko"}:
        return language if _EASTERN.search(text) else "en"
    return language


def has_remark(text: str) -> bool:
    """Return whether a name carries a compiler's remark: whose copy it is, in brackets or behind a slash."""
    return " / " in text or any(not is_abbreviation(part) for part in brackets(text)[1])


def is_full(name: str) -> bool:
    """Return whether a person's name has a family and a given name."""
    return len(bare_words(name)) > 1 or len(_EASTERN.findall(brackets(name)[0])) > 2  # noqa: PLR2004 - 林芳正


def is_abbreviation(text: str) -> bool:
    """Return whether a name is one word of capitals."""
    return bool(_ABBREVIATION.fullmatch(text.strip()))


def short_forms(text: str) -> set[str]:
    """Return the abbreviations that stand in a name in brackets, or that the name is, as keys."""
    _, parts = brackets(text)
    return {folded(part) for part in (text, *parts) if is_abbreviation(part)}


def sorted_words(text: str) -> str:
    """Return the words that weigh, sorted."""
    return _weighed(folded(text))


def _weighed(line: str) -> str:
    return " ".join(sorted(word for word in line.split() if word not in UNWEIGHED))


def bare_words(text: str) -> list[str]:
    """Return the words of a person's name without the honorifics and titles that stand before it.

    Where a title goes on behind its last such word, as in `Secretary of Labor Jane Doe`, words do not tell
    where the name begins, and all are returned.
    """
    words = _all_words(text)
    before = max((place for place, word in enumerate(words[:-1]) if word in HONORIFICS), default=-1)
    bare = words[before + 1 :]
    return words if bare and bare[0] in {"of", "for", "to", "in"} else bare


def is_behind_title(text: str) -> bool:
    """Return whether honorifics or titles stand before a person's name."""
    return len(bare_words(text)) < len(_all_words(text))


def _all_words(text: str) -> list[str]:
    return folded(_EXCELLENCY.sub("", brackets(text)[0])).split()


def telling_words(text: str) -> set[str]:
    """Return the words of a name that weigh, without an abbreviation that follows in brackets."""
    short = {word for part in brackets(text)[1] if is_abbreviation(part) for word in folded(part).split()}
    return set(folded(text).split()) - UNWEIGHED - short


def person_keys(text: str) -> dict[str, Match]:
    """Return the keys of a person's name."""
    words = bare_words(text)
    if not _LATIN.search(text):
        # 西村 康稔 is 西村康稔, and キャサリン タイ is キャサリン・タイ.
        words = ["".join(words)]
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
    for line in (folded(name), _plain_body(folded(name), country)):
        keys.setdefault("=" + _weighed(line), Match.REORDERED)
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


def government_keys(text: str) -> dict[str, Match]:
    """Return the keys of a government's name: with and without the word `government`."""
    line = folded(text)
    plain = line.removeprefix("government of ").removeprefix("the ").removesuffix(" government")
    return {line: Match.FOLDED, plain: Match.FOLDED}


def mechanism_keys(text: str) -> dict[str, Match]:
    """Return the keys of a mechanism's name: a page may name its sitting, as the `8th SME Dialogue`."""
    keys = title_keys(text)
    for key, how in title_keys(_COUNTED.sub("", text)).items():
        keys.setdefault(key, min(how, Match.REORDERED))
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
    line = folded(re.sub(r"\s*[(（][^()（）\u3005-\u9fff]*[)）]", "", text).replace("代行", ""))
    line = re.sub(r"\b(?:acting|interim|designate|ambassador)\b", " ", line) if line != "ambassador" else line
    line = " ".join(line.split())
    line = _plain_body(line, country)
    keys = {line: Match.FOLDED}
    keys.setdefault("=" + _weighed(line), Match.REORDERED)
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


def holds(one: str, other: str) -> bool:
    """Return whether every word that weighs in one of two names is in the other too, whichever is longer."""
    first, second = (brackets(name)[0] for name in (one, other))
    if not (_LATIN.search(first) and _LATIN.search(second)):
        shorter, longer = sorted((folded(first), folded(second)), key=len)
        return len(shorter) >= _WITHIN_EASTERN and shorter in longer
    less, more = sorted((set(sorted_words(name).split()) for name in (first, second)), key=len)
    return bool(less) and less <= more


def abbreviates(one: str, other: str) -> bool:
    """Return whether one of two names is an abbreviation that the first letters of the other's words give."""
    for short, name in ((one, other), (other, one)):
        if is_abbreviation(short) and not is_abbreviation(name):
            letters = "".join(_WORD.findall(short.casefold()))
            words = _WORD.findall(name.casefold())
            weighed = [word for word in words if word not in UNWEIGHED]
            firsts = ["".join(word[0] for word in told) for told in (words, weighed)]
            # `Office of the` goes before what is abbreviated, and `US` before the abbreviation.
            if len(letters) > 2 and any(  # noqa: PLR2004 - two letters are anybody's
                first.endswith(letters) or letters == f"us{first}" for first in firsts
            ):
                return True
    return False


def same_script(one: str, other: str) -> bool:
    """Return whether two names are both in Latin letters, or both not."""
    return bool(_LATIN.search(one)) is bool(_LATIN.search(other))


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
