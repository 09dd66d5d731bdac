"""pySHACL, asked about chosen nodes only: what it finds, as plain results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyshacl.graph_abstraction import DataGraph
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator
from rdflib import SH, Graph, URIRef

from communique.validation.findings import Severity
from communique.validation.queries import prepare

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from rdflib.query import Result as Rows
    from rdflib.term import Node

SEVERITIES = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class Result:
    """One result of SHACL validation.

    Attributes:
        shape: the shape that found it.
        component: the kind of constraint, such as ``sh:MinCountConstraintComponent``.
        severity: the severity that the shape has.
        focus: the node that was judged.
        path: the property, where the result is about one; a blank node for a longer path.
        value: the value, where the result is about one.

    """

    shape: Node
    component: Node
    severity: Severity
    focus: Node
    path: Node | None
    value: Node | None


class StatedGraph(Graph):
    """A graph that does not parse a query twice: SHACL asks the same one of every node."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Rows:
        """Return the answer to a query, prepared on its first use."""
        if isinstance(query_object, str):
            query_object = prepare(query_object).query
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=8)
def loaded(shapes: Graph) -> ShapesGraph:
    """Return the shapes of a graph as pySHACL has them; it is shared, and not to be changed."""
    return ShapesGraph(shapes)


def judge(graph: StatedGraph, shapes: Graph, focus: AbstractSet[Node]) -> list[Result]:
    """Return what the shapes find on those of the focus nodes that they target.

    pySHACL's own ``focus_nodes`` would also drop the *values* that are not among them, so that
    ``sh:node`` and ``sh:or`` on a value pass unseen. Here each shape gets its targets, cut down to
    the focus. Nothing is inferred, imported or run but SHACL Core and SHACL-SPARQL.
    """
    validator = Validator(
        DataGraph.from_rdflib(graph),
        shacl_graph=Graph(bind_namespaces="none"),
        options={"inplace": True, "inference": "none"},
    )
    validator.shacl_graph = loaded(shapes)
    executor = validator.make_executor()
    results: set[Result] = set()
    for shape in validator.shacl_graph.shapes:
        targets = shape.focus_nodes(graph) & focus
        if not targets:
            continue
        _, reports = shape.validate(executor, validator.data_graph, focus=sorted(targets))
        results.update(_result(node, triples) for _, node, triples in reports)
    return list(results)


def _result(node: Node, triples: list[tuple[Node, Node, Any]]) -> Result:
    """Return a result from the triples that pySHACL reports it with.

    The triples of the details that lie behind a result come with it; only its own count. A term
    that is to be copied into the report comes in a pair with the graph that it is from.
    """
    of = {
        predicate: obj[1] if isinstance(obj, tuple) else obj
        for subject, predicate, obj in triples
        if subject == node
    }
    focus, value = of[SH.focusNode], of.get(SH.value)
    return Result(
        shape=of[SH.sourceShape],
        component=of[SH.sourceConstraintComponent],
        severity=SEVERITIES.get(URIRef(of[SH.resultSeverity]), Severity.VIOLATION),
        focus=focus,
        path=of.get(SH.resultPath),
        value=None if value == focus and SH.resultPath not in of else value,
    )
