"""What shapes read: on random small graphs, judging what was reached finds what judging all finds.

The shapes here are of every form that SHACL Core and SHACL-SPARQL have for reading a graph. Where a footprint
is too small, one of the random graphs is judged otherwise from its part than from the whole.
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef

from communique.context.footprint import Footprint, members_of
from communique.context.queries import UnboundedError
from communique.validation.shacl import Result, StatedGraph, judge, loaded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from rdflib.term import Node

    from communique.context.reach import Key, Triple

EX = Namespace("http://example.org/")
HEAD = """\
@prefix : <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:prefixes a owl:Ontology ; sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
CORE = {
    "a class": "sh:property [ sh:path :p ; sh:class :A ]",
    "a class of its own": "sh:class :B",
    "two steps": "sh:property [ sh:path ( :p :q ) ; sh:minCount 1 ]",
    "a step back": "sh:property [ sh:path [ sh:inversePath :p ] ; sh:minCount 2 ]",
    "steps back and on": "sh:property [ sh:path ( [ sh:inversePath :p ] :q ) ; sh:maxCount 1 ]",
    "back over two": "sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ; sh:minCount 1 ]",
    "either": "sh:property [ sh:path [ sh:alternativePath ( :p [ sh:inversePath :r ] ) ] ; sh:maxCount 2 ]",
    "any number": "sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:class :A ]",
    "one or more": "sh:property [ sh:path [ sh:oneOrMorePath [ sh:inversePath :q ] ] ; sh:maxCount 3 ]",
    "at most one": "sh:property [ sh:path [ sh:zeroOrOnePath :q ] ; sh:class :B ]",
    "another shape": "sh:property [ sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ] ]",
    "not another shape": "sh:not [ sh:property [ sh:path :p ; sh:node [ sh:class :C ] ] ]",
    "all of": "sh:and ( [ sh:path :p ; sh:minCount 1 ] [ sh:path :q ; sh:class :A ] )",
    "any of": "sh:or ( [ sh:path ( :p :r ) ; sh:minCount 1 ] [ sh:class :C ] )",
    "one of": "sh:xone ( [ sh:path :p ; sh:class :A ] [ sh:path :q ; sh:minCount 1 ] )",
    "some of a kind": (
        "sh:property [ sh:path :p ; sh:qualifiedMinCount 1 ;"
        " sh:qualifiedValueShape [ sh:path :r ; sh:minCount 1 ] ]"
    ),
    "kinds that exclude each other": (
        "sh:property [ sh:path :p ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShapesDisjoint true ;"
        " sh:qualifiedValueShape [ sh:path :q ; sh:minCount 1 ] ] ,"
        " [ sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ;"
        " sh:qualifiedValueShape [ sh:path [ sh:inversePath :r ] ; sh:minCount 1 ] ]"
    ),
    "closed": "sh:closed true ; sh:ignoredProperties ( rdf:type :n ) ; sh:property [ sh:path :p ]",
    "closed values": "sh:property [ sh:path :p ; sh:node [ sh:closed true ; sh:property [ sh:path :q ] ] ]",
    "equal": "sh:property [ sh:path :p ; sh:equals :q ]",
    "disjoint": "sh:property [ sh:path ( :p :p ) ; sh:disjoint :r ]",
    "less": "sh:property [ sh:path :n ; sh:lessThan :m ]",
    "nested deep": (
        "sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:property [ sh:path :r ; sh:class :A ] ] ]"
    ),
    "back over two or one": (
        "sh:property [ sh:path [ sh:inversePath"
        " [ sh:alternativePath ( ( :p :q ) [ sh:oneOrMorePath :r ] ) ] ] ; sh:minCount 1 ]"
    ),
}
SPARQL = {
    "a pattern": "$this :p ?value . ?value :q ?x . ?x :r $this",
    "another with the same": "$this :p ?x ; :q ?value . ?other :p ?x ; :q ?value . FILTER (?other != $this)",
    "backwards": "?value :p $this . ?value :q ?x",
    "a chain": "$this :p ?value . ?value :p* $this",
    "a long chain back": "?value (^:q/:p)+ $this . ?value a :A",
    "either way": "$this :p|^:q|(:r/:p) ?value . ?value a/rdfs:subClassOf* :A",
    "perhaps": "$this :p ?value OPTIONAL { ?value :q ?x . ?x :r ?y } FILTER (!BOUND(?y))",
    "perhaps within perhaps": (
        "$this :p ?value OPTIONAL { ?value :q ?x OPTIONAL { ?x :r ?z } } FILTER (!BOUND(?z))"
    ),
    "perhaps in a group": "$this :p ?value { ?value :q ?x OPTIONAL { ?x :r ?y } } FILTER (!BOUND(?y))",
    "perhaps the same": (
        "$this :p ?value OPTIONAL { $this :q ?y } OPTIONAL { ?value :q ?y } FILTER (!BOUND(?y))"
    ),
    "one or the other": "{ $this :p ?value } UNION { $this :q ?value } ?value :r ?x",
    "one or the other, alone": "$this a ?t { $this :p ?value . ?value :q ?x } UNION { ?value :r $this }",
    "there is none": "$this :p ?value FILTER NOT EXISTS { ?value :q ?x . ?x :r ?y }",
    "there is one": "$this :p ?value FILTER EXISTS { ?value ^:q/:p ?x FILTER (?x != $this) }",
    "there is none without": (
        "$this :p ?value, ?other . FILTER (STR(?other) < STR(?value))"
        " FILTER NOT EXISTS { ?value :q ?x FILTER NOT EXISTS { ?other :q ?x } }"
    ),
    "either there is none": (
        "$this :p ?value FILTER (NOT EXISTS { ?value :q ?x } || EXISTS { ?value :r ?x . ?x :p ?y })"
    ),
    "an alias": "$this :p ?x BIND (?x AS ?value) FILTER EXISTS { ?value :q ?z }",
    "any property": "$this ?prop ?value . ?value :q ?x",
    "anything that points here": "?value ?prop $this . ?value :r ?x",
    "any but": "$this !(:p|rdf:type) ?value . ?value :p ?x",
    "what is named": "$this :p ?value . :n1 :q ?value",
    "what points to what is named": "$this :p ?x . ?value :q :n2 ; :r ?x",
    "a node without a name": "$this :p [ :q ?value ]",
}
UNBOUNDED = {
    "what is not linked": "$this :p ?x . ?value :q ?y FILTER (?x = ?y)",
    "what an expression gives": "$this :n ?n BIND (IRI(STR(?n)) AS ?value) ?other :q ?value",
    "what is perhaps bound": "OPTIONAL { $this :p ?x } ?x :q ?value",
    "what only one branch binds": "{ $this :p ?x } UNION { $this :q ?z } ?x :r ?value",
    "a subquery": "{ SELECT $this (COUNT(?x) AS ?n) WHERE { $this :p ?x } GROUP BY $this } FILTER (?n > 2)",
    "a graph": "GRAPH ?g { $this :p ?value }",
    "there is one, in an expression": "$this :p ?x BIND (EXISTS { ?x :q ?y } AS ?e) FILTER (?e)",
    "around a group": "$this :p ?x { ?z :q ?value OPTIONAL { ?x :r ?z } } FILTER (?x != ?z)",
}


def shape(body: str) -> str:
    return (
        ":S a sh:NodeShape ; sh:targetClass :T ; sh:targetSubjectsOf :s ; sh:targetObjectsOf :o ;"
        f" sh:targetNode :n0 ; {body} ."
    )


def sparql(where: str) -> str:
    return shape(
        f'sh:sparql [ sh:prefixes :prefixes ; sh:select """SELECT $this ?value WHERE {{ {where} }}""" ]'
    )


SHAPES = {name: shape(body) for name, body in CORE.items()} | {
    name: sparql(where) for name, where in SPARQL.items()
}


@cache
def shapes_graph(text: str) -> Graph:
    return Graph(bind_namespaces="none").parse(data=HEAD + text, format="turtle")


class Part:
    """A graph that is read a part at a time, as the footprint asks."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def read(self, wanted: Mapping[Key, AbstractSet[Node]]) -> Iterator[Triple]:
        for (backwards, predicate), nodes in wanted.items():
            for node in nodes:
                yield from self.graph.triples(
                    (None, predicate, node) if backwards else (node, predicate, None)
                )


def random_graph(rng: random.Random) -> Graph:
    graph = Graph(bind_namespaces="none")
    nodes = [EX[f"n{n}"] for n in range(rng.choice([6, 12]))]
    for _ in range(40):
        graph.add(random_triple(rng, nodes))
    for below, above in (("B", "A"), ("C", "B"), ("U", "T")):
        if rng.random() < 0.8:
            graph.add((EX[below], RDFS.subClassOf, EX[above]))
    return graph


def random_triple(rng: random.Random, nodes: list[URIRef]) -> tuple[Node, Node, Node]:
    subject, sort = rng.choice(nodes), rng.random()
    if sort < 0.2:
        return subject, RDF.type, EX[rng.choice("ABCTU")]
    if sort < 0.35:
        return subject, EX[rng.choice("nm")], Literal(rng.randrange(4))
    return subject, EX[rng.choice("pppqqqrrso")], rng.choice(nodes)


def whole(graph: Graph) -> StatedGraph:
    copy = StatedGraph()
    for triple in graph:
        copy.add(triple)
    return copy


def found(graph: Graph, shapes: Graph, focus: AbstractSet[Node]) -> set[Result]:
    """Return the results; a path that is a blank node has another name in each copy of it."""
    return set(judge(whole(graph), shapes, focus))


def reached(graph: Graph, footprint: Footprint, focus: AbstractSet[Node]) -> Graph:
    known = Graph(bind_namespaces="none")
    for triple in footprint.reach.walk(((footprint.kinds, node) for node in focus), Part(graph)):
        known.add(triple)
    starts = [
        (footprint.shape(targets.shape), node)
        for targets in footprint.targets
        for node in targets.among(focus, known, members_of(focus, known))
    ]
    for triple in footprint.reach.walk(starts, Part(graph)):
        known.add(triple)
    return known


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_reached_is_judged_as_the_whole_is(name: str) -> None:
    shapes = shapes_graph(SHAPES[name])
    footprint = Footprint(loaded(shapes))
    rng = random.Random(name)  # noqa: S311 - a seed of its own makes each run the same
    faults, sizes = 0, []
    for _ in range(40):
        graph = random_graph(rng)
        subjects = {node for node in graph.all_nodes() if isinstance(node, URIRef)}
        focus = set(rng.sample(sorted(subjects), 2))
        part = reached(graph, footprint, focus)
        expected = found(graph, shapes, focus)
        assert found(part, shapes, focus) == expected
        faults += len(expected)
        sizes.append(len(part) / len(graph))
    assert faults, "no random graph breaks the shape, so nothing was compared"
    assert min(sizes) < 1, "the whole graph is read each time"


@pytest.mark.parametrize("name", SHAPES)
def test_who_is_judged_otherwise_after_a_change_is_told(name: str) -> None:
    shapes = shapes_graph(SHAPES[name])
    footprint = Footprint(loaded(shapes))
    rng = random.Random(f"{name}, changed")  # noqa: S311
    spared = 0
    for _ in range(25):
        before = random_graph(rng)
        nodes = sorted(node for node in before.all_nodes() if isinstance(node, URIRef))
        after = Graph(bind_namespaces="none")
        for triple in before:
            after.add(triple)
        changed = set(rng.sample(sorted(before), 1)) if rng.random() < 0.5 else set()
        for triple in changed:
            after.remove(triple)
        added = random_triple(rng, [node for node in nodes if str(node).startswith(EX.n)])
        if added not in before:
            after.add(added)
            changed.add(added)
        starts = {footprint.kinds, *(footprint.shape(targets.shape) for targets in footprint.targets)}
        readers, anyhow = footprint.reach.walk_back(changed, Part(after))
        everyone = set(nodes)
        told = everyone if starts & anyhow else set().union(*(readers.get(state, ()) for state in starts))
        quiet = everyone - told
        spared += len(quiet)
        assert found(before, shapes, quiet) == found(after, shapes, quiet)
    assert spared, "every change is said to affect everything"


@pytest.mark.parametrize("name", UNBOUNDED)
def test_what_cannot_be_bounded_is_told_and_not_guessed(name: str) -> None:
    footprint = Footprint(loaded(shapes_graph(sparql(UNBOUNDED[name]))))
    with pytest.raises(UnboundedError, match=r"\w+ \w+"):
        footprint.shape(EX.S)
    with pytest.raises(UnboundedError):
        footprint.shape(EX.S)


def test_a_parameter_that_is_not_known_is_not_passed_over() -> None:
    footprint = Footprint(loaded(shapes_graph(shape("sh:property [ sh:path :p ; sh:reifierShape :S ]"))))
    with pytest.raises(UnboundedError, match="reifierShape"):
        footprint.shape(EX.S)


def test_constraints_that_shapes_define_themselves_are_not_followed() -> None:
    component = (
        ":C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] ;"
        ' sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes :prefixes ; sh:ask "ASK { ?value :p ?x }" ] .'
    )
    footprint = Footprint(loaded(shapes_graph(component + shape("sh:property [ sh:path :p ; :most 1 ]"))))
    with pytest.raises(UnboundedError, match="define themselves"):
        footprint.shape(EX.S)


@pytest.mark.parametrize(
    "where",
    [
        "?focus :p ?value . ?value :q ?x",
        "?focus :p ?x . ?other :p ?x FILTER (?other != ?focus)",
        "?focus :p ?x OPTIONAL { ?x :q ?y } FILTER (!BOUND(?y))",
        "?focus a :T FILTER NOT EXISTS { ?focus :p ?x . ?x :q ?y }",
        "{ ?focus :p ?x } UNION { ?x :q ?focus } ?x :r ?z",
    ],
)
def test_a_check_of_a_part_has_the_rows_of_the_whole(where: str) -> None:
    text = f"PREFIX : <{EX}> SELECT ?focus WHERE {{ {where} }}"
    footprint = Footprint(loaded(shapes_graph(shape("sh:nodeKind sh:IRI"))))
    state, rows = footprint.check(text), 0
    rng = random.Random(where)  # noqa: S311
    for _ in range(40):
        graph = random_graph(rng)
        focus = EX[f"n{rng.randrange(6)}"]
        part = Graph(bind_namespaces="none")
        for triple in footprint.reach.walk([(state, focus)], Part(graph)):
            part.add(triple)
        expected = sorted(row for row in graph.query(text) if row[0] == focus)  # type: ignore[index]
        assert sorted(row for row in part.query(text) if row[0] == focus) == expected  # type: ignore[index]
        rows += len(expected)
    assert rows


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?focus (COUNT(?x) AS ?n) WHERE { ?focus :p ?x } GROUP BY ?focus",
        "SELECT ?focus WHERE { ?focus :p ?x } LIMIT 3",
        "SELECT ?focus WHERE { ?focus :p ?x MINUS { ?focus :q ?x } }",
        "SELECT ?focus WHERE { VALUES ?focus { :n1 } ?focus :p ?x }",
        "SELECT ?focus WHERE { OPTIONAL { ?focus :p ?x } ?y :q ?z }",
        "ASK { ?focus :p ?x }",
    ],
)
def test_a_check_that_cannot_be_bounded_is_told(text: str) -> None:
    footprint = Footprint(loaded(shapes_graph(shape("sh:nodeKind sh:IRI"))))
    with pytest.raises(UnboundedError, match="is not"):
        footprint.check(f"PREFIX : <{EX}> {text}")
