"""Characters that a reader does not see, or takes for others."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from communique.isolation.gate import place
from communique.isolation.refusal import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

_ODD = {
    "a control character": r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f",
    "a character that turns the direction of writing": r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "a character without width": r"\u00ad\u200b\u2060-\u2065\ufeff",
    "a line break that only some programs know": r"\u2028\u2029",
    "the sign for a character that was lost": r"\ufffd",
    "no character by Unicode": r"\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)),
}
ODD = re.compile("[" + "".join(_ODD.values()) + "]")
_WHAT = {what: re.compile(f"[{signs}]") for what, signs in _ODD.items()}
# UTF-8 that was read as Windows-1252 or Latin-1, and written as UTF-8 once more.
_TWICE = re.compile(
    r"[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+"
)
_MANY = 20


def check_characters(text: str, path: str) -> Iterator[Notice]:
    """Yield a notice for each line with characters that are not seen, or are not what they seem."""
    lines: set[int] = set()
    for found in ODD.finditer(text):
        at = place(text, found.start(), path)
        if at.line in lines:
            continue
        if len(lines) == _MANY:
            break
        lines.add(at.line)
        what = next(what for what, signs in _WHAT.items() if signs.match(found[0]))
        yield Notice(
            at,
            "odd-character",
            False,
            f"There is a character here that readers do not see as such: U+{ord(found[0]):04X}, {what}.",
            "Remove it, or write what was meant.",
        )
    for found in _TWICE.finditer(text):
        meant = decoded_twice(found[0])
        if meant:
            yield Notice(
                place(text, found.start(), path),
                "mojibake",
                False,
                f"“{found[0]}” looks like “{meant}” that was saved in the wrong encoding.",
                "Write the word anew, and save the file as UTF-8.",
            )
            break
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        start = next(
            (
                i
                for i, letter in enumerate(text)
                if not unicodedata.is_normalized("NFC", text[max(i - 1, 0) : i + 1])
            ),
            0,
        )
        yield Notice(
            place(text, start, path),
            "not-composed",
            False,
            "A letter and its accent are two characters here, so that equal words are not found as equal.",
            "Write them as one character (Unicode's form NFC).",
        )


def decoded_twice(text: str) -> str | None:
    """Return what a text was before it was encoded in UTF-8 twice, or None if it was not."""
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return meant if meant != text else None
    return None


def scripts_of(word: str) -> set[str]:
    """Return the scripts of a word among those whose letters look alike: Latin, Greek, Cyrillic."""
    return {
        script
        for letter in word
        if letter.isalpha()
        for script in ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE")
        if unicodedata.name(letter, "").startswith(script)
    }
