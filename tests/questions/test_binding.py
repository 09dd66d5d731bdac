"""Parameters are bound as terms; what is not of its type is refused in words."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import QuestionError
from communique.layout import Layout
from communique.questions.binding import bind
from communique.questions.header import Parameter, Question, read_question
from communique.store.embedded import EmbeddedStore
from communique.store.protocol import Iri, Literal

LABEL = Iri("http://www.w3.org/2000/01/rdf-schema#label")
PERSON = "https://w3id.org/communique/person/"
TEXT = "SELECT ?s WHERE { VALUES ?_value { UNDEF } ?s ?p ?_value }"


def store() -> EmbeddedStore:
    found = EmbeddedStore()
    for slug, label in (("katy-mastman", "Katy Mastman"), ("brenna-dougan", "Brenna Dougan")):
        found.add([(Iri(PERSON + slug), LABEL, Literal(label, language="en"))])
    return found


def question(kind: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> Question:
    parameter = Parameter("value", kind, "What to look for.", "x", required, choices)
    return Question("probe", "?", "", (), (parameter,), {"s": "it"}, frozenset(), "", TEXT)


def bound(kind: str, value: str, **rest: object) -> str:
    return bind(question(kind, **rest), {"value": value}, store())[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given_", ["katy-mastman", "person:katy-mastman", PERSON + "katy-mastman", "Katy Mastman", "katy mastman"]
)
def test_an_entity_is_known_by_slug_prefixed_name_iri_or_label(given_: str) -> None:
    assert f"VALUES ?_value {{ <{PERSON}katy-mastman> }}" in bound("person", given_)


def test_an_unknown_entity_names_the_nearest() -> None:
    with pytest.raises(QuestionError, match=r"no person `katy-mastmann`\. Did you mean katy-mastman"):
        bound("person", "katy-mastmann")


def test_an_unknown_parameter_names_the_nearest() -> None:
    with pytest.raises(QuestionError, match=r"no parameter `valu`\. Did you mean value\?"):
        bind(question("person"), {"valu": "x"}, store())


def test_a_required_parameter_left_out_says_what_it_is_for() -> None:
    with pytest.raises(QuestionError, match=r"needs `value`: What to look for\. For example value=x"):
        bind(question("person", required=True), {}, store())


def test_a_parameter_left_out_leaves_the_variable_free() -> None:
    assert "VALUES ?_value { UNDEF }" in bind(question("person"), {}, store())[0]


@pytest.mark.parametrize("value", ["1e9", "９", "1_000", " 5 ", "", "0x10", "1.0", "10; DROP ALL"])
def test_what_is_not_a_whole_number_is_refused(value: str) -> None:
    with pytest.raises(QuestionError, match="a whole number"):
        bound("integer", value)


@pytest.mark.parametrize("value", ["2024-02-30", "99999-01-01", "2024-1-1", "2024-01-31Z", "", "today"])
def test_what_is_not_a_day_is_refused(value: str) -> None:
    with pytest.raises(QuestionError, match="YYYY-MM-DD"):
        bound("date", value)


def test_a_choice_is_one_of_the_list() -> None:
    assert '{ "name" }' in bound("choice", "name", choices=("name", "day"))
    with pytest.raises(QuestionError, match=r"one of name, day"):
        bound("choice", "name) } #", choices=("name", "day"))


@given(st.text(max_size=200))
def test_any_text_is_bound_as_one_string_or_refused(value: str) -> None:
    probe = EmbeddedStore()
    subject, predicate = Iri("urn:s"), Iri("urn:p")
    try:
        query = bind(question("string"), {"value": value}, probe)[0]
    except QuestionError:
        assert re.search("[\0\ud800-\udfff]", value)
        return
    probe.add([(subject, predicate, Literal(value)), (Iri("urn:secret"), predicate, Literal(value + "!"))])
    assert probe.select(query).rows == ((subject,),)


@given(st.text(max_size=80))
def test_any_text_for_an_entity_is_a_known_one_or_refused_in_one_line(value: str) -> None:
    try:
        told = bound("person", value)
    except QuestionError as error:
        told = str(error)
    assert f"<{PERSON}" in told or all(character.isprintable() for character in told)


def test_hostile_values_of_the_corpus() -> None:
    path = Path(__file__).parents[3] / "shared" / "hostile-queries" / "params.csv"
    if not path.exists():
        pytest.skip("no ../shared: the corpus of hostile values is not here")
    types = {"string", "date", "integer", "choice"}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["type"] in types]
    assert len(rows) > 15
    for row in rows:
        value = row["value"].encode().decode("unicode_escape") if "\\x" in row["value"] else row["value"]
        try:
            bound(row["type"], value, choices=("name", "day"))
        except QuestionError:
            assert "refused" in row["expected"], row
        else:
            assert "ok" in row["expected"], row


@pytest.mark.parametrize("path", Layout.shipped().question_files, ids=lambda path: path.stem)
def test_every_parameter_of_a_saved_question_is_bound_once(path: Path) -> None:
    found = read_question(path)
    for parameter in found.parameters:
        assert len(re.findall(rf"VALUES \?_{parameter.name} \{{", found.text)) == 1
    assert set(re.findall(r"\?_(\w+)", found.text)) == {parameter.name for parameter in found.parameters}


def test_a_part_of_a_name_names_those_that_have_it() -> None:
    with pytest.raises(QuestionError, match=r"no person `Dou gan`\. Did you mean brenna-dougan\?"):
        bound("person", "Dou gan")
