"""Results of SHACL in words: what is wrong, what was probably meant, and what to write instead."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef

from communique.namespaces import BASE, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rdflib.term import Node

    from communique.context.surroundings import Described
    from communique.validation.shacl import Result

_NAMES = (RDFS.label, SKOS.prefLabel, DCTERMS.title)
_UNKNOWN_VALUE = {SH.ClassConstraintComponent, SH.NodeConstraintComponent, SH.OrConstraintComponent}
_LANGUAGES = {"en": "English", "ja": "Japanese", "ko": "Korean", "de": "German", "fr": "French"}
_DATATYPES: dict[Node, str] = {
    RDF.langString: "text with a language",
    XSD.string: "plain text",
    XSD.boolean: "true or false",
    XSD.date: "a date",
    XSD.gDay: "a day of the month",
    XSD.dateTime: "a date with a time",
    XSD.integer: "a whole number",
    XSD.decimal: "a number",
}
_BARE = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.boolean: re.compile(r"true|false"),
}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_NEAR = 0.75
"""How alike two names are, from 0 to 1, where one is taken for a slip of the pen for the other."""
MAX_LOOKS = 100
"""How many unknown names are compared with those that are known: a file of more has another fault."""
_TOLD = 80
"""How much of a long text a sentence repeats; the finding's value holds all of it."""


class Wording:
    """The words for what shapes find in a graph."""

    def __init__(self, graph: Described, shapes: Graph) -> None:
        self._graph = graph
        self._shapes = shapes
        self._looks = 0

    def plainest(self, results: Sequence[Result]) -> Result:
        """Return the result that is best told, of those of one shape on one value.

        That a value is no text says more than that the text does not have the right form.
        """
        order = {component: place for place, component in enumerate(_SENTENCES)}
        return min(
            results,
            key=lambda result: (order.get(result.component, len(order)), str(result.component)),
        )

    def sentence(self, result: Result) -> str:
        """Return what is wrong."""
        if unknown := self._unknown(result):
            return f"Nothing describes {self.short(unknown)}."
        word = _SENTENCES.get(result.component)
        return (word(self, result) if word else None) or self._broken_rule(result)

    def remedy(self, result: Result) -> str:
        """Return the shape's own words, in English where it has several languages: what to write instead."""
        words = self._shapes.objects(result.shape, SH.message)
        by_language = {getattr(text, "language", None) or "": str(text) for text in words}
        language = min(by_language, key=lambda tag: (tag != "en", tag), default=None)
        return "This does not conform." if language is None else by_language[language]

    def meant(self, result: Result) -> str | None:
        """Return the short name that was probably meant, if one is near to what was written."""
        if unknown := self._unknown(result):
            self._looks += 1
            if self._looks > MAX_LOOKS:
                return None
            return self._nearest(unknown, self._graph.like(unknown), described=True)
        if result.component == SH.ClosedConstraintComponent and result.path is not None:
            return self._nearest(result.path, self._allowed_properties(result.shape))
        if result.component == SH.InConstraintComponent and result.value is not None:
            return self._nearest(result.value, self._members(result.shape, SH["in"]))
        return None

    def subject(self, node: Node) -> str:
        """Return a node's English label, or its short name where it has none."""
        return self._label(node) or self.short(node)

    def short(self, node: Node) -> str:
        """Return a term as Turtle would write it, with the project's prefixes.

        The parts of a source's page are written ``source:page#part``: no prefix covers them.
        """
        if isinstance(node, Literal):
            return _literal(node)
        if not isinstance(node, URIRef):
            return "a blank node"
        page, mark, part = node.partition("#")
        if mark and page.startswith(BASE + "source/"):
            return f"{shorten(page)}#{part}"
        return shorten(str(node))

    def path(self, path: Node | None) -> str | None:
        """Return a property's short name, or nothing where there is no single property."""
        return self.short(path) if isinstance(path, URIRef) else None

    def _label(self, node: Node) -> str | None:
        for predicate in _NAMES:
            labels = sorted(
                (label for label in self._graph.objects(node, predicate) if isinstance(label, Literal)),
                key=lambda label: (label.language != "en", str(label)),
            )
            if labels:
                return str(labels[0])
        return None

    def _told(self, node: Node | None) -> str:
        """Return a value as a sentence tells it: its label, where it has one, and its short name."""
        if isinstance(node, Literal):
            written = self.short(node)
            return written if len(written) <= _TOLD else written[:_TOLD] + "…"
        if node is None:
            return "nothing"
        label = self._label(node)
        return f"“{label}” ({self.short(node)})" if label else self.short(node)

    def _property(self, result: Result) -> str:
        """Return the property that a result is about: its name, and how Turtle writes it."""
        path = self.path(result.path)
        if result.component == SH.ClosedConstraintComponent and result.path is not None:
            # The shape's name is that of all of it, not of the property.
            name = self._label(result.path)
        else:
            name = self._name(result.shape)
        if path is None:
            return f"“{name}”" if name else "A value"
        return f"“{name}” ({path})" if name else path

    def _name(self, shape: Node) -> str | None:
        name = self._shapes.value(shape, SH.name)
        return None if name is None else str(name)

    def _broken_rule(self, result: Result) -> str:
        """Return that a rule is broken, by the name that its shape has."""
        name = self._name(result.shape) or self.short(result.shape)
        value = "" if result.value is None else f": {self._told(result.value)}"
        return f"This breaks the rule “{name}”{value}."

    def _unknown(self, result: Result) -> URIRef | None:
        """Return the value, where it is wrong because nothing describes it."""
        value = result.value
        if result.component not in _UNKNOWN_VALUE or not isinstance(value, URIRef):
            return None
        return None if (value, None, None) in self._graph else value

    def _allowed_properties(self, shape: Node) -> set[Node]:
        """Return the properties that a closed shape allows."""
        listed = self._shapes.objects(shape, SH.property / SH.path)
        allowed: set[Node] = {path for path in listed if isinstance(path, URIRef)}
        return allowed | self._members(shape, SH.ignoredProperties)

    def _members(self, shape: Node, parameter: URIRef) -> set[Node]:
        listed = self._shapes.value(shape, parameter)
        return set() if listed is None else set(self._shapes.items(listed))

    def _nearest(self, wrong: Node, known: Iterable[Node], *, described: bool = False) -> str | None:
        """Return the known term whose name is nearest to a wrong one, if one is near.

        Of IRIs, only the last part is compared, so that a long namespace does not make all look alike.
        With ``described``, one that nothing describes is not known: it stood in a file that is replaced.
        """
        if isinstance(wrong, URIRef) and (wrong, None, None) in self._graph:
            return None
        namespace, name = _cut(wrong)
        names = {
            other: node
            for node in known
            if type(node) is type(wrong)
            for space, other in [_cut(node)]
            if space == namespace
        }
        for near in get_close_matches(name, names, cutoff=_NEAR):
            if not described or (names[near], None, None) in self._graph:
                return self.short(names[near])
        return None

    # What each kind of constraint finds. Nothing is returned where the rule's name says it better.

    def _missing(self, result: Result) -> str:
        if result.component == SH.QualifiedMinCountConstraintComponent:
            shape = self._shapes.value(result.shape, SH.qualifiedValueShape)
            languages = self._members(shape, SH.languageIn) if shape else set()
            if not languages:
                return f"{self._property(result)} has too few values of the kind that is asked for."
            return f"{self._property(result)} is missing in {_languages(languages)}."
        if pointers := self._pointers(result):
            return f"Nothing points to it with {_or(pointers)}."
        least = self._number(result.shape, SH.minCount)
        few = "is missing" if least == 1 else f"has fewer than {least} values"
        return f"{self._property(result)} {few}."

    def _too_many(self, result: Result) -> str:
        if result.component == SH.QualifiedMaxCountConstraintComponent:
            return f"{self._property(result)} has too many values of the kind that is limited."
        most = self._number(result.shape, SH.maxCount)
        if pointers := self._pointers(result):
            times = "once" if most == 1 else f"{most} times"
            return f"It is pointed to more than {times} with {_or(pointers)}."
        if most == 0:
            return f"{self._property(result)} is never written."
        return f"{self._property(result)} has more than {'one value' if most == 1 else f'{most} values'}."

    def _number(self, shape: Node, parameter: URIRef) -> int:
        number = self._shapes.value(shape, parameter)
        return 1 if number is None else int(str(number))

    def _pointers(self, result: Result) -> list[str]:
        """Return the properties of a path that goes backwards, by any of them."""
        listed = self._shapes.value(result.path, SH.alternativePath) if result.path else None
        steps = list(self._shapes.items(listed)) if listed else [result.path]
        found = [self._shapes.value(step, SH.inversePath) for step in steps if step is not None]
        return [self.short(one) for one in found if one is not None] if all(found) else []

    def _twice_in_a_language(self, result: Result) -> str:
        values = self._graph.objects(result.focus, result.path)
        counts = Counter(value.language for value in values if isinstance(value, Literal) and value.language)
        twice = _languages(Literal(language) for language, count in counts.items() if count > 1)
        return f"{self._property(result)} is given more than once in {twice}."

    def _out_of_place(self, result: Result) -> str:
        return f"{self._property(result)} does not belong here."

    def _of_another_class(self, result: Result) -> str | None:
        if isinstance(result.value, Literal):
            return f"{self._told(result.value)} is text, not the IRI of something that is described."
        classes = list(self._shapes.objects(result.shape, SH["class"]))
        options = self._shapes.value(result.shape, SH["or"]) if not classes else None
        if options is not None:
            classes = [
                one for o in self._shapes.items(options) for one in self._shapes.objects(o, SH["class"])
            ]
        if result.value is None or not classes:
            return None
        asked = _or(self._class(one) for one in classes)
        types = sorted(self._class(one) for one in self._graph.objects(result.value, RDF.type))
        is_described = f"is described as {' and '.join(types)}, not" if types else "is not described"
        return f"{self._told(result.value)} {is_described} as {asked}."

    def _class(self, node: Node) -> str:
        return self._label(node) or self.short(node)

    def _of_another_kind(self, result: Result) -> str | None:
        """Return that a concept is of another scheme; of other nested shapes nothing."""
        nested = self._shapes.value(result.shape, SH.node)
        inner = self._shapes.value(nested, SH.property) if nested else None
        scheme = self._shapes.value(inner, SH.hasValue) if inner else None
        if scheme is None or self._shapes.value(inner, SH.path) != SKOS.inScheme:
            return None
        if isinstance(result.value, Literal):
            return f"{self._told(result.value)} is text, not a concept."
        return (
            f"{self._told(result.value)} is not in the scheme “{self._label(scheme) or self.short(scheme)}”."
        )

    def _wrong_datatype(self, result: Result) -> str:
        if not isinstance(result.value, Literal):
            return f"{self._told(result.value)} is an IRI, not text."
        asked = self._shapes.value(result.shape, SH.datatype) or XSD.string
        given = RDF.langString if result.value.language else result.value.datatype or XSD.string
        if given == asked:
            return f"{self._told(result.value)} is not a valid value of {self.short(asked)}."
        is_written, should_be = (_DATATYPES.get(one) or self.short(one) for one in (given, asked))
        return f"{self._told(result.value)} is {is_written}, not {should_be}."

    def _wrong_node_kind(self, result: Result) -> str | None:
        if result.value is None:
            return "It has no IRI of its own."
        kind = self._shapes.value(result.shape, SH.nodeKind)
        if kind == SH.IRI and isinstance(result.value, Literal):
            return f"{self._told(result.value)} is text, not an IRI."
        return f"{self._told(result.value)} is not text." if kind == SH.Literal else None

    def _wrong_form(self, result: Result) -> str:
        value = result.value
        if value is None:
            return f"Its IRI, {self.short(result.focus)}, does not have the right form."
        if isinstance(value, Literal) and str(value) != str(value).strip():
            return f"{self._told(value)} has white space at its start or end."
        if not str(value):
            return f"{self._property(result)} is empty."
        return f"{self._told(value)} does not have the right form."

    def _out_of_range(self, result: Result) -> str | None:
        for parameter, words in _BOUNDS.items():
            component, bound = SH[f"{parameter[0].upper()}{parameter[1:]}ConstraintComponent"], SH[parameter]
            limit = self._shapes.value(result.shape, bound)
            if result.component == component and limit is not None:
                return f"{self._told(result.value)} {words.format(self.short(limit))}."
        return None

    def _not_allowed(self, result: Result) -> str:
        return f"{self._told(result.value)} is none of the values that can stand here."

    def _in_another_language(self, result: Result) -> str:
        asked = _languages(self._members(result.shape, SH.languageIn))
        return f"{self._told(result.value)} is not in {asked}."

    def _stands_elsewhere(self, result: Result) -> str:
        other = self._shapes.value(result.shape, SH.disjoint)
        return f"{self._told(result.value)} stands under {self.path(other)} as well."

    def _other_value(self, result: Result) -> str:
        asked = self._shapes.value(result.shape, SH.hasValue)
        return f"{self._property(result)} is not {self._told(asked)}."

    def _none_or_several(self, result: Result) -> str | None:
        """Return which classes exclude each other, where the alternatives are classes."""
        options = self._members(result.shape, SH.xone)
        classes = [one for option in options for one in self._shapes.objects(option, SH["class"])]
        if result.value is not None or not classes or len(classes) != len(options):
            return None
        return f"It is not exactly one of {_or(sorted(self._class(one) for one in classes))}."


_BOUNDS = {
    "minInclusive": "is less than {}",
    "minExclusive": "is not more than {}",
    "maxInclusive": "is more than {}",
    "maxExclusive": "is not less than {}",
    "minLength": "has fewer than {} characters",
    "maxLength": "has more than {} characters",
}

_SENTENCES: dict[Node, Callable[[Wording, Result], str | None]] = {
    SH.ClosedConstraintComponent: Wording._out_of_place,
    SH.NodeKindConstraintComponent: Wording._wrong_node_kind,
    SH.DatatypeConstraintComponent: Wording._wrong_datatype,
    SH.ClassConstraintComponent: Wording._of_another_class,
    SH.OrConstraintComponent: Wording._of_another_class,
    SH.NodeConstraintComponent: Wording._of_another_kind,
    SH.XoneConstraintComponent: Wording._none_or_several,
    SH.InConstraintComponent: Wording._not_allowed,
    SH.LanguageInConstraintComponent: Wording._in_another_language,
    SH.DisjointConstraintComponent: Wording._stands_elsewhere,
    SH.HasValueConstraintComponent: Wording._other_value,
    SH.MinCountConstraintComponent: Wording._missing,
    SH.QualifiedMinCountConstraintComponent: Wording._missing,
    SH.MaxCountConstraintComponent: Wording._too_many,
    SH.QualifiedMaxCountConstraintComponent: Wording._too_many,
    SH.UniqueLangConstraintComponent: Wording._twice_in_a_language,
    **{
        SH[f"{parameter[0].upper()}{parameter[1:]}ConstraintComponent"]: Wording._out_of_range
        for parameter in _BOUNDS
    },
    SH.PatternConstraintComponent: Wording._wrong_form,
}
"""The kinds of constraint, those first that say most of a value."""


def _cut(node: Node) -> tuple[str, str]:
    """Return the namespace and the name of an IRI; all of a literal is its name."""
    if isinstance(node, Literal):
        return "", str(node)
    found = re.fullmatch(r"(.*[/#])?(.*)", str(node), re.DOTALL)
    return (found[1] or "", found[2]) if found else ("", str(node))


def _literal(literal: Literal) -> str:
    written = str(literal)
    datatype = literal.datatype
    if datatype in _BARE and _BARE[datatype].fullmatch(written):
        return written
    quoted = f'"{written.translate(_ESCAPES)}"'
    if literal.language:
        return f"{quoted}@{literal.language}"
    return quoted if datatype in {None, XSD.string} else f"{quoted}^^{shorten(str(datatype))}"


def _languages(codes: Iterable[Node]) -> str:
    return _or(sorted(_LANGUAGES.get(str(code), str(code)) for code in codes))


def _or(words: Iterable[str]) -> str:
    """Return words as an enumeration of alternatives."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
