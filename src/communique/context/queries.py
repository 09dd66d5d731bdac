"""Queries of shapes and checks: parsed once, for the engine and for those who ask what they read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import (
    translatePath,
    translatePName,
    translatePrologue,
    translateQuery,
    traverse,
)
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.term import Node


class UnboundedError(Exception):
    """What a query or shape reads cannot be told from the node that it judges."""


@dataclass(frozen=True, slots=True)
class Triples:
    """Triple patterns, in the order of the text; the middle of each is a term or a path."""

    patterns: tuple[tuple[Node, Any, Node], ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """A group that may match."""

    group: Group


@dataclass(frozen=True, slots=True)
class Union:
    """Groups of which any may match; a group within a group is a union of one."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """A group that is tried for each row, in a FILTER: one that must match, or one that must not."""

    group: Group


@dataclass(frozen=True, slots=True)
class Same:
    """A variable that gets the value of another."""

    variable: Variable
    other: Variable


@dataclass(frozen=True, slots=True)
class Beyond:
    """A clause that is not followed, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between braces, in the order of the text."""

    parts: tuple[Triples | Optional | Union | Exists | Same | Beyond, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query, parsed.

    Attributes:
        query: for rdflib.
        pattern: what stands in its WHERE clause.

    """

    query: Query
    pattern: Group


@lru_cache(maxsize=512)
def prepare(text: str) -> Prepared:
    """Return a query, parsed: rdflib's parser takes longer than most answers."""
    tree = parseQuery(text)
    prologue = translatePrologue(tree[0], None)
    # Names and paths are expanded in place, as the translation would do next.
    traverse(tree[1], visitPost=partial(translatePName, prologue=prologue))
    traverse(tree[1], visitPost=translatePath)
    pattern = _query(tree[1])
    return Prepared(translateQuery(tree), pattern)


def _query(query: CompValue) -> Group:
    beyond = [name for name in ("groupby", "having", "limitoffset", "datasetClause") if getattr(query, name)]
    if query.name != "SelectQuery":
        beyond.append(query.name)
    if any(value.name.startswith("Aggregate_") for value in _outermost(query.projection)):
        beyond.append("aggregate")
    group = _group(query.where)
    return Group((*group.parts, *map(Beyond, beyond)))


def _group(tree: CompValue) -> Group:
    if tree.name != "GroupGraphPatternSub":
        return Group((Beyond(tree.name),))
    parts: list[Any] = []
    for part in tree.part or ():
        if part.name == "TriplesBlock":
            parts.append(Triples(tuple(_patterns(part.triples))))
        elif part.name == "OptionalGraphPattern":
            parts.append(Optional(_group(part.graph)))
        elif part.name == "GroupOrUnionGraphPattern":
            parts.append(Union(tuple(_group(group) for group in part.graph)))
        elif part.name == "Filter":
            parts.extend(_exists(part.expr))
        elif part.name == "Bind":
            parts.extend(Beyond("EXISTS in BIND") for _ in _exists(part.expr))
            if isinstance(other := _alone(part.expr), Variable):
                parts.append(Same(part.var, other))
        else:
            parts.append(Beyond(part.name))
    return Group(tuple(parts))


def _patterns(blocks: Any) -> Iterator[tuple[Node, Any, Node]]:
    for block in blocks:
        for start in range(0, len(block), 3):
            subject, predicate, obj = block[start : start + 3]
            yield subject, predicate, obj


def _exists(expression: Any) -> Iterator[Exists | Beyond]:
    if not isinstance(expression, CompValue):
        return
    for value in _outermost(expression):
        if value.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
            yield Exists(_group(value.graph))
        elif value.name.startswith("Aggregate_"):
            yield Beyond(value.name)


def _alone(expression: Any) -> Any:
    """Return the term that an expression is nothing but, else the expression."""
    while isinstance(expression, CompValue) and set(expression) == {"expr"}:
        expression = expression.expr
    return expression


def _outermost(tree: Any) -> Iterator[CompValue]:
    """Return the parts of an expression, without what stands within EXISTS."""
    if isinstance(tree, CompValue):
        yield tree
        if tree.name not in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
            for value in tree.values():
                yield from _outermost(value)
    elif isinstance(tree, list | tuple | ParseResults):
        for value in tree:
            yield from _outermost(value)
