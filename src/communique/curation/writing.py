"""Triples as canonical Turtle: one term, one predicate, one block at a time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.curation.order import predicate_key
from communique.errors import CommuniqueError
from communique.isolation.turtle import MAX_NESTING
from communique.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    Subject = NamedNode | BlankNode
    Term = NamedNode | BlankNode | Literal

WIDTH = 100
TOO_DEEP = (
    f"The form would nest more than {MAX_NESTING} nodes without names in each other. Give some of them IRIs."
)
INDENT = "    "

_RDF = PREFIXES["rdf"]
_XSD = PREFIXES["xsd"]
_FIRST, _REST, _NIL, _TYPE = (NamedNode(_RDF + name) for name in ("first", "rest", "nil", "type"))
SHORT_FORMS = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_LETTER = (
    r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_INNER = rf"\-0-9\u00b7\u0300-\u036f\u203f-\u2040{_LETTER}"
_PERCENT = r"%[0-9A-Fa-f]{2}"
LOCAL_NAME = re.compile(
    rf"(?:[0-9:{_LETTER}]|{_PERCENT})(?:(?:[.:{_INNER}]|{_PERCENT})*(?:[:{_INNER}]|{_PERCENT}))?"
)
_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\r": "\\r"}
_CONTROL = re.compile(r"[\\\x00-\x08\x0b-\x1f\x7f]")
_QUOTES_TO_ESCAPE = re.compile(r'"{3,}|"+\Z')


class Prefixes:
    """The short names that a file may use, and those that it has used so far."""

    def __init__(self, own: Mapping[str, str]) -> None:
        """Keep a file's own bindings; the house's name wins where both name one namespace."""
        names = {namespace: prefix for prefix, namespace in sorted(own.items(), reverse=True)}
        for prefix, namespace in PREFIXES.items():
            if own.get(prefix, namespace) == namespace:
                names[namespace] = prefix
        self._by_length = sorted(names.items(), key=lambda item: -len(item[0]))
        self._used: dict[str, str] = {}

    def shorten(self, iri: str) -> str:
        """Return a prefixed name, or the IRI in angle brackets where there is none."""
        for namespace, prefix in self._by_length:
            if iri.startswith(namespace) and LOCAL_NAME.fullmatch(iri, len(namespace)):
                self._used[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def declarations(self) -> list[str]:
        """Return the lines that bind the prefixes in use, sorted."""
        return [f"@prefix {prefix}: <{self._used[prefix]}> ." for prefix in sorted(self._used)]


class FormattingError(CommuniqueError):
    """There is no canonical text that says the same as the source, so nothing was written."""


def owners(triples: Collection[tuple[Subject, NamedNode, Term]]) -> dict[BlankNode, Subject]:
    """Return the blank nodes that can be nested, each with the one node that it is nested in.

    The others need their names: nothing points to them, several do, or they stand in a circle.
    """
    uses = Counter(value for _, _, value in triples if isinstance(value, BlankNode))
    found = {
        value: subject for subject, _, value in triples if isinstance(value, BlankNode) and uses[value] == 1
    }
    seen: set[Subject] = set()
    for start in list(found):
        way: dict[Subject, None] = {}
        node: Subject = start
        while isinstance(node, BlankNode) and node in found and node not in seen:
            seen.add(node)
            way[node] = None
            node = found[node]
        if node in way:
            steps = list(way)
            for one in steps[steps.index(node) :]:
                del found[one]  # type: ignore[arg-type]
    return found


class Writer:
    """Writes the blocks of one graph."""

    def __init__(self, triples: Iterable[tuple[Subject, NamedNode, Term]], prefixes: Prefixes):
        """Keep the triples by subject and predicate."""
        self._prefixes = prefixes
        self._about: dict[Subject, dict[NamedNode, set[Term]]] = defaultdict(dict)
        stated = set(triples)
        for subject, predicate, value in stated:
            self._about[subject].setdefault(predicate, set()).add(value)
        self._owner = owners(stated)
        self._sizes: dict[BlankNode, int] = {}
        self._used = frozenset(value for _, _, value in stated if isinstance(value, BlankNode))

    def root(self, subject: Subject) -> Subject:
        """Return the subject in whose block a subject is written: itself, unless it is nested."""
        while isinstance(subject, BlankNode) and subject in self._owner:
            subject = self._owner[subject]
        return subject

    def block(self, subject: Subject) -> str:
        """Return all that is said of a subject, with the nodes nested in it, and the full stop."""
        if isinstance(subject, NamedNode):
            name = self._prefixes.shorten(subject.value)
        else:
            name = str(subject) if subject in self._used else "[]"
        lines = self._predicates(subject, 1, lead=len(name) + 1)
        return f"{name} " + f" ;\n{INDENT}".join(lines) + " ."

    def _predicates(self, subject: Subject, depth: int, lead: int = 0) -> list[str]:
        """Return each predicate of a subject with its objects.

        `depth` is that of the lines they stand on; `lead` is the length of what stands before the
        first one instead of an indent.
        """
        if depth > 2 * MAX_NESTING:  # A node stands at most two steps of indent further in than its own.
            raise FormattingError(TOO_DEEP)
        about = self._about[subject]
        written: list[str] = []
        for predicate in sorted(about, key=lambda predicate: predicate_key(predicate.value)):
            before = lead if lead and not written else len(INDENT) * depth
            written.append(self._predicate(predicate, about[predicate], depth, before))
        return written

    def _predicate(self, predicate: NamedNode, values: set[Term], depth: int, before: int) -> str:
        """Return a predicate with its objects: on one line where they fit, else one a line."""
        verb = "a" if predicate == _TYPE else self._prefixes.shorten(predicate.value)
        room = WIDTH - before - len(verb) - 1 - len(" ;")
        # A node that cannot fit is not tried: what is nested in it would be tried twice at each level.
        if len(values) == 1 or sum(map(self._least, values)) <= room:
            line = ", ".join(sorted(self._term(value, depth, room) for value in values))
            if len(values) == 1 or (len(line) <= room and "\n" not in line):
                return f"{verb} {line}"
        below = f"\n{INDENT * (depth + 1)}"
        room = WIDTH - len(INDENT) * (depth + 1) - len(" ;")
        terms = sorted(self._term(value, depth + 1, room) for value in values)
        return f"{verb}{below}" + f",{below}".join(terms)

    def _least(self, term: Term, depth: int = 0) -> int:
        """Return a number of characters that no way to write a term goes below."""
        if not isinstance(term, BlankNode) or term not in self._owner:
            return 1
        if depth > MAX_NESTING:
            return WIDTH
        if term not in self._sizes:
            about = self._about.get(term, {})
            values = sum(self._least(value, depth + 1) for values in about.values() for value in values)
            if set(about) == {_FIRST, _REST}:
                # A cell of a list, which is a member with a blank before it.
                self._sizes[term] = 1 + values
            else:
                separators = sum(2 * (len(values) - 1) for values in about.values())
                self._sizes[term] = 2 + 4 * len(about) + separators + values
        return self._sizes[term]

    def _term(self, term: Term, depth: int, room: int) -> str:
        """Return a term as an object.

        `depth` is that of the line that it stands on; `room` is what is left of that line, and
        decides whether a list or a nested node is written on it or below.
        """
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, NamedNode):
            return "()" if term == _NIL else self._prefixes.shorten(term.value)
        if term not in self._owner:
            return str(term)
        inner = WIDTH - len(INDENT) * (depth + 1) - len(" ;")
        members = self._members(term)
        if members is not None:
            parts = [self._term(member, depth + 1, inner) for member in members]
            return _bracketed("()", parts, "", depth, room)
        return _bracketed("[]", self._predicates(term, depth + 1), " ;", depth, room)

    def _members(self, node: BlankNode) -> list[Term] | None:
        """Return the members of the list that starts at a node, or None where it is more."""
        members: list[Term] = []
        here: Term = node
        while here != _NIL:
            if not isinstance(here, BlankNode) or here not in self._owner:
                return None
            about = self._about[here]
            if set(about) != {_FIRST, _REST} or any(len(values) > 1 for values in about.values()):
                return None
            members.extend(about[_FIRST])
            (here,) = about[_REST]
        return members

    def _literal(self, literal: Literal) -> str:
        """Return a literal with its lexical form as it is."""
        datatype = literal.datatype.value
        short = SHORT_FORMS.get(datatype)
        if short and short.fullmatch(literal.value):
            return literal.value
        quoted = quote(literal.value)
        if literal.language:
            return f"{quoted}@{literal.language}"
        if datatype == _XSD + "string":
            return quoted
        return f"{quoted}^^{self._prefixes.shorten(datatype)}"


def _bracketed(brackets: str, parts: list[str], separator: str, depth: int, room: int) -> str:
    """Return parts in brackets: on one line where there is room, else one a line, indented."""
    if not parts:
        return brackets
    line = f"{brackets[0]} {f'{separator} '.join(parts)} {brackets[1]}"
    if len(line) <= room and "\n" not in line:
        return line
    below = f"\n{INDENT * (depth + 1)}"
    lines = f"{separator}{below}".join(parts)
    return f"{brackets[0]}{below}{lines}\n{INDENT * depth}{brackets[1]}"


def quote(value: str) -> str:
    """Return a string in quotes: long quotes, and the lines as they are, where it has several."""
    text = _CONTROL.sub(lambda found: _ESCAPES.get(found.group(), f"\\u{ord(found.group()):04X}"), value)
    if "\n" in value:
        text = _QUOTES_TO_ESCAPE.sub(lambda found: '\\"' * len(found.group()), text)
        return f'"""{text}"""'
    text = text.replace('"', '\\"').replace("\t", "\\t")
    return f'"{text}"'
