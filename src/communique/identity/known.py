"""What the graph already knows: every entity with its names, and what tells two of one name apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from communique.identity import names
from communique.identity.names import Match
from communique.namespaces import BASE, CONCEPT, PREFIXES
from communique.store.embedded import EmbeddedStore
from communique.store.protocol import Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from communique.layout import Layout

KINDS = {
    "government": BASE + "government/",
    "body": BASE + "body/",
    "person": BASE + "person/",
    "post": BASE + "post/",
    "organization": BASE + "organization/",
    "mechanism": BASE + "mechanism/",
    "occasion": BASE + "occasion/",
    "facility": BASE + "facility/",
    "instrument": BASE + "instrument/",
    "topic": CONCEPT + "topic/",
    "place": CONCEPT + "place/",
}
"""The kinds of entity that names are linked to, each with the namespace of its IRIs."""

_FILES = {
    "government": "data/register/governments.ttl",
    "person": "data/register/people.ttl",
    "post": "data/register/posts.ttl",
    "organization": "data/register/organizations.ttl",
    "mechanism": "data/register/mechanisms.ttl",
    "occasion": "data/register/occasions.ttl",
    "facility": "data/register/facilities.ttl",
    "instrument": "data/register/instruments.ttl",
    "topic": "ontology/concepts/topic.ttl",
    "place": "ontology/concepts/place.ttl",
}
"""The register that holds each kind of entry; bodies have one a country."""

_HEADER = "\n".join(f"PREFIX {p}: <{PREFIXES[p]}>" for p in ("cmq", "dcterms", "org", "owl", "rdfs", "skos"))
_DESCRIBED = """SELECT ?entity ?property ?value WHERE {
  VALUES ?property { cmq:government org:unitOf org:postIn cmq:under cmq:partOf cmq:ordinal cmq:countryCode
    cmq:seatZone org:siteOf cmq:facility org:classification owl:differentFrom skos:definition
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> }
  ?entity ?property ?value }"""
_NAMES = """SELECT ?entity ?name ?rank WHERE {
  { ?entity rdfs:label|skos:prefLabel ?name BIND (0 AS ?rank) }
  UNION { ?entity skos:altLabel ?name BIND (1 AS ?rank) } }"""
_SEEN = """SELECT ?who ?side ?behalf ?post WHERE {
  ?mention cmq:participant ?who
  OPTIONAL { ?mention cmq:side ?side } OPTIONAL { ?mention cmq:onBehalfOf ?behalf }
  OPTIONAL { ?mention cmq:post ?post } }"""
_TOLD = """SELECT ?occasion ?source ?number ?kind ?date WHERE {
  ?readout cmq:about ?occasion ; cmq:fromSource ?source .
  OPTIONAL { ?readout cmq:number ?number } OPTIONAL { ?readout cmq:kind ?kind }
  OPTIONAL { ?readout cmq:heldOn|cmq:heldOnOneOf|cmq:startsOn|cmq:endsOn ?day . ?day cmq:date ?date } }"""
_CONCEPTS = """SELECT ?concept ?scheme ?name ?above WHERE {
  ?concept skos:inScheme ?scheme ; skos:prefLabel|skos:altLabel ?name
  OPTIONAL { ?concept skos:broader+ ?above } }"""
_SOURCES = "SELECT ?source ?publisher WHERE { ?source a cmq:Source ; dcterms:publisher ?publisher }"


def file_of(kind: str, country: str | None = None) -> str:
    """Return the register that holds a kind of entry, by its name in the graph; bodies have one a country."""
    return f"data/register/bodies-{(country or '').lower()}.ttl" if kind == "body" else _FILES[kind]


@dataclass(slots=True)
class Entity:
    """Something that has an IRI in the registers.

    Attributes:
        iri: its IRI.
        kind: which of ``KINDS``.
        label: its English label.
        names: every name with its language, the labels first.
        facts: what its description says, by the local name of the property.
        sides: the governments on whose side records put it.
        bodies: the bodies for which records say that it acts.
        posts: the posts that records say it held.

    """

    iri: str
    kind: str
    label: str = ""
    names: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sides: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)

    @property
    def slug(self) -> str:
        """Return its short name with its prefix, such as ``person:katherine-tai``."""
        return f"{self.kind}:{self.iri.removeprefix(KINDS[self.kind])}"

    def fact(self, name: str) -> str | None:
        """Return what its description says under a name, where it says one thing."""
        return min(self.facts[name]) if self.facts.get(name) else None


@dataclass(slots=True)
class Told:
    """What records tell of an occasion: by which sources, and the numbers, kinds and days that they give."""

    sources: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)


class Known:
    """The entities of a graph's files, to be found by what they are called."""

    def __init__(
        self,
        entities: Mapping[str, Entity],
        told: Mapping[str, Told],
        concepts: Mapping[str, Mapping[str, str]] | None = None,
        broader: Mapping[str, set[str]] | None = None,
        sources: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the entities by IRI, what is told of occasions, and, of every scheme, the concepts by name.

        ``broader`` has the concepts above each, ``sources`` the publisher of each source.
        """
        self.entities = dict(entities)
        self.told = told
        self.concepts = concepts or {}
        self.broader = broader or {}
        self.sources = dict(sources or {})

    @classmethod
    def of(cls, layout: Layout, instead: Mapping[str, str] | None = None) -> Known:
        """Return what a graph's files describe.

        Args:
            layout: the files.
            instead: the text of files that are new or read otherwise than they lie there, by their names.

        Raises:
            UnreadableInputError: if a file is not Turtle, with its line and column.

        """
        store = EmbeddedStore()
        instead = instead or {}
        for name, path in layout.stated_files():
            if name not in instead:
                store.load(path)
        for name, text in instead.items():
            if name.endswith(".ttl"):
                store.load_text(text, name)
        return cls.in_store(store)

    @classmethod
    def in_store(cls, store: EmbeddedStore) -> Known:
        """Return what a store describes."""
        entities: dict[str, Entity] = {}
        rows = store.select(f"{_HEADER} {_NAMES} ORDER BY ?entity ?rank ?name").rows
        for subject, name, rank in rows:
            entity = _entity(str(subject), entities)
            if entity is not None and isinstance(name, Literal):
                entity.names.append((name.value, name.language))
                if str(rank) == "0" and (name.language == "en" or not entity.label):
                    entity.label = name.value
        for subject, prop, value in store.select(f"{_HEADER} {_DESCRIBED}").rows:
            if str(subject) in entities:
                local = str(prop).replace("#", "/").rpartition("/")[2]
                entities[str(subject)].facts[local].add(str(value))
        for who, side, behalf, post in store.select(f"{_HEADER} {_SEEN}").rows:
            if entity := entities.get(str(who)):
                entity.sides |= {str(side)} if side else set()
                entity.bodies |= {str(behalf)} if behalf else set()
                entity.posts |= {str(post)} if post else set()
        told: dict[str, Told] = defaultdict(Told)
        for occasion, source, number, kind, day in store.select(f"{_HEADER} {_TOLD}").rows:
            of = told[str(occasion)]
            of.sources.add(str(source))
            of.numbers |= {int(str(number))} if number else set()
            of.kinds |= {str(kind)} if kind else set()
            of.days |= {str(day)} if day else set()
        concepts: dict[str, dict[str, str]] = defaultdict(dict)
        broader: dict[str, set[str]] = defaultdict(set)
        for concept, scheme, name, above in store.select(f"{_HEADER} {_CONCEPTS}").rows:
            of_scheme = concepts[str(scheme).removeprefix(CONCEPT)]
            of_scheme[names.folded(str(name))] = str(concept)
            of_scheme[names.folded(str(concept).rpartition("/")[2])] = str(concept)
            broader[str(concept)] |= {str(above)} if above else set()
        sources = {
            str(source): str(publisher) for source, publisher in store.select(f"{_HEADER} {_SOURCES}").rows
        }
        return cls(entities, told, concepts, broader, sources)

    def copy(self) -> Known:
        """Return the same, to try what may not be accepted."""
        entities = {
            iri: replace(
                entity,
                names=list(entity.names),
                facts=defaultdict(set, {k: set(v) for k, v in entity.facts.items()}),
            )
            for iri, entity in self.entities.items()
        }
        copied = Known(entities, self.told, self.concepts, self.broader, self.sources)
        # An index is made of names and never changed: who adds a name to the copy makes a new one.
        copied.__dict__["_index"] = self._index
        return copied

    def of_kind(self, kind: str) -> Iterable[Entity]:
        """Return the entities of a kind."""
        return (entity for entity in self.entities.values() if entity.kind == kind)

    def named(self, slug: str) -> Entity | None:
        """Return the entity of a short name with its prefix."""
        kind, _, local = slug.partition(":")
        return self.entities.get(KINDS.get(kind, "?") + local)

    def government_of(self, country: str | None) -> str | None:
        """Return the government of a country's code."""
        if country is None:
            return None
        return next((e.iri for e in self.of_kind("government") if e.fact("countryCode") == country), None)

    def add(self, entity: Entity) -> None:
        """Know one more entity, or what has been added to one."""
        self.entities[entity.iri] = entity
        self.__dict__.pop("_index", None)

    def country_of(self, entity: Entity | None) -> str | None:
        """Return the code of the country that something belongs to."""
        for _ in range(3):
            if entity is None or entity.kind == "government":
                break
            up = entity.fact("government") or entity.fact("postIn")
            entity = self.entities.get(up) if up else None
        return entity.fact("countryCode") if entity else None

    def with_key(self, kind: str, keys: Mapping[str, Match]) -> dict[str, Match]:
        """Return the entities of a kind that share a key, by IRI, with the strictest match."""
        found: dict[str, Match] = {}
        for key, how in keys.items():
            for iri, known in self._index.get((kind, key), {}).items():
                found[iri] = max(found.get(iri, Match.SHORT), min(how, known))
        return found

    @cached_property
    def _index(self) -> dict[tuple[str, str], dict[str, Match]]:
        index: dict[tuple[str, str], dict[str, Match]] = defaultdict(dict)
        for entity in self.entities.values():
            country = self.country_of(entity)
            for name, _ in entity.names:
                for key, how in keys_of(entity.kind, name, country).items():
                    there = index[entity.kind, key]
                    there[entity.iri] = max(there.get(entity.iri, how), how)
        return index


def keys_of(kind: str, name: str, country: str | None = None) -> dict[str, Match]:
    """Return the keys by which a name of a kind is compared."""
    if kind in _KEYS_BY_COUNTRY:
        return _KEYS_BY_COUNTRY[kind](name, country)
    return _KEYS.get(kind, names.plain_keys)(name)


_KEYS_BY_COUNTRY = {"body": names.body_keys, "post": names.post_keys}
_KEYS = {
    "person": names.person_keys,
    "organization": names.organization_keys,
    "facility": names.organization_keys,
    "government": names.government_keys,
    "mechanism": names.mechanism_keys,
    "instrument": names.title_keys,
    "place": names.place_keys,
}


def _entity(iri: str, entities: dict[str, Entity]) -> Entity | None:
    """Return the entity of an IRI, made if it is new; None for what is no entity of a register."""
    if iri in entities:
        return entities[iri]
    for kind, base in KINDS.items():
        # A node within a source has a fragment: it is a statement, not an entity.
        if iri.startswith(base) and "#" not in iri:
            entities[iri] = Entity(iri, kind)
            return entities[iri]
    return None
