"""Notices at the places of what a file states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import URIRef

from communique.errors import Location
from communique.isolation.refusal import Notice
from communique.namespaces import shorten

if TYPE_CHECKING:
    from rdflib.term import Node

    from communique.isolation.addresses import Fault
    from communique.located.turtle import LocatedTurtle

    Triple = tuple[Node, Node, Node]


def name_of(node: Node) -> str:
    """Return how a notice calls a node."""
    return shorten(str(node)) if isinstance(node, URIRef) else "this node"


def place_of(located: LocatedTurtle, triple: Triple, term: Node) -> Location:
    """Return where a term of a triple stands; where that is not known, where its subject does."""
    subject, _, value = triple
    if term == subject and term != value:
        return located.subjects.get(subject, Location(located.path))
    return located.objects.get(triple) or located.subjects.get(subject, Location(located.path))


def of_fault(at: Location, fault: Fault) -> Notice:
    """Return the notice of a fault."""
    return Notice(at, fault.rule, fault.violation, fault.sentence, fault.remedy)


def at_value(
    located: LocatedTurtle, triple: Triple, rule: str, sentence: str, remedy: str, *, violation: bool = True
) -> Notice:
    """Return a notice at the object of a triple."""
    return Notice(place_of(located, triple, triple[2]), rule, violation, sentence, remedy)
