"""The canonical form of Turtle: each rule, and what must hold of every text."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.curation.formatting import (
    _likeness,
    check,
    format_file,
    format_turtle,
)
from communique.curation.order import FIRST, LAST
from communique.curation.writing import FormattingError, Writer
from communique.errors import UnreadableInputError
from communique.layout import Layout
from communique.namespaces import PREFIXES, TERM

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import BlankNode, Literal, NamedNode

    Triple = tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]

EX = "@prefix : <http://example.org/> .\n"
XSD = "http://www.w3.org/2001/XMLSchema#"


def body(text: str) -> str:
    """Return the formatted text below the prefixes, for a text that may use the empty prefix."""
    formatted = format_turtle(EX + text)
    return formatted.split("\n\n", 1)[1]


def graph(text: str) -> ox.Dataset:
    """Return the graph of a text in a form that can be compared."""
    dataset = ox.Dataset(ox.parse(text, ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


class TestBlocks:
    def test_a_block_has_its_type_first_its_names_next_and_a_predicate_a_line(self) -> None:
        text = """
            @prefix cmq: <https://w3id.org/communique/ontology#> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            :r cmq:evidence :e; cmq:heldOn :b ,:a; :z 1; rdfs:label "round"@en; a cmq:Readout.
        """
        assert body(text) == (
            ":r a cmq:Readout ;\n"
            '    rdfs:label "round"@en ;\n'
            "    cmq:heldOn :a, :b ;\n"
            "    cmq:evidence :e ;\n"
            "    :z 1 .\n"
        )

    def test_subjects_keep_the_authors_order(self) -> None:
        assert body(":b :p 1 . :a :p 1 .") == ":b :p 1 .\n\n:a :p 1 .\n"

    def test_a_subject_described_twice_is_merged_at_its_first_place(self) -> None:
        assert body(":b :p 1 . :a :p 1 . :b :q 2 .") == ":b :p 1 ;\n    :q 2 .\n\n:a :p 1 .\n"

    def test_a_line_of_exactly_100_characters_is_kept_and_a_longer_one_is_wrapped(self) -> None:
        name = "n" * 42
        fits = f"    :p :{name}, :{name}xxx ;"
        assert len(fits) == 100
        assert body(f":s a :T ; :p :{name}, :{name}xxx ; :q 1 .").split("\n")[1] == fits
        assert body(f":s a :T ; :p :{name}, :{name}xxxx ; :q 1 .") == (
            f":s a :T ;\n    :p\n        :{name},\n        :{name}xxxx ;\n    :q 1 .\n"
        )

    def test_the_first_line_is_measured_with_its_subject(self) -> None:
        subject, name = ":" + "s" * 28, "n" * 31
        line = f"{subject} a :{name}, :{name[1:]}o ."
        assert len(line) == 100
        assert body(line) == line + "\n"
        assert body(line.replace(" .", "x .")) == (
            f"{subject} a\n        :{name},\n        :{name[1:]}ox .\n"
        )

    def test_a_long_line_with_one_object_is_kept(self) -> None:
        line = f':s :p "{"x" * 120}" .\n'
        assert body(line) == line

    def test_a_duplicate_is_written_once(self) -> None:
        assert body(":s :p 1, 1 ; :p 1 .") == ":s :p 1 .\n"

    def test_an_empty_file_stays_empty(self) -> None:
        assert format_turtle("") == ""
        assert format_turtle("\n\n") == ""


class TestTerms:
    @pytest.mark.parametrize(
        ("written", "canonical"),
        [
            ("0.90", "0.90"),
            ("+05", "+05"),
            ("-1.50E+03", "-1.50E+03"),
            ("5.e3", "5.e3"),
            (f'"01"^^<{XSD}integer>', "01"),
            (f'"1"^^<{XSD}integer>', "1"),
            (f'"1."^^<{XSD}decimal>', '"1."^^xsd:decimal'),
            (f'"one"^^<{XSD}integer>', '"one"^^xsd:integer'),
            (f'"true"^^<{XSD}boolean>', "true"),
            (f'"1"^^<{XSD}boolean>', '"1"^^xsd:boolean'),
            (f'"INF"^^<{XSD}double>', '"INF"^^xsd:double'),
            (f'"2024-02-06+09:00"^^<{XSD}date>', '"2024-02-06+09:00"^^xsd:date'),
            (f'"2024-02-05T15:00:00Z"^^<{XSD}dateTime>', '"2024-02-05T15:00:00Z"^^xsd:dateTime'),
            (f'"---05"^^<{XSD}gDay>', '"---05"^^xsd:gDay'),
            (f'"x"^^<{XSD}string>', '"x"'),
            ("'it''s'", None),
            (r"'say \"so\"'", r'"say \"so\""'),
            (r"'''a'b'''", '"a\'b"'),
            (r'"back\\slash\ttab"', r'"back\\slash\ttab"'),
            (r'"\u65E5\u672C"@ja', '"日本"@ja'),
            ('"代行"@ja', '"代行"@ja'),
            (r'"bell\u0007"', r'"bell\u0007"'),
            ("<http://example.org/a.b>", ":a.b"),
            ("<http://example.org/a.>", "<http://example.org/a.>"),
            ("<http://example.org/a/b>", "<http://example.org/a/b>"),
            ("<http://example.org/>", "<http://example.org/>"),
            ("<http://example.org/-a>", "<http://example.org/-a>"),
            ("<http://example.org/1%E3a>", ":1%E3a"),
            ("<http://elsewhere.org/a>", "<http://elsewhere.org/a>"),
            ("<https://w3id.org/communique/body/us-ustr>", "body:us-ustr"),
            ("()", "()"),
        ],
    )
    def test_a_term(self, written: str, canonical: str | None) -> None:
        if canonical is None:
            with pytest.raises(UnreadableInputError):
                body(f":s :p {written} .")
            return
        assert body(f":s :p {written} .") == f":s :p {canonical} .\n"

    def test_a_string_of_several_lines_is_kept_verbatim_in_long_quotes(self) -> None:
        text = ':s :p """SELECT *\n\tWHERE { ?s "a""b" \\\\d }  \n""" .\n'
        assert body(text) == text
        assert body(r':s :p "a\nb" .') == ':s :p """a\nb""" .\n'

    def test_quotes_that_would_end_a_long_string_are_escaped(self) -> None:
        (quad,) = ox.parse(format_turtle(EX + r""":s :p "\"\"\"a\n\"\"\"\"b\"\"" ."""), ox.RdfFormat.TURTLE)
        assert quad.object == ox.Literal('"""a\n""""b""')

    def test_carriage_returns_in_a_string_are_escaped(self) -> None:
        assert body(':s :p """a\r\nb""" .') == ':s :p """a\\r\nb""" .\n'

    def test_rdf_1_2_is_refused(self) -> None:
        for text in ("<< :a :b :c >> :d :e .", ':a :b "x"@ar--rtl .', ":a :b <<( :a :b :c )>> ."):
            with pytest.raises(UnreadableInputError, match=r"RDF 1\.[12]"):
                format_turtle(EX + text)


class TestBlankNodes:
    def test_a_node_used_once_is_nested(self) -> None:
        assert body(":s :p _:x . _:x :q 1 .") == ":s :p [ :q 1 ] .\n"
        assert body("_:x :q 1 . :s :p _:x .") == ":s :p [ :q 1 ] .\n"
        assert body(":s :p [] .") == ":s :p [] .\n"

    def test_a_node_never_used_is_anonymous(self) -> None:
        assert body("_:x :q [ :r 1 ] .") == "[] :q [ :r 1 ] .\n"
        assert body("[ :q [ :r 1 ] ] .") == "[] :q [ :r 1 ] .\n"

    def test_a_node_used_twice_keeps_its_label(self) -> None:
        assert body(":s :p _:x ; :q _:x . _:x :r 1 .") == ":s :p _:x ;\n    :q _:x .\n\n_:x :r 1 .\n"

    def test_a_circle_of_nodes_keeps_its_labels(self) -> None:
        text = "_:x :p _:y .\n\n_:y :p _:x .\n"
        assert body(text) == text
        assert body("_:x :p _:x .") == "_:x :p _:x .\n"

    def test_a_long_node_stands_below_its_predicate_line_by_line(self) -> None:
        name = "n" * 50
        assert body(f":s :p [ a :{name} ; :q :{name} ] ; :r 1 .") == (
            f":s :p [\n        a :{name} ;\n        :q :{name}\n    ] ;\n    :r 1 .\n"
        )

    def test_a_short_list_stands_on_one_line_and_a_long_one_on_many(self) -> None:
        assert body(":s :p ( 2 1 :a ) .") == ":s :p ( 2 1 :a ) .\n"
        name = "n" * 50
        assert body(f":s a :T ; :p ( :{name} :a{name} ) .") == (
            f":s a :T ;\n    :p (\n        :{name}\n        :a{name}\n    ) .\n"
        )

    def test_a_list_as_subject_and_a_list_that_is_more_than_a_list_lose_nothing(self) -> None:
        for text in (
            "( 1 2 ) :p :o .",
            "() :p :o .",
            "_:l :p 1 . :s :q _:l . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
            " _:l rdf:first 1 ; rdf:rest () .",
            "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
            " :s :q _:l . _:l rdf:first 1, 2 ; rdf:rest () .",
            "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
            " :s :q _:l . _:l rdf:first 1 ; rdf:rest _:l .",
            "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
            " :s :q _:l . _:l rdf:first 1 ; rdf:rest :elsewhere .",
        ):
            formatted = format_turtle(EX + text)
            assert graph(formatted) == graph(EX + text)
            assert format_turtle(formatted) == formatted


class TestPrefixes:
    def test_lines_are_sorted_the_unused_dropped_and_known_ones_added(self) -> None:
        text = """
            @prefix z: <http://example.org/z#> .
            PREFIX unused: <http://example.org/unused#>
            @prefix a: <http://example.org/a#> .
            a:x z:y <https://w3id.org/communique/ontology#Round> .
        """
        assert format_turtle(text) == (
            "@prefix a: <http://example.org/a#> .\n"
            "@prefix cmq: <https://w3id.org/communique/ontology#> .\n"
            "@prefix z: <http://example.org/z#> .\n"
            "\n"
            "a:x z:y cmq:Round .\n"
        )

    def test_the_name_of_the_house_replaces_another(self) -> None:
        text = '@prefix dct: <http://purl.org/dc/terms/> . dct:a dct:title "x" .'
        assert 'dcterms:a dcterms:title "x" .' in format_turtle(text)

    def test_a_name_that_the_file_binds_otherwise_keeps_its_meaning(self) -> None:
        text = "@prefix schema: <http://schema.org/> . schema:a schema:b <https://schema.org/c> ."
        assert "schema:a schema:b <https://schema.org/c> .\n" in format_turtle(text)

    def test_the_longest_namespace_wins(self) -> None:
        text = """
            @prefix : <https://w3id.org/communique/source/x#> .
            :day :p <https://w3id.org/communique/source/x> ,
                <https://w3id.org/communique/source/y#z> .
        """
        assert ":day :p <https://w3id.org/communique/source/y#z>, source:x .\n" in format_turtle(text)

    def test_a_base_is_resolved(self) -> None:
        text = "@base <http://example.org/x/> . <a> <../b> <#c> ."
        assert format_turtle(text) == (
            "<http://example.org/x/a> <http://example.org/b> <http://example.org/x/#c> .\n"
        )

    def test_a_prefix_bound_anew_keeps_what_it_meant(self) -> None:
        text = "@prefix e: <http://a/> . e:x e:p 1 . @prefix e: <http://b/> . e:x e:p 1 ."
        assert format_turtle(text) == (
            "@prefix e: <http://b/> .\n\n<http://a/x> <http://a/p> 1 .\n\ne:x e:p 1 .\n"
        )


class TestComments:
    def test_every_comment_has_its_place(self) -> None:
        text = """# The file.

# The prefixes.
@prefix : <http://example.org/> . # used
@prefix x: <http://x.org/> .

# Apart.

# Above.
:a :p 1 ; # Within.
   # On a line within.
   :q "# no comment" . # Behind.

:b :p <http://x.org/a#b> .
# At the end.

# The very end.
"""
        assert format_turtle(text) == (
            "# The file.\n\n# The prefixes.\n# used\n@prefix : <http://example.org/> .\n\n"
            "# Apart.\n\n"
            "# Above.\n# Within.\n# On a line within.\n# Behind.\n"
            ':a :p 1 ;\n    :q "# no comment" .\n\n'
            ":b :p <http://x.org/a#b> .\n\n"
            "# At the end.\n\n# The very end.\n"
        )

    def test_comments_move_with_a_block_and_section_comments_stay(self) -> None:
        text = EX + "\n:a :p 1 .\n\n# Section.\n\n# Of a.\n:a :q 2 .\n\n:b :p 1 .\n"
        assert format_turtle(text) == (EX + "\n# Of a.\n:a :p 1 ;\n    :q 2 .\n\n# Section.\n\n:b :p 1 .\n")

    def test_a_comment_of_a_nested_node_goes_above_the_block_it_is_nested_in(self) -> None:
        assert body("# Of x.\n_:x :q 1 .\n# Of s.\n:s :p _:x .") == ("# Of x.\n# Of s.\n:s :p [ :q 1 ] .\n")

    def test_a_comment_at_a_late_directive_goes_to_the_next_block(self) -> None:
        text = ":a :p 1 .\n# Late.\n@prefix x: <http://x.org/> .\nx:b :p 1 .\n"
        assert body(text) == ":a :p 1 .\n\n# Late.\nx:b :p 1 .\n"

    def test_a_file_of_comments_is_kept(self) -> None:
        assert format_turtle("# One.\n\n\n# Two.") == "# One.\n\n# Two.\n"
        assert format_turtle("# One.\n@prefix x: <http://x.org/> . # x") == "# One.\n# x\n"

    @pytest.mark.parametrize("end", [".", " .", ".#c", " . #c"])
    @pytest.mark.parametrize("value", ["1", "1.5", "true", ":o", '"s"', '"s"@en', "<http://x/#>"])
    def test_a_full_stop_is_found_wherever_it_stands(self, value: str, end: str) -> None:
        comment = "#c\n" if "#" in end else ""
        assert body(f":s :p {value}{end}\n:t :p 1 .") == f"{comment}:s :p {value} .\n\n:t :p 1 .\n"


class TestErrors:
    def test_a_syntax_error_has_its_line_and_column(self) -> None:
        with pytest.raises(UnreadableInputError) as caught:
            format_turtle('@prefix : <http://example.org/> .\n\n:a :p "日本" ; :q .\n', "new.ttl")
        assert str(caught.value.location) == "new.ttl:3:17"
        assert "not a valid RDF object" in caught.value.reason
        assert "Parser error" not in caught.value.reason

    def test_an_undeclared_prefix_is_named(self) -> None:
        with pytest.raises(UnreadableInputError, match=r"1:1: The prefix ex: has not been"):
            format_turtle("ex:a ex:b ex:c .")

    def test_a_file_that_is_not_utf_8_has_the_place(self, tmp_path: Path) -> None:
        path = tmp_path / "latin.ttl"
        path.write_bytes(
            "<a:b> <a:c> 'Verité' .\n<a:b> <a:d> 'é' .".encode().replace(b"d> '\xc3", b"d> '\xff")
        )
        with pytest.raises(UnreadableInputError, match=r"latin\.ttl:2:14: .*UTF-8"):
            check(path)

    def test_a_form_that_says_something_else_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.ttl"
        path.write_text("<a:b> <a:c> 1 .")
        monkeypatch.setattr(Writer, "block", lambda _self, _subject: "<a:b> <a:c> 2 .")
        with pytest.raises(FormattingError, match="would change what the file says"):
            format_file(path, write=True)
        assert path.read_text() == "<a:b> <a:c> 1 ."


class TestFiles:
    def test_check_shows_the_difference_and_writing_removes_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.ttl"
        path.write_text("<a:b>   <a:c> 1.\n")
        path.chmod(0o640)
        difference = check(path)
        assert path.read_text() == "<a:b>   <a:c> 1.\n"
        assert difference is not None
        assert "-<a:b>   <a:c> 1." in difference.split("\n")
        assert "+<a:b> <a:c> 1 ." in difference.split("\n")
        assert format_file(path, write=True) == difference
        assert path.read_text() == "<a:b> <a:c> 1 .\n"
        assert path.stat().st_mode & 0o777 == 0o640
        assert check(path) is None
        assert format_file(path, write=True) is None
        assert [item.name for item in tmp_path.iterdir()] == ["a.ttl"]

    def test_line_ends_of_windows_and_a_byte_order_mark_are_found(self, tmp_path: Path) -> None:
        path = tmp_path / "a.ttl"
        path.write_bytes("\ufeff# One.\r\n<a:b> <a:c> 1 .\r\n".encode())
        assert check(path) is not None
        format_file(path, write=True)
        assert path.read_bytes() == b"# One.\n<a:b> <a:c> 1 .\n"


def test_the_order_names_every_property_of_the_ontology_and_no_other() -> None:
    layout = Layout.shipped()
    declared = {
        quad.subject.value
        for quad in ox.parse(path=layout.ontology_files[0], format=ox.RdfFormat.TURTLE)
        if isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(PREFIXES["owl"])
        and quad.object.value.endswith("Property")
        and quad.subject.value.startswith(TERM)
    }
    ordered = [iri for iri in (*FIRST, *LAST) if iri.startswith(TERM)]
    assert declared
    assert set(ordered) == declared, "give each property its place in curation/order.py"
    assert len(set(FIRST + LAST)) == len(FIRST + LAST)


# Random graphs, written in a random hand.

_NAMES = st.sampled_from(["a", "b", "c.d", "e-f", "g1"]).map(
    lambda name: ox.NamedNode(f"http://example.org/{name}")
)
_NODES = st.sampled_from("uvwxyz").map(ox.BlankNode)
_TEXTS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ['"""', "a\nb", '\n"', "# x", "\\", "it's", "\r\n", "\u2028", "."]
)
_LITERALS = (
    _TEXTS.map(ox.Literal)
    | st.builds(lambda text: ox.Literal(text, language="en"), _TEXTS)
    | st.sampled_from(["0.90", "01", "+1", "1e3", "1.", "x", "true"]).flatmap(
        lambda text: st.sampled_from(["integer", "decimal", "double", "boolean", "date"]).map(
            lambda name: ox.Literal(text, datatype=ox.NamedNode(XSD + name))
        )
    )
)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PREDICATES = _NAMES | st.sampled_from([ox.NamedNode(_RDF + name) for name in ("type", "first", "rest")])
_TRIPLES = st.tuples(
    _NAMES | _NODES,
    _PREDICATES,
    _NAMES | _NODES | _LITERALS | st.just(ox.NamedNode(_RDF + "nil")),
)
_COMMENTS = st.lists(st.sampled_from(["# one", "# <two> .", '#"three', "#", "# 四"]), max_size=2)
_GAPS = st.sampled_from([" ", "\n", "\n\n", "\t"])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Draw a Turtle text with comments strewn over it, and the comments."""
    comments: list[str] = []

    def gap() -> str:
        drawn = draw(_COMMENTS)
        comments.extend(drawn)
        return draw(_GAPS) + "".join(f"{comment}\n{draw(_GAPS)}" for comment in drawn)

    def term(value: NamedNode | BlankNode | Literal) -> str:
        if isinstance(value, ox.NamedNode) and draw(st.booleans()):
            return re.sub(r"^<http://example\.org/(.*)>$", r":\1", str(value))
        return str(value)

    text = gap() + EX + gap()
    for subject, predicate, value in draw(st.lists(_TRIPLES, max_size=8)):
        nested = draw(st.sampled_from(["", "[ :k ( 1 [] ) ]", "( :a )"]))
        objects = term(value) + (f",{gap()}{nested}" if nested else "")
        text += f"{term(subject)}{gap()}{term(predicate)}{gap()}{objects}{gap()}.{gap()}"
    return text, comments


@given(texts())
def test_any_text_keeps_its_graph_and_its_comments_and_is_formatted_once(
    drawn: tuple[str, list[str]],
) -> None:
    text, comments = drawn
    formatted = format_turtle(text)
    assert graph(formatted) == graph(text)
    assert format_turtle(formatted) == formatted
    # A comment line of the form is one that starts with "#" outside of any string.
    outside = re.sub(r'"""(?:\\.|[^\\])*?"""', "", formatted, flags=re.DOTALL)
    kept = [line for line in outside.split("\n") if line.startswith("#")]
    assert sorted(kept) == sorted(comments)


# What is compared before a text is given out, and how long that may take.


@given(st.lists(_TRIPLES, max_size=6), st.lists(_TRIPLES, max_size=6))
def test_graphs_that_are_taken_for_equal_are_equal(one: list[Triple], other: list[Triple]) -> None:
    first, second = (ox.Dataset(ox.Quad(*triple) for triple in triples) for triples in (one, other))
    alike = _likeness(first) == _likeness(second)
    for dataset in (first, second):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert first == second or not alike


@given(st.lists(_TRIPLES, min_size=1, max_size=8, unique_by=str), st.data())
def test_a_graph_is_not_taken_for_one_with_a_triple_less(triples: list[Triple], data: st.DataObject) -> None:
    quads = [ox.Quad(*triple) for triple in triples]
    gone = data.draw(st.sampled_from(quads))
    rest = [quad for quad in quads if quad != gone]
    assert _likeness(ox.Dataset(quads)) != _likeness(ox.Dataset(rest))


def _knot(pairs: list[tuple[int, int]]) -> str:
    return "".join(f"_:n{a} :p _:n{b} .\n" for a, b in pairs)


_ROUND_TABLE = [(a, b) for a in range(40) for b in range(40) if a != b]
_CUBES = [
    (cube * 8 + a, cube * 8 + (a ^ 1 << bit)) for cube in range(30) for a in range(8) for bit in range(3)
]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(_knot(_ROUND_TABLE), id="everybody points to everybody"),
        pytest.param(_knot(_CUBES), id="cubes"),
        pytest.param(":s :p ( " + ":o " * 9_000 + ") .\n", id="a long list"),
        pytest.param(":s :p " + "[ :p " * 60 + "1" + " ]" * 60 + " .\n", id="deep"),
        pytest.param(":s :p " + "[ :p " * 50 + "1" + ", 2 ]" * 50 + " .\n", id="deep, two values each"),
        pytest.param(":s :p " + "( 1 " * 50 + ")" * 50 + " .\n", id="lists in lists"),
    ],
)
def test_whatever_has_no_names_is_formatted_without_a_wait(text: str, tmp_path: Path) -> None:
    """In a process of its own, so that what hangs is ended: with a canonical graph, the knots take hours."""
    path = tmp_path / "knot.ttl"
    path.write_text(EX + text, encoding="utf-8")
    command = [sys.executable, "-m", "communique", "format", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert path.read_text("utf-8") != EX + text
    again = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.parametrize("length", [66, 3_000])
def test_a_chain_that_no_file_may_hold_nested_is_left_with_a_word(length: int) -> None:
    text = "".join(f"_:n{n} :p _:n{n + 1}, {n} .\n" for n in range(length))
    with pytest.raises(FormattingError, match="more than 64 nodes without names"):
        format_turtle(EX + text)
