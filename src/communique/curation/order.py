"""The fixed order of predicates in a block of canonical Turtle."""

from __future__ import annotations

from communique.namespaces import PREFIXES

_FIRST = """
rdf:type
rdfs:label skos:prefLabel skos:altLabel skos:hiddenLabel
dcterms:title dcterms:alternative foaf:name
dcterms:description

rdfs:subClassOf owl:equivalentClass owl:disjointWith owl:members owl:distinctMembers
rdfs:subPropertyOf owl:equivalentProperty owl:inverseOf owl:propertyChainAxiom
rdfs:domain rdfs:range
skos:definition skos:example skos:scopeNote skos:editorialNote
rdfs:seeAlso rdfs:isDefinedBy

dcterms:publisher dcterms:creator dcterms:created dcterms:issued dcterms:modified
dcterms:language dcterms:license foaf:homepage foaf:page
owl:versionIRI owl:versionInfo vann:preferredNamespacePrefix vann:preferredNamespaceUri

owl:differentFrom
cmq:government org:unitOf org:postIn org:siteOf org:classification cmq:countryCode cmq:seatZone
org:originalOrganization org:resultingOrganization dcterms:date dcterms:source
cmq:partOf cmq:under cmq:facility cmq:ordinal cmq:countedAs

cmq:sourceKind cmq:republishes
cmq:coversPublisher cmq:coversMechanism cmq:coversFrom cmq:coversUntil
cmq:extentRead cmq:addressBasis cmq:readOn

cmq:fromSource cmq:about cmq:kind
cmq:participant cmq:participantKind cmq:instrument
cmq:nameAsPrinted cmq:titleAsPrinted cmq:number
cmq:role cmq:side cmq:onBehalfOf cmq:post cmq:holding
cmq:instrumentKind cmq:treatment
cmq:heldOn cmq:heldOnOneOf cmq:startsOn cmq:endsOn
cmq:mode cmq:place cmq:placeAsPrinted cmq:party cmq:placedUnder
cmq:purpose cmq:topic cmq:outcome cmq:mentions cmq:evidence

cmq:date cmq:dayOfMonth cmq:dateAsPrinted cmq:dateBasis
cmq:zone cmq:zoneAsPrinted cmq:zoneBasis
cmq:firstWords cmq:lastWords cmq:verified cmq:passageUrl

cmq:property cmq:subject cmq:value cmq:numberValue cmq:textValue cmq:saidBy
cmq:claim cmq:silentSource cmq:judgement cmq:reason
cmq:interval cmq:opensAt cmq:closesAt cmq:firm

skos:notation skos:broader skos:narrower skos:related skos:topConceptOf skos:inScheme cmq:kindClass

sh:path sh:name sh:description sh:message sh:severity
sh:targetClass sh:targetNode sh:targetSubjectsOf sh:targetObjectsOf
sh:closed sh:ignoredProperties
sh:minCount sh:maxCount sh:nodeKind sh:class sh:datatype
sh:pattern sh:flags sh:prefix sh:namespace
"""

# What is read last in a shape: its parts, which are many, and its query, which is long.
_LAST = "sh:property sh:sparql sh:prefixes sh:select"


def _iris(names: str) -> tuple[str, ...]:
    """Return the IRIs of a text of prefixed names."""
    pairs = (name.split(":", 1) for name in names.split())
    return tuple(PREFIXES[prefix] + local for prefix, local in pairs)


FIRST = _iris(_FIRST)
"""Predicates that come first, in this order: what a thing is, its names, its place, its claims."""

LAST = _iris(_LAST)
"""Predicates that come after all others, in this order."""

_PLACE = {
    **{iri: (0, place) for place, iri in enumerate(FIRST)},
    **{iri: (2, place) for place, iri in enumerate(LAST)},
}


def predicate_key(iri: str) -> tuple[int, int, str]:
    """Return what predicates are sorted by: the fixed order, and the IRI where it is silent."""
    group, place = _PLACE.get(iri, (1, 0))
    return (group, place, iri)
