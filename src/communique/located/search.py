"""Places in a text whose parser does not tell them: where the words of a term first stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from rdflib import Literal, URIRef

from communique.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from communique.isolation.gate import Text

_WORD = re.compile(r"""[^\s<>"'(){}\[\],;]+""")
_TRIED = 100
"""How many places of a text's first word are looked at for the rest of it."""


class FoundPlaces:
    """Where subjects and objects stand, found in time that grows with the text."""

    def __init__(self, text: Text, graph: Graph) -> None:
        self._content = text.content
        self._path = text.path
        self._lines = [0, *(i + 1 for i, character in enumerate(text.content) if character == "\n")]
        self._offsets = _offsets(text.content)
        self._starts = {
            subject: self._find(subject, 0, len(text.content)) for subject in graph.subjects(unique=True)
        }
        self._in_order = sorted(start for start in self._starts.values() if start is not None)

    def of_subject(self, subject: Node) -> Location:
        """Return where a subject's address, or its last part, first stands; else the first line."""
        return self._at(self._starts[subject] or 0)

    def of_object(self, triple: tuple[Node, Node, Node]) -> Location:
        """Return where an object stands between its subject and the next one; else the subject's place."""
        start = self._starts[triple[0]]
        if start is None:
            return self.of_subject(triple[0])
        after = bisect_right(self._in_order, start)
        end = self._in_order[after] if after < len(self._in_order) else len(self._content)
        found = self._find(triple[2], start + 1, end)
        return self._at(start if found is None else found)

    def _at(self, offset: int) -> Location:
        line = bisect_right(self._lines, offset)
        return Location(self._path, line, offset - self._lines[line - 1] + 1)

    def _find(self, term: Node, start: int, end: int) -> int | None:
        """Return where a term first stands from an offset on, before another."""
        if isinstance(term, URIRef):
            for word in (str(term), re.split(r"[/#:]", str(term))[-1]):
                if (found := next(self._places(word, start, end), None)) is not None:
                    return found
        elif isinstance(term, Literal):
            line = str(term).partition("\n")[0].strip()
            if first := _WORD.search(line):
                for place in islice(self._places(first[0], start, end), _TRIED):
                    if self._content.startswith(line, place - first.start()):
                        return place - first.start()
        return None

    def _places(self, word: str, start: int, end: int) -> Iterator[int]:
        offsets = self._offsets.get(word, ())
        for index in range(bisect_left(offsets, start), len(offsets)):
            if offsets[index] >= end:
                return
            yield offsets[index]


def _offsets(text: str) -> dict[str, list[int]]:
    """Return where each word stands, and each last part of an address or a prefixed name."""
    found: dict[str, list[int]] = defaultdict(list)
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        found[word].append(start)
        whole = word.rstrip(".")
        if whole != word:
            found[whole].append(start)
        cut = max(map(whole.rfind, "/#:=")) + 1
        if 0 < cut < len(whole):
            found[whole[cut:]].append(start + cut)
    return found
