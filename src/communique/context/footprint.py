"""What shapes and checks read of the graph, told from their own text.

A shape reads along its paths, and of their values what its constraints ask: the types and the classes above
for ``sh:class``, what the other shape reads for ``sh:node``, what the patterns reach for ``sh:sparql``. What
cannot be bounded so is told with a reason; whoever judges by it must have the whole graph.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pyshacl.helper import get_query_helper_cls
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.term import Variable

from communique.context.queries import (
    Beyond,
    Exists,
    Group,
    Optional,
    Same,
    Triples,
    UnboundedError,
    Union,
    prepare,
)
from communique.context.reach import Reach, inverted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from pyshacl.shapes_graph import ShapesGraph
    from rdflib.term import Node

Bound = dict["Node", frozenset[int]]
"""Variables that surely have a value, each with the states that are entered with all it can be."""

_NESTED = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_NESTED_LISTS = (SH["and"], SH["or"], SH.xone)
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_LOCAL = {
    SH[name]
    for name in (
        "path", "name", "description", "message", "severity", "order", "group", "defaultValue", "deactivated",
        "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "ignoredProperties", "nodeKind",
        "datatype", "minCount", "maxCount", "minLength", "maxLength", "minInclusive", "maxInclusive",
        "minExclusive", "maxExclusive", "pattern", "flags", "languageIn", "uniqueLang", "in", "hasValue",
        "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint",
    )
}  # fmt: skip
"""What needs nothing of the graph but the value itself, or says nothing of values."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The nodes that a shape judges.

    Attributes:
        shape: the shape.
        classes: of what class, or of a class below it.
        nodes: by name.
        subjects_of: those that have a property.
        objects_of: those that are a value of a property.

    """

    shape: Node
    classes: frozenset[URIRef]
    nodes: frozenset[URIRef]
    subjects_of: frozenset[URIRef]
    objects_of: frozenset[URIRef]

    def among(
        self, focus: AbstractSet[Node], graph: Graph, members: Mapping[Node, AbstractSet[Node]]
    ) -> set[Node]:
        """Return those of some nodes that the shape judges.

        Args:
            focus: the nodes.
            graph: what tells who has a property, and who is the value of one.
            members: those of the nodes that are of a class, or of a class below it.

        """
        found: set[Node] = {node for node in self.nodes if node in focus}
        found.update(*(members.get(kind, ()) for kind in self.classes))
        found.update(*(graph.subjects(prop) for prop in self.subjects_of))
        found.update(*(graph.objects(None, prop) for prop in self.objects_of))
        return found & focus


def members_of(focus: AbstractSet[Node], graph: Graph) -> Mapping[Node, AbstractSet[Node]]:
    """Return those of some nodes that are of each class, or of a class below it, by what a graph says."""
    stated: dict[Node, set[Node]] = defaultdict(set)
    for node in focus:
        for kind in graph.objects(node, RDF.type):
            stated[kind].add(node)
    found: dict[Node, set[Node]] = defaultdict(set)
    for kind, nodes in stated.items():
        for above in graph.transitive_objects(kind, RDFS.subClassOf):
            if above is not None:
                found[above] |= nodes
    return found


class Footprint:
    """What the shapes of a graph of shapes read, each worked out when it is asked for.

    Attributes:
        reach: the automaton.
        targets: what each shape judges, where it says so.
        kinds: the state that reads what tells which shapes judge a node.

    """

    def __init__(self, shapes: ShapesGraph) -> None:
        self._shapes = shapes
        self._graph: Graph = shapes.graph
        self._states: dict[Node, int | UnboundedError] = {}
        self._checks: dict[str, int | UnboundedError] = {}
        self.reach = Reach()
        self.targets = [found for shape in shapes.shapes if (found := self._targets(shape.node))]
        self.kinds = self.reach.state()
        self._classes(self.kinds)
        for found in self.targets:
            for prop in found.subjects_of:
                self.reach.step(self.kinds, prop)
            for prop in found.objects_of:
                self.reach.step(self.kinds, prop, backwards=True)

    def shape(self, node: Node) -> int:
        """Return the state to enter with a node that a shape judges.

        Raises:
            UnboundedError: if what it reads cannot be told.

        """
        if node not in self._states:
            self._states[node] = state = self.reach.state()
            try:
                self._constraints(node, state)
            except UnboundedError as error:
                self._states[node] = error
        found = self._states[node]
        if isinstance(found, UnboundedError):
            raise found
        return found

    def check(self, query: str) -> int:
        """Return the state to enter with a node that a check may report as its ``?focus``.

        Raises:
            UnboundedError: if what it reads cannot be told.

        """
        if query not in self._checks:
            try:
                self._checks[query] = state = self.reach.state()
                # Nothing is bound beforehand here, but only rows with this focus are asked for.
                bound: Bound = {Variable("focus"): frozenset([state])}
                self._group(prepare(query).pattern, bound, {})
            except UnboundedError as error:
                self._checks[query] = error
        found = self._checks[query]
        if isinstance(found, UnboundedError):
            raise found
        return found

    def _targets(self, shape: Node) -> Targets | None:
        classes, nodes = self._named(shape, SH.targetClass), self._named(shape, SH.targetNode)
        if not {RDFS.Class, OWL.Class}.isdisjoint(self._graph.objects(shape, RDF.type)):
            classes |= {URIRef(str(shape))}
        subjects, objects = self._named(shape, SH.targetSubjectsOf), self._named(shape, SH.targetObjectsOf)
        any_ = classes or nodes or subjects or objects
        return Targets(shape, classes, nodes, subjects, objects) if any_ else None

    def _named(self, shape: Node, parameter: URIRef) -> frozenset[URIRef]:
        found = self._graph.objects(shape, parameter)
        return frozenset(node for node in found if isinstance(node, URIRef))

    def _classes(self, state: int) -> None:
        """Read the types and all classes above."""
        kind = self.reach.step(state, RDF.type)
        self.reach.jump(self.reach.step(kind, RDFS.subClassOf), kind)

    def _constraints(self, shape: Node, focus: int) -> None:
        path = self._graph.value(shape, SH.path)
        values = focus if path is None else self.reach.path(focus, path_of(self._graph, path))
        if self._shapes.custom_constraints:
            raise UnboundedError("there are kinds of constraint that the shapes define themselves")
        for parameter, given in self._graph.predicate_objects(shape):
            if parameter in _NESTED:
                self.reach.jump(values, self.shape(given))
            elif parameter in _NESTED_LISTS:
                for member in self._graph.items(given):
                    self.reach.jump(values, self.shape(member))
            elif parameter == SH["class"]:
                self._classes(values)
            elif parameter in _PAIRS:
                self.reach.step(focus, URIRef(str(given)))
            elif parameter == SH.closed:
                self.reach.all_of(values)
            elif parameter == SH.sparql:
                self._sparql(shape, given, focus)
            elif str(parameter).startswith(str(SH)) and parameter not in _LOCAL:
                raise UnboundedError(f"what {parameter} reads is not known")
        for other in self._disjoint_from(shape):
            self.reach.jump(values, self.shape(other))

    def _disjoint_from(self, shape: Node) -> Iterator[Node]:
        """Return the qualified shapes beside this one, where its values must not conform to them."""
        if (shape, SH.qualifiedValueShapesDisjoint, None) in self._graph:
            for parent in self._graph.subjects(SH.property, shape):
                yield from self._graph.objects(parent, SH.property / SH.qualifiedValueShape)

    def _sparql(self, shape: Node, constraint: Node, focus: int) -> None:
        this = Variable("this")
        bound: Bound = {this: frozenset([focus])}
        for select in self._graph.objects(constraint, SH.select):
            helper = get_query_helper_cls()(  # type: ignore[no-untyped-call]
                self._shapes.lookup_shape_from_node(shape), constraint, str(select)
            )
            helper.collect_prefixes()
            # The text as pySHACL will ask it, so that it is parsed but once.
            _, text = helper.pre_bind_variables(shape)
            self._group(prepare(helper.apply_prefixes(text)).pattern, bound, bound)

    def _group(self, group: Group, outer: Bound, fixed: Bound) -> tuple[Bound, set[Node]]:
        """Read what a group reads.

        Returns the variables that surely have a value after it, and those that the group itself gives one.

        Args:
            group: what stands between braces.
            outer: variables whose values are known from around the group. Its own rows are joined with
                those, so that only rows that agree with them count.
            fixed: those of them that are replaced by their value before anything is tried.

        """
        bound, own = dict(outer), set(fixed)
        for part in group.parts:
            match part:
                case Triples(patterns):
                    self._triples(patterns, bound, own)
                case Union(groups):
                    after = [self._group(alternative, bound, fixed) for alternative in groups]
                    common = set.intersection(*(set(found) for found, _ in after))
                    bound = {name: frozenset().union(*(found[name] for found, _ in after)) for name in common}
                    own |= set.intersection(*(given for _, given in after))
                case Optional(inner):
                    # What it adds depends on this group alone: a value from around must not narrow it.
                    self._group(inner, _only(bound, own), fixed)
                case Same(variable, other):
                    if other in own and other in bound:
                        bound[variable] = bound[other]
                        own.add(variable)
                case Beyond(name):
                    raise UnboundedError(f"{name} is not followed")
        for part in group.parts:
            if isinstance(part, Exists):
                known = _only(bound, own)
                self._group(part.group, known, known)
        return bound, own

    def _triples(self, patterns: Iterable[tuple[Node, Any, Node]], bound: Bound, own: set[Node]) -> None:
        """Read triple patterns, each from an end that is known, and tell what is known thereby.

        From the subject first, since that is never many; else in the order of the text.
        """
        waiting = list(patterns)
        while waiting:
            distances = [_distance(pattern, bound) for pattern in waiting]
            if min(distances) == _UNKNOWN:
                raise UnboundedError("a pattern is not linked with the node that is judged")
            subject, path, obj = waiting.pop(distances.index(min(distances)))
            start, end = (subject, obj) if subject in bound else (obj, subject)
            if start not in bound:
                start, end = (subject, obj) if not _is_variable(subject) else (obj, subject)
            way = path if start is subject else inverted(path)
            arrived = self.reach.state()
            for state in self._ends(start, bound):
                self.reach.jump(self.reach.path(state, None if _is_variable(path) else way), arrived)
            for node in (start, end, path):
                if _is_variable(node):
                    own.add(node)
            if _is_variable(end) and end not in bound:
                bound[end] = frozenset([arrived])

    def _ends(self, node: Node, bound: Bound) -> AbstractSet[int]:
        if node in bound:
            return bound[node]
        named = self.reach.state()
        for states in bound.values():
            for state in states:
                self.reach.jump(state, named, node)
        return {named}


_UNKNOWN = 4


def _is_variable(node: Any) -> bool:
    return isinstance(node, Variable | BNode)


def _only(bound: Bound, names: AbstractSet[Node]) -> Bound:
    return {name: states for name, states in bound.items() if name in names}


def _distance(pattern: tuple[Node, Any, Node], bound: Mapping[Node, object]) -> int:
    """Return how well a pattern can be read: 0 from a known subject … 4 not at all."""
    subject, _, obj = pattern
    if subject in bound:
        return 0
    if obj in bound:
        return 1
    if not _is_variable(subject):
        return 2
    return _UNKNOWN if _is_variable(obj) else 3


def path_of(shapes: Graph, node: Node) -> Path | URIRef:
    """Return a path of SHACL as rdflib has paths."""
    if isinstance(node, URIRef):
        return node
    if (node, RDF.first, None) in shapes:
        return SequencePath(*(path_of(shapes, part) for part in shapes.items(node)))
    for parameter, inner in shapes.predicate_objects(node):
        if parameter == SH.alternativePath:
            return AlternativePath(*(path_of(shapes, part) for part in shapes.items(inner)))
        if parameter == SH.inversePath:
            path = path_of(shapes, inner)
            # pySHACL 0.40 walks the inverse of a sequence in the sequence's own order: both are read.
            return (
                InvPath(path)
                if isinstance(path, URIRef)
                else AlternativePath(InvPath(path), _each_back(path))
            )
        if parameter in _REPEATED:
            return MulPath(path_of(shapes, inner), _REPEATED[parameter])
    raise UnboundedError("a path is of no known kind")


def _each_back(path: Path | URIRef | Any) -> Any:
    """Return a path with each step the other way, and all in the order in which they were."""
    match path:
        case SequencePath(args=args):
            return SequencePath(*(_each_back(part) for part in args))
        case AlternativePath(args=args):
            return AlternativePath(*(_each_back(part) for part in args))
        case MulPath(path=inner, mod=mod):
            return MulPath(_each_back(inner), mod)
    return inverted(path)


_REPEATED: dict[Node, Literal["*", "+", "?"]] = {
    SH.zeroOrMorePath: "*",
    SH.oneOrMorePath: "+",
    SH.zeroOrOnePath: "?",
}
