"""One file while it is mended.

Terms are replaced in the text; nothing is written anew but the form, last and only where that is wanted.
Before a text is given out it is read again, by the tokens and by the parser: it must say what was read, with
the terms that are told exchanged, and nothing else.
"""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.curation.formatting import format_turtle
from communique.curation.writing import LOCAL_NAME, SHORT_FORMS, FormattingError, quote
from communique.errors import CommuniqueError, Location, UnreadableInputError
from communique.isolation.gate import Syntax, open_text, place
from communique.isolation.turtle import scan
from communique.mending.mended import Fix, Left, Mended, in_words, lines_of
from communique.mending.occurrences import Reading, UnfollowableError, follow, names_with
from communique.mending.proposals import Doubt, Proposal
from communique.mending.remedies import ELEMENTS, View, namespace
from communique.namespaces import PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from communique.mending.demands import Described, Knowledge
    from communique.mending.occurrences import Occurrence, Term

    Edit = tuple[int, int, str]

_MARK = "\ufeff"


class MendingError(CommuniqueError):
    """A file that cannot be mended: it is no Turtle, or it changed while it was read."""


class Draft:
    """One file while it is mended."""

    def __init__(self, path: Path) -> None:
        text = open_text(path)
        if text.syntax is not Syntax.TURTLE:
            raise MendingError(f"{text.path}: only Turtle is mended by machine, files that end in .ttl.")
        scan(text.content, text.path)
        self._path = path
        self._name = text.path
        self._source = text.content
        self._first = _followed(text.content, text.path)
        if not (self._first.misspelt or self._first.undeclared):
            _parse(text.content, text.path)
        self._spelt = self._source
        self.reading = self._first
        self.terms = [one.term for one in self._first.occurrences]
        self._spellings: list[Fix] = []
        self._proposals: dict[int, list[Proposal]] = {}
        self._doubts: dict[int, Doubt] = {}

    def spell(self, knowledge: Knowledge, own: Described) -> None:
        """Mend the prefixes: how they are used, and what they are bound to."""
        view = View(self._first, self.terms, knowledge, own)
        edits: list[Edit] = []
        for start, end, prefix in self._first.misspelt:
            reason = f"Only {prefix}: is bound, and it differs in capitals alone."
            edits.append((start, end, prefix))
            self._told("prefix-case", start, end, prefix, reason)
        for name, used in self._first.undeclared.items():
            at, line = self._line_for(name)
            where = place(self._source, used, self._name)
            edits.append((at, at, line))
            self._told(
                "prefix-line",
                at,
                at,
                line.strip(),
                f"Line {where.line} uses {name}:, which is always bound to this.",
            )
        for one in self._first.namespaces:
            uses = list(names_with(self._first, one))
            if one.iri == ELEMENTS:
                found = self._dublin_core(view, uses)
            else:
                found = namespace(one.iri, _local_names(self._source, uses), view)
            if found:
                edits.append((one.start, one.end, f"<{found[0]}>"))
                rule = "dublin-core" if one.iri == ELEMENTS else "namespace"
                self._told(rule, one.start, one.end, f"<{found[0]}>", found[1])
        if edits:
            self._spelt = _edited(self._source, edits)
            self.reading = _followed(self._spelt, self._name)
            self.terms = [one.term for one in self.reading.occurrences]

    def mend(self, knowledge: Knowledge, own: Described) -> bool:
        """Mend what can be mended by now, and return whether anything was."""
        view = View(self.reading, tuple(self.terms), knowledge, own)
        found = {index: view.remedy(index) for index in range(len(self.terms))}
        self._doubts = {index: one for index, one in found.items() if isinstance(one, Doubt)}
        certain = {index: one for index, one in found.items() if isinstance(one, Proposal)}
        for index, proposal in certain.items():
            self._proposals.setdefault(index, []).append(proposal)
            self.terms[index] = proposal.term
        return bool(certain)

    def result(self, *, form: bool) -> Mended:
        """Return the file as it is mended."""
        edits: list[Edit] = []
        fixes = list(self._spellings)
        for index, occurrence in enumerate(self.reading.occurrences):
            if not (rules := self._rules(index)):
                continue
            text = _written(self._spelt, occurrence, self.terms[index], self.reading)
            edits.append((occurrence.start, occurrence.end, text))
            if form:  # The form binds the prefixes of the house that are missing.
                text = _written(self._spelt, occurrence, self.terms[index], self.reading, short=True)
            before = self._first.occurrences[index]
            names, reasons = zip(*rules, strict=True)
            fixes.append(
                self._fix(", ".join(dict.fromkeys(names)), before.start, before.end, text, " ".join(reasons))
            )
        after = _edited(self._spelt, edits)
        left = [
            Left(place(self._source, one.start, self._name), self._source[one.start : one.end], doubt.message)
            for one, doubt in (
                (self._first.occurrences[index], doubt) for index, doubt in self._doubts.items()
            )
        ]
        if not (_says(self._spelt, self.reading, None) and _says(after, self.reading, self.terms)):
            fixes, after = [], self._source
            left = [Left(Location(self._name), "", "This text cannot be changed safely by machine.")]
        mark = _MARK if self._path.read_bytes().startswith(_MARK.encode()) else ""
        before_text, after = mark + self._source, mark + after
        if form and (not left or left[0].written):
            after = self._formed(before_text, after, fixes, left)
        fixes.sort(key=lambda one: (one.location.line, one.location.column))
        return Mended(self._path, before_text, after, tuple(fixes), tuple(left))

    def _rules(self, index: int) -> list[tuple[str, str]]:
        """Return the names and reasons of what is mended at an occurrence."""
        rules = [(one.name, one.reason) for one in self._proposals.get(index, ())]
        occurrence, term = self.reading.occurrences[index], self.terms[index]
        if isinstance(term, ox.Literal) and term.language and occurrence.string_end is not None:
            tag = self._spelt[occurrence.string_end : occurrence.end].strip()
            if tag[1:] != tag[1:].lower() and tag.startswith("@"):
                rules.append(("language-case", "Language tags are written in lower case."))
        return rules

    def _formed(self, before: str, after: str, fixes: list[Fix], left: list[Left]) -> str:
        """Return the text in its canonical form, and tell the lines that are touched for it."""
        try:
            formed = format_turtle(after, self._name)
        except FormattingError as error:
            left.append(Left(Location(self._name), "", str(error)))
            return after
        if formed == after:
            return after
        named = {line for one in fixes for line in one.lines}
        matcher = difflib.SequenceMatcher(None, lines_of(before), lines_of(formed), autojunk=False)
        touched = {
            line
            for kind, start, end, _, _ in matcher.get_opcodes()
            if kind != "equal"
            for line in range(start + 1, max(start + 1, end) + 1)
        } - named
        lines = tuple(sorted(touched)) or (1,)
        fixes.append(
            Fix(
                Location(self._name, lines[0]),
                lines,
                "canonical-form",
                "",
                "",
                f"There is one form, and {in_words(lines)} had another; no triple changes.",
            )
        )
        return formed

    def _line_for(self, prefix: str) -> tuple[int, str]:
        """Return where the line that binds a prefix goes, and the line: among the others, by name."""
        end = "\r\n" if "\r\n" in self._source else "\n"
        line = f"@prefix {prefix}: <{PREFIXES[prefix]}> ."
        body = self._first.body
        leading = [one for one in self._first.namespaces if body is None or one.opens < body]
        later = next((one for one in leading if one.prefix > prefix), None)
        if later is not None:
            return later.opens, line + end
        if leading:
            return leading[-1].closes, end + line
        return body or 0, line + end

    def _dublin_core(self, view: View, uses: Iterable[Occurrence]) -> tuple[str, str] | None:
        """Return the namespace of the Dublin Core terms, where each element in use has its term there."""
        if uses and all(
            isinstance(one.term, ox.NamedNode) and view.dublin_core(one, one.term.value) for one in uses
        ):
            return PREFIXES[
                "dcterms"
            ], "Data uses the Dublin Core terms, and all names used here are among them."
        return None

    def _told(self, rule: str, start: int, end: int, mended: str, reason: str) -> None:
        self._spellings.append(self._fix(rule, start, end, mended, reason))

    def _fix(self, rule: str, start: int, end: int, mended: str, reason: str) -> Fix:
        location = place(self._source, start, self._name)
        lines = range(location.line, location.line + self._source.count("\n", start, end) + 1)
        return Fix(location, tuple(lines), rule, self._source[start:end], mended, reason)


def _followed(text: str, path: str) -> Reading:
    """Return the reading of a text; where it cannot be followed, say what the parser says."""
    try:
        return follow(text)
    except UnfollowableError:
        _parse(text, path)
        raise UnreadableInputError(
            Location(path), "Only Turtle 1.1 is mended by machine; this has parts of Turtle 1.2."
        ) from None


def _parse(text: str, path: str) -> list[ox.Quad]:
    try:
        return list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        reason = str(error.msg).partition(": ")[2] or str(error.msg)
        raise UnreadableInputError(Location(path, error.lineno or 1, error.offset or 1), reason) from None


def _says(text: str, reading: Reading, terms: Sequence[Term] | None) -> bool:
    """Return whether a text says what was read, with these terms in the places of those that were read.

    The tokens tell term by term, the parser triple by triple. It names blank nodes anew: they count as alike,
    for which of them is meant follows from the tokens.
    """
    terms = [one.term for one in reading.occurrences] if terms is None else terms
    try:
        again = follow(text)
        quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    except (UnfollowableError, SyntaxError):
        return False
    found = [_alike(one.term) for one in again.occurrences]
    if again.misspelt or again.undeclared or found != [_alike(term) for term in terms]:
        return False
    mine = Counter((_alike(s), p, _alike(o)) for s, p, o in set(reading.triples_of(terms)))
    # The parser tells a triple twice where it is written twice; a graph has it once.
    theirs = Counter(
        (_alike(s), p, _alike(o)) for s, p, o in {(q.subject, q.predicate, q.object) for q in quads}
    )
    return mine == theirs


def _alike(term: object) -> object:
    return None if isinstance(term, ox.BlankNode) else term


def _local_names(text: str, uses: Iterable[Occurrence]) -> list[str]:
    """Return the local names that are written with a prefix, those of datatypes as well."""
    return [text[one.string_end or one.start : one.end].partition(":")[2] for one in uses]


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with some of its parts replaced."""
    pieces: list[str] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def _written(text: str, occurrence: Occurrence, term: Term, reading: Reading, *, short: bool = False) -> str:
    """Return a term as it is written at an occurrence, in the same quotes.

    Names are short by the prefixes in force; with `short`, by the house's prefixes as well.
    """
    if isinstance(term, ox.NamedNode):
        return _name(term.value, occurrence, reading, short=short)
    if not isinstance(term, ox.Literal):
        return text[occurrence.start : occurrence.end]
    same = isinstance(occurrence.term, ox.Literal) and occurrence.term.value == term.value
    kept = same and occurrence.string_end is not None
    quoted = text[occurrence.start : occurrence.string_end] if kept else quote(term.value)
    if term.language:
        return f"{quoted}@{term.language}"
    datatype = term.datatype.value
    if datatype == PREFIXES["xsd"] + "string":
        return quoted
    bare = SHORT_FORMS.get(datatype)
    if bare and bare.fullmatch(term.value):
        return term.value
    return f"{quoted}^^{_name(datatype, occurrence, reading, short=short)}"


def _name(iri: str, occurrence: Occurrence, reading: Reading, *, short: bool) -> str:
    """Return an IRI as a prefixed name where one prefix is bound to its namespace, once and before."""
    bound = Counter(one.prefix for one in reading.namespaces)
    usable = [one for one in reading.namespaces if bound[one.prefix] == 1 and one.closes <= occurrence.start]
    for one in sorted(usable, key=lambda one: -len(one.iri)):
        if one.iri and iri.startswith(one.iri) and LOCAL_NAME.fullmatch(iri, len(one.iri)):
            return f"{one.prefix}:{iri[len(one.iri) :]}"
    return shorten(iri) if short else f"<{iri}>"
