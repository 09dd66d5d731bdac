"""Every error that the package raises on purpose, under one root; each message says what to do."""

from __future__ import annotations

from dataclasses import dataclass


class CommuniqueError(Exception):
    """Something that a person can mend: the message says what is wrong and what to do."""


class LayoutError(CommuniqueError):
    """A folder or file of the graph is not where it must be."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: line and column count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class UnreadableInputError(CommuniqueError):
    """A file cannot be read as what it claims to be.

    Attributes:
        location: where reading stopped.

    """

    def __init__(self, location: Location, message: str) -> None:
        super().__init__(f"{location}: {message}")
        self.location = location
        self.reason = message


class UnwritableError(CommuniqueError):
    """A file cannot be written; what stood in its place stands there still."""


class ChangesError(CommuniqueError):
    """Git does not tell what has changed."""


class QuestionError(CommuniqueError):
    """A saved question does not exist, or its header or a parameter is wrong."""


class QueryError(CommuniqueError):
    """A query text that the engine does not accept."""


class EndpointError(CommuniqueError):
    """A SPARQL endpoint cannot be reached, or what it answers cannot be relied on.

    Attributes:
        endpoint: its address.

    """

    def __init__(self, endpoint: str, message: str) -> None:
        super().__init__(f"{endpoint}: {message}")
        self.endpoint = endpoint
