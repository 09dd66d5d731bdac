"""Where each term of a Turtle text stands, with its span, and which triples the terms make.

A parser gives triples without places. Here the tokens are followed in their order, so that a term can be
replaced where it stands and all else stays as it is, byte by byte. What is read here is compared with what
pyoxigraph reads before anything is written: a fault in this module can refuse a file, but not change one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.curation.source_text import TOKEN
from communique.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Term: TypeAlias = NamedNode | BlankNode | Literal
Reference: TypeAlias = int | NamedNode | BlankNode
"""A term of a triple: the index of the occurrence that writes it, or a term that no token writes."""

_RDF, _XSD = PREFIXES["rdf"], PREFIXES["xsd"]
TYPE = NamedNode(_RDF + "type")
_FIRST, _REST, _NIL = (NamedNode(_RDF + name) for name in ("first", "rest", "nil"))
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NUMBERS = (("integer", re.compile(r"[+-]?\d+")), ("decimal", re.compile(r"[+-]?\d*\.\d+")))


class UnfollowableError(Exception):
    """The tokens do not make Turtle 1.1 as it is read here; the file is left as it is."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """A line that binds a prefix: its name, the IRI and its span, and where the statement starts and ends."""

    prefix: str
    iri: str
    start: int
    end: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A term where it is written.

    Attributes:
        role: ``subject``, ``predicate`` or ``object``.
        term: what it says.
        start: where it starts in the text; a literal's language and datatype belong to it.
        end: where it ends.
        subject: the occurrence of the subject that an object or predicate belongs to; none in a list.
        predicate: the occurrence of the predicate that an object belongs to; none in a list.
        prefix: the prefix that the name is written with, also that of a datatype.
        string_end: where the quoted text of a literal ends; none where it has no quotes.

    """

    role: str
    term: Term
    start: int
    end: int
    subject: int | None = None
    predicate: int | None = None
    prefix: str | None = None
    string_end: int | None = None


@dataclass(slots=True)
class Reading:
    """What the tokens of a text say.

    Attributes:
        namespaces: the prefixes that are bound, in the text's order.
        occurrences: the terms, in the text's order.
        triples: what is stated.
        misspelt: uses of a prefix that is bound in other capitals: start, end, and the bound name.
        undeclared: prefixes of the house that are used and not bound, with the place of the first use.
        body: where the first statement that is no directive starts.

    """

    namespaces: list[Namespace] = field(default_factory=list)
    occurrences: list[Occurrence] = field(default_factory=list)
    triples: list[tuple[Reference, Reference, Reference]] = field(default_factory=list)
    misspelt: list[tuple[int, int, str]] = field(default_factory=list)
    undeclared: dict[str, int] = field(default_factory=dict)
    body: int | None = None

    def triples_of(self, terms: Sequence[Term]) -> Iterator[tuple[Term, NamedNode, Term]]:
        """Return the triples with these terms at the occurrences."""
        for triple in self.triples:
            subject, predicate, value = (terms[one] if isinstance(one, int) else one for one in triple)
            if isinstance(predicate, NamedNode):
                yield subject, predicate, value


def follow(text: str) -> Reading:
    """Return what the tokens of a Turtle text say, and where.

    Raises:
        UnfollowableError: if the text is not Turtle 1.1, or not as this module reads it.

    """
    return _Follower(text).run()


@dataclass(slots=True)
class _Frame:
    """A statement, nested node or list that is open: its subject, its predicate, what is expected next."""

    kind: str
    subject: Reference
    predicate: Reference | None = None
    expects: str = "verb"
    cell: Reference | None = None  # the last cell of a list


class _Follower:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [match for match in TOKEN.finditer(text) if match.lastgroup != "comment"]
        self._at = 0
        self._bound: dict[str, str] = {}
        self._base = ""
        self._reading = Reading()

    def run(self) -> Reading:
        while self._at < len(self._tokens):
            word = self._word().lower()
            opening = self._word()
            if opening == "@prefix" or word == "prefix":
                self._directive(with_name=True, with_dot=opening.startswith("@"))
            elif opening == "@base" or word == "base":
                self._directive(with_name=False, with_dot=opening.startswith("@"))
            else:
                if self._reading.body is None:
                    self._reading.body = self._tokens[self._at].start()
                self._statement()
        return self._reading

    def _word(self) -> str:
        """Return the text of the token at hand; empty behind the last."""
        return self._tokens[self._at].group() if self._at < len(self._tokens) else ""

    def _take(self, kind: str | None = None) -> re.Match[str]:
        """Return the token at hand and go on to the next."""
        if self._at >= len(self._tokens) or (kind and self._tokens[self._at].lastgroup != kind):
            raise UnfollowableError
        self._at += 1
        return self._tokens[self._at - 1]

    def _directive(self, *, with_name: bool, with_dot: bool) -> None:
        opens = self._take().start()
        name = self._take("word").group() if with_name else ":"
        if not name.endswith(":"):
            raise UnfollowableError
        token = self._take("iri")
        iri = self._resolve(token)
        closes = (self._take("end") if with_dot else token).end()
        if with_name:
            self._bound[name[:-1]] = iri
            self._reading.namespaces.append(
                Namespace(name[:-1], iri, token.start(), token.end(), opens, closes)
            )
        else:
            self._base = iri

    def _statement(self) -> None:
        frames: list[_Frame] = []
        self._term(frames, "subject", None)
        while frames:
            frame = frames[-1]
            word = self._word()
            if frame.kind == "list":
                if word == ")":
                    self._take()
                    self._closed(frames)
                else:
                    self._item(frames, frame)
            elif frame.expects == "verb":
                self._verb(frames, frame, word)
            elif frame.expects == "object":
                frame.expects = "after"
                self._term(frames, "object", frame)
            elif word == ",":
                self._take()
                frame.expects = "object"
            elif word == ";":
                self._take()
                frame.expects = "verb"
            else:
                self._end(frames, frame, word)

    def _verb(self, frames: list[_Frame], frame: _Frame, word: str) -> None:
        if word == ";" and frame.predicate is not None:
            self._take()
        elif word in {".", "]"}:
            self._end(frames, frame, word)
        else:
            subject = frame.subject if isinstance(frame.subject, int) else None
            if word == "a":
                token = self._take()
                occurrence = Occurrence("predicate", TYPE, token.start(), token.end(), subject)
            else:
                term, token, prefix = self._iri()
                occurrence = Occurrence("predicate", term, token.start(), token.end(), subject, None, prefix)
            frame.predicate = self._add(occurrence)
            frame.expects = "object"

    def _end(self, frames: list[_Frame], frame: _Frame, word: str) -> None:
        if (word, frame.kind) not in {(".", "statement"), ("]", "node")}:
            raise UnfollowableError
        self._take()
        if frame.kind == "node":
            self._closed(frames)
        else:
            frames.pop()

    def _closed(self, frames: list[_Frame]) -> None:
        """Close a nested node or list; where it is a statement's subject, its predicates follow."""
        frame = frames.pop()
        if frame.kind == "list":
            self._reading.triples.append((frame.cell or _NIL, _REST, _NIL))
        if not frames:
            frames.append(_Frame("statement", frame.subject))

    def _item(self, frames: list[_Frame], frame: _Frame) -> None:
        """Read one member of a list into a cell of its own."""
        if frame.cell is None:
            frame.cell = frame.subject
        else:
            cell = BlankNode()
            self._reading.triples.append((frame.cell, _REST, cell))
            frame.cell = cell
        self._term(frames, "object", _Frame("list", frame.cell, _FIRST))

    def _term(self, frames: list[_Frame], role: str, frame: _Frame | None) -> None:
        """Read one term, state it as the object of the frame, and open what it opens."""
        subject = frame.subject if frame and isinstance(frame.subject, int) else None
        predicate = frame.predicate if frame and isinstance(frame.predicate, int) else None
        token = self._tokens[self._at] if self._at < len(self._tokens) else self._take()
        word = token.group()
        prefix: str | None = None
        string_end: int | None = None
        term: Term
        if word in {"[", "("}:
            self._take()
            empty = word == "(" and self._word() == ")"
            term = _NIL if empty else BlankNode()
        elif token.lastgroup == "string":
            term, prefix, string_end = self._literal()
        elif token.lastgroup == "number" or word in {"true", "false"}:
            self._take()
            term = Literal(word, datatype=NamedNode(_XSD + _bare_type(word)))
        elif word.startswith("_:"):
            self._take()
            term = BlankNode(word[2:])
        else:
            term, _, prefix = self._iri()
        end = self._tokens[self._at - 1].end()
        index = self._add(Occurrence(role, term, token.start(), end, subject, predicate, prefix, string_end))
        if frame is not None:
            if frame.predicate is None:
                raise UnfollowableError
            self._reading.triples.append((frame.subject, frame.predicate, index))
        if word == "(" and term == _NIL:
            self._take()
        if word == "(" and term != _NIL:
            frames.append(_Frame("list", index))
        elif word == "[":
            frames.append(_Frame("node", index))
        elif role == "subject":
            frames.append(_Frame("statement", index))

    def _add(self, occurrence: Occurrence) -> int:
        self._reading.occurrences.append(occurrence)
        return len(self._reading.occurrences) - 1

    def _literal(self) -> tuple[Literal, str | None, int]:
        """Return a quoted literal, the prefix of its datatype, and where its quotes end."""
        token = self._take("string")
        quotes = 3 if token.group()[:3] in {'"""', "'''"} else 1
        value = _unescape(token.group()[quotes:-quotes])
        if _SURROGATE.search(value):
            raise UnfollowableError
        following = self._tokens[self._at] if self._at < len(self._tokens) else None
        if following is not None and following.lastgroup == "tag":
            self._take()
            return Literal(value, language=following.group()[1:].lower()), None, token.end()
        if following is None or not following.group().startswith("^^"):
            return Literal(value), None, token.end()
        if following.group() == "^^":
            self._take()
            term, _, prefix = self._iri()
        else:
            self._take()
            term, prefix = self._named(following.group()[2:], following.start() + 2)
        return Literal(value, datatype=term), prefix, token.end()

    def _iri(self) -> tuple[NamedNode, re.Match[str], str | None]:
        """Return the IRI at hand, its token, and the prefix that it is written with."""
        token = self._take()
        if token.lastgroup == "iri":
            return _node(self._resolve(token)), token, None
        if token.lastgroup != "word":
            raise UnfollowableError
        term, prefix = self._named(token.group(), token.start())
        return term, token, prefix

    def _named(self, name: str, start: int) -> tuple[NamedNode, str]:
        """Return the IRI of a prefixed name, and the prefix as it is bound.

        A prefix that is not bound is taken as the one bound in other capitals, else as the house's own.
        """
        prefix, colon, local = name.partition(":")
        if not colon:
            raise UnfollowableError
        if prefix not in self._bound:
            twins = [bound for bound in self._bound if bound.casefold() == prefix.casefold()]
            if len(twins) == 1:
                self._reading.misspelt.append((start, start + len(prefix), twins[0]))
                prefix = twins[0]
            elif prefix in PREFIXES and not twins:
                self._reading.undeclared.setdefault(prefix, start)
            else:
                raise UnfollowableError
        namespace = self._bound[prefix] if prefix in self._bound else PREFIXES[prefix]
        return _node(namespace + _ESCAPE.sub(lambda found: found.group(3) or "", local)), prefix

    def _resolve(self, token: re.Match[str]) -> str:
        """Return the absolute IRI that a token in angle brackets stands for."""
        iri = _unescape(token.group()[1:-1])
        if not self._base or re.match(r"[A-Za-z][\w+.-]*:", iri):
            return iri
        joined = urljoin(self._base, iri)
        return f"{joined}#" if iri.endswith("#") and not joined.endswith("#") else joined


def names_with(reading: Reading, namespace: Namespace) -> Iterator[Occurrence]:
    """Return the terms that are written with a prefix."""
    return (one for one in reading.occurrences if one.prefix == namespace.prefix)


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise UnfollowableError from None


def _bare_type(word: str) -> str:
    """Return the local name of the datatype of a number or boolean without quotes."""
    if word in {"true", "false"}:
        return "boolean"
    return next((name for name, form in _NUMBERS if form.fullmatch(word)), "double")


def _unescape(text: str) -> str:
    """Return a text with its escapes read."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda found: (
            chr(int(found.group(1) or found.group(2), 16))
            if not found.group(3)
            else _LETTERS.get(found.group(3), found.group(3))
        ),
        text,
    )
