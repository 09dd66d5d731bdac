"""One question, one answer: pyoxigraph, rdflib and an Oxigraph server over HTTP give the same rows.

The rules too: what rdflib derives is what pyoxigraph derives. rdflib takes minutes where pyoxigraph takes a
moment, so it is given a slice of the data: all registers, and the readouts of a few sources.
Literals are compared by value, since engines print one moment as ``Z`` and as ``+00:00``; lists within a
cell are compared as sets, since SPARQL gives them no order.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
import rdflib

from communique import DialogueGraph
from communique.derive.accounts import date_statements
from communique.derive.rules import STAGES, read_rule
from communique.layout import FOLDERS, Layout
from communique.questions.answers import typed_rows
from communique.questions.binding import bind
from communique.questions.header import Question, read_question
from communique.store.embedded import EmbeddedStore
from communique.store.protocol import BlankNode, Iri, Literal, Store, Table, Term
from communique.store.remote import RemoteStore
from communique.store.results import read_triples

LAYOUT = Layout.shipped()
QUESTIONS = {
    question.name: question
    for path in LAYOUT.question_files
    if not (question := read_question(path)).endpoints  # Those need a second server: see test_federation.py.
}
ENGINES = ("rdflib", "server")
SLICE = ("*task-force*", "*teksid*", "*ttc2*")
"""The sources that rdflib is given: of rounds with dialogues, of a case, and of a counted ministerial."""

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_ORDER = re.compile(r"^ORDER BY ((?:\?\w+ ?)+)$", re.MULTILINE)
_START_SECONDS = 20.0
_TRIES = 3


class RdflibStore:
    """An rdflib graph that answers as a store does."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self.graph = graph

    def select(self, query: str) -> Table:
        result = self.graph.query(query)
        assert result.vars is not None
        names = tuple(str(name) for name in result.vars)
        rows = [row for row in result if isinstance(row, tuple)]
        return Table(names, tuple(tuple(_from_rdflib(value) for value in row) for row in rows))

    def dump(self) -> bytes:
        lines = sorted(line for line in self.graph.serialize(format="nt").splitlines() if line)
        return "".join(f"{line}\n" for line in lines).encode()


def _from_rdflib(value: object) -> Term | None:
    match value:
        case None:
            return None
        case rdflib.URIRef():
            return Iri(str(value))
        case rdflib.BNode():
            return BlankNode(str(value))
        case rdflib.Literal() if value.language:
            return Literal(str(value), _LANGUAGE_STRING, value.language)
        case rdflib.Literal():
            return Literal(str(value), str(value.datatype or _STRING))
    raise AssertionError(f"rdflib gave {value!r}")


def server_program() -> str:
    """Return the path of the Oxigraph server; skip where there is none, but fail on CI."""
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if found := shutil.which("oxigraph", path=places):
        return found
    word = "the Oxigraph server is not installed: run `pip install oxigraph`"
    if os.environ.get("COMMUNIQUE_NO_SKIP") == "1":
        pytest.fail(word)
    pytest.skip(word)


@contextlib.contextmanager
def oxigraph(dump: bytes, folder: Path) -> Iterator[str]:
    """Run an Oxigraph server on N-Triples, and give the address of its endpoint."""
    program, location, said = server_program(), folder / "store", folder / "server.log"
    loaded = subprocess.run(
        [program, "load", "--location", location, "--format", "nt"],
        input=dump,
        capture_output=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr.decode()
    for _ in range(_TRIES):  # Somebody may take the port before the server does.
        port = free_port()
        command = [program, "serve-read-only", "--location", str(location), "--bind", f"127.0.0.1:{port}"]
        with said.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
            try:
                if listens(server, port):
                    yield f"http://127.0.0.1:{port}/query"
                    return
            finally:
                server.terminate()
    pytest.fail(f"the Oxigraph server does not start: {said.read_text(encoding='utf-8')}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(server: subprocess.Popen[bytes], port: int) -> bool:
    """Return whether the server takes connections before it ends or the time is over."""
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def endpoint(graph: DialogueGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(graph._store.dump(), tmp_path_factory.mktemp("oxigraph")) as url:
        yield url


@pytest.fixture(scope="module")
def slice_(tmp_path_factory: pytest.TempPathFactory) -> DialogueGraph:
    """The graph of the registers and the sources of the slice."""
    folder = tmp_path_factory.mktemp("slice")
    for name in FOLDERS:
        shutil.copytree(LAYOUT.root / name, folder / name)
    for path in (folder / "data" / "readouts").rglob("*.ttl"):
        if not any(path.match(pattern) for pattern in SLICE):
            path.unlink()
    return DialogueGraph.open(folder)


@pytest.fixture(scope="module")
def in_rdflib(slice_: DialogueGraph) -> RdflibStore:
    return RdflibStore(slice_.to_rdflib())


@pytest.fixture
def engines(request: pytest.FixtureRequest) -> tuple[Store, Store]:
    """Return the embedded engine and the one to compare it with, on the same graph."""
    if request.param == "rdflib":
        return request.getfixturevalue("slice_")._store, request.getfixturevalue("in_rdflib")
    return request.getfixturevalue("graph")._store, RemoteStore(request.getfixturevalue("endpoint"))


def calls() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each question with what it requires, and again with the example of each other parameter."""
    for name, question in QUESTIONS.items():
        required = {p.name: p.example for p in question.parameters if p.required}
        yield name, required
        for parameter in question.parameters:
            if not parameter.required:
                yield name, {**required, parameter.name: parameter.example}


CALLS = [
    pytest.param(name, values, id=" ".join([name, *(f"{p}={value}" for p, value in values.items())]))
    for name, values in calls()
]


def answer(question: Question, values: dict[str, str], store: Store) -> tuple[str, list[tuple[object, ...]]]:
    """Return the query that an engine is sent, and its rows as typed values with labels."""
    query, _ = bind(question, values, store)
    table = store.select(query)
    rows = typed_rows(table, question.lists, store)
    labels = [tuple(getattr(value, "label", None) for value in row) for row in rows]
    return query, [(*row, names) for row, names in zip(map(tuple, rows), labels, strict=True)]


def order_keys(question: Question) -> list[int]:
    """Return the columns by which rows are ordered, up to the first key that is not a plain column."""
    found = _ORDER.search(question.text)
    columns = list(question.returns)
    keys = found.group(1).replace("?", "").split() if found else []
    # A list within a cell has no order of its own, so rows are not ordered by it.
    return [
        columns.index(key)
        for key in takewhile(lambda key: key in columns and key not in question.lists, keys)
    ]


@pytest.mark.parametrize("engines", ENGINES, indirect=True)
@pytest.mark.parametrize(("name", "values"), CALLS)
def test_engines_give_the_same_rows(engines: tuple[Store, Store], name: str, values: dict[str, str]) -> None:
    embedded, other = engines
    question = QUESTIONS[name]
    query, expected = answer(question, values, embedded)
    other_query, found = answer(question, values, other)
    assert other_query == query
    assert expected
    assert Counter(found) == Counter(expected)
    keys = order_keys(question)
    assert keys
    # Rows that are equal in every key may change places.
    assert [[row[key] for key in keys] for row in found] == [[row[key] for key in keys] for row in expected]


def test_a_connected_graph_answers_as_an_opened_one(graph: DialogueGraph, endpoint: str) -> None:
    connected = DialogueGraph.connect(endpoint)
    ours = graph.ask("who-chaired", mechanism="us-japan-labor-task-force")
    theirs = connected.ask("who-chaired", mechanism="us-japan-labor-task-force")
    assert len(ours) > 1
    assert Counter(theirs.rows) == Counter(ours.rows)
    assert theirs.release == ours.release
    assert len(connected.to_rdflib()) == len(graph.to_rdflib())


@pytest.mark.parametrize("engines", ENGINES, indirect=True)
def test_engines_hold_the_same_triples(engines: tuple[Store, Store]) -> None:
    embedded, other = engines
    expected = by_value(embedded.dump())
    assert expected
    assert by_value(other.dump()) == expected


def by_value(dump: bytes) -> Counter[tuple[object, ...]]:
    """Return triples whose literals are compared by value, and whose blank nodes are all alike."""
    return Counter(tuple(map(_value, triple)) for triple in read_triples(dump).rows)


def _value(term: Term | None) -> object:
    match term:
        case BlankNode():
            return "_:"
        case Literal(language=""):
            found = rdflib.Literal(term.value, datatype=term.datatype)
            return term.datatype, term.value if found.value is None else found.value
    return term


def test_rules_derive_the_same_in_rdflib(slice_: DialogueGraph) -> None:
    """The days are compared by the same Python for both engines, so both are given what it says."""
    ours = EmbeddedStore()
    files = slice_._layout
    for path in (*files.ontology_files, *files.data_files):
        ours.load(path)
    theirs = rdflib.Graph().parse(data=ours.dump(), format="nt")
    derived = 0
    for stage in STAGES:
        for rule in (rule for rule in map(read_rule, LAYOUT.rule_files) if rule.stage == stage):
            # rdflib gives each triple once, pyoxigraph as often as the rule finds it.
            expected = {tuple(map(_value, row)) for row in ours.select(rule.text).rows}
            found = theirs.query(rule.text).graph
            assert found is not None
            assert set(by_value(RdflibStore(found).dump())) == expected, rule.name
            ours.construct(rule.text)
            theirs += found
            derived += len(expected)
        if stage == "claims":
            days = list(date_statements(ours))
            assert days
            ours.add(days)
            theirs = rdflib.Graph().parse(data=ours.dump(), format="nt")
    assert derived
