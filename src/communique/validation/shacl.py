"""pySHACL, asked about chosen nodes only: what it finds, as plain results."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyshacl.graph_abstraction import DataGraph
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator
from rdflib import SH, Graph, URIRef

from communique.context.queries import prepare
from communique.validation.findings import Severity
from communique.validation.progress import Stage, told, unheard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from rdflib.query import Result as Rows
    from rdflib.term import Node

    from communique.validation.progress import Progress

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


class SpentError(Exception):
    """More of a graph was to be read than is allowed."""


class StatedGraph(Graph):
    """A graph that does not parse a query twice, and counts how often it is read.

    SHACL asks the same query of every node. A query that compares each value with each other has no end
    on some records; the count does not depend on the machine, as a limit of time would.

    Attributes:
        left: how many more times it may be read; None where nobody counts.

    """

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self.left: int | None = None

    def triples(self, pattern: Any) -> Iterator[Any]:  # type: ignore[override]
        """Return the triples of a pattern, as long as it may be read.

        Raises:
            SpentError: if it may not.

        """
        found = super().triples(pattern)
        if self.left is None:
            yield from found
            return
        self.left -= 1
        for triple in found:
            self.left -= 1
            if self.left < 0:
                raise SpentError
            yield triple
        if self.left < 0:
            raise SpentError

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Rows:
        """Return the answer to a query, prepared on its first use."""
        if isinstance(query_object, str):
            query_object = prepare(query_object).query
        return super().query(query_object, *args, **kwargs)


class Account:
    """How often the graph may be read to judge the subjects of one file.

    Attributes:
        allowed: how often in all.
        left: how often still; none, where it was not enough.
        costs: how often it was read for each subject.

    """

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.left = allowed
        self.costs: Counter[Node] = Counter()

    @property
    def is_spent(self) -> bool:
        """Return whether it was not enough."""
        return self.left <= 0

    @contextmanager
    def reading(self, graph: StatedGraph, node: Node) -> Iterator[None]:
        """Count what is read of a graph to judge a subject; end it where no more is allowed."""
        graph.left = self.left
        try:
            yield
        except SpentError:
            graph.left = 0
        finally:
            left, graph.left = graph.left or 0, None
            self.costs[node] += self.left - left
            self.left = left


@lru_cache(maxsize=8)
def loaded(shapes: Graph) -> ShapesGraph:
    """Return the shapes of a graph as pySHACL has them; it is shared, and not to be changed."""
    return ShapesGraph(shapes)


def judge(
    graph: StatedGraph,
    shapes: Graph,
    focus: AbstractSet[Node],
    accounts: Mapping[Node, Account] | None = None,
    progress: Progress = unheard,
) -> list[Result]:
    """Return what the shapes find on those of the focus nodes that they target.

    pySHACL's own ``focus_nodes`` would also drop the *values* that are not among them, so that
    ``sh:node`` and ``sh:or`` on a value pass unseen. Here each shape gets its targets, cut down to
    the focus. Nothing is inferred, imported or run but SHACL Core and SHACL-SPARQL.

    Args:
        graph: what is read.
        shapes: the shapes.
        focus: the nodes.
        accounts: how often the graph may be read for each of them; one whose account is spent is judged no
            further.
        progress: is told of each shape that targets any of them.

    """
    validator = Validator(
        DataGraph.from_rdflib(graph),
        shacl_graph=Graph(bind_namespaces="none"),
        options={"inplace": True, "inference": "none"},
    )
    validator.shacl_graph = loaded(shapes)
    executor = validator.make_executor()
    accounts = accounts or {}
    targets = [
        (shape, sorted(found))
        for shape in validator.shacl_graph.shapes
        if (found := shape.focus_nodes(graph) & focus)
    ]
    results: set[Result] = set()
    for shape, nodes in told(targets, Stage.JUDGING, progress, lambda target: local_name(target[0].node)):
        for node in nodes:
            account = accounts.get(node)
            if account is not None and account.is_spent:
                continue
            with account.reading(graph, node) if account else nullcontext():
                _, reports = shape.validate(executor, validator.data_graph, focus=[node])
                results.update(_result(one, triples) for _, one, triples in reports)
    return list(results)


def local_name(shape: Node) -> str:
    """Return the name of a shape's rule."""
    return str(shape).rpartition("/")[2]


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
