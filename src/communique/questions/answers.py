"""The answer to a question: typed rows, with a label for every entity in them."""

from __future__ import annotations

import csv
import io
import json
from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from communique.errors import CommuniqueError
from communique.namespaces import BASE, PREFIXES, shorten
from communique.questions.entities import SAFE_IRI
from communique.store.protocol import Iri, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pandas

    from communique.questions.citations import Citation
    from communique.store.protocol import Store, Table, Term

_XSD = PREFIXES["xsd"]
_READERS: Mapping[str, Callable[[str], Value]] = {
    "integer": int,
    "decimal": Decimal,
    "boolean": lambda text: text in {"true", "1"},
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}


class Entity(str):
    """The IRI of an entity, as a string, with its label.

    Attributes:
        label: the entity's English label; where there is none, the IRI, shortened if its namespace is known.

    """

    __slots__ = ("label",)
    label: str

    def __new__(cls, iri: str, label: str = "") -> Entity:
        """Return the IRI with its label."""
        entity = super().__new__(cls, iri)
        entity.label = label or (shorten(iri) if iri.startswith(tuple(PREFIXES.values())) else iri)
        return entity


Value: TypeAlias = Entity | str | int | Decimal | bool | date | datetime | tuple["Entity | str", ...] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that answer a question.

    Attributes:
        question: the name of the saved question, or an empty string for a query of one's own.
        parameters: the values that it was asked with.
        columns: the names of the columns, in order.
        rows: named tuples, one field a column.
        release: the release of the data that was asked.
        across: the column whose values a table spreads out side by side, or an empty string.
        citations: the sources behind the rows, numbered; see ``cite``.
        warnings: what to know before relying on the rows, in sentences.

    """

    question: str
    parameters: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[Any, ...]
    release: str
    across: str = field(default="", repr=False)
    citations: tuple[Citation, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_json(self) -> str:
        """Return the answer as a JSON object: question, parameters, columns, rows, release."""
        return json.dumps(
            {
                "question": self.question,
                "parameters": dict(self.parameters),
                "columns": list(self.columns),
                "rows": [
                    {name: _plain(value) for name, value in zip(self.columns, row, strict=True)}
                    for row in self.rows
                ],
                "release": self.release,
            },
            ensure_ascii=False,
            indent=2,
        )

    def to_csv(self) -> str:
        """Return the answer as CSV (RFC 4180): IRIs in full, several values of a cell by a space."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow(
                " ".join(map(str, value)) if isinstance(value, tuple) else _lexical(value) for value in row
            )
        return text.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """Return the answer as a pandas data frame, one column a column.

        Raises:
            CommuniqueError: if pandas is not installed.

        """
        try:
            import pandas as pd  # noqa: PLC0415 - pandas is there only for those who have it
        except ImportError:
            raise CommuniqueError("pandas is not installed. Run `pip install pandas`.") from None
        return pd.DataFrame([tuple(row) for row in self.rows], columns=list(self.columns))

    def cite(self) -> tuple[Citation, ...]:
        """Return the sources behind the rows: title, publisher, day of issue, and the passage's address.

        A citation names the rows that it supports, counted from 0.
        """
        return self.citations


def typed_rows(table: Table, lists: Iterable[str], store: Store) -> tuple[Any, ...]:
    """Return the rows of a table as named tuples of Python values, with labels on entities.

    Args:
        table: what the engine gave.
        lists: the columns whose cells hold several values, separated by spaces or line feeds.
        store: where the labels are.

    """
    columns = table.variables
    listed = [name in set(lists) for name in columns]
    iris = {
        part
        for row in table.rows
        for term, many in zip(row, listed, strict=True)
        if term is not None
        for part in (str(term).split("\n") if many else [str(term)])
        if isinstance(term, Iri) or (many and part.startswith(("http://", "https://")))
    }
    labels = labels_of(iris, store)
    row_type = namedtuple("Row", columns, rename=True)  # type: ignore[misc]
    return tuple(
        row_type(
            *(
                _list(term, labels) if many else _value(term, labels)
                for term, many in zip(row, listed, strict=True)
            )
        )
        for row in table.rows
    )


def labels_of(iris: Iterable[str], store: Store) -> dict[str, str]:
    """Return the label of each IRI that has one: the English one first."""
    wanted = sorted(
        iri for iri in iris if iri.startswith((BASE, *PREFIXES.values())) and SAFE_IRI.fullmatch(iri)
    )
    if not wanted:
        return {}
    rows = store.select(
        f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
        PREFIX skos: <{PREFIXES["skos"]}>
        SELECT ?entity ?name WHERE {{
          VALUES ?entity {{ {" ".join(f"<{iri}>" for iri in wanted)} }}
          ?entity rdfs:label|skos:prefLabel ?name
        }}"""
    ).rows
    ranked = sorted((getattr(name, "language", "") != "en", str(name), str(entity)) for entity, name in rows)
    labels: dict[str, str] = {}
    for _, name, entity in ranked:
        labels.setdefault(entity, name)
    return labels


def _value(term: Term | None, labels: Mapping[str, str]) -> Value:
    if isinstance(term, Iri):
        return Entity(term.value, labels.get(term.value, ""))
    if not isinstance(term, Literal):
        return None if term is None else str(term)
    read = _READERS.get(term.datatype.removeprefix(_XSD), str)
    try:
        return read(term.value)
    except (ValueError, InvalidOperation):
        return term.value  # An ill-typed literal stays what it is: text.


def _list(term: Term | None, labels: Mapping[str, str]) -> tuple[Entity | str, ...]:
    parts = sorted(set(str(term).split("\n"))) if term is not None and str(term) else []
    return tuple(
        Entity(part, labels.get(part, "")) if part.startswith(("http://", "https://")) else part
        for part in parts
    )


def _lexical(value: Value) -> object:
    """Return a value as its datatype writes it."""
    return str(value).lower() if isinstance(value, bool) else _plain(value)


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    if isinstance(value, date | datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int | bool) or value is None else str(value)
