"""A question that asks a second endpoint: a real one that holds a slice of ROR, and ones that misbehave.

The slice, ``ror-slice.csv``, holds twelve organisations of the Research Organization Registry as of its
records at d93fc667 (https://github.com/ror-community/ror-records), which ROR publishes under CC0 1.0.
"""

from __future__ import annotations

import contextlib
import csv
import json
import re
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from communique import DialogueGraph
from communique.errors import EndpointError, QueryError, QuestionError
from communique.namespaces import PREFIXES
from communique.questions import federation
from communique.questions.binding import bind
from communique.questions.federation import Limits
from communique.store.embedded import EmbeddedStore
from communique.store.protocol import Table
from communique.tables import show

from .test_parity import free_port, oxigraph
from .test_questions import EXPECTED, as_csv

HERE = Path(__file__).parent
NAME = "names-elsewhere"
ROR = PREFIXES["ror"]
SCHEMA = PREFIXES["schema"]
Binding = dict[str, dict[str, str]]

LOCAL = """
PREFIX e: <http://e/>
SELECT ?thing ?name WHERE {
  ?thing e:id ?id .
  SERVICE ?_endpoint { ?id e:name ?name }
}
ORDER BY ?thing ?name
"""


def ror_slice() -> bytes:
    """Return the slice as N-Triples, in the terms of schema.org."""

    def one(row: dict[str, str]) -> Iterator[ox.Triple]:
        subject, address = ox.NamedNode(ROR + row["ror_id"]), ox.BlankNode(f"a{row['ror_id']}")
        yield ox.Triple(subject, ox.NamedNode(SCHEMA + "name"), ox.Literal(row["name"], language="en"))
        for name in filter(None, [*row["acronyms"].split("|"), *row["other_names"].split("|")]):
            text, _, language = name.partition("@")
            literal = ox.Literal(text, language=language) if language else ox.Literal(text)
            yield ox.Triple(subject, ox.NamedNode(SCHEMA + "alternateName"), literal)
        yield ox.Triple(subject, ox.NamedNode(SCHEMA + "address"), address)
        yield ox.Triple(address, ox.NamedNode(SCHEMA + "addressCountry"), ox.Literal(row["country"]))

    with (HERE / "ror-slice.csv").open(encoding="utf-8", newline="") as file:
        triples = [triple for row in csv.DictReader(file) for triple in one(row)]
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


@pytest.fixture(scope="module")
def ror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server that holds the slice."""
    with oxigraph(ror_slice(), tmp_path_factory.mktemp("ror")) as url:
        yield url


class Played:
    """An endpoint that answers as it is told, and keeps the queries that it was sent."""

    def __init__(self, play: Callable[[str], tuple[str, bytes]]) -> None:
        self.queries: list[str] = []
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                played.queries.append(parse_qs(body)["query"][0])
                media_type, answer = play(played.queries[-1])
                with contextlib.suppress(OSError):  # The other side may have left.
                    self.send_response(200)
                    self.send_header("Content-Type", media_type)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sparql"


@contextlib.contextmanager
def playing(play: Callable[[str], tuple[str, bytes]]) -> Iterator[Played]:
    endpoint = Played(play)
    thread = threading.Thread(target=endpoint.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.server.shutdown()
        thread.join()
        endpoint.server.server_close()


def rows(names: list[str], *bindings: Binding) -> Callable[[str], tuple[str, bytes]]:
    """Return a play that answers every query with the same rows."""
    found = {"head": {"vars": names}, "results": {"bindings": list(bindings)}}
    return lambda _: ("application/sparql-results+json", json.dumps(found).encode())


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def text(value: str) -> dict[str, str]:
    return {"type": "literal", "value": value}


def stored(turtle: str) -> EmbeddedStore:
    store = EmbeddedStore()
    quads = ox.parse("@prefix e: <http://e/> . " + turtle, format=ox.RdfFormat.TURTLE)
    store._store.extend(quads)
    return store


@pytest.fixture
def store() -> EmbeddedStore:
    """Two things of which an endpoint is asked by their ids."""
    return stored("e:a e:id e:1 . e:b e:id e:2 .")


def ask(query: str, url: str, store: EmbeddedStore, **limits: float) -> Table:
    return federation.select(query, {"_endpoint": url}, store, Limits(**limits))  # type: ignore[arg-type]


def cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(str(term) for term in row) for row in table.rows]


def test_expected_rows(graph: DialogueGraph, ror: str) -> None:
    answer = graph.ask(NAME, endpoint=ror)
    assert list(answer.columns) == list(graph.question(NAME).returns)
    assert as_csv(answer) == (EXPECTED / f"{NAME}.csv").read_text(encoding="utf-8")


def test_every_row_leads_to_an_address(graph: DialogueGraph, ror: str) -> None:
    answer = graph.ask(NAME, endpoint=ror)
    assert {row.passage for row in answer} == {str(row.identifier) for row in answer}
    assert all(row.passage.startswith("https://") for row in answer)


@pytest.mark.parametrize("name", ["entity", "dataset"])
def test_every_example_of_a_parameter_gives_rows(graph: DialogueGraph, ror: str, name: str) -> None:
    (value,) = (p.example for p in graph.question(NAME).parameters if p.name == name)
    assert 0 < len(graph.ask(NAME, endpoint=ror, **{name: value})) <= len(graph.ask(NAME, endpoint=ror))


def test_the_row_that_is_shown_is_in_the_answer(graph: DialogueGraph, ror: str) -> None:
    page = (HERE.parents[1] / "docs" / "questions.md").read_text(encoding="utf-8")
    section = page.partition(f"## `{NAME}`")[2].partition("\n## ")[0]
    call = re.search(r"^communique ask (.+)$", section, re.M)
    shown = re.search(r"^> (.+)$", section, re.M)
    assert call
    assert shown
    given = dict(pair.split("=", 1) for pair in shlex.split(call[1])[1:] if pair != "-p")
    answer = graph.ask(NAME, **{**given, "endpoint": ror})
    columns = [name for name in answer.columns if name != "passage"]
    assert shown[1] in {
        " · ".join(
            f"{name}: {show(getattr(row, name))}" for name in columns if getattr(row, name) is not None
        )
        for row in answer
    }


def test_it_is_as_if_one_store_held_both(graph: DialogueGraph, ror: str) -> None:
    query, understood = bind(graph.question(NAME), {"endpoint": ror}, graph._store)
    found = federation.select(query, {"_endpoint": understood["endpoint"]}, graph._store)
    both = EmbeddedStore()
    for dump in (graph._store.dump(), ror_slice()):
        both._store.extend(ox.parse(dump, format=ox.RdfFormat.N_TRIPLES))
    assert "SERVICE ?_endpoint {" in query
    expected = both.select(query.replace("SERVICE ?_endpoint {", "{"))
    assert expected.rows
    assert found == expected


def test_what_the_endpoint_tells_of_country_and_year_is_told(graph: DialogueGraph) -> None:
    binding = {
        "identifier": uri(ROR + "055tm7f07"),
        "name": text("A name"),
        "country": uri("http://e/country"),
        "established": {**text("1901"), "datatype": PREFIXES["xsd"] + "gYear"},
    }
    with playing(rows(list(binding), binding)) as endpoint:
        (row,) = graph.ask(NAME, endpoint=endpoint.url, entity="body:jp-meti", dataset="ror")
    assert (row.name, row.country, row.established) == ("A name", "http://e/country", "1901")


def test_the_endpoint_is_sent_what_is_known_and_nothing_else(store: EmbeddedStore) -> None:
    with playing(rows(["id", "name"])) as endpoint:
        assert ask(LOCAL, endpoint.url, store).rows == ()
    (query,) = endpoint.queries
    assert re.sub(r"\s+", " ", query).strip() == (
        "PREFIX e: <http://e/> SELECT ?id ?name WHERE { ?id e:name ?name } "
        "VALUES (?id) { (<http://e/1>) (<http://e/2>) }"
    )


def test_more_is_asked_in_batches(store: EmbeddedStore) -> None:
    def play(query: str) -> tuple[str, bytes]:
        (found,) = re.findall(r"\(<(.+?)>\)", query)
        return rows(["id", "name"], {"id": uri(found), "name": text(found[-1])})(query)

    with playing(play) as endpoint:
        assert cells(ask(LOCAL, endpoint.url, store, batch=1)) == [("http://e/a", "1"), ("http://e/b", "2")]
    assert len(endpoint.queries) == 2


def test_rows_that_are_alike_stay_apart(store: EmbeddedStore) -> None:
    row = {"id": uri("http://e/1"), "name": text("x")}
    with playing(rows(["id", "name"], row, row)) as endpoint:
        assert cells(ask(LOCAL, endpoint.url, store)) == [("http://e/a", "x")] * 2


def test_a_variable_that_is_open_in_a_row_is_not_sent() -> None:
    store = stored("e:a e:id e:1 ; e:name 'x' . e:b e:id e:2 .")
    query = LOCAL.replace("SERVICE", "OPTIONAL { ?thing e:name ?name } SERVICE")
    row = {"id": uri("http://e/1"), "name": text("x")}
    with playing(rows(["id", "name"], row, {**row, "name": text("y")})) as endpoint:
        assert cells(ask(query, endpoint.url, store)) == [("http://e/a", "x")]
    assert "VALUES (?id) {" in endpoint.queries[0]


def test_an_endpoint_is_left_alone_where_nothing_is_known() -> None:
    with playing(rows(["id", "name"])) as endpoint:
        assert ask(LOCAL, endpoint.url, EmbeddedStore()).rows == ()
        assert endpoint.queries == []


def test_two_blocks_are_asked_one_after_the_other(store: EmbeddedStore) -> None:
    query = LOCAL.replace("ORDER BY ?thing ?name", "").rstrip().removesuffix("}")
    query = query.replace("?thing ?name WHERE", "?thing ?name ?more WHERE")
    query += "  SERVICE ?_endpoint { ?name e:more ?more }\n}"

    def play(sent: str) -> tuple[str, bytes]:
        if "e:more" in sent:
            return rows(["name", "more"], {"name": uri("http://e/n"), "more": text("m")})(sent)
        return rows(["id", "name"], {"id": uri("http://e/2"), "name": uri("http://e/n")})(sent)

    with playing(play) as endpoint:
        assert cells(ask(query, endpoint.url, store)) == [("http://e/b", "http://e/n", "m")]
    assert len(endpoint.queries) == 2


HOSTILE = [
    'x" } } # ',
    'x\\" . ?s ?p ?o } UNION { ?s ?p "',
    "two\nlines\r\n\tand a tab",
    "} SERVICE <http://127.0.0.1/> { ?s ?p ?o }",
    "\\",
    "",
    "\u202e\u0000é😀",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_text_comes_back_as_it_is(store: EmbeddedStore, value: str) -> None:
    with playing(rows(["id", "name"], {"id": uri("http://e/1"), "name": text(value)})) as endpoint:
        assert cells(ask(LOCAL, endpoint.url, store)) == [("http://e/a", value)]


@pytest.mark.parametrize(
    "name",
    [
        uri("http://e/> } UNION { ?s ?p ?o"),
        {**text("x"), "xml:lang": "en } . "},
        {**text("x"), "datatype": "http://e/> ?s ?p ?o"},
    ],
)
def test_what_is_no_term_is_no_answer(store: EmbeddedStore, name: dict[str, str]) -> None:
    with (
        playing(rows(["id", "name"], {"id": uri("http://e/1"), "name": name})) as endpoint,
        pytest.raises(EndpointError, match="not an answer to rely on"),
    ):
        ask(LOCAL, endpoint.url, store)


@pytest.mark.parametrize(
    ("play", "message"),
    [
        (
            rows(["id", "name"], {"id": uri("http://e/3"), "name": text("x")}),
            "about http://e/3, which it was not asked",
        ),
        (rows(["id", "name"], {"name": text("x")}), "about None, which it was not asked"),
        (rows(["id"], {"id": uri("http://e/1")}), "with the columns id, and was asked for id, name"),
        (
            rows(["id", "name"], {"id": uri("http://e/1"), "name": {"type": "bnode", "value": "b"}}),
            "answers name with a blank node",
        ),
        (
            rows(["id", "name"], *[{"id": uri("http://e/1"), "name": text("x")}] * 9),
            "more than 8 rows",
        ),
        (lambda _: ("text/html", b"<html>"), "not an answer to rely on"),
    ],
    ids=["another id", "no id", "a column less", "a blank node", "too many rows", "a page"],
)
def test_an_endpoint_that_lies_is_no_source(
    store: EmbeddedStore, play: Callable[[str], tuple[str, bytes]], message: str
) -> None:
    with playing(play) as endpoint, pytest.raises(EndpointError, match=message) as caught:
        ask(LOCAL, endpoint.url, store, rows=8)
    assert caught.value.endpoint == endpoint.url


def test_an_endpoint_that_is_slow_is_left(store: EmbeddedStore) -> None:
    over = threading.Event()

    def play(query: str) -> tuple[str, bytes]:
        over.wait(10)
        return rows(["id", "name"])(query)

    with playing(play) as endpoint:
        began = time.monotonic()
        try:
            with pytest.raises(EndpointError, match=r"after 0\.3|timed out"):
                ask(LOCAL, endpoint.url, store, seconds=0.3)
            assert time.monotonic() - began < 5
        finally:
            over.set()


def test_the_time_is_for_all_batches_together(store: EmbeddedStore) -> None:
    def play(query: str) -> tuple[str, bytes]:
        time.sleep(0.2)
        return rows(["id", "name"])(query)

    with playing(play) as endpoint, pytest.raises(EndpointError, match="after 0"):
        ask(LOCAL, endpoint.url, store, batch=1, seconds=0.3)


def test_an_endpoint_that_is_down_is_told(graph: DialogueGraph) -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    with pytest.raises(EndpointError, match="No connection"):
        graph.ask(NAME, endpoint=url)


def test_too_much_is_not_asked(store: EmbeddedStore) -> None:
    with playing(rows(["id", "name"])) as endpoint:
        with pytest.raises(QueryError, match="asked about 2 things; the limit is 1"):
            ask(LOCAL, endpoint.url, store, known=1)
        assert endpoint.queries == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { ?s ?p ?o SERVICE SILENT ?_endpoint { ?s ?p ?o } }", "SILENT would hide"),
        ("SELECT * { ?s ?p ?o SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "only an endpoint that the user"),
        ("SELECT * { ?s ?p ?o SERVICE ?p { ?s ?p ?o } }", "only an endpoint that the user"),
        ("SELECT * { ?s ?p ?o OPTIONAL { SERVICE ?_endpoint { ?s ?p ?o } } }", "only at the top level"),
        ("SELECT * { { ?s ?p ?o } UNION { SERVICE ?_endpoint { ?s ?p ?o } } }", "only at the top level"),
        ("SELECT * { { SELECT ?s { ?s ?p ?o SERVICE ?_endpoint { ?s ?p ?o } } } }", "only at the top level"),
        ("SELECT * { FILTER EXISTS { SERVICE ?_endpoint { ?s ?p ?o } } }", "only at the top level"),
        (
            "SELECT * { ?s ?p ?o SERVICE ?_endpoint { SERVICE ?_endpoint { ?s ?p ?o } } }",
            "SERVICE within SERVICE",
        ),
        ("SELECT * { ?s ?p ?o SERVICE ?_endpoint { { SELECT ?s { ?s ?p ?o } } } }", "SELECT within SERVICE"),
        ("ASK { ?s ?p ?o SERVICE ?_endpoint { ?s ?p ?o } }", "only a SELECT query"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { SERVICE ?_endpoint { ?s ?p ?o } }", "only a SELECT query"),
        ("SELECT * { ?a ?p ?o FILTER(?x > 1) SERVICE ?_endpoint { ?a ?p ?x } }", "write it below the block"),
        ("SELECT * { ?a ?p ?o FILTER NOT EXISTS { ?x ?p ?o } SERVICE ?_endpoint { ?a ?p ?x } }", "below the"),
        ("SELECT * { SERVICE ?_endpoint { ?s ?p ?o } ?s ?p ?o }", "shares no variable"),
        ("SELECT * { ?a ?b ?c SERVICE ?_endpoint { ?s ?p ?o } }", "shares no variable"),
        (
            "SELECT * { ?a ?b ?c OPTIONAL { ?a <http://e/none> ?s } SERVICE ?_endpoint { ?s ?p ?o } }",
            "No variable of the SERVICE block has a value in every row",
        ),
        ("SELECT * { ?s ?p ?o SERVICE ?_endpoint { ?s ?p ?o ", "a bracket is not closed"),
    ],
)
def test_a_block_that_is_not_evaluated_is_refused_and_nobody_is_asked(
    store: EmbeddedStore, query: str, message: str
) -> None:
    with playing(rows(["s", "p", "o"])) as endpoint:
        with pytest.raises(QueryError, match=message):
            ask(query, endpoint.url, store)
        assert endpoint.queries == []


def test_words_in_texts_and_names_are_no_blocks(store: EmbeddedStore) -> None:
    query = 'SELECT ?id { ?thing <http://e/id> ?id # SERVICE ?x { }\n FILTER(STR(?id) != "SERVICE <x> {}") }'
    assert len(ask(query, "http://127.0.0.1:9/", store).rows) == 2


def test_a_filter_of_its_own_stands_before_a_block(store: EmbeddedStore) -> None:
    query = LOCAL.replace("SERVICE", "FILTER(?thing = e:a) SERVICE")
    with playing(rows(["id", "name"])) as endpoint:
        ask(query, endpoint.url, store)
    assert "<http://e/1>" in endpoint.queries[0]
    assert "<http://e/2>" not in endpoint.queries[0]


def test_a_query_of_ones_own_asks_nobody(graph: DialogueGraph) -> None:
    with playing(rows(["s"])) as endpoint:
        with pytest.raises(QueryError, match="service-not-allowed"):
            graph.sparql(f"SELECT * {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}")
        assert endpoint.queries == []


@pytest.mark.parametrize(
    "address",
    ["http://example.org/sparql", "file:///etc/hostname", "https://me@e.org/", "https://e.org/}", "x", ""],
)
def test_an_address_that_is_not_asked_is_refused(graph: DialogueGraph, address: str) -> None:
    with pytest.raises(QuestionError, match=r"endpoint is .* it must be the address of a SPARQL endpoint"):
        graph.ask(NAME, endpoint=address)


def test_the_endpoint_must_be_named(graph: DialogueGraph) -> None:
    with pytest.raises(QuestionError, match="names-elsewhere needs `endpoint`"):
        graph.ask(NAME)
