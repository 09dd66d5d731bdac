"""Sends one HTTP request to a SPARQL endpoint and reads the answer, within limits that it cannot stretch.

Every wait is measured against one deadline: to look up the host, to connect, to send, and to read, be it the
headers or the body. Only https is spoken, but for a loopback address. No proxy is used, no cookie is kept,
nothing compressed is taken.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from communique.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PORTS = {"http": 80, "https": 443}
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 307, 308})
_SPEAKS_FOR_ITSELF = frozenset({429, 503})
_REASON_BYTES = 2_000
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """What an endpoint may take of time and memory.

    Attributes:
        connect_seconds: how long it may take to look up the host and connect, over all its addresses.
        total_seconds: how long it may take from the question to the last byte, retries included.
        answer_bytes: how many bytes the body of an answer may have; as Python objects it takes several
            times as much memory.
        tries: how often in all a question is sent to an endpoint that says to come again later.
        wait_seconds: how long we wait before coming again, at most.

    """

    connect_seconds: float = 5.0
    total_seconds: float = 60.0
    answer_bytes: int = 50_000_000
    tries: int = 3
    wait_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint sent.

    Attributes:
        status: the HTTP status.
        headers: the HTTP headers.
        body: the whole body, or its beginning where the status is not 200.
        delimited: whether the endpoint said where the body ends: one cut off would have been noticed.

    """

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    delimited: bool

    @property
    def media_type(self) -> str:
        """Return the media type of the body, without its parameters; empty if none is given."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def checked_address(url: str) -> str:
    """Return the address of an endpoint as it will be asked.

    Raises:
        EndpointError: if it is not https, or http on a loopback address, or holds a login.

    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, SplitResult("", "", "", "", "")
    if not host or parts.scheme not in _PORTS or not url.isascii() or not url.isprintable() or " " in url:
        raise EndpointError(
            quoted(url), "This is not an address of the web. Give one such as https://host/sparql."
        )
    if "@" in parts.netloc:
        raise EndpointError(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            "A login in the address is not supported. Name an endpoint that is open to read.",
        )
    if parts.scheme == "http" and not _may_be_loopback(host):
        raise EndpointError(
            url, "Without https, anybody on the way can change the answer. Give its https:// address."
        )
    return parts._replace(fragment="").geturl()


def post(url: str, body: bytes, headers: Mapping[str, str], limits: Limits) -> Answer:
    """Send a POST request and return the answer, with the body read whole if the status is 200.

    One redirect is followed, to the same server only. An endpoint that says to come again later is
    obeyed, a few times and not for long.

    Raises:
        EndpointError: if no answer comes within the limits.

    """
    deadline = _Deadline(url, limits)
    target, moved, tries = url, False, 1
    while True:
        answer = _exchange(target, body, headers, deadline)
        if answer.status in _REDIRECTS:
            target, moved = _redirected(url, target, answer, moved=moved), True
        elif answer.status in _SPEAKS_FOR_ITSELF and "Retry-After" in answer.headers:
            _wait(url, answer, tries, deadline)
            tries += 1
        else:
            return answer


def quoted(text: str | bytes) -> str:
    """Return what an endpoint sent so that it can be printed: short, with nothing that moves a cursor."""
    read = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join(read[: 10 * _SHOWN].split())
    short = line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
    return "`" + "".join(c if c.isprintable() else f"\\u{{{ord(c):04X}}}" for c in short) + "`"


class _Deadline:
    """The one moment by which all must be done."""

    def __init__(self, url: str, limits: Limits) -> None:
        self.url = url
        self.limits = limits
        self._ends = time.monotonic() + limits.total_seconds

    def left(self) -> float:
        """Return the seconds left.

        Raises:
            EndpointError: if none are.

        """
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise EndpointError(
                self.url,
                f"The answer was not complete after {self.limits.total_seconds:g} s. "
                "Ask for less, for one occasion say, or allow more time.",
            )
        return seconds


class _WatchedReader(io.RawIOBase):
    """Reads a socket, with a look at the clock before every read: a drip of bytes moves no deadline."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._socket = connected
        self._deadline = deadline
        self._raw = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        self._socket.settimeout(self._deadline.left())
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            self._deadline.left()
            raise

    def close(self) -> None:
        self._raw.close()
        super().close()


class _WatchedSocket:
    """What ``HTTPResponse`` asks of a socket: a file to read from."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._connected = connected
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return a reader that keeps the deadline."""
        return io.BufferedReader(_WatchedReader(self._connected, self._deadline))


class _Connection(http.client.HTTPConnection):
    """A connection to one server, bound to a deadline from the look-up of its name on."""

    def __init__(self, parts: SplitResult, deadline: _Deadline) -> None:
        host = parts.hostname or ""
        super().__init__(host, parts.port or _PORTS[parts.scheme])
        self.default_port = _PORTS[parts.scheme]  # It decides whether the Host header names the port.
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._deadline = deadline

    def connect(self) -> None:
        """Connect to the first address of the host that accepts, within the time for it."""
        self.sock = self._open()
        self.sock.settimeout(self._deadline.left())
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)
            self.sock.settimeout(self._deadline.left())

    def receive(self) -> http.client.HTTPResponse:
        """Return the response with its headers read."""
        response = http.client.HTTPResponse(_WatchedSocket(self.sock, self._deadline), method="POST")  # type: ignore[arg-type]
        try:
            response.begin()
        except BaseException:
            response.close()
            raise
        return response

    def _open(self) -> socket.socket:
        seconds = self._deadline.limits.connect_seconds
        ends = time.monotonic() + min(seconds, self._deadline.left())
        problem = "there is no such host"
        for address in _addresses(self.host, self.port, ends):
            if not self._tls and not ipaddress.ip_address(address).is_loopback:
                problem = "only this machine is spoken to without https"
                continue
            left = ends - time.monotonic()
            if left <= 0:
                break
            try:
                return socket.create_connection((address, self.port), timeout=left)
            except OSError as error:
                problem = error.strerror or str(error)
        if time.monotonic() >= ends:
            problem = f"none came about within {seconds:g} s"
        raise EndpointError(
            self._deadline.url,
            f"No connection: {problem}. Check the address, and whether the endpoint is up.",
        )


def _addresses(host: str, port: int, ends: float) -> list[str]:
    # The system's look-up of a name takes no time limit, so it runs where it can be left behind.
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def look_up() -> None:
        found: list[str] = []
        with contextlib.suppress(OSError, UnicodeError):
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        answers.put(found)

    threading.Thread(target=look_up, daemon=True).start()
    with contextlib.suppress(queue.Empty):
        return answers.get(timeout=max(0.0, ends - time.monotonic()))
    return []


def _may_be_loopback(host: str) -> bool:
    # What `localhost` leads to is looked at again before a connection is made.
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _exchange(url: str, body: bytes, headers: Mapping[str, str], deadline: _Deadline) -> Answer:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Connection(parts, deadline)
    try:
        connection.request("POST", path, body=body, headers={**headers, "Connection": "close"})
        with connection.receive() as response:
            return _read(response, deadline)
    except TimeoutError:
        deadline.left()
        raise EndpointError(deadline.url, "The connection timed out. Ask again later.") from None
    except ssl.SSLError as error:
        raise EndpointError(
            deadline.url,
            f"Its certificate or its encryption is not to be trusted: {quoted(error.reason or str(error))}. "
            "Tell whoever keeps the endpoint.",
        ) from None
    except (http.client.HTTPException, OSError) as error:
        raise EndpointError(
            deadline.url,
            f"The answer broke off or is not HTTP: {quoted(str(error) or type(error).__name__)}. "
            "Ask again, and check that the address is that of a SPARQL endpoint.",
        ) from None
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse, deadline: _Deadline) -> Answer:
    limits, announced = deadline.limits, response.length
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise EndpointError(
            deadline.url,
            "The answer is compressed, which was not asked for. Tell whoever keeps the endpoint.",
        )
    if response.status != http.HTTPStatus.OK:
        reason = b""
        with contextlib.suppress(EndpointError, http.client.HTTPException, OSError):
            reason = response.read1(_REASON_BYTES)  # The first words are enough; the status says the rest.
        return Answer(response.status, response.headers, reason, delimited=False)
    body = bytearray()
    if announced is None or announced <= limits.answer_bytes:
        while len(body) <= limits.answer_bytes and (part := response.read(_CHUNK)):
            body += part
    if len(body) > limits.answer_bytes or (announced or 0) > limits.answer_bytes:
        raise EndpointError(
            deadline.url,
            f"The answer is larger than {limits.answer_bytes:,} bytes. "
            "Ask for less, for one occasion say, or allow more.",
        )
    if announced is not None and len(body) < announced:
        raise EndpointError(
            deadline.url,
            f"The answer broke off after {len(body):,} of {announced:,} bytes. Ask again.",
        )
    return Answer(response.status, response.headers, bytes(body), announced is not None or response.chunked)


def _redirected(url: str, current: str, answer: Answer, *, moved: bool) -> str:
    location = answer.headers.get("Location", "")
    if moved:
        raise EndpointError(url, "It redirects more than once. Give the address that it ends at.")
    try:
        target = urljoin(current, location)
        same = _server(target) == _server(current)
    except ValueError:
        same = False
    if not location or not same or not target.isascii() or not target.isprintable() or " " in target:
        raise EndpointError(
            url,
            f"It redirects to {quoted(location)}, which is not on the same server. "
            "If you trust that address, give it instead.",
        )
    return target


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _wait(url: str, answer: Answer, tries: int, deadline: _Deadline) -> None:
    seconds = _seconds_to_wait(answer.headers["Retry-After"])
    limits = deadline.limits
    if seconds is None:
        problem = f"It is busy (status {answer.status}) and does not say for how long"
    elif seconds > limits.wait_seconds or seconds >= deadline.left():
        problem = f"It is busy (status {answer.status}) and asks to come again in {seconds:.0f} s"
    elif tries >= limits.tries:
        problem = f"It was busy (status {answer.status}) each of {tries} times"
    else:
        time.sleep(seconds)
        return
    raise EndpointError(url, f"{problem}. Ask again later.")


def _seconds_to_wait(retry_after: str) -> float | None:
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
