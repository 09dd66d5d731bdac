"""Contradictions are found, nothing shipped contradicts itself, and each axiom earns its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from communique.derive.reasoning import close, inconsistencies
from communique.graph import DialogueGraph
from communique.layout import Layout
from communique.namespaces import PREFIXES, TERM, shorten

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("inconsistent-*.ttl"))
FINDS = "# Finds: "
CMQ = Namespace(TERM)
EX = Namespace("https://example.org/")

Triple = tuple[Node, Node, Node]


def _axioms() -> Graph:
    """Return the ontology without its annotations, which no rule reads."""
    whole = Graph().parse(Layout.shipped().root / "ontology" / "communique.ttl")
    axioms = Graph()
    logic = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs"))
    for triple in whole:
        if str(triple[1]).startswith(logic):
            axioms.add(triple)
    for predicate in (RDFS.label, RDFS.isDefinedBy, OWL.versionIRI, OWL.versionInfo):
        axioms.remove((None, predicate, None))
    return axioms


AXIOMS = _axioms()


# What is shipped


def test_shipped_graph_has_no_contradiction() -> None:
    graph = Graph()
    layout = Layout.shipped()
    for path in [*layout.ontology_files, *layout.data_files]:
        graph.parse(path)
    assert inconsistencies(graph) == []


def test_what_the_rules_derive_has_no_contradiction() -> None:
    graph = DialogueGraph.open().to_rdflib()
    assert (None, RDF.type, CMQ.Claim) in graph
    assert inconsistencies(graph) == []


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_planted_contradiction_is_found(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(FINDS)
    rule, name = first.removeprefix(FINDS).split(" ", 1)
    planted = Graph().parse(path)
    found = inconsistencies(AXIOMS + planted)
    assert (rule, name) in {(item.rule, _name(item.nodes[0], planted)) for item in found}
    assert inconsistencies(planted) == []


def _name(node: Node, graph: Graph) -> str:
    """Return the node as the fixture writes it, whose empty prefix is its own."""
    if not isinstance(node, URIRef):
        return node.n3()
    own = dict(graph.namespaces()).get("")
    return f":{node.removeprefix(own)}" if own and node.startswith(own) else shorten(str(node))


# The closure


def test_closure_holds_the_graph_and_what_follows() -> None:
    stated = Graph()
    stated.add((EX.dialogue, CMQ.partOf, EX.round))
    stated.add((EX.round, CMQ.under, EX.mechanism))
    closed = close(AXIOMS + stated)
    assert set(AXIOMS + stated) <= set(closed)
    for follows in (
        (EX.dialogue, CMQ.under, EX.mechanism),
        (EX.dialogue, RDF.type, CMQ.Occasion),
        (EX.mechanism, RDF.type, CMQ.Mechanism),
    ):
        assert follows in closed


def test_closure_leaves_the_given_graph_alone() -> None:
    graph = AXIOMS + Graph()
    before = set(graph)
    close(graph)
    assert set(graph) == before


def test_closure_is_rdf_without_messages_and_reflexive_equality() -> None:
    graph = AXIOMS + Graph()
    graph.add((EX.round, CMQ.ordinal, Literal(1)))
    graph.add((EX.round, RDF.type, CMQ.Dialogue))
    closed = close(graph)
    assert not any(isinstance(subject, Literal) for subject in closed.subjects())
    assert not any("agent-ont" in str(node) for triple in closed for node in triple)
    assert (None, OWL.sameAs, None) not in closed
    assert Graph().parse(data=closed.serialize(format="nt"), format="nt").isomorphic(closed)


def test_stated_equality_carries_statements_over() -> None:
    graph = Graph()
    graph.add((EX.a, OWL.sameAs, EX.b))
    graph.add((EX.a, EX.knows, EX.c))
    assert (EX.b, EX.knows, EX.c) in close(graph)


# The false rules that no axiom of the ontology uses yet


FALSE_RULES = {
    "eq-diff1": ("ex:a owl:differentFrom ex:b .", "ex:a owl:sameAs ex:b ."),
    "eq-diff2": ("[] a owl:AllDifferent ; owl:members ( ex:a ex:b ex:c ) .", "ex:b owl:sameAs ex:c ."),
    "prp-irp": ("ex:p a owl:IrreflexiveProperty .", "ex:a ex:p ex:a ."),
    "prp-asyp": ("ex:p a owl:AsymmetricProperty .", "ex:a ex:p ex:b . ex:b ex:p ex:a ."),
    "prp-pdw": ("ex:p owl:propertyDisjointWith ex:q .", "ex:a ex:p ex:b ; ex:q ex:b ."),
    "prp-adp": (
        "[] a owl:AllDisjointProperties ; owl:members ( ex:o ex:p ex:q ) .",
        "ex:a ex:p ex:b ; ex:q ex:b .",
    ),
    "cls-nothing2": ("ex:A rdfs:subClassOf owl:Nothing .", "ex:a a ex:A ."),
    "cls-com": ("ex:A owl:complementOf ex:B .", "ex:a a ex:A, ex:B ."),
    "cax-dw": ("ex:A owl:disjointWith ex:B .", "ex:a a ex:A, ex:B ."),
    "cax-adc": ("[] a owl:AllDisjointClasses ; owl:members ( ex:C ex:A ex:B ) .", "ex:a a ex:A, ex:B ."),
    "dt-not-type": ("ex:p rdfs:range xsd:integer .", 'ex:a ex:p "one" .'),
}
PREAMBLE = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.mark.parametrize("rule", FALSE_RULES)
def test_false_rule_fires_on_all_its_premises_only(rule: str) -> None:
    axiom, facts = FALSE_RULES[rule]
    found = inconsistencies(Graph().parse(data=PREAMBLE + axiom + facts))
    assert {item.rule for item in found} == {rule}
    assert all(item.message and item.nodes for item in found)
    assert inconsistencies(Graph().parse(data=PREAMBLE + axiom)) == []
    assert inconsistencies(Graph().parse(data=PREAMBLE + facts)) == []


@pytest.mark.parametrize(
    ("value", "kind", "fits"),
    [
        (Literal(3), XSD.decimal, True),
        (Literal(3), XSD.nonNegativeInteger, True),
        (Literal(3), XSD.string, False),
        (Literal("x"), XSD.string, True),
        (Literal("x", lang="en"), XSD.string, False),
        (Literal("x", lang="en"), RDF.PlainLiteral, True),
        (Literal("x"), RDFS.Literal, True),
        (Literal("2024-02-05", datatype=XSD.date), XSD.dateTime, False),
        (Literal("2024-02-05T00:00:00Z", datatype=XSD.dateTime), XSD.dateTime, True),
        (Literal("https://example.org/", datatype=XSD.anyURI), XSD.anyURI, True),
        (Literal("https://example.org/"), XSD.anyURI, False),
    ],
)
def test_value_of_another_datatype_is_a_contradiction(value: Literal, kind: URIRef, fits: bool) -> None:
    graph = Graph()
    graph.add((EX.p, RDFS.range, kind))
    graph.add((EX.a, EX.p, value))
    assert (inconsistencies(graph) == []) is fits


# Each axiom earns its place: without it, a mistake that it catches would pass


@dataclass(frozen=True)
class Witness:
    """An axiom, the ontology without it, and a mistake about one node that it alone catches."""

    axiom: str
    rest: Graph
    node: Node
    mistake: frozenset[Triple]


def _without(graph: Graph, *triples: Triple) -> Graph:
    rest = graph + Graph()
    for triple in triples:
        rest.remove(triple)
    return rest


def _about(link: Node | None) -> Graph:
    """Return the axioms on classes and on one property.

    Those on other properties tell nothing of a mistake made with this one, since no property
    is below another, and the time to close a graph follows its size.
    """
    axioms = AXIOMS + Graph()
    for other in set(AXIOMS.subjects(RDFS.domain, None)) | set(AXIOMS.subjects(RDFS.range, None)):
        if other != link:
            axioms.remove((other, None, None))
    return axioms


def _is_datatype(kind: Node) -> bool:
    return str(kind).startswith(PREFIXES["xsd"])


def _stranger(kind: Node) -> URIRef:
    """Return a class that excludes the given one, since all main classes exclude each other."""
    return CMQ.Interval if kind != CMQ.Interval else CMQ.Coverage


def _property_witnesses() -> list[Witness]:
    found = []
    for predicate in (RDFS.domain, RDFS.range):
        for link, kind in sorted(AXIOMS.subject_objects(predicate)):
            axiom = f"{shorten(str(link))} {predicate.fragment} {shorten(str(kind))}"
            node: Node = EX[axiom.replace(" ", "/")]
            other = EX[f"other/{axiom.replace(' ', '/')}"]
            if _is_datatype(kind):
                node = Literal(axiom, lang="en")
            pair = (node, link, other) if predicate == RDFS.domain else (other, link, node)
            mistake = {pair} if _is_datatype(kind) else {pair, (node, RDF.type, _stranger(kind))}
            rest = _without(_about(link), (link, predicate, kind))
            found.append(Witness(axiom, rest, node, frozenset(mistake)))
    return found


def _class_witnesses() -> list[Witness]:
    found = []
    for predicate in (RDFS.subClassOf, OWL.disjointWith):
        for kind, other in sorted(AXIOMS.subject_objects(predicate)):
            axiom = f"{shorten(str(kind))} {predicate.fragment} {shorten(str(other))}"
            node = EX[axiom.replace(" ", "/")]
            excluded = other if predicate == OWL.disjointWith else _stranger(other)
            mistake = frozenset({(node, RDF.type, kind), (node, RDF.type, excluded)})
            found.append(Witness(axiom, _without(_about(None), (kind, predicate, other)), node, mistake))
    lists = [(list(AXIOMS.items(head)), head) for head in AXIOMS.objects(None, OWL.members)]
    for members, head in sorted(lists, key=lambda one: one[0]):
        for index, kind in enumerate(members):
            axiom = f"{shorten(str(kind))} among {len(members)} disjoint classes"
            node = EX[axiom.replace(" ", "/")]
            rest = _about(None)
            del Collection(rest, head)[index]
            other = members[index - 1]
            mistake = frozenset({(node, RDF.type, kind), (node, RDF.type, other)})
            found.append(Witness(axiom, rest, node, mistake))
    return found


WITNESSES = [*_property_witnesses(), *_class_witnesses()]
ENTAILMENTS = {
    "an occasion of a part": (
        (CMQ.partOf, RDF.type, OWL.TransitiveProperty),
        {(EX.a, CMQ.partOf, EX.b), (EX.b, CMQ.partOf, EX.c)},
        (EX.a, CMQ.partOf, EX.c),
    ),
    "the mechanism of a part": (
        next(AXIOMS.triples((CMQ.under, OWL.propertyChainAxiom, None))),
        {(EX.a, CMQ.partOf, EX.b), (EX.b, CMQ.under, EX.c)},
        (EX.a, CMQ.under, EX.c),
    ),
}


def test_every_axiom_has_a_witness() -> None:
    """A new kind of axiom, or one more of a known kind, must come with a witness."""
    logical = set(AXIOMS.predicates()) - {RDF.type, RDF.first, RDF.rest}
    witnessed = {RDFS.domain, RDFS.range, RDFS.subClassOf, OWL.disjointWith, OWL.members}
    assert logical == witnessed | {OWL.propertyChainAxiom}
    declarations = {OWL[name] for name in ("Class", "ObjectProperty", "DatatypeProperty")}
    declarations |= {OWL.AnnotationProperty, OWL.Ontology, OWL.AllDisjointClasses}
    others = {
        triple
        for triple in AXIOMS.triples((None, RDF.type, None))
        if triple[2] not in declarations and str(triple[2]).startswith(PREFIXES["owl"])
    }
    others |= set(AXIOMS.triples((None, OWL.propertyChainAxiom, None)))
    assert others == {axiom for axiom, _, _ in ENTAILMENTS.values()}


def test_every_witness_is_caught() -> None:
    graph = AXIOMS + Graph()
    for witness in WITNESSES:
        for triple in witness.mistake:
            graph.add(triple)
    caught = {node for item in inconsistencies(graph) for node in item.nodes}
    assert [witness.axiom for witness in WITNESSES if witness.node not in caught] == []


@pytest.mark.parametrize("witness", WITNESSES, ids=lambda witness: witness.axiom)
def test_without_the_axiom_the_mistake_passes(witness: Witness) -> None:
    graph = witness.rest
    for triple in witness.mistake:
        graph.add(triple)
    assert witness.node not in {node for item in inconsistencies(graph) for node in item.nodes}


@pytest.mark.parametrize("name", ENTAILMENTS)
def test_entailment_is_lost_without_its_axiom(name: str) -> None:
    axiom, facts, entailed = ENTAILMENTS[name]
    stated = Graph()
    for fact in facts:
        stated.add(fact)
    assert entailed in close(AXIOMS + stated)
    assert entailed not in close(_without(AXIOMS + stated, axiom))
