"""Answers a query that asks a second endpoint: its SERVICE blocks are evaluated here, within limits.

An engine's own SERVICE asks whatever address a query names, for as long as that address likes. So no engine
is given one. Each block is taken out of the query: what stands before it is evaluated in the graph, the
endpoint is asked for what fits, and its answer is put back as a VALUES clause.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.errors import EndpointError, QueryError
from communique.isolation.scan import place, tokens
from communique.store.protocol import BlankNode, Iri, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from communique.isolation.scan import Token
    from communique.store.protocol import Row, Store, Table, Term
    from communique.store.remote import RemoteStore

_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20\x7f<>"{}|^`\\]*')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_PLAIN = "http://www.w3.org/2001/XMLSchema#string"
_PAIRS = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a second endpoint is asked, and what it may take.

    Attributes:
        batch: how many rows of what is known are sent with one request.
        known: how many are sent in all.
        rows: how many rows it may answer in all.
        seconds: how long it may take in all.
        answer_bytes: how many bytes one answer may have.

    """

    batch: int = 100
    known: int = 2_000
    rows: int = 20_000
    seconds: float = 60.0
    answer_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True)
class _Block:
    """A SERVICE block of a query, with what stands around it.

    Attributes:
        start: its offset in the query.
        end: the offset after it.
        address: the endpoint.
        prologue: the PREFIX and BASE lines.
        before: the part of the group that stands before it.
        body: what the endpoint is asked.
        shared: the variables of the body that stand before it too.
        wanted: the variables of the body that stand anywhere else.

    """

    start: int
    end: int
    address: str
    prologue: str
    before: str
    body: str
    shared: tuple[str, ...]
    wanted: tuple[str, ...]


def select(query: str, endpoints: Mapping[str, str], store: Store, limits: Limits | None = None) -> Table:
    """Return the rows of a query, which may ask endpoints that the user has named.

    Args:
        query: the query. A SERVICE block stands at the top level of its one group, after what it needs.
        endpoints: the address of each endpoint, by the variable that SERVICE names it with.
        store: the graph that the rest of the query is put to.
        limits: what an endpoint is asked, and what it may take.

    Raises:
        QueryError: if a SERVICE block stands where it is not evaluated, or names no endpoint of the user's.
        EndpointError: if an endpoint gives no answer that can be relied on.

    """
    limits = limits or Limits()
    ends = time.monotonic() + limits.seconds
    while block := _first_block(query, endpoints):
        clause = _answer(block, store, limits, ends)
        query = query[: block.start] + clause + query[block.end :]
    return store.select(query)


def _first_block(query: str, endpoints: Mapping[str, str]) -> _Block | None:
    found = list(tokens(query))
    service = next((n for n, token in enumerate(found) if _is_word(token, "SERVICE")), None)
    if service is None:
        return None
    first = next(n for n, token in enumerate(found) if _is_word(token) and not _opens_prologue(token))
    if not _is_word(found[first], "SELECT"):
        raise _refused(query, found[service], "only a SELECT query can ask a second endpoint")
    group = _group_of(query, found, first, service)
    opening = _check_head(query, found, service, endpoints)
    closing = _closing(query, found, opening)
    inner = found[opening + 1 : closing]
    for token in inner:
        if _is_word(token, "SERVICE"):
            raise _refused(query, token, "SERVICE within SERVICE would make the endpoint ask another one")
        if _is_word(token, "SELECT"):
            raise _refused(query, token, "SELECT within SERVICE is not evaluated; write its patterns plainly")
    names = _variables(inner)
    before = found[group + 1 : service]
    _check_filters(query, before, set(names))
    outside = set(_variables([*found[:service], *found[closing + 1 :]]))
    everything = any(token.text == "*" for token in found[first + 1 : group])
    return _Block(
        start=found[service].start,
        end=found[closing].end,
        address=endpoints[_name(found[opening - 1])],
        prologue=query[found[0].start : found[first].start],
        before=query[found[group].end : found[service].start],
        body=query[found[opening].end : found[closing].start],
        shared=tuple(name for name in names if name in set(_variables(before))),
        wanted=tuple(name for name in names if everything or name in outside),
    )


def _group_of(query: str, found: Sequence[Token], first: int, service: int) -> int:
    """Return the place of the brace that opens the query's group, in which the block must stand."""
    open_at: list[int] = []
    for number in range(first, service):
        text = found[number].text
        if found[number].kind == "sign" and text in _PAIRS:
            open_at.append(number)
        elif found[number].kind == "sign" and text in _PAIRS.values() and open_at:
            open_at.pop()
    if len(open_at) != 1 or found[open_at[0]].text != "{":
        raise _refused(
            query,
            found[service],
            "SERVICE is evaluated only at the top level of the query, not in OPTIONAL, UNION, a filter "
            "or a query within the query",
        )
    return open_at[0]


def _check_head(query: str, found: Sequence[Token], service: int, endpoints: Mapping[str, str]) -> int:
    """Return the place of the brace that opens the block, if it names an endpoint of the user's."""
    head = [*found[service + 1 : service + 3]]
    if head and _is_word(head[0], "SILENT"):
        raise _refused(query, head[0], "SERVICE SILENT would hide that the endpoint gave no answer")
    if not head or head[0].kind != "variable" or _name(head[0]) not in endpoints:
        raise _refused(
            query,
            found[service],
            "SERVICE asks only an endpoint that the user names; give the question a parameter of type "
            "`endpoint`, and write `SERVICE ?_` with its name",
        )
    if head[-1].text != "{":
        raise _refused(query, found[service], "after SERVICE and its endpoint comes `{`")
    return service + 2


def _check_filters(query: str, before: Sequence[Token], names: set[str]) -> None:
    """Refuse a filter of the group that stands before the block and needs its answer."""
    depth, number = 0, 0
    while number < len(before):
        token = before[number]
        if depth == 0 and _is_word(token, "FILTER"):
            opening = next((n for n in range(number, len(before)) if before[n].text in _PAIRS), number)
            closing = _closing(query, before, opening)
            if names & set(_variables(before[number:closing])):
                raise _refused(
                    query,
                    token,
                    "this FILTER is about a variable of the SERVICE block; write it below the block",
                )
            number = closing
        elif token.kind == "sign" and token.text in _PAIRS:
            depth += 1
        elif token.kind == "sign" and token.text in _PAIRS.values():
            depth -= 1
        number += 1


def _answer(block: _Block, store: Store, limits: Limits, ends: float) -> str:
    """Return what the endpoint answers, as a VALUES clause."""
    # These load rdflib, which is slow, and few questions leave the graph.
    from communique.store.remote import Limits as Transport  # noqa: PLC0415
    from communique.store.remote import RemoteStore  # noqa: PLC0415

    if not block.shared:
        raise QueryError(
            "The SERVICE block shares no variable with what stands before it, so that the endpoint would be "
            "asked for all that it holds. Put patterns that narrow it above the block."
        )
    columns, known = _known(block, store, limits)
    rows: list[Row] = []
    for start in range(0, len(known), limits.batch):
        left = ends - time.monotonic()
        if left <= 0:
            raise EndpointError(
                block.address,
                f"It was not done after {limits.seconds:g} s. Ask for less, for one entity say.",
            )
        transport = Transport(total_seconds=max(0.1, round(left, 1)), answer_bytes=limits.answer_bytes)
        remote = RemoteStore(block.address, limits=transport)
        rows += _ask(block, remote, columns, known[start : start + limits.batch])
        if len(rows) > limits.rows:
            raise EndpointError(
                block.address, f"It answers more than {limits.rows:,} rows. Ask for less, for one entity say."
            )
    return _values(block.wanted, rows)


def _known(block: _Block, store: Store, limits: Limits) -> tuple[tuple[str, ...], list[Row]]:
    """Return what the graph knows before the block: the variables that are always bound, and their values."""
    listed = " ".join(f"?{name}" for name in block.shared)
    table = store.select(f"{block.prologue}\nSELECT DISTINCT {listed} WHERE {{{block.before}\n}}")
    if not table.rows:
        return (), []
    # A variable that is open in some row would let one row of the answer fit, and count, twice.
    always = [n for n, _ in enumerate(table.variables) if all(row[n] is not None for row in table.rows)]
    if not always:
        raise QueryError(
            "No variable of the SERVICE block has a value in every row before it, so that the endpoint would "
            "be asked for all that it holds. Give one of them a value above the block."
        )
    distinct = dict.fromkeys(tuple(row[n] for n in always) for row in table.rows)
    # A blank node of this graph is nowhere else.
    rows = [row for row in distinct if not any(isinstance(term, BlankNode) for term in row)]
    if len(rows) > limits.known:
        raise QueryError(
            f"The endpoint would be asked about {len(rows):,} things; the limit is {limits.known:,}. "
            "Narrow the question by a parameter."
        )
    # In an order of their own, so that the same question sends the same text.
    rows.sort(key=lambda row: [(type(term).__name__, str(term)) for term in row])
    return tuple(table.variables[n] for n in always), rows


def _ask(block: _Block, remote: RemoteStore, columns: tuple[str, ...], known: list[Row]) -> Iterator[Row]:
    """Yield the rows of one request, each about something that was asked."""
    listed = " ".join(f"?{name}" for name in block.wanted)
    table = remote.select(
        f"{block.prologue}\nSELECT {listed} WHERE {{{block.body}\n}}\n{_values(columns, known)}"
    )
    if set(table.variables) != set(block.wanted):
        raise EndpointError(
            block.address,
            f"It answers with the columns {', '.join(table.variables) or 'none'}, and was asked for "
            f"{', '.join(block.wanted)}. Check that it is a SPARQL 1.1 endpoint.",
        )
    order = [table.variables.index(name) for name in block.wanted]
    # Engines write numbers and dates their own way; an IRI comes back as it was sent, or it is another.
    sent = {name: {row[n] for row in known} for n, name in enumerate(columns)}
    asked = {name: terms for name, terms in sent.items() if all(isinstance(term, Iri) for term in terms)}
    for found in table.rows:
        row = tuple(found[n] for n in order)
        for name, term in zip(block.wanted, row, strict=True):
            if name in asked and term not in asked[name]:
                raise EndpointError(
                    block.address, f"It answers about {term}, which it was not asked. Do not rely on it."
                )
            if isinstance(term, BlankNode):
                raise EndpointError(
                    block.address,
                    f"It answers {name} with a blank node, which cannot be asked about. Ask for its parts.",
                )
        yield row


def _values(names: Sequence[str], rows: Sequence[Row]) -> str:
    head = " ".join(f"?{name}" for name in names)
    lines = "\n".join(f"({' '.join(map(_written, row))})" for row in rows)
    return f"VALUES ({head}) {{\n{lines}\n}}"


def _written(term: Term | None) -> str:
    """Return a term as SPARQL has it; what an endpoint sent must not become anything else."""
    match term:
        case None:
            return "UNDEF"
        case Iri(value) if _IRI.fullmatch(value):
            return f"<{value}>"
        case Literal(value, datatype, language):
            text = f'"{value.translate(_ESCAPES)}"'
            if language:
                return f"{text}@{language}"
            return text if datatype == _PLAIN else f"{text}^^{_written(Iri(datatype))}"
    raise QueryError(f"The value {term} cannot be written in a query.")


def _closing(query: str, found: Sequence[Token], opening: int) -> int:
    """Return the place of the bracket that closes one."""
    depth = 0
    for number in range(opening, len(found)):
        if found[number].kind == "sign" and found[number].text in _PAIRS:
            depth += 1
        elif found[number].kind == "sign" and found[number].text in _PAIRS.values():
            depth -= 1
            if depth == 0:
                return number
    raise _refused(query, found[opening], "a bracket is not closed")


def _variables(found: Sequence[Token]) -> list[str]:
    return list(dict.fromkeys(_name(token) for token in found if token.kind == "variable"))


def _name(token: Token) -> str:
    return token.text[1:]


def _is_word(token: Token, word: str = "") -> bool:
    return token.kind == "word" and word in {"", token.text.upper()}


def _opens_prologue(token: Token) -> bool:
    return token.text.upper() in {"PREFIX", "BASE"}


def _refused(query: str, token: Token, reason: str) -> QueryError:
    return QueryError(f"{place(query, token.start)}: service-not-evaluated: {reason}.")
