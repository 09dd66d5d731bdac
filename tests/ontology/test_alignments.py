"""The alignments relate declared terms to existing foreign ones, and stay out of the reasoner."""

from __future__ import annotations

from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, Graph, URIRef

from communique.derive.reasoning import inconsistencies
from communique.layout import Layout
from communique.namespaces import PREFIXES, TERM

from . import profile

ROOT = Layout.shipped().root / "ontology"
CORE = Graph().parse(ROOT / "communique.ttl")
ALIGNMENTS = Graph().parse(ROOT / "alignments.ttl")
LINKS = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso)
KNOWN = {
    URIRef(PREFIXES[prefix] + name)
    for prefix, name in (
        ("cv", "Participation"),
        ("cv", "PublicEvent"),
        ("cv", "PublicOrganisation"),
        ("cv", "role"),
        ("eli", "LegalResource"),
        ("oa", "SpecificResource"),
    )
}
"""Names read in the vocabularies' own files; of the other vocabularies rdflib knows every name."""


def _statements() -> set[tuple[URIRef, URIRef, URIRef]]:
    header = ALIGNMENTS.value(None, RDF.type, OWL.Ontology)
    return {
        (subject, predicate, value)
        for subject, predicate, value in ALIGNMENTS
        if subject != header
        and isinstance(subject, URIRef)
        and isinstance(predicate, URIRef)
        and isinstance(value, URIRef)
    }


def _exists(term: URIRef) -> bool:
    return term in KNOWN or any(term in vocabulary for vocabulary in (DCTERMS, FOAF, ORG, PROV, SDO))


def test_only_declared_terms_are_aligned() -> None:
    kinds = {RDFS.subClassOf: OWL.Class, RDFS.subPropertyOf: OWL.ObjectProperty}
    for subject, predicate, _ in _statements():
        assert predicate in LINKS
        expected = kinds.get(predicate)
        assert (subject, RDF.type, expected) in CORE, subject


def test_each_alignment_names_an_existing_foreign_term() -> None:
    values = {value for _, _, value in _statements()}
    assert values
    assert {value for value in values if value.startswith(TERM) or not _exists(value)} == set()


def test_invented_foreign_term_would_be_noticed() -> None:
    assert not _exists(URIRef(PREFIXES["cv"] + "PublicOrganization"))
    assert not _exists(URIRef(PREFIXES["prov"] + "Agents"))


def test_header_is_its_own() -> None:
    assert (URIRef(TERM.rstrip("#")), RDF.type, OWL.Ontology) in CORE
    assert list(ALIGNMENTS.subjects(RDF.type, OWL.Ontology)) == [
        URIRef("https://w3id.org/communique/alignments")
    ]


def test_no_alignment_is_loaded_with_the_ontology() -> None:
    loaded = Graph()
    for path in Layout.shipped().ontology_files:
        loaded.parse(path)
    axioms = {statement for statement in _statements() if statement[1] != RDFS.seeAlso}
    assert axioms
    assert not any(axiom in loaded for axiom in axioms)


def test_alignments_keep_the_profile_and_contradict_nothing() -> None:
    both = CORE + ALIGNMENTS
    assert profile.violations(both) == []
    assert inconsistencies(both) == []
