"""Reads what an endpoint answers, and takes nothing for an answer that is not of the form it must have.

Two formats are read: SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/) and
N-Triples (https://www.w3.org/TR/n-triples/). Each problem is a ``ValueError`` that says what is wrong.
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

from communique.namespaces import PREFIXES
from communique.store.protocol import BlankNode, Iri, Literal, Table, Term

Triple: TypeAlias = tuple[Term, Term, Term]

_STRING = PREFIXES["xsd"] + "string"
_BOOLEAN = PREFIXES["xsd"] + "boolean"
_LANGUAGE_STRING = PREFIXES["rdf"] + "langString"

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*+:[^\x00-\x20<>\"{}|^`\\]*+")
_LANGUAGE = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_VARIABLE = re.compile(r"\w+")
# Possessive repeats: a line that is no triple is told apart in one pass.
_CHARACTERS = r'(?:[^"\\\n\r]++|\\[tbnrf"\'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+'
_REFERENCE = r"<(?:[^\x00-\x20<>\"{}|^`\\]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
_NODE = rf"{_REFERENCE}|_:\w(?:[\w.\-·]*[\w\-·])?"
_LINE = re.compile(
    rf"""
    [ \t]* (?P<subject>{_NODE})
    [ \t]* (?P<predicate>{_REFERENCE})
    [ \t]* (?P<object>{_NODE}
      | "(?P<value>{_CHARACTERS})"
        (?: @(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*+) | \^\^(?P<datatype>{_REFERENCE}) )?
    )
    [ \t]* \. [ \t]* (?:\#.*)?
    """,
    re.VERBOSE,
)
_BLANK_LINE = re.compile(r"[ \t]*(?:#.*)?")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def read_rows(body: bytes) -> Table:
    """Return the rows of an answer to SELECT, in its order.

    Raises:
        ValueError: if the text is not SPARQL 1.1 results in JSON, all of it.

    """
    found = _object(body)
    head, results = found.get("head"), found.get("results")
    if not isinstance(head, dict) or not isinstance(results, dict):
        raise ValueError("it has no `head` and `results`, as rows have in SPARQL 1.1")
    names, bindings = head.get("vars"), results.get("bindings")
    if not isinstance(names, list) or not all(isinstance(n, str) and _VARIABLE.fullmatch(n) for n in names):
        raise ValueError("`head.vars` is not a list of names")
    if len(set(names)) < len(names):
        raise ValueError("`head.vars` names a variable twice")
    if not isinstance(bindings, list):
        raise ValueError("`results.bindings` is not a list")
    known, rows = set(names), []
    for number, binding in enumerate(bindings, start=1):
        if not isinstance(binding, dict) or not binding.keys() <= known:
            raise ValueError(f"row {number} is not an object with the variables of `head.vars`")
        try:
            rows.append(tuple(_term(binding[name]) if name in binding else None for name in names))
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None
    return Table(tuple(names), tuple(rows))


def read_truth(body: bytes) -> Table:
    """Return the one row of an answer to ASK.

    Raises:
        ValueError: if the text is not the SPARQL 1.1 result of an ASK query in JSON.

    """
    truth = _object(body).get("boolean")
    if not isinstance(truth, bool):
        raise ValueError("it has no `boolean`, as the answer to ASK has in SPARQL 1.1")
    return Table(("ask",), ((Literal("true" if truth else "false", _BOOLEAN),),))


def read_triples(body: bytes) -> Table:
    """Return a row for each triple of N-Triples, in their order.

    Raises:
        ValueError: if a line is not a triple.

    """
    return Table(
        ("subject", "predicate", "object"),
        tuple(
            (_node(line["subject"]), _node(line["predicate"]), _object_of(line))
            for line in _lines(_decoded(body))
        ),
    )


def sorted_triples(body: bytes) -> bytes:
    """Return N-Triples with each triple once, sorted by line.

    Raises:
        ValueError: if a line is not a triple.

    """
    lines = {f"{line['subject']} {line['predicate']} {line['object']} ." for line in _lines(_decoded(body))}
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None


def _object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(_decoded(body))
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON, or it breaks off: {error}") from None
    except RecursionError:
        raise ValueError("its brackets are nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("it is JSON, but not an object")
    return found


def _term(found: object) -> Term:
    if not isinstance(found, dict):
        raise ValueError("a value is not an object")
    kind, value = found.get("type"), found.get("value")
    if kind == "triple":
        raise ValueError("a value is a triple, which this graph does not use")
    if not isinstance(value, str):
        raise ValueError("a value is not a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("a value holds half a character") from None
    if kind == "uri":
        return _iri(value)
    if kind == "bnode":
        return BlankNode(value)
    if kind in ("literal", "typed-literal"):  # A set would want to hash what is sent.
        return _literal(value, found.get("xml:lang"), found.get("datatype"))
    raise ValueError("a value has a type other than uri, literal and bnode")


def _literal(value: str, language: object, datatype: object) -> Literal:
    if language is not None:
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise ValueError("the language of a literal is not a language tag")
        if datatype not in (None, _LANGUAGE_STRING):
            raise ValueError("a literal has both a language and a datatype")
        return Literal(value, _LANGUAGE_STRING, language.lower())
    if datatype is None:
        return Literal(value)
    if not isinstance(datatype, str):
        raise ValueError("the datatype of a literal is not an IRI")
    return Literal(value, _iri(datatype).value)


def _iri(value: str) -> Iri:
    # An IRI may go into the next query, so it must not be able to end there.
    if not _IRI.fullmatch(value):
        raise ValueError("a value is called an IRI and is none")
    return Iri(value)


def _lines(text: str) -> list[re.Match[str]]:
    found = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if match := _LINE.fullmatch(line):
            found.append(match)
        elif not _BLANK_LINE.fullmatch(line):
            raise ValueError(f"line {number} is not a triple")
    return found


def _node(text: str) -> Iri | BlankNode:
    return BlankNode(text[2:]) if text.startswith("_:") else _iri(_plain(text[1:-1]))


def _object_of(line: re.Match[str]) -> Term:
    value = line["value"]
    if value is None:
        return _node(line["object"])
    datatype = line["datatype"]
    return _literal(_plain(value), line["language"], _plain(datatype[1:-1]) if datatype else None)


def _plain(escaped: str) -> str:
    return _ESCAPE.sub(_character, escaped) if "\\" in escaped else escaped


def _character(escape: re.Match[str]) -> str:
    short, long, letter = escape.groups()
    if letter:
        return _ESCAPED[letter]
    try:
        character = chr(int(short or long, 16))
        character.encode()
    except (ValueError, OverflowError):
        raise ValueError("an escape stands for no character") from None
    return character
