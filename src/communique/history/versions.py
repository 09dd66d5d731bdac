"""A version of the data: what its files state, whatever their form and wherever it stands in them."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from communique import repository
from communique.errors import ChangesError, Location
from communique.isolation.gate import MAX_BYTES, Syntax, Text, check_look, decode, open_text
from communique.isolation.refusal import RefusedInputError, shown
from communique.located.turtle import statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from communique.layout import Layout

FOLDERS = ("data", "ontology/concepts")
"""What is compared: the records, the registers and the lists."""

NOW = "the working tree"

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
_DEPTH = 64


class Statement(NamedTuple):
    """A triple."""

    subject: Node
    predicate: ox.NamedNode
    object: Term

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."


@dataclass(frozen=True)
class Version:
    """What files state at one time.

    Attributes:
        name: what people call it: a revision of git, or the working tree.
        files: the statements of each file, by its name.

    """

    name: str
    files: Mapping[str, frozenset[Statement]] = field(repr=False)

    @cached_property
    def statements(self) -> frozenset[Statement]:
        """Return what all files state together."""
        return frozenset().union(*self.files.values())

    @cached_property
    def descriptions(self) -> Mapping[Node, Mapping[ox.NamedNode, AbstractSet[Term]]]:
        """Return the values that each subject has, by property."""
        found: dict[Node, dict[ox.NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for subject, predicate, obj in self.statements:
            found[subject][predicate].add(obj)
        return {subject: dict(values) for subject, values in found.items()}

    @cached_property
    def mentions(self) -> Mapping[Term, AbstractSet[Statement]]:
        """Return the statements that have a node as their object."""
        found: dict[Term, set[Statement]] = defaultdict(set)
        for statement in self.statements:
            if not isinstance(statement.object, ox.Literal):
                found[statement.object].add(statement)
        return dict(found)

    @cached_property
    def homes(self) -> Mapping[Node, str]:
        """Return the file that describes each subject; the first, where there are several."""
        found: dict[Node, str] = {}
        for name in sorted(self.files):
            for statement in self.files[name]:
                found.setdefault(statement.subject, name)
        return found

    def description(self, subject: Node) -> set[Statement]:
        """Return what is said of a subject."""
        values = self.descriptions.get(subject, {})
        return {Statement(subject, predicate, value) for predicate in values for value in values[predicate]}

    def values(self, subject: Node, predicate: ox.NamedNode) -> AbstractSet[Term]:
        """Return the values of a property of a subject."""
        return self.descriptions.get(subject, {}).get(predicate, frozenset())


def versions_of(layout: Layout, revisions: str) -> tuple[Version, Version]:
    """Return two versions of a graph's files: ``A..B``, or ``A..`` and ``A`` for A and the working tree.

    Raises:
        ChangesError: if git does not keep the files, or knows no such revision.
        RefusedInputError: if a file of either version cannot be read, with line and column.

    """
    first, dots, second = revisions.partition("..")
    if second.startswith("."):
        raise ChangesError(f"Write two dots, not three: {first}..{second.lstrip('.')}.")
    repository.check_kept(layout.root, *FOLDERS)
    # As in git, no revision before the dots is the last commit.
    old = first if first or not dots else "HEAD"
    names = [old, second] if second else [old]
    contents = [
        (name, repository.files_at(layout.root, repository.commit_of(layout.root, name), *FOLDERS))
        for name in names
    ]
    # Most files are the same in both versions, and are read once.
    known: dict[bytes, frozenset[Statement]] = {}
    found = [
        Version(name, {file: _read(content, f"{name}:{file}", known) for file, content in files.items()})
        for name, files in contents
    ]
    if not second:
        found.append(_working_tree(layout, known))
    return found[0], found[1]


def version_of_texts(name: str, texts: Mapping[str, str]) -> Version:
    """Return the version that texts make, by the names of their files.

    Raises:
        RefusedInputError: if a text cannot be read, with line and column.

    """
    return Version(name, {file: _read(text.encode(), file, {}) for file, text in texts.items()})


def _working_tree(layout: Layout, known: dict[bytes, frozenset[Statement]]) -> Version:
    files = {}
    for path in (*layout.data_files, *layout.concept_files):
        content = open_text(path).content.encode("utf-8")
        name = repository.name_of(os.fsencode(path.relative_to(layout.root).as_posix()))
        files[name] = _read(content, str(path), known)
    return Version(NOW, files)


def _read(content: bytes, path: str, known: dict[bytes, frozenset[Statement]]) -> frozenset[Statement]:
    if content not in known:
        name = shown(path)
        if len(content) > MAX_BYTES:
            message = f"The file has {len(content):,} bytes; at most {MAX_BYTES:,} are read."
            raise RefusedInputError(Location(name), "file-too-large", message)
        # Git may end lines otherwise in a checkout than in its own store: that is no change of a text.
        text = Text(name, Syntax.TURTLE, decode(content, name).replace("\r\n", "\n"))
        check_look(text)
        known[content] = settle(
            Statement(quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]
            for quad in statements(text.content, name)
        )
    return known[content]


def settle(found: Iterable[Statement]) -> frozenset[Statement]:
    """Return statements in which each blank node is named by what is said of it.

    So the same nodes have the same names in every version, and nodes of which the same is said are one.
    """
    stated = list(found)
    about: dict[ox.BlankNode, list[Statement]] = defaultdict(list)
    for statement in stated:
        for node in (statement.subject, statement.object):
            if isinstance(node, ox.BlankNode):
                about.setdefault(node, [])
        if isinstance(statement.subject, ox.BlankNode):
            about[statement.subject].append(statement)
    names: dict[Term, str] = dict.fromkeys(about, "")
    # A fixed number of rounds, as many as nodes may be nested: a name must not depend on the other nodes.
    for _ in range(_DEPTH if about else 0):
        names = {
            node: hashlib.sha256(
                "\n".join(sorted({f"{s.predicate} {names.get(s.object, s.object)}" for s in said})).encode()
            ).hexdigest()
            for node, said in about.items()
        }
    nodes: dict[Term, Node] = {node: ox.BlankNode(f"b{names[node]}") for node in about}
    return frozenset(
        Statement(nodes.get(s.subject, s.subject), s.predicate, nodes.get(s.object, s.object)) for s in stated
    )
