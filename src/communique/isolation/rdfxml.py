"""A pass over RDF/XML by expat, which fetches and expands nothing, before a parser of RDF sees it."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from communique.errors import Location
from communique.isolation.refusal import RefusedInputError

MAX_ENTITIES = 64 * 1024
MAX_DEPTH = 64
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_BASE = "http://www.w3.org/XML/1998/namespace base"
_NAME = re.compile(r"[^\W\d][\w.\-\u00b7]*")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def check(content: bytes) -> None:
    """Refuse XML that is not well formed to its end, reaches outside of itself, or blows itself up.

    Raises:
        RefusedInputError: with line and column.

    """
    declared = _ENCODING.match(content)
    if declared and declared[1].upper() not in {b"UTF-8", b"UTF8", b"US-ASCII", b"ASCII"}:
        raise RefusedInputError(
            Location("", 1, declared.start(1) + 1),
            "not-utf-8",
            f"The file says that its encoding is {declared[1].decode()}. Save it as UTF-8.",
        )
    _Pass().run(content)


class _Pass:
    def __init__(self) -> None:
        self._entities = 0
        self._depth = 0
        self._ids: set[tuple[str, str]] = set()
        self._bases = [""]
        self._parser = parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
        parser.ordered_attributes = False
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def run(self, content: bytes) -> None:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
                reason = "an entity is used that nothing declares"
            elif error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]:
                reason = "the file ends before its first element is closed"
            raise RefusedInputError(
                Location("", error.lineno, error.offset + 1),
                "unreadable",
                f"This is not well-formed XML: {reason}. Mend it, or fetch the file again if it was cut off.",
            ) from None

    def _refuse(self, rule: str, message: str) -> RefusedInputError:
        at = Location("", self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        return RefusedInputError(at, rule, message)

    def _doctype(self, _name: str, system: str | None, public: str | None, _internal: bool) -> None:
        if system or public:
            raise self._refuse(
                "xml-doctype",
                "The document type names another file, which is not fetched. Remove the DOCTYPE.",
            )

    def _entity(
        self,
        name: str,
        is_parameter: int,
        value: str | None,
        _base: str | None,
        _system: str | None,
        _public: str | None,
        _notation: str | None,
    ) -> None:
        if is_parameter or value is None:
            raise self._refuse(
                "xml-doctype",
                f"The entity {name} is a parameter or stands for another file, which is not fetched. "
                "Write its text out.",
            )
        if "&" in value or "%" in value or "<" in value:
            raise self._refuse(
                "xml-doctype", f"The entity {name} refers to others or holds markup. Write its text out."
            )
        self._entities += len(value)
        if self._entities > MAX_ENTITIES:
            raise self._refuse(
                "xml-doctype", f"The entities have more than {MAX_ENTITIES:,} characters. Write them out."
            )

    def _skipped(self, name: str, _is_parameter: int) -> None:
        raise self._refuse("unreadable", f"Nothing declares the entity {name}. Write its text out.")

    def _start(self, _element: str, attributes: dict[str, Any]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refuse(
                "nested-too-deep",
                f"More than {MAX_DEPTH} elements are open here. Write the inner ones apart.",
            )
        self._bases.append(attributes.get(_BASE, self._bases[-1]))
        name = attributes.get(_RDF + " ID") or attributes.get(_RDF + "ID")
        if name is None:
            return
        if not _NAME.fullmatch(name):
            raise self._refuse(
                "unreadable", f"The rdf:ID “{name}” is no XML name. Begin with a letter, and use no blanks."
            )
        if (self._bases[-1], name) in self._ids:
            raise self._refuse(
                "unreadable", f"The rdf:ID “{name}” is given twice. Use rdf:about for the second description."
            )
        self._ids.add((self._bases[-1], name))

    def _end(self, _element: str) -> None:
        self._depth -= 1
        self._bases.pop()
