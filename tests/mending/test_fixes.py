"""Mending by machine: each remedy, what is left alone, and that nothing is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique import DialogueGraph
from communique.errors import UnreadableInputError
from communique.layout import Layout
from communique.mending.draft import MendingError
from communique.mending.fixes import fix
from communique.mending.proposals import NAMES

SHIPPED = Layout.shipped()
PREFIXES = """\
@prefix : <https://w3id.org/communique/source/new#> .
@prefix body: <https://w3id.org/communique/body/> .
@prefix cmq: <https://w3id.org/communique/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix government: <https://w3id.org/communique/government/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/communique/concept/role/> .
@prefix source: <https://w3id.org/communique/source/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
FIRST = PREFIXES.count("\n") + 1
ENGLISH = 'source:new a cmq:Source ; dcterms:language "en" .\n'
JAPANESE = 'source:new a cmq:Source ; dcterms:language "ja" .\n'


def mended(path: Path, text: str, *, form: bool = False) -> tuple[str, list[tuple[int, str]], list[str]]:
    """Return the text that is made of one behind the usual prefixes, the remedies, and what is left."""
    path.write_bytes((PREFIXES + text).encode())
    (one,) = fix([path], SHIPPED, form=form)
    assert one.before == PREFIXES + text
    fixes = [(fixed.location.line - FIRST, fixed.rule) for fixed in one.fixes]
    return one.after.removeprefix(PREFIXES), fixes, [left.message for left in one.left]


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "new.ttl"


@pytest.mark.parametrize(
    ("written", "rule", "expected"),
    [
        (":p a cmq:participation .", "name-case", ":p a cmq:Participation ."),
        (
            ":p a cmq:Participation ; cmq:onbehalfof body:us-ustr .",
            "name-case",
            "cmq:onBehalfOf body:us-ustr",
        ),
        (":p cmq:role role:Chair .", "name-case", "role:chair"),
        # A class and a property of one name: the place tells which is meant.
        (":b a cmq:government .", "name-case", ":b a cmq:Government ."),
        ("body:x a cmq:GovernmentBody ; cmq:Government government:japan .", "name-case", "cmq:government "),
        (":p rdfs:seealso <http://example.org/> .", "name-case", "rdfs:seeAlso <http://example.org/>"),
        (":p Cmq:role role:chair .", "prefix-case", ":p cmq:role role:chair ."),
        (":p cmq:side government:jap%61n .", "iri-form", "government:japan"),
        (":p cmq:side <https://w3id.org/communique/government/japan/> .", "iri-form", "government:japan"),
        (":p cmq:side <http://W3ID.org/communique/government/japan> .", "namespace", "government:japan"),
        (":p <http://schema.org/name> 1 .", "namespace", "<https://schema.org/name> 1"),
        (":p <https://www.w3.org/2000/01/rdf-schema#label> 1 .", "namespace", "rdfs:label 1"),
        (
            ':s a cmq:Source ; <http://purl.org/dc/elements/1.1/language> "en" .',
            "dublin-core",
            'dcterms:language "en"',
        ),
        (":d a cmq:Day ; cmq:date '2024-02-06' .", "datatype", "'2024-02-06'^^xsd:date"),
        (':d a cmq:Day ; cmq:date "2024-02-06"^^xsd:dateTime .', "datatype", '"2024-02-06"^^xsd:date'),
        (':r a cmq:Readout ; cmq:number "2" .', "datatype", "cmq:number 2 ."),
        (':e a cmq:Evidence ; cmq:verified "true" .', "datatype", "cmq:verified true ."),
        (':d a cmq:Day ; cmq:zone "asia/tokyo" .', "code-case", '"Asia/Tokyo"'),
        (':d a cmq:Day ; cmq:zone "Asia/Tokyo"@en .', "datatype", '"Asia/Tokyo" .'),
        (':d a cmq:Day ; cmq:dateAsPrinted """ February 6\n"""@en .', "blanks", '"February 6"@en'),
        (':d a cmq:Day ; cmq:dateAsPrinted "February 6"@EN .', "language-case", '"February 6"@en'),
        (
            ':s a cmq:Source ; foaf:page "https://ustr.gov/x" .',
            "iri-as-text",
            "foaf:page <https://ustr.gov/x> .",
        ),
        (':p a cmq:Participation ; cmq:role "role:chair" .', "iri-as-text", "cmq:role role:chair ."),
        ('body:x a cmq:GovernmentBody ; rdfs:label "Ministry" .', "language", '"Ministry"@en'),
    ],
)
def test_a_certain_remedy(new: Path, written: str, rule: str, expected: str) -> None:
    after, fixes, _ = mended(new, written + "\n")
    assert expected in after
    assert [name for _, name in fixes] == [rule]
    assert rule in NAMES


def test_words_take_the_language_of_their_source(new: Path) -> None:
    day = ':d a cmq:Day ; cmq:dateAsPrinted "{}" .\n'
    assert mended(new, ENGLISH + day.format("February 6"))[0] == ENGLISH + day.format("February 6").replace(
        '6"', '6"@en'
    )
    assert '"2月6日"@ja' in mended(new, JAPANESE + day.format("2月6日"))[0]


def test_a_prefix_of_the_house_that_is_missing_gets_its_line(new: Path) -> None:
    text = ":p a cmq:Participation ;\n    cmq:participant person:katy-mastman .\n"
    after, fixes, _ = mended(new, text)
    line = "@prefix person: <https://w3id.org/communique/person/> .\n"
    at = PREFIXES.index("@prefix rdfs:")
    assert after == PREFIXES[:at] + line + PREFIXES[at:] + text
    assert [rule for _, rule in fixes] == ["prefix-line"]


def test_a_prefix_line_is_mended_where_all_names_used_with_it_are_known(tmp_path: Path) -> None:
    def after(*lines: str) -> str:
        path = tmp_path / "lines.ttl"
        path.write_text("\n".join(lines) + "\n")
        return fix([path], SHIPPED, form=False)[0].after

    ontology = "@prefix cmq: <https://w3id.org/communique/ontology> ."
    assert after(ontology, "<http://e.org/d> a cmq:Day .").startswith(
        ontology.replace("ontology>", "ontology#>")
    )
    # The IRI of the ontology itself, and of a scheme, is such a namespace and an empty name.
    for kept in (
        (ontology, "<http://e.org/d> a cmq:Day ; cmq:date cmq: ."),
        (ontology, "<http://e.org/d> a cmq:Dya ."),
        ("@prefix x: <https://w3id.org/communique/concept/role> .", "<http://e.org/r> <http://e.org/p> x: ."),
        ("@prefix dc: <http://purl.org/dc/elements/1.1/> .", "<http://e.org/r> dc:title 1 ."),
        ("@prefix rdfs: <https://www.w3.org/2000/01/> .", "<http://e.org/r> rdfs:label 1 ."),
    ):
        assert after(*kept) == "\n".join(kept) + "\n"
    elements = "@prefix dc: <http://purl.org/dc/elements/1.1/> .\n" + ontology.replace(
        "ontology>", "ontology#>"
    )
    text = '<http://e.org/s> a cmq:Source ; dc:title "x"@en ; dc:language "en" .'
    assert after(elements, text) == f"{elements.replace('elements/1.1', 'terms')}\n{text}\n"
    # One element that no term replaces keeps the line; the others are written in full.
    mixed = '<http://e.org/s> a cmq:Source ; dc:title "x"@en ; dc:rights "en" .'
    assert (
        after(elements, mixed)
        == f"{elements}\n{mixed.replace('dc:title', '<http://purl.org/dc/terms/title>')}\n"
    )


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (":p a cmq:Participation ; cmq:rolle role:chair .", "Did you mean cmq:role?"),
        (":p a cmq:Participation ; cmq:role role:chairs .", "Did you mean role:chair?"),
        (":p a cmq:Particpation .", "Did you mean cmq:Participation?"),
        # Another country may have a ministry of this name: a slug or label is no IRI.
        (":p a cmq:Participation ; cmq:participant body:moj .", "Nothing describes body:moj."),
        (
            ':p a cmq:Participation ; cmq:participant "Katy Mastman" .',
            "A text stands where a thing is asked for.",
        ),
        (
            ':p a cmq:Participation ; cmq:role "government:japan" .',
            "A text stands where a thing is asked for.",
        ),
        (
            ":p a cmq:Participation ; cmq:side role:Chair .",
            "which is not of the kind that is asked for here.",
        ),
        (':d a cmq:Day ; cmq:date "2024-02-06T00:00:00"^^xsd:dateTime .', "This cannot be read as xsd:date"),
        (':d a cmq:Day ; cmq:date "2024-02-30" .', "This cannot be read as xsd:date"),
        (':d a cmq:Day ; cmq:date "06/02/2024" .', "This cannot be read as xsd:date"),
        (':r a cmq:Readout ; cmq:number "02" .', "This cannot be read as xsd:integer"),
        (":r a cmq:Readout ; cmq:number 2.0 .", "This cannot be read as xsd:integer"),
        (':d a cmq:Day ; cmq:zone "JST" .', "This is none of the values that are allowed here."),
        (':d a cmq:Day ; cmq:dateAsPrinted "February 6" .', "nothing tells it for certain"),
        (JAPANESE + ':d a cmq:Day ; cmq:dateAsPrinted "Feb 6" .', "do not look like the source's"),
        (ENGLISH + ':d a cmq:Day ; cmq:dateAsPrinted "2月6日" .', "do not look like the source's"),
        ('body:x a cmq:GovernmentBody ; rdfs:label "Ministry", "Office" .', "nothing tells it for certain"),
        ("body:US-ustr a cmq:GovernmentBody .", "which differs in form alone. Describe it once"),
    ],
)
def test_what_is_not_certain_is_told_and_left(new: Path, written: str, message: str) -> None:
    after, fixes, left = mended(new, written + "\n")
    assert after == written + "\n"
    assert fixes == []
    assert any(message in one for one in left)


@pytest.mark.parametrize(
    "written",
    [
        ":p <http://example.org/Role> role:chair .",
        ":p rdfs:seeAlso <http://schema.org/Event>, <https://www.w3.org/2000/01/rdf-schema#label> .",
        ':p rdfs:comment " not ours " , "2024-02-06" , "x"@en .',
        ':d a cmq:Day ; cmq:dateAsPrinted "two  blanks"@en .',
        "[] a cmq:Day ; cmq:zone ( 1 ( [ rdfs:label 1 ] ) ) .",
    ],
)
def test_what_no_shape_asks_for_is_nobodys_business(new: Path, written: str) -> None:
    assert mended(new, written + "\n") == (written + "\n", [], [])


class TestRetired:
    """An IRI that a register tells as replaced."""

    @pytest.fixture
    def graph(self, tmp_path: Path) -> Layout:
        root = tmp_path / "graph"
        (root / "data").mkdir(parents=True)
        for folder in ("ontology", "shapes", "queries"):
            (root / folder).symlink_to(SHIPPED.root / folder)
        (root / "data" / "register.ttl").write_text(
            PREFIXES + "body:new a cmq:GovernmentBody .\n"
            "body:old dcterms:isReplacedBy body:older . body:older dcterms:isReplacedBy body:new .\n"
            "body:split dcterms:isReplacedBy body:new, body:other . body:other a cmq:GovernmentBody .\n"
            "body:circle dcterms:isReplacedBy body:circle .\n"
            "body:merged a cmq:GovernmentBody ; dcterms:isReplacedBy body:new .\n"
        )
        return Layout(root)

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("body:old", "body:new"),
            ("body:split", "body:split"),
            ("body:circle", "body:circle"),
            # A body with a successor is described still: a source of its time means it.
            ("body:merged", "body:merged"),
        ],
    )
    def test_only_a_slug_that_is_gone_is_replaced(
        self, new: Path, graph: Layout, written: str, expected: str
    ) -> None:
        text = PREFIXES + ":p a cmq:Participation ;\n    cmq:participant {} .\n"
        new.write_text(text.format(written))
        (one,) = fix([new], graph, form=False)
        assert one.after == text.format(expected)
        assert [fixed.rule for fixed in one.fixes] == (["retired-iri"] if written != expected else [])


def test_comments_line_ends_and_quotes_elsewhere_stay(new: Path) -> None:
    text = (
        "# A comment with cmq:heldon in it.\r\n"
        ":r   a cmq:Readout;cmq:heldon :A ,:b # cmq:heldon\r\n"
        "  ; cmq:outcome '''It's  \"cmq:heldon\"'''@en .\r\n"
        ":a a cmq:Day . :b a cmq:Day ."
    )
    after, fixes, left = mended(new, text)
    assert after == text.replace("cmq:Readout;cmq:heldon :A", "cmq:Readout;cmq:heldOn :a")
    assert fixes == [(1, "name-case"), (1, "name-case")]
    assert left == []


def test_nothing_but_the_triples_that_are_named_changes(new: Path) -> None:
    text = (
        ':d a cmq:Day ; cmq:date "2024-02-06" ; cmq:zone "UTC" ; rdfs:seeAlso [ cmq:date "2024-02-06" ] .\n'
    )

    def triples(turtle: str) -> set[str]:
        quads = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
        return {f"{q.predicate} {q.object}" for q in quads if not isinstance(q.object, ox.BlankNode)}

    after, _, _ = mended(new, text)
    assert triples(text) - triples(after) == set()  # the date of the nested node, which is no day, stays
    assert len(triples(after) - triples(text)) == 1
    assert after.count('"2024-02-06"^^xsd:date') == 1


def test_the_form_is_mended_last_and_its_lines_are_named(new: Path) -> None:
    text = ":d cmq:zone 'Asia/Tokyo' ;\n  a cmq:day .\n\n# Kept.\n:e a cmq:Day .\n"
    new.write_text(PREFIXES + text)
    (one,) = fix([new], SHIPPED)
    assert one.after.endswith(':d a cmq:Day ;\n    cmq:zone "Asia/Tokyo" .\n\n# Kept.\n:e a cmq:Day .\n')
    assert [fixed.rule for fixed in one.fixes if fixed.rule != "canonical-form"] == ["name-case"]
    named = {line for fixed in one.fixes for line in fixed.lines}
    kept = [line for number, line in enumerate(one.before.split("\n"), 1) if number not in named]
    rest = iter(one.after.split("\n"))
    assert all(line in rest for line in kept)
    assert FIRST + 3 not in named
    assert "line" in str(one.fixes[0])


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch on this machine")
def test_the_diff_applies_and_a_second_run_changes_nothing(new: Path) -> None:
    new.write_text(PREFIXES + ":d a cmq:day ;\n    cmq:date '2024-02-06' .", encoding="utf-8")
    (one,) = fix([new], SHIPPED)
    assert new.read_text(encoding="utf-8") == one.before
    assert "\\ No newline at end of file" in one.difference
    applied = subprocess.run(["patch", "-s", "-p0", "-d", "/"], input=one.difference, text=True, check=False)
    assert applied.returncode == 0
    assert new.read_text(encoding="utf-8") == one.after
    (again,) = fix([new], SHIPPED, write=True)
    assert (again.fixes, again.difference, again.after) == ((), "", one.after)


def test_a_knot_of_blank_nodes_gets_its_form_and_keeps_its_names(new: Path) -> None:
    nodes = range(12)
    knot = "".join(f"_:n{a} :p _:n{b} .\n" for a in nodes for b in nodes if a != b)
    after, fixes, left = mended(new, f":d a cmq:day .\n{knot}", form=True)
    _, first, *rest = after.strip().split("\n\n")
    assert first == ":d a cmq:Day ."
    assert len(rest) == len(nodes)
    assert rest[0] == "_:n0 :p " + ", ".join(f"_:n{b}" for b in sorted(map(str, nodes)) if b != "0") + " ."
    assert {rule for _, rule in fixes} == {"name-case", "canonical-form"}
    assert left == []


def test_a_byte_order_mark_stays_unless_the_form_is_mended(new: Path) -> None:
    text = "\ufeff" + PREFIXES + ":d a cmq:day .\n"
    new.write_bytes(text.encode())
    (one,) = fix([new], SHIPPED, form=False)
    assert one.after == text.replace("cmq:day", "cmq:Day")
    assert not fix([new], SHIPPED)[0].after.startswith("\ufeff")


def test_files_that_are_mended_together_know_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(PREFIXES + "body:xy a cmq:governmentbody .\n")
    (tmp_path / "b.ttl").write_text(PREFIXES + ":p a cmq:Participation ; cmq:participant body:XY .\n")
    first, second = fix([tmp_path], SHIPPED, form=False)
    assert "body:xy a cmq:GovernmentBody ." in first.after
    assert "cmq:participant body:xy ." in second.after


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (":a :b :c", (FIRST, 1)),
        ("nobody:a :b :c .", (FIRST, 1)),
        (':a :b "x', (FIRST, 1)),
        ("<< :a :b :c >> :d :e .", None),
        (":a :b " + "[ :c " * 100 + "1" + " ]" * 100 + " .", None),
    ],
)
def test_what_cannot_be_read_is_refused_and_left(new: Path, text: str, place: tuple[int, int] | None) -> None:
    new.write_text(PREFIXES + text)
    before = new.read_bytes()
    with pytest.raises(UnreadableInputError) as caught:
        fix([new], SHIPPED, write=True)
    if place is not None:
        assert caught.value.location.line in {place[0], place[0] + 1}
    assert new.read_bytes() == before


def test_all_files_are_read_before_one_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(PREFIXES + ":d a cmq:day .\n")
    (tmp_path / "b.ttl").write_text("no Turtle")
    with pytest.raises(UnreadableInputError):
        fix([tmp_path], SHIPPED, write=True)
    assert "cmq:day" in (tmp_path / "a.ttl").read_text()


def test_another_syntax_is_not_mended(tmp_path: Path) -> None:
    path = tmp_path / "new.nt"
    path.write_text('<http://e.org/a> <http://e.org/b> "c"@EN .\n')
    with pytest.raises(MendingError, match="only Turtle"):
        fix([path], SHIPPED)


def test_the_facade_mends(new: Path) -> None:
    new.write_text(PREFIXES + ":d a cmq:day .\n")
    (one,) = DialogueGraph.open().fix(new)
    assert {fixed.rule for fixed in one.fixes} == {"name-case", "canonical-form"}
    assert "cmq:day" in new.read_text()
    DialogueGraph.open().fix(new, write=True)
    assert new.read_text() == one.after


class TestCommand:
    def run(self, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "communique", "fix", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=folder,
        )

    def test_a_dry_run_shows_reasons_and_a_diff_and_fails_while_there_is_something_to_do(
        self, new: Path
    ) -> None:
        text = PREFIXES + ":d a cmq:day .\n"
        new.write_text(text)
        done = self.run("--dry-run", "--no-form", "new.ttl", folder=new.parent)
        assert done.returncode == 1
        reason, *difference = done.stdout.splitlines()
        assert reason.startswith(f"new.ttl:{FIRST}:6: name-case: cmq:day → cmq:Day · ")
        assert difference[:2] == ["--- new.ttl", "+++ new.ttl"]
        assert difference[-2:] == ["-:d a cmq:day .", "+:d a cmq:Day ."]
        assert new.read_text() == text
        done = self.run("--no-form", "new.ttl", folder=new.parent)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("Mended new.ttl\n")
        assert new.read_text() == text.replace("cmq:day", "cmq:Day")
        again = self.run("--dry-run", "--no-form", "new.ttl", folder=new.parent)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")

    def test_what_is_left_is_told_and_fails(self, new: Path) -> None:
        new.write_text(PREFIXES + ":d a cmq:Dya .\n")
        done = self.run("--no-form", "new.ttl", folder=new.parent)
        assert done.returncode == 1
        assert done.stdout.startswith(f"new.ttl:{FIRST}:6: left: cmq:Dya: ")

    def test_what_cannot_be_read_has_its_exit_code(self, new: Path) -> None:
        new.write_text("no Turtle")
        assert self.run("new.ttl", folder=new.parent).returncode == 2
        assert self.run("nowhere.ttl", folder=new.parent).returncode == 3

    def test_nothing_in_a_file_reaches_the_terminal_as_a_command(self, new: Path) -> None:
        new.write_text(PREFIXES + ':d a cmq:Day ; cmq:zone " \x1b[2J\u202e " .\n', encoding="utf-8")
        (one,) = fix([new], SHIPPED, form=False)
        assert one.left
        assert all(told.isprintable() for told in map(str, (*one.fixes, *one.left)))


class TestPage:
    PAGE = (Path(__file__).resolve().parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")

    def test_every_remedy_is_named_with_what_it_mends(self) -> None:
        assert all(f"| `{name}` | {what} |" in self.PAGE for name, what in NAMES.items())

    def test_the_example_is_what_the_command_says_today(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        section = self.PAGE.partition("\n## Mending by machine\n")[2].partition("\n## ")[0]
        record, said = re.findall(r"^```(?:turtle|text)\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
        monkeypatch.chdir(tmp_path)
        Path("new.ttl").write_text(record, encoding="utf-8")
        (one,) = fix([Path("new.ttl")], SHIPPED)
        told = "".join(f"{line}\n" for line in (*one.fixes, *one.left))
        assert said == told + one.difference
