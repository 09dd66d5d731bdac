"""The canonical form of a Turtle file: one way to write each graph, so that a diff shows a change.

Subjects keep the author's order and comments are kept; all else follows from the graph. The
rules are told in ``docs/decisions/0002-canonical-turtle.md``.
"""

from __future__ import annotations

import difflib
import glob
import hashlib
import os
import secrets
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.curation.source_text import outline
from communique.curation.writing import TOO_DEEP, FormattingError, Prefixes, Writer, owners
from communique.errors import Location, UnreadableInputError, UnwritableError
from communique.isolation.refusal import RefusedInputError
from communique.isolation.turtle import scan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.curation.source_text import Outline, Statement
    from communique.curation.writing import Subject, Term

    Triples = list[tuple[Subject, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]]


@dataclass(slots=True)
class _Block:
    """A subject to be written, and the comment lines that stand above it."""

    subject: Subject
    comments: list[str] = field(default_factory=list)


def format_turtle(text: str, path: str = "<string>") -> str:
    """Return a Turtle text in its canonical form; `path` names it in errors."""
    text = text.removeprefix("\ufeff")
    scan(text, path)
    before, own_prefixes = _read(text, path)
    source = outline(text)
    statements = [statement for statement in source.statements if not statement.is_directive]
    groups = _triples_by_statement(text, statements, path)
    prefixes = Prefixes(own_prefixes)
    writer = Writer([triple for group in groups for triple in group], prefixes)
    body = _body(source, dict(zip(map(id, statements), groups, strict=True)), writer)
    head = _head(source, prefixes.declarations())
    formatted = "".join(f"{part}\n\n" for part in [*head, *body])
    formatted = formatted[:-1]  # one line end closes the file
    _ensure_readable(formatted, path)
    _ensure_same(before, formatted, path)
    return formatted


def format_file(path: Path | str, *, write: bool) -> str | None:
    """Return a unified diff from a file to its canonical form, or None where it has that form.

    With `write`, the file is brought to that form. It is replaced as a whole: whoever reads it
    sees the old text or the new one.
    """
    text = _text_of(Path(path))
    formatted = format_turtle(text, str(path))
    if formatted == text:
        return None
    if write:
        put(Path(path), formatted)
    lines = difflib.unified_diff(
        text.split("\n"), formatted.split("\n"), str(path), f"{path} (canonical)", lineterm=""
    )
    return "\n".join(lines)


def check(path: Path | str) -> str | None:
    """Return what `format_file` would change in a file, as a unified diff, or None."""
    return format_file(path, write=False)


def put(path: Path, text: str) -> None:
    """Put a text in the place of a file, as ``replace`` does.

    Raises:
        UnwritableError: if it cannot be written, for want of room or of permission; the file is as it was.

    """
    try:
        replace(path, text)
    except OSError as error:
        whole = " The file is as it was." if path.exists() else ""
        raise UnwritableError(f"{path} cannot be written: {error.strerror}.{whole}") from None


def replace(path: Path, text: str) -> None:
    """Put a text in the place of a file, in one step and with the file's permissions.

    Whoever reads it sees the old text or the new one, also when this process is killed, or the machine is
    switched off. What a killed process left beside it is removed by the next that comes an hour later.
    """
    path = path.resolve()  # a link stays a link
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_HALF}"):
        if left.stat().st_mtime < time.time() - _SURELY_DONE:
            left.unlink(missing_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_HALF}")
    try:
        with aside.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            aside.chmod(path.stat().st_mode)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


_HALF = ".half-written"
_SURELY_DONE = 3600
"""Seconds after which nobody is writing a file any more."""


def _text_of(path: Path) -> str:
    """Return the text of a file, its line ends as they are."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        line, column = good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1
        location = Location(str(path), line, column)
        raise UnreadableInputError(location, "This is not UTF-8; save the file as UTF-8.") from None


def _read(text: str, path: str) -> tuple[ox.Dataset, dict[str, str]]:
    """Return the graph of a text and the prefixes that it binds."""
    parser = ox.parse(text, ox.RdfFormat.TURTLE)
    try:
        graph = ox.Dataset(parser)
    except SyntaxError as error:
        location = Location(path, error.lineno or 1, error.offset or 1)
        message = str(error.msg).split(": ", 1)[-1]
        raise UnreadableInputError(location, message) from None
    return graph, parser.prefixes


def _triples_by_statement(text: str, statements: list[Statement], path: str) -> list[Triples]:
    """Return the triples that each statement says.

    A triple of our own is put before every statement and the whole is read again: what the parser
    gives between two of these belongs to one statement, nested nodes and lists included.
    """
    name = "urn:communique:statement"
    while name in text:
        name += "-"
    mark = ox.NamedNode(name)
    pieces: list[str] = []
    done = 0
    for statement in statements:
        pieces += [text[done : statement.start], f"{mark} {mark} {mark} . "]
        done = statement.start
    pieces.append(text[done:])
    groups: list[Triples] = []
    for quad in ox.parse("".join(pieces), ox.RdfFormat.TURTLE):
        if quad.subject == mark:
            groups.append([])
            continue
        subject, value = quad.subject, quad.object
        if isinstance(value, ox.Triple) or (isinstance(value, ox.Literal) and value.direction):
            raise UnreadableInputError(
                Location(path), "The graph is RDF 1.1: no statements about statements, no --ltr."
            )
        groups[-1].append((subject, quad.predicate, value))
    return groups


def _subject(statement: Statement, triples: Triples) -> Subject:
    """Return the subject of a statement, given its triples."""
    if statement.opening.startswith("_:"):
        return ox.BlankNode(statement.opening[2:])
    subjects = dict.fromkeys(subject for subject, _, _ in triples)
    if statement.opening in {"[", "("}:
        # The nodes nested in a statement are objects in it; its subject is not.
        nested = {value for _, _, value in triples}
        subjects = {subject: None for subject in subjects if subject not in nested}
    else:
        subjects = {subject: None for subject in subjects if isinstance(subject, ox.NamedNode)}
    (subject,) = subjects
    return subject


def _body(source: Outline, groups: dict[int, Triples], writer: Writer) -> list[str]:
    """Return the blocks and the paragraphs of comment between them, in the author's order."""
    parts: list[str | _Block] = []
    blocks: dict[Subject, _Block] = {}
    placed: set[Subject] = set()
    carried: list[str] = []  # comments at a directive between blocks: they go to the next block
    for statement in source.statements[_leading_directives(source) :]:
        parts += ["\n".join(paragraph) for paragraph in statement.apart]
        comments = [*carried, *statement.above, *statement.inside]
        if statement.is_directive:
            carried = comments
            continue
        carried = []
        subject = _subject(statement, groups[id(statement)])
        root = writer.root(subject)
        block = blocks.setdefault(root, _Block(root))
        block.comments += comments
        if subject == root and root not in placed:
            placed.add(root)
            parts.append(block)
    if carried:
        parts.append("\n".join(carried))
    parts += ["\n".join(paragraph) for paragraph in source.tail]
    return [
        "\n".join([*part.comments, writer.block(part.subject)]) if isinstance(part, _Block) else part
        for part in parts
    ]


def _leading_directives(source: Outline) -> int:
    """Return how many statements come before the first that says a triple."""
    for number, statement in enumerate(source.statements):
        if not statement.is_directive:
            return number
    return len(source.statements)


def _head(source: Outline, declarations: list[str]) -> list[str]:
    """Return the paragraphs above the prefixes, and the prefixes."""
    leading = source.statements[: _leading_directives(source)]
    paragraphs: list[str] = []
    close: list[str] = []  # the comment lines directly above the prefixes
    for statement in leading:
        if statement is leading[0]:
            paragraphs = ["\n".join(paragraph) for paragraph in statement.apart]
        else:
            close += [line for paragraph in statement.apart for line in paragraph]
        close += [*statement.above, *statement.inside]
    if close or declarations:
        paragraphs.append("\n".join([*close, *declarations]))
    return paragraphs


def _ensure_same(before: ox.Dataset, formatted: str, path: str) -> None:
    """Raise an error unless the formatted text says the graph that was read, and no other."""
    after, _ = _read(formatted, path)
    if _likeness(before) != _likeness(after):
        raise FormattingError(
            f"{path}: the canonical form would change what the file says; it was left as it is. "
            "Please report this with the file."
        )


def _ensure_readable(formatted: str, path: str) -> None:
    """Raise an error where a chain of blank nodes would be nested deeper than files are read."""
    try:
        scan(formatted, path)
    except RefusedInputError as error:
        if error.rule != "nested-too-deep":
            raise
        raise FormattingError(f"{path}: {TOO_DEEP}") from None


def _likeness(graph: ox.Dataset) -> Counter[tuple[str, str]]:
    """Return a graph so that two that are equal say the same.

    A blank node that several point to keeps its name in the formatted text, so it is compared by its name.
    All others are roots or leaves of trees, which are compared from their leaves up. So the time follows the
    size of the graph: to compare blank nodes in any other way can take longer than anybody waits.
    """
    triples = [(quad.subject, quad.predicate, quad.object) for quad in graph]
    nested = owners(triples)
    about: dict[Subject, list[tuple[ox.NamedNode, Term]]] = defaultdict(list)
    for subject, predicate, value in triples:
        about[subject].append((predicate, value))
    used = {value for _, _, value in triples if isinstance(value, ox.BlankNode)}
    names: dict[Term, str] = {
        node: "[]" for node in about if isinstance(node, ox.BlankNode) and node not in used
    }

    def told(subject: Subject) -> str:
        lines = sorted(f"{predicate} {names.get(value, str(value))}" for predicate, value in about[subject])
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    for node in _leaves_first(nested):
        names[node] = f"[{told(node)}]"
    return Counter(
        (names.get(subject, str(subject)), told(subject)) for subject in about if subject not in nested
    )


def _leaves_first(nested: Mapping[ox.BlankNode, Subject]) -> list[ox.BlankNode]:
    """Return nested nodes, each after all that are nested in it."""
    inner = Counter(owner for owner in nested.values() if owner in nested)
    ready = [node for node in nested if not inner[node]]
    for node in ready:  # It grows while it is walked.
        owner = nested[node]
        inner[owner] -= 1
        if not inner[owner] and isinstance(owner, ox.BlankNode) and owner in nested:
            ready.append(owner)
    return ready
