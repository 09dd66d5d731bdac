"""Texts that are hardly what was meant: markup, formulas, mixed scripts, languages that do not fit."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from communique.isolation.addresses import Fault
from communique.isolation.characters import ODD, scripts_of
from communique.isolation.refusal import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}|#x?[0-9a-f]{2,6});", re.I)
_FORMULA = re.compile(r"[=@\t\r]|[+\-](?=[\d(@=])")
_URL = re.compile(r"https?://[^\s/]+/?\S*", re.I)


def faults_of_text(text: str, language: str | None, *, escaped: bool) -> Iterator[Fault]:
    """Yield what is wrong with a text; ``escaped`` tells whether its file writes characters as escapes."""
    if language is None and _URL.fullmatch(text):
        yield Fault(
            "address-as-text",
            "The address is written as text, and so links to nothing.",
            "Write it in angle brackets: <https://…>.",
            violation=True,
        )
    if not text.strip():
        yield Fault(
            "blank-text", "The text is empty.", "Write the words, or remove the statement.", violation=True
        )
        return
    if text != text.strip():
        yield Fault("blanks-around", "There are blanks around the text.", "Remove them.")
    if markup := _MARKUP.search(text):
        yield Fault("markup-in-text", f"The text holds markup: {markup[0][:40]}.", "Write plain text.")
    if _FORMULA.match(text):
        sign = shown(text[0])
        yield Fault(
            "formula",
            f"A spreadsheet takes a text that starts with “{sign}” for a formula.",
            "Write the words without it, unless it is printed so.",
        )
    if escaped and (odd := ODD.search(text)):
        yield Fault(
            "odd-character", f"The text holds U+{ord(odd[0]):04X}, which readers do not see.", "Remove it."
        )
    if mixed := _mixed(text):
        scripts = " and ".join(sorted(script.title() for script in scripts_of(mixed)))
        yield Fault(
            "mixed-scripts", f"“{mixed}” mixes letters of {scripts}.", "Write the word in one script."
        )
    if language is not None:
        yield from _faults_of_language(text, language)


def _mixed(text: str) -> str | None:
    if text.isascii():
        return None
    return next((word for word in re.findall(r"\w+", text) if len(scripts_of(word)) > 1), None)


def _faults_of_language(text: str, language: str) -> Iterator[Fault]:
    main = language.partition("-")[0].lower()
    if (len(main) == _TWO_LETTERS and main not in _LANGUAGES) or len(main) > _THREE_LETTERS:
        yield Fault(
            "unknown-language",
            f"No language has the tag {language}.",
            "Write a registered tag, such as en or ja.",
        )
    if main in _LATIN_LANGUAGES:
        letters = [letter for letter in text if letter.isalpha()]
        foreign = [letter for letter in letters if "LATIN" not in unicodedata.name(letter, "")]
        if len(foreign) * 2 > len(letters):
            yield Fault(
                "language-script",
                f"The text is tagged {language}, and most of its letters are not Latin.",
                "Mend the language tag.",
            )


_TWO_LETTERS, _THREE_LETTERS = 2, 3
"""How long a code may be: of the longer ones that are allowed for, none was ever registered."""
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_LANGUAGES = frozenset(_CODES.split())
"""The languages with a code of two letters, by ISO 639-1."""
_WITH_LATIN_LETTERS = """
cs da de en es et fi fr ga hr hu id it lt lv ms mt nl no pl pt ro sk sl sv tr vi
"""
_LATIN_LANGUAGES = frozenset(_WITH_LATIN_LETTERS.split())
