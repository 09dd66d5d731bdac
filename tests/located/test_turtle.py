"""Located Turtle: the same graph as a plain parse, and every place right."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from communique.errors import UnreadableInputError
from communique.isolation import gate
from communique.layout import Layout
from communique.located.reading import read
from communique.located.turtle import LocatedTurtle, parse, quiet_terms

LAYOUT = Layout.shipped()
FILES = [*LAYOUT.ontology_files, *LAYOUT.data_files, *LAYOUT.shape_files]
EX = Namespace("https://example.org/")
PREFIX = "@prefix : <https://example.org/> .\n"


def place(located: LocatedTurtle, *triple: URIRef | Literal) -> tuple[int, int]:
    subject, predicate, obj = triple
    found = located.objects[subject, predicate, obj]
    return found.line, found.column


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_graph_is_that_of_a_plain_parse(path: Path) -> None:
    assert isomorphic(read(path).graph, Graph().parse(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_object_of_the_files_stands_where_it_is_said_to(path: Path) -> None:
    """Read the term that stands at each place, and compare it with the object located there."""
    text = path.read_text(encoding="utf-8")
    prefixes = "\n".join(re.findall(r"(?m)^@prefix .*$", text))
    located = read(path)
    for triple in located.graph:
        if triple[1] in {RDF.first, RDF.rest}:
            continue
        at = located.objects[triple]
        here = located.line(at.line)[at.column - 1 :]
        if isinstance(triple[2], BNode):
            assert here[0] in "[("
            continue
        token = re.match(r'<[^>]*>|"""|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^[\w:-]+)?|[^\s,;)\]]+', here)
        assert token
        if token[0] == '"""':
            assert isinstance(triple[2], Literal)
            continue
        (written,) = Graph().parse(data=f"{prefixes}\n<urn:s> <urn:p> {token[0]} .").objects()
        assert written == triple[2], (at, token[0])


def test_each_member_of_a_list_of_objects_has_its_own_place() -> None:
    located = parse(PREFIX + ":s :p :a, :b,\n    :c ;\n    :q 1 , 'x'@en .\n")
    places = {str(obj): (at.line, at.column) for (_, _, obj), at in located.objects.items()}
    assert places == {
        str(EX.a): (2, 7),
        str(EX.b): (2, 11),
        str(EX.c): (3, 5),
        "1": (4, 8),
        "x": (4, 12),
    }


def test_nested_nodes_do_not_move_the_places_of_the_list_around_them() -> None:
    located = parse(PREFIX + ":s :p [ :q :x, :y ], :b, ( :m :n ), :c .\n:t :p :last .\n")
    assert place(located, EX.s, EX.p, EX.b) == (2, 22)
    assert place(located, EX.s, EX.p, EX.c) == (2, 37)
    assert place(located, EX.t, EX.p, EX.last) == (3, 7)
    inner = {
        str(obj): at.column for (subject, _, obj), at in located.objects.items() if isinstance(subject, BNode)
    }
    assert inner == {str(EX.x): 12, str(EX.y): 16}


def test_comments_and_long_strings_and_crlf_do_not_move_places() -> None:
    located = parse(
        PREFIX
        + '# :s :p :no .\r\n:s :p """one, ; .\n# two""", # , :no\r\n\t:b ;\n:q :c.\n'.replace(
            "\n", "\r\n"
        ).replace("\r\r", "\r")
    )
    assert place(located, EX.s, EX.p, EX.b) == (5, 2)
    assert place(located, EX.s, EX.q, EX.c) == (6, 4)


def test_columns_count_characters() -> None:
    located = parse(PREFIX + ':s :p "日本語"@ja, :b .\n')
    assert place(located, EX.s, EX.p, EX.b) == (2, 17)


def test_a_subject_stands_where_it_is_first_described() -> None:
    located = parse(PREFIX + "\n  :s :p :a .\n:t :p :s .\n:s :p :b .\n[ :p :c ] :q :d .\n")
    assert (located.subjects[EX.s].line, located.subjects[EX.s].column) == (3, 3)
    (node,) = (subject for subject in located.subjects if isinstance(subject, BNode))
    assert located.subjects[node].line == 6


def test_a_triple_written_twice_stands_at_its_first_writing() -> None:
    located = parse(PREFIX + ":s :p :a .\n:s :p :a .\n")
    assert place(located, EX.s, EX.p, EX.a) == (2, 7)


def test_literals_keep_the_form_in_which_they_were_written() -> None:
    located = parse(
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        + PREFIX
        + ':s :p "2024-02-06+09:00"^^xsd:date, "01"^^xsd:integer, "2024-02-30"^^xsd:date .\n'
    )
    assert {str(obj) for obj in located.graph.objects()} == {"2024-02-06+09:00", "01", "2024-02-30"}


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_places_of_lists_of_any_length_are_in_the_order_of_writing(
    lists: list[list[int]],
) -> None:
    blocks = [
        f":s{row} :p "
        + ", ".join(f"[ :q {value}, {value + 10} ], :o{row}-{col}" for col, value in enumerate(values))
        for row, values in enumerate(lists)
    ]
    located = parse(PREFIX + " .\n".join(blocks) + " .\n")
    for row, values in enumerate(lists):
        for col in range(len(values)):
            line, column = place(located, EX[f"s{row}"], EX.p, EX[f"o{row}-{col}"])
            assert located.line(line)[column - 1 :].startswith(f":o{row}-{col}")
    plain = len(list(pyoxigraph.parse("\n".join(located.lines), format=pyoxigraph.RdfFormat.TURTLE)))
    assert len(located.graph) == plain


UNREADABLE = {
    "missing dot": (PREFIX + ":s :p :a\n:t :p :b .\n", "3:1", "A dot is expected"),
    "undeclared prefix": (PREFIX + ":s :p x:a .\n", "2:7", "prefix x: has not been declared"),
    "open string": (PREFIX + ':s :p "a .\n', "2:7", "A line ends within a text|The file ends before"),
    "relative IRI": ("<a> <b> <c> .\n", "1:1", "No scheme"),
    "N3 rule": ("{ ?x a ?y } => { ?y a ?x } .\n", "1:1", "not a valid subject"),
    "triple term": (PREFIX + ":s :p <<( :a :b :c )>> .\n", "2:7", "RDF 1.2"),
    "HTML literal": (
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        + PREFIX
        + ':s :p "<b>"^^rdf:HTML .\n',
        "3:12",
        "HTML or XML",
    ),
    "endless number": (PREFIX + ":s :p " + "9" * 5000 + " .\n", "1:1", "number cannot be read"),
    "deep nesting": (
        PREFIX + ":s :p " + "[ :p " * 3000 + ":a" + " ]" * 3000 + " .\n",
        "2:327",
        "64 brackets",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_not_turtle_is_refused_at_its_place(name: str) -> None:
    text, at, reason = UNREADABLE[name]
    with pytest.raises(UnreadableInputError, match=reason) as caught:
        parse(text, "new.ttl")
    assert str(caught.value.location) == f"new.ttl:{at}"


def test_a_syntax_error_shows_the_line() -> None:
    with pytest.raises(UnreadableInputError) as caught:
        parse(PREFIX + ":s :p x:a .\r\n")
    assert caught.value.reason.splitlines()[1] == ":s :p x:a ."


def test_an_absolute_base_is_read() -> None:
    located = parse("@base <https://example.org/> .\n<s> <p> <o> .\n")
    assert place(located, EX.s, EX.p, EX.o) == (2, 9)


ENCODINGS = {
    "UTF-16": ("\ufeff".encode("utf-16-le") + PREFIX.encode("utf-16-le"), "1:1", "UTF-16"),
    "UTF-16 without a mark": (PREFIX.encode("utf-16-le"), "1:1", "UTF-16"),
    "Windows-1252": (
        PREFIX.encode() + ':s :p "Verité" .'.encode("cp1252"),
        "2:13",
        "0xE9, number 47 of the file, is not UTF-8",
    ),
    "Shift JIS": (PREFIX.encode() + ':s :p "覚書" .'.encode("shift_jis"), "2:8", "not UTF-8"),
    "NUL": (PREFIX.encode() + b":s :p :a\0 .", "2:9", "NUL character"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_wrong_encoding_is_told_in_plain_words(name: str, tmp_path: Path) -> None:
    content, at, reason = ENCODINGS[name]
    path = tmp_path / "new.ttl"
    path.write_bytes(content)
    with pytest.raises(UnreadableInputError, match=reason) as caught:
        read(path)
    assert str(caught.value.location) == f"{path}:{at}"


def test_other_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableInputError, match="cannot be opened"):
        read(tmp_path / "none.ttl")
    with pytest.raises(UnreadableInputError, match=r"Known: \.ttl \(Turtle\)"):
        read(tmp_path / "facts.xlsx")
    path = tmp_path / "large.ttl"
    path.write_text(PREFIX)
    monkeypatch.setattr(gate, "MAX_BYTES", 10)
    with pytest.raises(UnreadableInputError, match="at most 10 are read"):
        read(path)


def test_ill_formed_values_are_read_without_a_word(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(
        PREFIX + ':s :p "2024-13-01"^^<http://www.w3.org/2001/XMLSchema#date> .', encoding="utf-8"
    )
    with quiet_terms():
        read(path)
    assert caplog.records == []
