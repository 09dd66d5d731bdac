"""The footnotes of an answer: which sources its rows rest on, and where in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from communique.namespaces import BASE, PREFIXES
from communique.questions.entities import SAFE_IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.store.protocol import Store

_SOURCE = f"{BASE}source/"
_HEADER = "\n".join(f"PREFIX {p}: <{PREFIXES[p]}>" for p in ("dcterms", "foaf", "rdfs", "skos"))


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote.

    Attributes:
        number: counted from 1, in the order of the rows.
        source: the IRI of the source.
        title: as printed, or the curators' label where the page's title is not known.
        publisher: its label.
        issued: the day of issue as YYYY-MM-DD, or an empty string where the page gives none.
        address: the page, with a text fragment that opens it at the passage where one is known.
        rows: the rows that rest on it, counted from 0.

    """

    number: int
    source: str
    title: str
    publisher: str
    issued: str
    address: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        """Return the footnote as one line."""
        parts = [self.title, self.publisher, self.issued, self.address]
        return f"[{self.number}] " + ". ".join(part for part in parts if part)


def cite(rows: Iterable[Any], store: Store) -> tuple[Citation, ...]:
    """Return a footnote for each source and passage that rows rest on.

    Args:
        rows: rows of an answer; the sources and addresses in their cells are what is cited.
        store: where the sources are described.

    """
    found: dict[tuple[str, str], list[int]] = {}
    cells = [list(_strings(row)) for row in rows]
    sources = {cell for row in cells for cell in row if cell.startswith(_SOURCE) and SAFE_IRI.fullmatch(cell)}
    described = _describe(sources, store)
    for number, row in enumerate(cells):
        for source in dict.fromkeys(cell for cell in row if cell in described):
            page = described[source][3]
            passages = [cell for cell in row if page and cell.startswith(page + "#")] or [page]
            for passage in passages:
                found.setdefault((source, passage), []).append(number)
    return tuple(
        Citation(number, source, *described[source][:3], passage, tuple(at))
        for number, ((source, passage), at) in enumerate(found.items(), start=1)
    )


def _strings(row: Iterable[object]) -> Iterator[str]:
    for cell in row:
        if isinstance(cell, tuple):
            yield from map(str, cell)
        elif isinstance(cell, str):
            yield str(cell)


def _describe(sources: set[str], store: Store) -> dict[str, tuple[str, str, str, str]]:
    """Return title, publisher, day of issue and page of each source."""
    if not sources:
        return {}
    rows = store.select(
        f"""{_HEADER}
        SELECT ?source ?title ?label ?publisher ?issued ?page WHERE {{
          VALUES ?source {{ {" ".join(f"<{source}>" for source in sorted(sources))} }}
          ?source rdfs:label ?label ; foaf:page ?page ; dcterms:publisher/rdfs:label ?publisher .
          FILTER(LANG(?publisher) = "en")
          OPTIONAL {{ ?source dcterms:title ?title }}
          OPTIONAL {{ ?source dcterms:issued ?issued }}
        }} ORDER BY ?source ?title ?label ?publisher"""
    ).rows
    described: dict[str, tuple[str, str, str, str]] = {}
    for source, title, label, publisher, issued, page in rows:
        described.setdefault(str(source), (str(title or label), str(publisher), str(issued or ""), str(page)))
    return described
