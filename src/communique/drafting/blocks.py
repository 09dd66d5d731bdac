"""The blocks of a canonical Turtle text: what is said of each subject, below its comments."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from communique.curation.formatting import format_turtle
from communique.curation.source_text import TOKEN, outline


@dataclass(frozen=True, slots=True)
class Block:
    """What a text says of one subject.

    Attributes:
        subject: the subject.
        lines: the statements.
        lead: what stands between the block before and this one: blank lines and comments.

    """

    subject: object
    lines: str
    lead: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Blocks:
    """A Turtle text in its parts.

    Attributes:
        head: the prefixes, with what stands above them.
        inner: the blocks; a caller puts others between them.
        tail: what stands behind the last.

    """

    head: str
    inner: list[Block]
    tail: str

    @classmethod
    def of(cls, text: str) -> Blocks:
        """Return the parts of a text in canonical form."""
        statements = outline(text).statements
        ends = [
            next(t.end() for t in TOKEN.finditer(text, statement.start) if t.lastgroup == "end")
            for statement in statements
        ]
        directives = sum(statement.is_directive for statement in statements)
        done = ends[directives - 1] if directives else 0
        head = text[:done]
        inner: list[Block] = []
        for statement, end in zip(statements[directives:], ends[directives:], strict=True):
            lines = text[statement.start : end]
            # A nested node is no subject of its own, and the first that is read is the one it is nested in.
            subject = next(iter(ox.parse(head + lines, format=ox.RdfFormat.TURTLE))).subject
            inner.append(Block(subject, lines, text[done : statement.start]))
            done = end
        return cls(head, inner, text[done:])

    def text(self, name: str) -> str:
        """Return the text in canonical form; ``name`` stands for it in errors."""
        blocks = "".join(block.lead + block.lines for block in self.inner)
        return format_turtle(self.head + blocks + self.tail, name)
