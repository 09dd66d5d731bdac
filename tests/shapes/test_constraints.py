"""Every constraint can fail: take one out of a shape, and some fixture of that shape is let pass."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import SH, Graph, URIRef

from communique.context.surroundings import context_of
from communique.layout import Layout
from communique.located.reading import read
from communique.located.turtle import quiet_terms
from communique.validation.judge import shapes_of
from communique.validation.record import Record
from communique.validation.shacl import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

HERE = Path(__file__).parent
SHAPE = "https://w3id.org/communique/shape/"
SHIPPED = Graph(store="SimpleMemory", bind_namespaces="none")
for stated in shapes_of(Layout.shipped()):
    SHIPPED.add(stated)

PARAMETERS = {
    SH["class"],
    SH.closed,
    SH.datatype,
    SH.disjoint,
    SH["in"],
    SH.maxCount,
    SH.minCount,
    SH.minInclusive,
    SH.node,
    SH.nodeKind,
    SH["or"],
    SH.pattern,
    SH.qualifiedMinCount,
    SH.sparql,
    SH.uniqueLang,
    SH.xone,
}
BESIDE = {
    SH.closed: SH.ignoredProperties,
    SH.pattern: SH.flags,
    SH.qualifiedMinCount: SH.qualifiedValueShape,
}
"""What only completes a constraint, and goes out with it."""

NO_CONSTRAINT = {
    SH.flags,
    SH.ignoredProperties,
    SH.message,
    SH.name,
    SH.path,
    SH.property,
    SH.qualifiedValueShape,
    SH.severity,
    SH.targetClass,
    SH.targetSubjectsOf,
}
SHAPES = sorted(
    {str(node).removeprefix(SHAPE) for node in SHIPPED.subjects(SH.severity) if isinstance(node, URIRef)}
)


@contextmanager
def without(constraint: tuple[Node, Node, Node]) -> Iterator[Graph]:
    """Lend the shapes without one constraint of one shape."""
    shape, parameter, _ = constraint
    beside = BESIDE.get(URIRef(str(parameter)))
    out = [constraint, *(SHIPPED.triples((shape, beside, None)) if beside else ())]
    for triple in out:
        SHIPPED.remove(triple)
    try:
        yield SHIPPED
    finally:
        for triple in out:
            SHIPPED.add(triple)


@pytest.mark.parametrize("name", SHAPES)
def test_each_constraint_is_shown_by_a_fixture(name: str, small_graph: Layout) -> None:
    shape = URIRef(SHAPE + name)
    constraints = [triple for triple in SHIPPED.triples((shape, None, None)) if triple[1] in PARAMETERS]
    assert constraints
    with quiet_terms():
        records = [
            Record([read(path)], context_of([path], small_graph))
            for path in sorted((HERE / name).glob("invalid-*.ttl"))
        ]
        for constraint in constraints:
            with without(constraint) as shapes:
                passed = [
                    record
                    for record in records
                    if shape not in {result.shape for result in judge(record.graph, shapes, record.subjects)}
                ]
            assert passed, f"No fixture shows {constraint[1]} of {name}."


def test_no_parameter_is_left_out_of_this_test() -> None:
    used = {
        predicate
        for name in SHAPES
        for predicate in SHIPPED.predicates(URIRef(SHAPE + name))
        if str(predicate).startswith(str(SH))
    }
    assert used - NO_CONSTRAINT == PARAMETERS
