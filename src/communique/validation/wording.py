"""Findings in words: labels for IRIs, what is missing or unknown, and the name that was meant."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDFS, SH, SKOS, Graph, Literal, URIRef

from communique.namespaces import BASE, shorten

if TYPE_CHECKING:
    from rdflib.term import Node

    from communique.validation.shacl import Result

_NAMES = (RDFS.label, SKOS.prefLabel, DCTERMS.title)
_UNKNOWN_VALUE = {SH.ClassConstraintComponent, SH.NodeConstraintComponent, SH.OrConstraintComponent}
_FACTS: dict[Node, str] = {
    SH.MinCountConstraintComponent: "is missing",
    SH.MaxCountConstraintComponent: "has too many values",
    SH.UniqueLangConstraintComponent: "has two values of one language",
    SH.QualifiedMinCountConstraintComponent: "has no value in English",
    SH.ClosedConstraintComponent: "does not belong here",
}


class Wording:
    """The words for what shapes find in a graph."""

    def __init__(self, graph: Graph, shapes: Graph) -> None:
        self._graph = graph
        self._shapes = shapes

    def message(self, result: Result) -> str:
        """Return what is wrong and how to mend it: first the fact, then the shape's advice."""
        advice = str(self._shapes.value(result.shape, SH.message) or "This does not conform.")
        fact = self._fact(result)
        return f"{fact} {advice}" if fact else advice

    def subject(self, node: Node) -> str:
        """Return a node's English label, or its short name where it has none."""
        for predicate in _NAMES:
            labels = sorted(
                (label for label in self._graph.objects(node, predicate) if isinstance(label, Literal)),
                key=lambda label: (label.language != "en", str(label)),
            )
            if labels:
                return str(labels[0])
        return self.short(node)

    def short(self, node: Node) -> str:
        """Return a term as Turtle would write it, with the project's prefixes.

        The parts of a source's page are written ``source:page#part``: no prefix covers them.
        """
        if isinstance(node, Literal):
            return node.n3()
        if not isinstance(node, URIRef):
            return "a blank node"
        page, mark, part = node.partition("#")
        if mark and page.startswith(BASE + "source/"):
            return f"{shorten(page)}#{part}"
        return shorten(str(node))

    def path(self, path: Node | None) -> str | None:
        """Return a property's short name, or nothing where there is no single property."""
        return self.short(path) if isinstance(path, URIRef) else None

    def _fact(self, result: Result) -> str | None:
        """Return the fact in one sentence, where the kind of constraint tells one."""
        if result.component in _UNKNOWN_VALUE:
            return self._unknown(result.value)
        path = self.path(result.path)
        fact = _FACTS.get(result.component)
        if path is None or fact is None:
            return None
        if result.component == SH.ClosedConstraintComponent:
            return f"{path} {fact}.{self._meant_property(result)}"
        return f"{path} {fact}."

    def _unknown(self, value: Node | None) -> str | None:
        """Return that a value is not described anywhere, with the nearest name that is."""
        if not isinstance(value, URIRef) or (value, None, None) in self._graph:
            return None
        return f"Nothing describes {self.short(value)}.{self._meant(str(value), self._described)}"

    @cached_property
    def _described(self) -> set[str]:
        """Return the IRIs that are described."""
        subjects = self._graph.subjects(unique=True)
        return {str(node) for node in subjects if isinstance(node, URIRef)}

    def _meant_property(self, result: Result) -> str:
        """Return the nearest of the properties that the closed shape allows."""
        listed = self._shapes.objects(result.shape, SH.property / SH.path)
        allowed = {str(path) for path in listed if isinstance(path, URIRef)}
        ignored = self._shapes.value(result.shape, SH.ignoredProperties)
        if ignored is not None:
            allowed.update(str(path) for path in self._shapes.items(ignored))
        return self._meant(str(result.path), allowed)

    def _meant(self, name: str, known: set[str]) -> str:
        """Return a question after the nearest known name, or nothing."""
        near = get_close_matches(name, known, n=1, cutoff=0.88)
        return f" Did you mean {self.short(URIRef(near[0]))}?" if near else ""
