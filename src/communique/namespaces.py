"""The one table of prefixes: what each short name stands for in Turtle, SPARQL and messages."""

from __future__ import annotations

BASE = "https://w3id.org/communique/"
ONTOLOGY = BASE + "ontology"
TERM = ONTOLOGY + "#"
CONCEPT = BASE + "concept/"
DERIVED = BASE + "derived/"

REGISTERS = (
    "government",
    "body",
    "person",
    "post",
    "organization",
    "facility",
    "change",
    "mechanism",
    "occasion",
    "instrument",
    "source",
    "coverage",
    "dataset",
)
"""Kinds of entity that have an IRI of their own, and a prefix of the same name."""

SCHEMES = (
    "role",
    "occasion-kind",
    "organization-kind",
    "instrument-kind",
    "treatment",
    "mode",
    "holding",
    "source-kind",
    "extent",
    "address-basis",
    "zone-basis",
    "date-basis",
    "property",
    "judgement",
    "reason",
    "place",
    "topic",
)
"""Concept schemes; each is a file of the same name under ``ontology/concepts/`` and a prefix."""

PREFIXES: dict[str, str] = {
    "cmq": TERM,
    **{name: f"{BASE}{name}/" for name in REGISTERS},
    **{name: f"{CONCEPT}{name}/" for name in SCHEMES},
    "shape": BASE + "shape/",
    "cc": "http://creativecommons.org/ns#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "eu-country": "http://publications.europa.eu/resource/authority/country/",
    "federal-register": "https://www.federalregister.gov/agencies/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "funder": "https://doi.org/10.13039/",
    "geonames": "https://sws.geonames.org/",
    "isni": "https://isni.org/isni/",
    "lcnaf": "http://id.loc.gov/authorities/names/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "ror": "https://ror.org/",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "viaf": "http://viaf.org/viaf/",
    "void": "http://rdfs.org/ns/void#",
    "wikidata": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix to namespace. A file of ``data/readouts/`` binds the empty prefix to its own source."""


def shorten(iri: str) -> str:
    """Return ``prefix:name`` for an IRI whose namespace is known, else the IRI in angle brackets."""
    best = max(
        (item for item in PREFIXES.items() if iri.startswith(item[1])),
        key=lambda item: len(item[1]),
        default=None,
    )
    if best is None:
        return f"<{iri}>"
    local = iri[len(best[1]) :]
    return f"{best[0]}:{local}" if "/" not in local and "#" not in local else f"<{iri}>"
