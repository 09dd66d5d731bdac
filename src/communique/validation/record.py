"""A record: the files under judgement, joined with their context, and what stands where."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import URIRef

from communique.errors import Location
from communique.validation.shacl import StatedGraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from rdflib.term import Node

    from communique.context.surroundings import Context
    from communique.located.turtle import LocatedTurtle


class Record:
    """Files under judgement.

    What the context says of a subject that the files describe as well is left out: the files are
    judged as if they took its place.

    Attributes:
        files: the files, with their positions.
        graph: what they state, and their context.
        subjects: what they describe.
        focus: what of that is judged; all, where nothing else is said.

    """

    def __init__(
        self, files: Sequence[LocatedTurtle], context: Context, focus: AbstractSet[Node] | None = None
    ) -> None:
        self.files = files
        self.graph = StatedGraph()
        self._homes: dict[Node, list[LocatedTurtle]] = defaultdict(list)
        for file in files:
            for subject in file.graph.subjects(unique=True):
                self._homes[subject].append(file)
            for triple in file.graph:
                self.graph.add(triple)
        self.subjects = frozenset(self._homes)
        self.focus = self.subjects if focus is None else self.subjects & focus
        for triple in context.triples:
            if triple[0] not in self.subjects:
                self.graph.add(triple)

    def homes(self, subject: Node) -> Sequence[LocatedTurtle]:
        """Return the files that describe a subject."""
        return self._homes.get(subject, ())

    def place_of_subject(self, subject: Node) -> Location:
        """Return where a subject's description starts."""
        home = self._homes[subject][0]
        return home.subjects.get(subject, Location(home.path))

    def place_of_value(self, subject: Node, path: Node | None, value: Node) -> Location:
        """Return where a value of a subject stands: under that property, else under any.

        Where the value is not written in the files, return where the subject's description starts.
        """
        for home in self._homes[subject]:
            paths = [path] if isinstance(path, URIRef) else home.graph.predicates(subject, value)
            places = (home.objects.get((subject, predicate, value)) for predicate in paths)
            found = next((place for place in places if place), None)
            if found:
                return found
        return self.place_of_subject(subject)

    def place_of_last_value(self, subject: Node, path: Node) -> Location:
        """Return where the last value of a property stands, else where the subject starts."""
        for home in reversed(self._homes[subject]):
            values = home.graph.objects(subject, path)
            places = [
                home.objects[key] for value in values if (key := (subject, path, value)) in home.objects
            ]
            if places:
                return max(places, key=lambda place: (place.line, place.column))
        return self.place_of_subject(subject)

    def line_at(self, location: Location) -> str:
        """Return the text of the line at a location."""
        return next(file.line(location.line) for file in self.files if file.path == location.path)
