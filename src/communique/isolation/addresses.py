"""Addresses that lead where they must not, or are not what they seem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from communique.isolation.characters import ODD
from communique.isolation.refusal import shown

_FORBIDDEN = re.compile(r"(?:javascript|vbscript|data|file|blob|about|view-source):", re.I)
_HIDDEN = re.compile(r"%(?:00|0[0-8bcef]|1[0-9a-f]|7f)|%5c|\\|/(?:\.|%2e){1,2}(?:/|$)", re.I)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?", re.I)
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)", re.I)
_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a word: the rule that says so, and the rest of a notice."""

    rule: str
    sentence: str
    remedy: str
    violation: bool = False


@lru_cache(maxsize=65536)
def fault_of_address(iri: str) -> Fault | None:
    """Return the first thing that is wrong with an address, or None."""
    if _FORBIDDEN.match(iri):
        scheme = iri.partition(":")[0].lower()
        return Fault(
            "iri-scheme",
            f"An address of {scheme}: cannot be published.",
            "Give an https address.",
            violation=True,
        )
    if hidden := _HIDDEN.search(iri):
        return Fault(
            "iri-character",
            f"The address hides {shown(hidden[0])}.",
            "Write the address plainly.",
            violation=True,
        )
    if odd := ODD.search(iri):
        said = f"The address holds U+{ord(odd[0]):04X}, which readers do not see."
        return Fault("iri-character", said, "Remove it, or percent-encode it.", violation=True)
    return _oddity_of_address(iri)


def _oddity_of_address(iri: str) -> Fault | None:
    host = _HOST.match(iri)
    if host and "@" in host[1]:
        true = host[1].rpartition("@")[2]
        return Fault(
            "iri-user", f"What stands before @ hides the true host, {true}.", "Give the address without it."
        )
    if iri.lower().startswith("mailto:") and ("%0" in iri or "?" in iri):
        return Fault("iri-mail", "The mail address brings headers of its own.", "Give the bare address.")
    if "'" in iri:
        return Fault("iri-quote", "The address holds a quotation mark.", "Percent-encode it as %27.")
    last = iri.rstrip("/").rpartition("/")[2]
    if _DEVICE.fullmatch(last):
        return Fault("iri-device", f"Windows has no files of the name {last}.", "Give another name.")
    return None


def decoded(iri: str) -> str:
    """Return an address with its percent-encoded letters written as such, so that twins are equal."""
    try:
        return _ESCAPES.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8"), iri)
    except UnicodeDecodeError:
        return iri
