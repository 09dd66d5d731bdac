"""What an endpoint can do to those who ask it: answer, and nothing else. What is hostile ends in an error."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import trustme

from communique import DialogueGraph
from communique.errors import EndpointError, QueryError
from communique.layout import Layout
from communique.questions.binding import bind
from communique.questions.header import Question, read_question
from communique.store.protocol import Iri, Literal
from communique.store.remote import Limits, RemoteStore

from .endpoint import JSON, ROWS, Endpoint, Wire, drip, free_port, hang, raw, reply, running

QUERY = "SELECT ?s WHERE { ?s ?p ?o }"
LIMITS = Limits(connect_seconds=0.3, total_seconds=0.4, answer_bytes=200_000, tries=3, wait_seconds=5)
IN_TIME = 2.0
"""Seconds within which a test against ``LIMITS`` must be over, on a busy machine."""

QUESTIONS = [read_question(path) for path in Layout.shipped().question_files]
TRIPLES = b'<http://e/b> <http://e/p> "x"@en .\n<http://e/a> <http://e/p> _:n .\n'


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with running(reply()) as found:
        yield found


def failure(endpoint: Endpoint, play: Callable[[Wire], None], limits: Limits = LIMITS) -> str:
    """Return the message of the error that a play ends in, having measured that it ends in time."""
    endpoint.play = play
    started = time.monotonic()
    with pytest.raises(EndpointError) as error:
        RemoteStore(endpoint.url, limits=limits).select(QUERY)
    assert time.monotonic() - started < IN_TIME
    assert error.value.endpoint == endpoint.url
    message = str(error.value)
    assert message.startswith(f"{endpoint.url}: ")
    assert message.endswith(".")
    assert message.isprintable()
    return message


def test_an_answer_is_read(endpoint: Endpoint) -> None:
    table = RemoteStore(endpoint.url).select(QUERY)
    assert table.variables == ("s",)
    assert table.rows == ((Iri("http://e/1"),),)


@pytest.mark.parametrize(
    "play",
    [
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\n\r\n" + ROWS),
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json; charset=utf-8\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n"
            % (10, ROWS[:10], len(ROWS) - 10, ROWS[10:])
        ),
        raw(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % JSON.encode() + ROWS
        ),
    ],
    ids=["to the end of the connection", "in chunks", "after Continue"],
)
def test_an_answer_is_read_however_it_is_delimited(endpoint: Endpoint, play: Callable[[Wire], None]) -> None:
    endpoint.play = play
    assert RemoteStore(endpoint.url).select(QUERY).rows == ((Iri("http://e/1"),),)


@pytest.mark.parametrize(
    "play",
    [
        hang,
        drip(b"HTTP/1.1 200", b" "),
        drip(b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: a\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % JSON.encode(), b" "),
        drip(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: 9999\r\n\r\n" % JSON.encode(), b" "),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\n0\r\n", b"X: y\r\n"),
    ],
    ids=[
        "no answer",
        "status line drips",
        "header drips",
        "headers drip",
        "Continue for ever",
        "body drips",
        "announced body drips",
        "chunks drip",
        "chunk header drips",
        "trailers drip",
    ],
)
def test_the_deadline_is_kept(endpoint: Endpoint, play: Callable[[Wire], None]) -> None:
    started = time.monotonic()
    message = failure(endpoint, play)
    # A hundred headers are too many, wherever they come in: that can end it sooner.
    if "broke off or is not HTTP" not in message:
        assert "not complete after 0.4 s" in message
        assert time.monotonic() - started >= LIMITS.total_seconds


def test_an_endless_body_is_left_at_the_byte_limit_and_takes_little_memory(endpoint: Endpoint) -> None:
    block = b" " * 65_536

    def flood(wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % JSON.encode())
        while not wire.over.is_set():
            wire.send(block)

    limits = Limits(answer_bytes=2_000_000)
    tracemalloc.start()
    try:
        message = failure(endpoint, flood, limits)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "larger than 2,000,000 bytes" in message
    assert peak < 3 * limits.answer_bytes
    assert endpoint.sent < limits.answer_bytes + 16_000_000  # what the buffers of two sockets can hold


def test_a_body_announced_as_too_large_is_not_read(endpoint: Endpoint) -> None:
    message = failure(endpoint, reply(b"", length=3_000_000_000))
    assert "larger than 200,000 bytes" in message


def test_an_answer_of_just_the_limit_is_read(endpoint: Endpoint) -> None:
    endpoint.play = reply(ROWS.ljust(5_000))
    assert len(RemoteStore(endpoint.url, limits=Limits(answer_bytes=5_000)).select(QUERY).rows) == 1
    assert "larger than 4,999 bytes" in failure(
        endpoint, reply(ROWS.ljust(5_000)), Limits(answer_bytes=4_999)
    )


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (reply(b"<html>Welcome</html>", media_type="text/html; charset=utf-8"), "`text/html` and not"),
        (reply(b"<html>Welcome</html>"), "it is not JSON"),
        (
            reply(b"<sparql/>", media_type="application/sparql-results+xml"),
            "`application/sparql-results+xml`",
        ),
        (reply(ROWS, media_type=""), "`of no type`"),
        (reply(ROWS, media_type="text/plain"), "`text/plain`"),
        (reply(b""), "it is not JSON, or it breaks off"),
        (reply(ROWS[:-1]), "it is not JSON, or it breaks off"),
        (reply(ROWS, length=len(ROWS) - 2), "it is not JSON, or it breaks off"),
        (reply(ROWS, length=len(ROWS) + 1), f"after {len(ROWS)} of {len(ROWS) + 1} bytes"),
        (
            raw(
                b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n"
                % (JSON.encode(), len(ROWS), ROWS)
            ),
            "broke off",
        ),
        (reply(b'{"error":{"message":"time limit"}}'), "has no `head` and `results`"),
        (reply(ROWS + b'{"error":"time limit"}'), "it is not JSON, or it breaks off"),
        (reply(b"\x1f\x8b\x08\x00", Content_Encoding="gzip"), "compressed"),
        (reply(ROWS, Content_Encoding="br"), "compressed"),
        (reply(ROWS, X_SPARQL_MaxRows="10000"), "left rows out"),
        (reply(ROWS, X_SQL_State="S1TAT"), "left rows out"),
        (reply(ROWS, status="206 Partial Content"), "Status 206"),
        (reply(b"", status="204 No Content"), "Status 204"),
        (reply(b"boom\x1b[2J\x07", status="500 Oops", media_type="text/plain"), "Status 500"),
        (reply(b"", status="401 Unauthorized"), "wants a login"),
        (reply(b"", status="403 Forbidden"), "does not let us ask"),
        (reply(b"", status="404 Not Found"), "Check its path"),
        (reply(b"", status="405 Method Not Allowed"), "by POST"),
        (reply(b"", status="503 Busy"), "Ask again later"),
        (drip(b"HTTP/1.1 500 Oops\r\n\r\n", b""), "Status 500"),
        (raw(b""), "broke off or is not HTTP"),
        (raw(b"220 mail ready\r\n"), "broke off or is not HTTP"),
        (raw(b"\x15\x03\x01\x00\x02\x02\x50"), "broke off or is not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101 + b"\r\n"), "broke off or is not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000), "broke off or is not HTTP"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_answer_is_an_error(endpoint: Endpoint, play: Callable[[Wire], None], words: str) -> None:
    assert words in failure(endpoint, play)


def rows(binding: str, names: str = '["s"]') -> bytes:
    """Return results with one binding."""
    return f'{{"head":{{"vars":{names}}},"results":{{"bindings":[{binding}]}}}}'.encode()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b'{"head":{},"boolean":true}', "has no `head` and `results`"),
        (b'{"head":[],"results":{"bindings":[]}}', "has no `head` and `results`"),
        (b'{"head":{},"results":{"bindings":[]}}', "`head.vars` is not a list of names"),
        (b'{"head":{"vars":"s"},"results":{"bindings":[]}}', "`head.vars` is not a list of names"),
        (b'{"head":{"vars":[1]},"results":{"bindings":[]}}', "`head.vars` is not a list of names"),
        (b'{"head":{"vars":["s","s"]},"results":{"bindings":[]}}', "twice"),
        (b'{"head":{"vars":["s"]},"results":{}}', "`results.bindings` is not a list"),
        (b'{"head":{"vars":["s"]},"results":{"bindings":{}}}', "`results.bindings` is not a list"),
        (rows("[]"), "row 1 is not an object"),
        (rows('{"other":{"type":"uri","value":"http://e/"}}'), "row 1 is not an object with the variables"),
        (rows('{"s":"http://e/"}'), "row 1: a value is not an object"),
        (rows('{"s":{"type":"uri"}}'), "row 1: a value is not a text"),
        (rows('{"s":{"type":"literal","value":1}}'), "row 1: a value is not a text"),
        (rows('{"s":{"type":"number","value":"1"}}'), "other than uri, literal and bnode"),
        (rows('{"s":{"value":"1"}}'), "other than uri, literal and bnode"),
        (rows('{"s":{"type":["uri"],"value":"http://e/"}}'), "other than uri, literal and bnode"),
        (rows('{"s":{"type":"triple","value":{}}}'), "a triple"),
        (rows('{"s":{"type":"uri","value":"relative"}}'), "called an IRI and is none"),
        (rows('{"s":{"type":"uri","value":"http://e/> } DROP ALL #"}}'), "called an IRI and is none"),
        (rows('{"s":{"type":"literal","value":"x","datatype":5}}'), "not an IRI"),
        (rows('{"s":{"type":"literal","value":"x","datatype":"x> ; a <y"}}'), "called an IRI and is none"),
        (rows('{"s":{"type":"literal","value":"x","datatype":["http://e/"]}}'), "not an IRI"),
        (rows('{"s":{"type":"literal","value":"x","xml:lang":"en","datatype":[]}}'), "both"),
        (rows('{"s":{"type":"literal","value":"x","xml:lang":7}}'), "not a language tag"),
        (rows('{"s":{"type":"literal","value":"x","xml:lang":"en } #"}}'), "not a language tag"),
        (rows('{"s":{"type":"literal","value":"x","xml:lang":"en","datatype":"http://e/"}}'), "both"),
        (rows('{"s":{"type":"literal","value":"\\ud800"}}'), "half a character"),
        (b"\xff\xfe" + ROWS.decode().encode("utf-16-le"), "not text in UTF-8"),
        (b'{"head":' + b"[" * 50_000, "nested too deep"),
        (b'{"head":' + b'{"a":' * 30_000, "nested too deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_results_must_have_their_form(endpoint: Endpoint, body: bytes, words: str) -> None:
    message = failure(endpoint, reply(body), Limits())
    assert words in message
    assert "SPARQL 1.1 endpoint" in message


def test_an_older_name_for_a_typed_literal_is_understood(endpoint: Endpoint) -> None:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    endpoint.play = reply(rows(f'{{"s":{{"type":"typed-literal","value":"1","datatype":"{integer}"}}}}'))
    assert RemoteStore(endpoint.url).select(QUERY).rows == ((Literal("1", integer),),)


def test_a_malformed_query_is_the_query_s_fault(endpoint: Endpoint) -> None:
    endpoint.play = reply(b"error at 1:8: expected }", status="400 Bad Request", media_type="text/plain")
    with pytest.raises(QueryError, match="expected }"):
        RemoteStore(endpoint.url).select(QUERY)


def test_one_redirect_on_the_same_server_is_followed(endpoint: Endpoint) -> None:
    def play(wire: Wire) -> None:
        moved = reply(b"", status="308 Moved", Location="/new?x=1")
        (moved if wire.number == 1 else reply())(wire)

    endpoint.play = play
    assert len(RemoteStore(endpoint.url).select(QUERY).rows) == 1
    first, second = endpoint.requests
    assert second.line == "POST /new?x=1 HTTP/1.1"
    assert second.body == first.body


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_loop_of_redirects_is_left_after_one(endpoint: Endpoint, status: str) -> None:
    assert "more than once" in failure(endpoint, reply(b"", status=status, Location="/sparql"))
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "https://127.0.0.1:{port}/sparql",
        "http://localhost:{port}/sparql",
        "http://127.0.0.1:{other}/sparql",
        "//127.0.0.1:{other}/sparql",
        "http://127.0.0.1:99999999/",
        "http://[::1/",
        "gopher://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/a b",
        "",
    ],
)
def test_a_redirect_to_elsewhere_is_not_followed(endpoint: Endpoint, location: str) -> None:
    with running(reply()) as other:
        target = location.format(port=endpoint.port, other=other.port)
        message = failure(endpoint, reply(b"", status="307 Temporary", Location=target))
        assert "not on the same server" in message
        assert len(endpoint.requests) == 1
        assert other.connections == 0


def test_see_other_is_no_answer(endpoint: Endpoint) -> None:
    assert "Status 303" in failure(endpoint, reply(b"", status="303 See Other", Location="/sparql"))


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_an_endpoint_that_stays_busy_is_asked_three_times(endpoint: Endpoint, status: str) -> None:
    assert "busy" in failure(endpoint, reply(b"", status=status, Retry_After="0"))
    assert len(endpoint.requests) == 3


def test_an_endpoint_that_is_busy_once_is_asked_again_after_the_time_it_says() -> None:
    def play(wire: Wire) -> None:
        moments.append(time.monotonic())
        busy = reply(b"", status="503 Service Unavailable", Retry_After="1")
        (busy if wire.number == 1 else reply())(wire)

    moments: list[float] = []
    with running(play) as endpoint:
        assert len(RemoteStore(endpoint.url).select(QUERY).rows) == 1
    assert 1.0 <= moments[1] - moments[0] < 3.0
    assert len(moments) == 2


@pytest.mark.parametrize(
    ("retry_after", "words"),
    [
        ("3600", "in 3600 s"),
        ("1", "in 1 s"),  # later than the deadline
        ("9" * 400, "in 999999999 s"),
        (format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True), "in 3"),
        ("soon", "does not say for how long"),
        ("-1", "does not say for how long"),
        ("٣", "does not say for how long"),
    ],
    ids=["an-hour", "a-second", "400-digits", "a-date", "a-word", "below-zero", "arabic-digits"],
)
def test_a_wait_that_is_too_long_or_unknown_is_not_taken(
    endpoint: Endpoint, retry_after: str, words: str
) -> None:
    assert words in failure(endpoint, reply(b"", status="429 Too Many", Retry_After=retry_after))
    assert len(endpoint.requests) == 1


def test_a_moment_to_come_again_that_is_past_is_now(endpoint: Endpoint) -> None:
    past = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
    assert "each of 3 times" in failure(endpoint, reply(b"", status="503 Busy", Retry_After=past))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what was looked up or connected to; nothing reaches the network."""
    tried: list[object] = []

    def refuse(*args: object, **_: object) -> None:
        tried.append(args)
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/sparql",
        "http://10.0.0.1/sparql",
        "http://169.254.169.254/latest",
        "http://localhost.example.org/sparql",
        "http://0.0.0.0/sparql",
        "http://2130706433/sparql",
        "http://127.1/sparql",
        "http://[::ffff:10.0.0.1]/sparql",
    ],
)
def test_http_is_refused_but_for_loopback_before_any_connection(url: str, no_network: list[object]) -> None:
    with pytest.raises(EndpointError, match="Give its https:// address"):
        RemoteStore(url)
    assert no_network == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/sparql",
        "file:///etc/passwd",
        "ftp://example.org/sparql",
        "https:///sparql",
        "https://example.org:99999999/",
        "https://[::1/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "https://exämple.org/",
        "\x1b[2J",
    ],
)
def test_what_is_no_address_is_refused(url: str, no_network: list[object]) -> None:
    with pytest.raises(EndpointError, match="not an address of the web") as error:
        RemoteStore(url)
    assert str(error.value).isprintable()
    assert no_network == []


def test_a_login_in_the_address_is_refused_and_not_repeated(no_network: list[object]) -> None:
    with pytest.raises(EndpointError, match="login") as error:
        RemoteStore("https://somebody:hush@example.org/sparql")
    assert "hush" not in str(error.value)
    with pytest.raises(EndpointError, match="login"):
        RemoteStore("http://127.0.0.1@example.org/sparql")
    assert no_network == []


def test_localhost_that_leads_elsewhere_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, no_network: list[object]
) -> None:
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))],
    )
    with pytest.raises(EndpointError, match="only this machine is spoken to without https"):
        RemoteStore("http://localhost/sparql").select(QUERY)
    assert no_network == []


def test_a_name_that_leads_nowhere_is_told(no_network: list[object]) -> None:
    with pytest.raises(EndpointError, match="there is no such host"):
        RemoteStore("https://nowhere.invalid/sparql").select(QUERY)
    assert len(no_network) == 1


def test_a_look_up_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        over.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    started = time.monotonic()
    try:
        with pytest.raises(EndpointError, match=r"none came about within 0\.3 s"):
            RemoteStore("https://example.org/sparql", limits=LIMITS).select(QUERY)
    finally:
        over.set()
    assert time.monotonic() - started < IN_TIME


def test_many_addresses_share_the_time_to_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_: object, timeout: float) -> None:
        time.sleep(min(timeout, 0.2))
        raise TimeoutError("timed out")

    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_, **__: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{n}", 443)) for n in range(99)
        ],
    )
    monkeypatch.setattr(socket, "create_connection", slow)
    started = time.monotonic()
    with pytest.raises(EndpointError, match=r"none came about within 0\.3 s"):
        RemoteStore("https://example.org/sparql", limits=LIMITS).select(QUERY)
    assert time.monotonic() - started < IN_TIME


def test_a_closed_port_is_told() -> None:
    with pytest.raises(EndpointError, match=r"No connection: .*Check the address"):
        RemoteStore(f"http://127.0.0.1:{free_port()}/sparql").select(QUERY)


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "certificate or its encryption is not to be trusted"),
        (b"", "not complete after 0.4 s"),
    ],
    ids=["plain HTTP", "silence"],
)
def test_where_https_is_asked_for_nothing_else_is_spoken(greeting: bytes, words: str) -> None:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(ConnectionError):
            connection.sendall(greeting)
            while part := connection.recv(65_536):
                heard.append(part)

    heard: list[bytes] = []
    started = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        store = RemoteStore(f"https://127.0.0.1:{listener.getsockname()[1]}/sparql", limits=LIMITS)
        with pytest.raises(EndpointError) as error:
            store.select(QUERY)
        server.join()
    assert words in str(error.value)
    assert time.monotonic() - started < IN_TIME
    assert b"SELECT" not in b"".join(heard)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return somebody who signs certificates, and whom nobody trusts yet."""
    return trustme.CA()


def secured(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Return what a server needs to show a certificate for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_that_is_trusted_is_taken(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with running(reply(), secured(authority, "localhost")) as endpoint:
        url = f"https://localhost:{endpoint.port}/sparql"
        assert RemoteStore(url).select(QUERY).rows == ((Iri("http://e/1"),),)
        assert endpoint.requests[0].headers["host"] == f"localhost:{endpoint.port}"
        endpoint.play = drip(b"HTTP/1.1 200 OK\r\nX: ", b"a")
        with pytest.raises(EndpointError, match=r"not complete after 0\.4 s"):
            RemoteStore(url, limits=LIMITS).select(QUERY)


@pytest.mark.parametrize(
    ("name", "trusted"),
    [("localhost", False), ("elsewhere.example", True)],
    ids=["signed by nobody known", "of another host"],
)
def test_a_certificate_that_is_not_to_be_trusted_is_refused(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool
) -> None:
    context = ssl.create_default_context()
    if trusted:
        authority.configure_trust(context)
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    with running(reply(), secured(authority, name)) as endpoint:
        with pytest.raises(EndpointError, match="CERTIFICATE_VERIFY_FAILED"):
            RemoteStore(f"https://localhost:{endpoint.port}/sparql").select(QUERY)
        assert endpoint.requests == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_what_is_sent_is_exactly_what_bind_made(
    endpoint: Endpoint, graph: DialogueGraph, question: Question
) -> None:
    text, _ = bind(question, {p.name: p.example for p in question.parameters}, graph._store)
    RemoteStore(endpoint.url).select(text)
    (request,) = endpoint.requests
    assert request.line == "POST /sparql HTTP/1.1"
    assert parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True) == [("query", text)]
    assert request.headers["accept"] == JSON
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["user-agent"].startswith("communique/")
    assert "cookie" not in request.headers
    assert "authorization" not in request.headers


def test_an_address_keeps_its_own_parameters_and_loses_its_fragment(endpoint: Endpoint) -> None:
    RemoteStore(f"{endpoint.url}?graph=a%20b#top").select(QUERY)
    assert endpoint.requests[0].line == "POST /sparql?graph=a%20b HTTP/1.1"


@pytest.mark.parametrize(
    "text",
    [
        "DROP ALL",
        "PREFIX select: <http://e/> INSERT DATA { <a:a> <a:b> <a:c> }",
        "",
        "# SELECT\n",
        "CLEAR ALL",
    ],
)
def test_what_is_no_query_is_not_sent(endpoint: Endpoint, text: str) -> None:
    with pytest.raises(QueryError, match="Only queries are sent"):
        RemoteStore(endpoint.url).select(text)
    assert endpoint.connections == 0


def test_ask_and_construct_have_rows_too(endpoint: Endpoint) -> None:
    store = RemoteStore(endpoint.url)
    endpoint.play = reply(b'{"head":{},"boolean":false}')
    truth = Literal("false", "http://www.w3.org/2001/XMLSchema#boolean")
    assert store.select("# SELECT\nASK { ?s ?p ?o }").rows == ((truth,),)
    endpoint.play = reply(TRIPLES, media_type="application/n-triples")
    table = store.select("BASE <http://e/> CONSTRUCT WHERE { ?s ?p ?o }")
    assert table.variables == ("subject", "predicate", "object")
    assert [str(row[0]) for row in table.rows] == ["http://e/b", "http://e/a"]
    assert endpoint.requests[-1].headers["accept"] == "application/n-triples"


def test_a_dump_is_sorted(endpoint: Endpoint) -> None:
    endpoint.play = reply(TRIPLES + b"\n# a remark\n" + TRIPLES, media_type="application/n-triples")
    assert RemoteStore(endpoint.url).dump() == b"".join(sorted(TRIPLES.splitlines(keepends=True)))


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (
            raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n" + TRIPLES),
            "does not say where it ends",
        ),
        (reply(TRIPLES, media_type="application/n-triples", length=len(TRIPLES) + 1), "broke off"),
        (reply(TRIPLES[:-4], media_type="application/n-triples"), "line 2 is not a triple"),
        (reply(b"<html>\n", media_type="application/n-triples"), "line 1 is not a triple"),
        (reply(b"<a:a> <a:b> <<(" * 60_000, media_type="application/n-triples"), "line 1 is not a triple"),
        (reply(TRIPLES, media_type="text/turtle"), "`text/turtle` and not application/n-triples"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_dump_is_whole_or_an_error(endpoint: Endpoint, play: Callable[[Wire], None], words: str) -> None:
    endpoint.play = play
    with pytest.raises(EndpointError, match=words):
        RemoteStore(endpoint.url).dump()
