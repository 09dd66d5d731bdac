"""What is read from an endpoint is what the embedded engine would have given; a part of it is refused."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.store.embedded import _from_engine
from communique.store.protocol import BlankNode, Iri, Literal
from communique.store.results import read_rows, read_triples, read_truth, sorted_triples

XSD = "http://www.w3.org/2001/XMLSchema#"

texts = st.text(st.characters(codec="utf-8"), max_size=30)
parts = st.lists(st.sampled_from([*"abcé日/?=&'()*+,;:@~-._", "%41"]), max_size=12).map("".join)
iris = st.builds(lambda path, fragment: ox.NamedNode(f"http://e/{path}#{fragment}"), parts, parts)
literals = (
    st.builds(ox.Literal, texts)
    | st.builds(
        lambda text, language: ox.Literal(text, language=language), texts, st.sampled_from(["en", "ja-jp"])
    )
    | st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(XSD + name)),
        texts,
        st.sampled_from(["date", "dateTime", "integer", "anyURI", "boolean"]),
    )
)
blanks = st.builds(ox.BlankNode, st.sampled_from(["b0", "n.1", "a-b"]))
objects = iris | blanks | literals
triples = st.lists(st.builds(ox.Triple, iris | blanks, iris, objects), max_size=6)


@given(triples)
def test_rows_are_those_of_the_embedded_engine(found: list[ox.Triple]) -> None:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in found)
    query = "SELECT ?o ?s ?none ?p WHERE { ?s ?p ?o }"
    asked = store.query(query)
    assert isinstance(asked, ox.QuerySolutions)
    body = asked.serialize(format=ox.QueryResultsFormat.JSON)
    assert body is not None
    table = read_rows(body)
    again = store.query(query)
    assert isinstance(again, ox.QuerySolutions)
    assert table.variables == ("o", "s", "none", "p")
    assert table.rows == tuple(
        tuple(_from_engine(solution[name]) for name in table.variables) for solution in again
    )


@given(triples)
def test_triples_are_those_that_were_written(found: list[ox.Triple]) -> None:
    body = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)
    assert body is not None
    assert read_triples(body).rows == tuple(
        (_from_engine(t.subject), _from_engine(t.predicate), _from_engine(t.object)) for t in found
    )
    once_each = sorted_triples(body)
    assert once_each.splitlines() == sorted({line for line in body.split(b"\n") if line})


def test_a_part_of_an_answer_is_never_an_answer() -> None:
    body = (
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"1"}},'
        b'{"s":{"type":"uri","value":"http://e/2"}}]}}'
    )
    assert len(read_rows(body).rows) == 2
    for end in range(len(body)):
        with pytest.raises(ValueError, match="not JSON"):
            read_rows(body[:end])


def test_escapes_of_n_triples_are_resolved() -> None:
    body = rb'<http://e/\u00e9> <http://e/p> "\t\"\\\u65e5\U0001F600"^^<http://e/\u00e9>.' + b"\r\n"
    assert read_triples(body).rows == (
        (Iri("http://e/é"), Iri("http://e/p"), Literal('\t"\\日😀', "http://e/é")),
    )
    assert read_triples(b"_:a.b <http://e/p> _:c.").rows == (
        (BlankNode("a.b"), Iri("http://e/p"), BlankNode("c")),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (rb'<http://e/> <http://e/> "\ud800" .', "stands for no character"),
        (rb'<http://e/> <http://e/> "\UFFFFFFFF" .', "stands for no character"),
        (rb"<http://e/\u003e> <http://e/> <http://e/> .", "called an IRI and is none"),
        (b"<relative> <http://e/> <http://e/> .", "called an IRI and is none"),
        (b'"x" <http://e/> <http://e/> .', "line 1 is not a triple"),
        (b'<http://e/> <http://e/> "x" <http://e/g> .', "line 1 is not a triple"),
        (b'<http://e/> <http://e/> "x"@en-', "line 1 is not a triple"),
        (b'<http://e/> <http://e/> "x\\" .', "line 1 is not a triple"),
        (b"<http://e/> <http://e/> <http://e/>", "line 1 is not a triple"),
        (b"@prefix e: <http://e/> .", "line 1 is not a triple"),
        (b"<http://e/> <http://e/> \xff .", "not text in UTF-8"),
        (b'<http://e/> <http://e/> "' + b"\\\\" * 100_000, "line 1 is not a triple"),
        (b"_:" + b"a." * 100_000, "line 1 is not a triple"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_triple_is_refused(line: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_triples(line)


@pytest.mark.parametrize("body", [b'{"head":{}}', b'{"boolean":"true"}', b'{"boolean":1}', b"true"])
def test_a_truth_is_true_or_false(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"boolean|not an object"):
        read_truth(body)
