"""What mending says of a term: the one that is meant, or that it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.mending.occurrences import Term

NAMES = {
    "prefix-case": "a prefix that is bound in other capitals",
    "prefix-line": "a prefix of the house that is used and not bound",
    "namespace": "a known namespace with another scheme, another host's capitals or another end",
    "dublin-core": "a Dublin Core element instead of the Dublin Core term of its name",
    "name-case": "a term or entity that exists in other capitals only",
    "iri-form": "an entity's IRI with needless percent escapes or with a slash or hash at its end",
    "retired-iri": "an IRI that a register tells as replaced",
    "iri-as-text": "an IRI in quotes where the thing itself is asked for",
    "blanks": "blanks around a text",
    "datatype": "a value that is right but for its datatype",
    "language": "words without the language that the source, or the shape, tells",
    "language-case": "capitals in a language tag",
    "code-case": "a code or zone in other capitals",
    "canonical-form": "the order and layout of the file",
}
"""The remedies by name, each with what it mends."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A certain remedy: its name, the term that is meant, and why nothing else can be."""

    name: str
    term: Term
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that looks wrong and has no certain remedy."""

    message: str
