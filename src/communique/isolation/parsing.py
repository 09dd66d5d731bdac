"""What runs in a worker: from the text of a file, whose syntax has no safe parser, to N-Triples."""

from __future__ import annotations

import re

import pyoxigraph as ox

from communique.errors import Location
from communique.isolation import jsonld, rdfxml
from communique.isolation.gate import MAX_STATEMENTS
from communique.isolation.refusal import RefusedInputError

_SAID_PLACE = re.compile(r"^Parser error .*?: |\s*\(line \d+\)$")


def read_rdfxml(content: bytes) -> bytes:
    """Return RDF/XML as N-Triples."""
    rdfxml.check(content)
    return _triples(content, ox.RdfFormat.RDF_XML)


def read_jsonld(content: bytes) -> bytes:
    """Return JSON-LD as N-Triples."""
    jsonld.check(content.decode("utf-8"))
    return _triples(content, ox.RdfFormat.JSON_LD)


def read_trig(content: bytes) -> bytes:
    """Return the default graph of TriG as N-Triples."""
    return _triples(content, ox.RdfFormat.TRIG)


def read_nquads(content: bytes) -> bytes:
    """Return the default graph of N-Quads as N-Triples."""
    return _triples(content, ox.RdfFormat.N_QUADS)


def _triples(content: bytes, form: ox.RdfFormat) -> bytes:
    triples: list[ox.Triple] = []
    named = None
    try:
        for quad in ox.parse(content, format=form):
            if isinstance(quad.object, ox.Triple):
                raise _refusal(
                    content,
                    "rdf12-not-supported",
                    "Triple terms are of RDF 1.2 and not read.",
                    b"<<",
                    b"rdf:",
                )
            if not isinstance(quad.graph_name, ox.DefaultGraph):
                named = named or quad.graph_name
            triples.append(quad.triple)
            if len(triples) > MAX_STATEMENTS:
                raise RefusedInputError(
                    Location(""),
                    "file-too-large",
                    f"At most {MAX_STATEMENTS:,} statements are read. Split the file.",
                )
    except SyntaxError as error:
        reason = _SAID_PLACE.sub("", str(error.msg))
        if reason.startswith("Unexpected end"):
            reason = "The file ends before its last statement does: a bracket is open, or it was cut off"
        raise RefusedInputError(
            Location("", error.lineno or 1, error.offset or 1), "unreadable", f"{reason.rstrip('.')}."
        ) from None
    if named is not None:
        local = re.split(r"[/#:]", named.value)[-1]
        raise _refusal(
            content,
            "named-graph",
            f"The graph {named} has a name: files are read into one graph. Write its triples without it.",
            f"<{named.value}>".encode(),
            f":{local}".encode(),
        )
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _refusal(content: bytes, rule: str, message: str, *signs: bytes) -> RefusedInputError:
    """Return a refusal that points to where the first of some signs that is there stands."""
    offset = next((start for sign in signs if (start := content.find(sign)) >= 0), 0)
    before = content[:offset]
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return RefusedInputError(Location("", before.count(b"\n") + 1, column), rule, message)
