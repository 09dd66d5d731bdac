"""Finds the entity that a person means by a slug, a name or an IRI, or says which are near."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from communique.errors import QuestionError
from communique.namespaces import BASE, CONCEPT, PREFIXES, REGISTERS, SCHEMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.store.protocol import Store

KINDS: dict[str, tuple[str, ...]] = {
    **{name: (f"{BASE}{name}/",) for name in REGISTERS},
    **{name: (f"{CONCEPT}{name}/",) for name in SCHEMES},
    "actor": tuple(f"{BASE}{name}/" for name in ("government", "body", "organization", "person")),
    "entity": (
        *(f"{BASE}{name}/" for name in REGISTERS),
        *(f"{CONCEPT}{name}/" for name in SCHEMES),
    ),
}
"""Each kind of entity with the namespaces that its IRIs lie in."""

SAFE_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>"{}|^`\\]*')
"""An IRI that can be written into a query between angle brackets as it stands."""

_SUGGESTIONS = 3
_LISTED = 10
_SHOWN = 60


def entities(kind: str, store: Store) -> dict[str, list[str]]:
    """Return the IRI of every entity of a kind with its names, the English label first."""
    bases = " || ".join(f'STRSTARTS(STR(?entity), "{base}")' for base in KINDS[kind])
    rows = store.select(
        f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
        PREFIX skos: <{PREFIXES["skos"]}>
        SELECT ?entity ?name ?rank WHERE {{
          {{ ?entity rdfs:label|skos:prefLabel ?name BIND(0 AS ?rank) }}
          UNION {{ ?entity skos:altLabel ?name BIND(1 AS ?rank) }}
          FILTER({bases})
        }}"""
    ).rows
    found: dict[str, list[str]] = {}
    order = sorted((str(r[2]), getattr(r[1], "language", "") != "en", str(r[1]), str(r[0])) for r in rows)
    for _, _, name, entity in order:
        # A node within a source has a fragment: it is a statement, not an entity.
        if "#" not in entity:
            found.setdefault(entity, []).append(name)
    return dict(sorted(found.items()))


def slug(iri: str, kind: str) -> str:
    """Return the short name of an entity, with its prefix where the kind has several."""
    base = next(base for base in KINDS[kind] if iri.startswith(base))
    local = iri.removeprefix(base)
    return local if len(KINDS[kind]) == 1 else f"{base.rstrip('/').rpartition('/')[2]}:{local}"


def resolve(kind: str, given: str, store: Store) -> str:
    """Return the IRI of the entity that is meant by a slug, a prefixed name, a name or an IRI.

    Raises:
        QuestionError: if there is none, or a name fits several; it names the nearest.

    """
    known = entities(kind, store)
    wanted = given.strip()
    prefix, colon, local = wanted.partition(":")
    named = {
        wanted,
        *(base + wanted for base in KINDS[kind]),
        *(base + local for base in KINDS[kind] if colon and base.endswith(f"/{prefix}/")),
    }
    folded = wanted.casefold()
    fitting = [iri for iri in known if iri in named and SAFE_IRI.fullmatch(iri)] or [
        iri for iri, names in known.items() if folded in (name.casefold() for name in names)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise QuestionError(
            f"{shown(given)} is {' and '.join(slug(iri, kind) for iri in fitting)}. Name one."
        )
    spellings = {name: slug(iri, kind) for iri, names in known.items() for name in names}
    spellings |= {slug(iri, kind).rpartition(":")[2]: slug(iri, kind) for iri in known}
    last = re.split("[/:]", wanted)[-1]
    letters = _letters(last)
    near = get_close_matches(last, spellings, _SUGGESTIONS, 0.5) or [
        spelling for spelling in spellings if letters and letters in _letters(spelling)
    ]
    hints = list(dict.fromkeys(spellings[match] for match in near))[:_SUGGESTIONS]
    hint = f" Did you mean {' or '.join(hints)}?" if hints else ""
    listed = ", ".join(slug(iri, kind) for iri in list(known)[:_LISTED])
    more = f" … ({len(known)} in all)" if len(known) > _LISTED else ""
    raise QuestionError(
        f"There is no {kind} {shown(given)}.{hint} "
        + (f"Known: {listed}{more}." if known else f"The graph knows no {kind} at all.")
    )


def _letters(name: str) -> str:
    """Return a name without case, spaces and hyphens, to find one within another."""
    return "".join(character for character in name.casefold() if character.isalnum())


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean …?`` with the known word that is nearest, or an empty string."""
    near = get_close_matches(word, list(known), 1, 0.5)
    return f" Did you mean {near[0]}?" if near else ""


def shown(text: str) -> str:
    """Return a value as it can be printed: short, and with nothing in it that moves a cursor."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "`" + "".join(c if c.isprintable() else f"\\u{{{ord(c):04X}}}" for c in short) + "`"
