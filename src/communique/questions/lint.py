"""Warns of what an engine would pass over in silence: terms and entities of ours that do not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from communique.errors import QueryError
from communique.isolation.scan import Token, place, tokens
from communique.namespaces import BASE, PREFIXES, shorten
from communique.questions.entities import SAFE_IRI

if TYPE_CHECKING:
    from communique.store.protocol import Store


def prefixes_of(text: str) -> dict[str, str]:
    """Return the prefixes that a query declares."""
    found = list(tokens(text))
    return {
        name.text[:-1]: iri.text[1:-1]
        for word, name, iri in zip(found, found[1:], found[2:], strict=False)
        if word.text.upper() == "PREFIX" and name.text.endswith(":") and iri.kind == "iri"
    }


def check_prefixes(text: str) -> None:
    """Refuse a query that uses a prefix without declaring it.

    Raises:
        QueryError: with the line and column, and the line to add where the prefix is known.

    """
    declared = prefixes_of(text)
    previous = ""
    for token in tokens(text):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and previous != "PREFIX" and prefix not in declared:
            known = PREFIXES.get(prefix)
            remedy = (
                f"Add `PREFIX {prefix}: <{known}>` at the top."
                if known
                else "Declare it with a PREFIX line at the top."
            )
            raise QueryError(f"{place(text, token.start)}: the prefix `{prefix}:` is not declared. {remedy}")
        previous = token.text.upper()


def unknown_terms(text: str, store: Store) -> list[str]:
    """Return a warning for each IRI of ours in a query that the graph does not know, with the nearest."""
    declared = prefixes_of(text)
    used: dict[str, Token] = {}
    previous = ""
    for token in tokens(text):
        iri = _expand(token, declared)
        # A namespace that is declared is no use of a term.
        if (
            iri.startswith(BASE)
            and SAFE_IRI.fullmatch(iri)
            and not (token.kind == "iri" and previous.endswith(":"))
        ):
            used.setdefault(iri, token)
        previous = token.text
    if not used:
        return []
    listed = " ".join(f"<{iri}>" for iri in sorted(used))
    rows = store.select(
        f"SELECT DISTINCT ?iri WHERE {{ VALUES ?iri {{ {listed} }} "
        "{ ?iri ?p ?o } UNION { ?s ?iri ?o } UNION { ?s ?q ?iri } }"
    ).rows
    known = {str(row[0]) for row in rows}
    return [
        f"{place(text, token.start)}: the graph knows no {shorten(iri)}.{_nearest(iri, store)}"
        for iri, token in used.items()
        if iri not in known
    ]


def _expand(token: Token, declared: dict[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return declared.get(prefix, "") + local.replace("\\", "") if local else ""
    return ""


def _nearest(iri: str, store: Store) -> str:
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    rows = store.select(
        f"""SELECT DISTINCT ?iri WHERE {{
          {{ ?iri ?p ?o }} UNION {{ ?s ?iri ?o }}
          FILTER(STRSTARTS(STR(?iri), "{iri[:cut]}"))
        }}"""
    ).rows
    locals_ = {str(row[0])[cut:] for row in rows}
    near = get_close_matches(iri[cut:], sorted(locals_), 1, 0.5)
    return f" Did you mean {shorten(iri[:cut] + near[0])}?" if near else ""
