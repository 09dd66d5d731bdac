"""What a source says beside a name, by which one of that name is told from another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clues:
    """What a source says beside a name.

    Attributes:
        side: the government on whose side it stands, by IRI.
        country: that government's code.
        body: the body that it belongs to or acts for, by IRI.
        posts: the posts that its title means, by IRI.
        kind: the concept of the kind of organisation, by IRI.

    """

    side: str | None = None
    country: str | None = None
    body: str | None = None
    posts: tuple[str, ...] = ()
    kind: str | None = None
