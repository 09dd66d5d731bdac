"""Any SPARQL 1.1 endpoint as a store: the same questions, the same answers, the work done elsewhere.

SPARQLWrapper builds the request; it is sent and read within limits, and what comes back is an answer only if
it is whole and of the form that SPARQL 1.1 gives it. Everything else is an error: never an empty result.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from communique.errors import EndpointError, QueryError
from communique.isolation.scan import tokens
from communique.namespaces import BASE
from communique.store.results import read_rows, read_triples, read_truth, sorted_triples
from communique.store.transport import Answer, Limits, checked_address, post, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from communique.store.protocol import Table

__all__ = ["Limits", "RemoteStore"]

AGENT = f"communique/{version('communique')} (+{BASE})"
"""What the endpoint is told of who asks."""

_JSON = "application/sparql-results+json"
_N_TRIPLES = "application/n-triples"
_READERS: dict[str, tuple[str, Callable[[bytes], Table]]] = {
    "SELECT": (_JSON, read_rows),
    "ASK": (_JSON, read_truth),
    "CONSTRUCT": (_N_TRIPLES, read_triples),
    "DESCRIBE": (_N_TRIPLES, read_triples),
}
_EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_PARTIAL_HEADERS = ("X-SPARQL-MaxRows", "X-SQL-State")
_REMEDIES = {
    401: "It wants a login, which is not supported. Name an endpoint that is open to read.",
    403: "It does not let us ask. Name an endpoint that is open to read.",
    404: "There is no endpoint at this address. Check its path.",
    405: "It does not take queries by POST. Check that the address is that of a SPARQL endpoint.",
    406: "It does not answer in the format that SPARQL 1.1 names. Check that it is a SPARQL 1.1 endpoint.",
    413: "The query is too long for it. Ask for less.",
    429: "It is busy. Ask again later.",
    503: "It is busy or out of service. Ask again later.",
}


class RemoteStore:
    """A SPARQL 1.1 endpoint that is only asked, never written to.

    Args:
        url: the address of the endpoint: https, or http on this machine.
        limits: what the endpoint may take of time and memory.

    Raises:
        EndpointError: if the address is refused; no connection is made to find out.

    """

    def __init__(self, url: str, *, limits: Limits | None = None) -> None:
        self._url = checked_address(url)
        self._limits = limits or Limits()

    def select(self, query: str) -> Table:
        """Return the rows of a query; see the protocol."""
        form = _form(query)
        media_type, read = _READERS[form]
        answer = self._ask(query, form, media_type)
        try:
            return read(answer.body)
        except ValueError as error:
            self._refuse(answer, str(error))

    def dump(self) -> bytes:
        """Return every triple of the default graph as N-Triples, sorted by line; see the protocol."""
        answer = self._ask(_EVERYTHING, "CONSTRUCT", _N_TRIPLES)
        try:
            return sorted_triples(answer.body)
        except ValueError as error:
            self._refuse(answer, str(error))

    def _ask(self, query: str, form: str, media_type: str) -> Answer:
        request = _RequestBuilder(self._url, query, form, media_type)._createRequest()
        body = request.data
        if not isinstance(body, bytes):
            raise TypeError("SPARQLWrapper built a request without a body")
        answer = post(request.full_url, body, dict(request.header_items()), self._limits)
        if answer.status == 400:  # noqa: PLR2004 - the status that SPARQL 1.1 gives to a malformed query
            raise QueryError(f"{self._url} does not accept the query: {quoted(answer.body)}")
        if answer.status != 200:  # noqa: PLR2004
            remedy = _REMEDIES.get(answer.status, "Ask again later, or tell whoever keeps the endpoint.")
            raise EndpointError(
                self._url, f"Status {answer.status} and the words {quoted(answer.body)}. {remedy}"
            )
        if answer.media_type != media_type:
            self._refuse(answer, f"it is {quoted(answer.media_type or 'of no type')} and not {media_type}")
        if any(name in answer.headers for name in _PARTIAL_HEADERS):
            raise EndpointError(
                self._url, "It says that it left rows out. Ask for less, for one occasion say."
            )
        if media_type == _N_TRIPLES and not answer.delimited:
            self._refuse(answer, "it does not say where it ends, so that nobody can tell whether it is whole")
        return answer

    def _refuse(self, answer: Answer, problem: str) -> NoReturn:
        raise EndpointError(
            self._url,
            f"This is not an answer to rely on: {problem}. It begins {quoted(answer.body[:400])}. "
            "Check that the address is that of a SPARQL 1.1 endpoint, and ask again.",
        )


class _RequestBuilder(SPARQLWrapper):
    """Builds the request for one query; it is never sent from here."""

    def __init__(self, url: str, query: str, form: str, media_type: str) -> None:
        self._form = form
        super().__init__(url, agent=AGENT)
        self.setMethod(POST)
        # Without this, guesses at the names of format parameters are sent along.
        self.setOnlyConneg(True)
        self.setReturnFormat(JSON if media_type == _JSON else TURTLE)
        self.addCustomHttpHeader("Accept", media_type)
        self.addCustomHttpHeader("Accept-Encoding", "identity")
        self.setQuery(query)

    def _parseQueryType(self, query: str) -> str:  # noqa: ARG002, N802 - the name is the library's
        # The library looks for a form in comments too, and takes "address" for the update ADD.
        return self._form

    def _query(self) -> NoReturn:
        # The library's own way to send has no limit of any kind.
        raise NotImplementedError("Requests are sent by communique.store.transport.")


def _form(query: str) -> str:
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    form = next((word for word in words if word not in {"BASE", "PREFIX"}), "")
    if form not in _READERS:
        raise QueryError(
            f"Only queries are sent to an endpoint. Begin with one of {', '.join(_READERS)}"
            + (f", not with {quoted(form)}." if form else ".")
        )
    return form
