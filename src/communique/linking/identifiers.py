"""Tells whether an identifier is well formed, by its pattern and its check digits where it has some."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_NINETY_SEVEN = 97


def _ror(identifier: str) -> bool:
    """Return whether the last two digits are those of ISO 7064 MOD 97-10 over the base-32 number."""
    value = 0
    for character in identifier[:-2]:
        value = value * len(_CROCKFORD) + _CROCKFORD.index(character)
    return int(identifier[-2:]) == _NINETY_SEVEN + 1 - value * 100 % _NINETY_SEVEN


def _isni(identifier: str) -> bool:
    """Return whether the last character is that of ISO 7064 MOD 11-2 over the digits before it."""
    total = 0
    for digit in identifier[:-1]:
        total = (total + int(digit)) * 2 % 11
    return identifier[-1] == "0123456789X"[(12 - total) % 11]


def _any(_: str) -> bool:
    return True


_RULES: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "http://id.loc.gov/authorities/names/": (r"[a-z]{1,2}[0-9]{8,10}", _any),
    "http://publications.europa.eu/resource/authority/country/": (r"[A-Z0-9]{3}", _any),
    "http://viaf.org/viaf/": (r"[1-9][0-9]{1,21}", _any),
    "http://www.wikidata.org/entity/": (r"Q[1-9][0-9]*", _any),
    "https://doi.org/10.13039/": (r"[0-9]{9,12}", _any),
    "https://isni.org/isni/": (r"[0-9]{15}[0-9X]", _isni),
    "https://ror.org/": (rf"0[{_CROCKFORD}]{{6}}[0-9]{{2}}", _ror),
    "https://sws.geonames.org/": (r"[1-9][0-9]*/", _any),
    "https://www.federalregister.gov/agencies/": (r"[a-z0-9]+(?:-[a-z0-9]+)*", _any),
}
"""The start of an identifier's address, the pattern of what follows, and the test of its check digits."""


def fault_of(iri: str) -> str:
    """Return what is wrong with an identifier, as the end of a sentence, or an empty string.

    An identifier of a dataset that has no rule here is taken as it is.
    """
    for start, (pattern, check) in _RULES.items():
        if iri.startswith(start):
            identifier = iri.removeprefix(start)
            if not re.fullmatch(pattern, identifier):
                return f"is not of the form that identifiers at {start} have"
            if not check(identifier):
                return "fails its check digits"
    return ""
