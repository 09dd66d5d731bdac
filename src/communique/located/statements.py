"""What a file of data must not state, whatever its shapes say."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VOID, XSD, BNode, URIRef

from communique.errors import Location
from communique.isolation.refusal import Notice
from communique.located import links, values
from communique.located.places import at_value, name_of
from communique.namespaces import BASE, ONTOLOGY, TERM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from communique.located.turtle import LocatedTurtle

_SCHEMA = (*map(str, (RDF, RDFS, OWL, XSD, SKOS, SH)), TERM, ONTOLOGY)
_SCHEMA_TYPES = frozenset(
    {RDF.Property, RDFS.Class, RDFS.Datatype}
    | {getattr(OWL, name) for name in ("Class", "Restriction", "ObjectProperty", "DatatypeProperty")}
    | {
        getattr(OWL, f"{kind}Property")
        for kind in ("Functional", "InverseFunctional", "Transitive", "Symmetric")
    }
    | {OWL.AsymmetricProperty, OWL.ReflexiveProperty, OWL.IrreflexiveProperty, OWL.AnnotationProperty}
)
_SCHEMA_PROPERTIES = frozenset(
    {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
    | {OWL.disjointWith, OWL.equivalentClass, OWL.equivalentProperty, OWL.inverseOf, OWL.propertyChainAxiom}
    | {OWL.hasKey, OWL.propertyDisjointWith}
)


def check_statements(located: LocatedTurtle) -> list[Notice]:
    """Return what is wrong or odd in what a file states, each at its place, in the order of the file.

    Raises:
        RefusedInputError: if blank nodes are linked so that comparing them would never end.

    """
    found = [notice for check in _CHECKS for notice in check(located)]
    return sorted(dict.fromkeys(found), key=lambda notice: (notice.location.line, notice.location.column))


def _schema(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield where data makes statements about the terms that it is written in, or brings shapes."""
    if (URIRef(ONTOLOGY), RDF.type, OWL.Ontology) in located.graph:
        return  # It is the ontology itself.
    for triple in located.graph:
        subject, predicate, value = triple
        if predicate == OWL.imports:
            yield at_value(
                located,
                triple,
                "imports-not-followed",
                f"The import of {name_of(value)} is not followed: nothing is fetched.",
                "Remove owl:imports; what a record needs is in the graph.",
                violation=False,
            )
        elif _is_of_shacl(predicate) or (predicate == RDF.type and _is_of_shacl(value)):
            yield at_value(
                located,
                triple,
                "shapes-in-data",
                f"Data cannot bring shapes or rules of its own: {name_of(predicate)} is a term of SHACL.",
                "Remove it; shapes have files of their own under shapes/.",
            )
        elif (
            predicate in _SCHEMA_PROPERTIES
            or (predicate == RDF.type and value in _SCHEMA_TYPES)
            or (isinstance(subject, URIRef) and str(subject).startswith(_SCHEMA))
        ):
            yield at_value(
                located,
                triple,
                "schema-in-data",
                f"Data cannot say what terms mean: this is a statement about {name_of(subject)}.",
                "Remove it; terms are declared in ontology/.",
            )


def _terms(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield terms that a well-known vocabulary does not have, or that are out of use."""
    for triple in located.graph:
        used = [triple[1], *([triple[2]] if triple[1] == RDF.type else [])]
        for term in used:
            if not isinstance(term, URIRef):
                continue
            if term.startswith(_OLD):
                yield at_value(
                    located,
                    triple,
                    "old-term",
                    f"<{term}> is of the first Dublin Core, whose values are words only.",
                    f"Write dcterms:{term.removeprefix(_OLD)}.",
                    violation=False,
                )
            vocabulary = next((known for known in _VOCABULARIES if term.startswith(str(known))), None)
            if vocabulary is not None and term not in vocabulary:
                meant = get_close_matches(
                    term.removeprefix(str(vocabulary)),
                    [name.removeprefix(str(vocabulary)) for name in dir(vocabulary)],
                    1,
                )
                advice = (
                    f"Did you mean {name_of(vocabulary[meant[0]])}?" if meant else "Use a term that it has."
                )
                yield at_value(
                    located, triple, "unknown-term", f"The vocabulary has no {name_of(term)}.", advice
                )


_OLD = "http://purl.org/dc/elements/1.1/"
_VOCABULARIES = (DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, VOID)


_POINTERS = {RDF.type, RDFS.seeAlso, OWL.imports, OWL.sameAs, FOAF.page, FOAF.homepage}
"""Properties whose values are described elsewhere."""


def _subjects(located: LocatedTurtle) -> Iterator[Notice]:
    """Yield subjects without a class, names that nothing describes, and parts of themselves."""
    graph = located.graph
    subjects = set(graph.subjects(unique=True))
    spaces = {_space(subject) for subject in subjects if isinstance(subject, URIRef)}
    for subject in subjects:
        nested = isinstance(subject, BNode) and any(graph.subjects(None, subject))
        if not nested and (subject, RDF.type, None) not in graph and (subject, RDF.first, None) not in graph:
            yield Notice(
                located.subjects.get(subject, Location(located.path)),
                "untyped",
                True,
                f"{name_of(subject)} does not say what it is, so that nothing judges it.",
                "Give its class: a cmq:Readout, a cmq:Day and so on.",
            )
    for triple in graph:
        value = triple[2]
        if isinstance(value, URIRef) and value not in subjects and triple[1] not in _POINTERS:
            space = _space(value)
            if space in spaces and not value.startswith(BASE) and not _is_of_shacl(triple[1]):
                yield at_value(
                    located,
                    triple,
                    "dangling",
                    f"Nothing describes {name_of(value)}, which has the file's own kind of name.",
                    "Describe it, or mend the name.",
                )
    parts = {whole: set(graph.objects(whole, DCTERMS.isPartOf)) for whole in graph.subjects(DCTERMS.isPartOf)}
    for whole in sorted(parts, key=str):
        above: set[Node] = set()
        ways = list(parts[whole])
        while ways:
            here = ways.pop()
            if here not in above:
                above.add(here)
                ways.extend(parts.get(here, ()))
        if whole in above:
            at = located.subjects.get(whole, Location(located.path))
            said = f"By the chain of parts, {name_of(whole)} is a part of itself."
            yield Notice(at, "part-of-itself", True, said, "Mend dcterms:isPartOf here or further on.")
            break


def _space(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _is_of_shacl(node: Node) -> bool:
    return isinstance(node, URIRef) and str(node).startswith(str(SH))


_CHECKS = (
    *(_schema, _terms, _subjects),
    *(values.addresses, values.texts, values.values, values.names),
    *(links.same, links.lists, links.loops),
)
