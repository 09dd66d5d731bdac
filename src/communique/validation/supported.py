"""What shapes may use: a constraint that is not judged must be an error, for it would seem to hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import RDF, SH

from communique.errors import QueryError
from communique.isolation.gate import place
from communique.isolation.refusal import RefusedInputError, line_of, shown
from communique.isolation.scan import check

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

_TERMS = """
NodeShape PropertyShape SPARQLConstraint Violation Warning Info IRI BlankNode Literal BlankNodeOrIRI
BlankNodeOrLiteral IRIOrLiteral
targetClass targetNode targetObjectsOf targetSubjectsOf
path inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath
property node class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive
minLength maxLength pattern flags languageIn uniqueLang equals disjoint lessThan lessThanOrEquals
not and or xone
qualifiedValueShape qualifiedValueShapesDisjoint qualifiedMinCount qualifiedMaxCount closed ignoredProperties
hasValue in sparql select ask prefixes declare prefix namespace
name description message severity deactivated order group PropertyGroup defaultValue
"""
_JUDGED = frozenset(str(SH) + term for term in _TERMS.split())
_QUERIES = frozenset([SH.select, SH.ask])


def check_shapes(triples: Iterable[tuple[Node, Node, Node]], path: Path) -> None:
    """Refuse a file of shapes that uses what is not judged, or whose queries leave the graph.

    SHACL-JS, rules, targets by SPARQL and functions are not run; without a word, all would conform to them.
    So would all to a term of SHACL that is misspelt.

    Raises:
        RefusedInputError: naming the term, where it first stands.

    """
    for _, predicate, value in triples:
        for term in (predicate, value if predicate == RDF.type else None):
            if term is not None and str(term).startswith(str(SH)) and str(term) not in _JUDGED:
                local = str(term).removeprefix(str(SH))
                raise _refusal(
                    path,
                    local,
                    "shape-not-judged",
                    f"Nothing that is judged here is called sh:{local}: it would find nothing. "
                    "Write the constraint with SHACL Core or with sh:sparql, or mend the name.",
                )
        if predicate in _QUERIES:
            try:
                check(str(value))
            except QueryError as error:
                raise _refusal(
                    path,
                    str(predicate).rpartition("#")[2],
                    "shape-query",
                    f"A query of a shape is refused: {error}",
                ) from None


def _refusal(path: Path, local: str, rule: str, message: str) -> RefusedInputError:
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"(?<=[:#]){re.escape(local)}(?![\w-])", text)
    at = place(text, found.start() if found else 0, shown(str(path)))
    return RefusedInputError(at, rule, message, line_of(text, at))
