"""A server on loopback that plays an endpoint, well behaved or hostile, and keeps what it was sent."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

JSON = "application/sparql-results+json"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://e/1"}}]}}'


@dataclass(frozen=True)
class Request:
    """What was sent: the request line, the headers by lower-case name, the body."""

    line: str
    headers: dict[str, str]
    body: bytes


class Wire(Protocol):
    """The server's end of a connection."""

    over: threading.Event
    number: int

    def send(self, data: bytes) -> None: ...


@dataclass
class Endpoint:
    """A running server: what it does with a request can be set, what it was sent can be read."""

    port: int
    play: Callable[[Wire], None]
    requests: list[Request] = field(default_factory=list)
    sent: int = 0
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Return the address of the endpoint."""
        return f"http://127.0.0.1:{self.port}/sparql"


def reply(
    body: bytes = ROWS,
    status: str = "200 OK",
    media_type: str = JSON,
    length: int | None = None,
    **headers: str,
) -> Callable[[Wire], None]:
    """Return a play that answers at once; the length can be a lie."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body) if length is None else length}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    data = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return lambda wire: wire.send(data)


def raw(data: bytes) -> Callable[[Wire], None]:
    """Return a play that sends bytes and closes the connection."""
    return lambda wire: wire.send(data)


def drip(start: bytes, drop: bytes, end: bytes = b"") -> Callable[[Wire], None]:
    """Return a play that sends a few bytes at a time, for ever."""

    def play(wire: Wire) -> None:
        wire.send(start)
        while not wire.over.wait(0.02):
            wire.send(drop)
        wire.send(end)

    return play


def hang(wire: Wire) -> None:
    """Send nothing until the test is over."""
    wire.over.wait()


@contextlib.contextmanager
def running(play: Callable[[Wire], None], secured: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """Run a server for the time of a block, over TLS if it is given a certificate."""

    class Handler(socketserver.StreamRequestHandler):
        number = 0
        over = threading.Event()

        def handle(self) -> None:
            endpoint.connections += 1
            with contextlib.suppress(OSError, ValueError):
                line = self.rfile.readline().decode("latin-1").strip()
                headers = {}
                while header := self.rfile.readline().decode("latin-1").strip():
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                body = self.rfile.read(int(headers.get("content-length", 0)))
                endpoint.requests.append(Request(line, headers, body))
                self.number, self.over = len(endpoint.requests), endpoint.over
                endpoint.play(self)

        def send(self, data: bytes) -> None:
            self.request.sendall(data)
            endpoint.sent += len(data)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def get_request(self) -> tuple[socket.socket, object]:
            connection, address = super().get_request()
            return (secured.wrap_socket(connection, server_side=True) if secured else connection), address

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: that the client hangs up is what many tests want."""

    with Server(("127.0.0.1", 0), Handler) as server:
        endpoint = Endpoint(server.server_address[1], play)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield endpoint
        finally:
            endpoint.over.set()
            server.shutdown()
            thread.join()


def free_port() -> int:
    """Return a port of loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
