"""The facade: what it returns, and that a program can rely on it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import FrozenInstanceError

import pytest
import rdflib

from communique import DialogueGraph
from communique.errors import QueryError, QuestionError
from communique.questions.answers import Entity

CMQ = "PREFIX cmq: <https://w3id.org/communique/ontology#>\n"


def test_rows_are_typed_and_frozen(graph: DialogueGraph) -> None:
    answer = graph.ask("who-chaired", mechanism="us-japan-labor-task-force")
    row = answer.rows[0]
    assert isinstance(row.chair, Entity)
    assert row.chair.startswith("https://w3id.org/communique/person/")
    assert row.chair.label == "Kashiwabara Kyoko"
    assert isinstance(row.post, tuple)
    assert row.holding is None
    with pytest.raises(AttributeError):
        row.chair = "somebody else"
    with pytest.raises(FrozenInstanceError):
        answer.rows = ()  # type: ignore[misc]
    timeline = graph.ask("timeline", mechanism="us-japan-labor-task-force").rows[0]
    assert timeline.opens.utcoffset().total_seconds() == 0
    assert timeline.firm is True
    rounds = graph.ask("rounds-of", mechanism="us-japan-labor-task-force").rows
    assert {row.ordinal for row in rounds} == {None, 1, 2}


def test_csv_and_json_hold_the_same_rows(graph: DialogueGraph) -> None:
    answer = graph.ask("stakeholders", side="japan", mechanism="us-japan-labor-task-force")
    table = list(csv.DictReader(io.StringIO(answer.to_csv())))
    document = json.loads(answer.to_json())
    assert [row["organization"] for row in table] == [row["organization"] for row in document["rows"]]
    assert len(table) == 5


def test_to_pandas_says_what_to_do_or_gives_the_rows(graph: DialogueGraph) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is optional")
    frame = graph.ask("stakeholders").to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert next(iter(frame.columns)) == "organization"


def test_every_row_of_every_question_is_cited(graph: DialogueGraph) -> None:
    for question in graph.questions():
        if {"source", "sources"}.isdisjoint(question.returns):
            continue
        answer = graph.ask(question.name, **{p.name: p.example for p in question.parameters if p.required})
        cited = {row for citation in answer.cite() for row in citation.rows}
        sourced = {
            n for n, row in enumerate(answer) if getattr(row, "source", None) or getattr(row, "sources", None)
        }
        assert sourced <= cited
        for citation in answer.cite():
            assert citation.title
            assert citation.publisher
            assert citation.address.startswith(("https://", "http://"))


def test_a_citation_opens_the_page_at_the_passage(graph: DialogueGraph) -> None:
    answer = graph.ask("what-did", person="brenna-dougan")
    addresses = [c.address for c in answer.cite() if "ustr.gov" in c.address]
    assert addresses
    assert addresses[0].endswith(
        "#:~:text=co%2Dchaired%20by%20Acting%20Assistant%20United,for%20Labor%20Brenna%20Dougan"
    )


def test_sparql_answers_select_ask_and_construct(graph: DialogueGraph) -> None:
    task_force = "<https://w3id.org/communique/mechanism/us-japan-labor-task-force>"
    pattern = f"?round a cmq:Round ; cmq:under {task_force}"
    rounds = graph.sparql(CMQ + f"SELECT ?round ?n WHERE {{ {pattern} ; cmq:ordinal ?n }} ORDER BY ?n")
    assert [row.n for row in rounds] == [1, 2]
    assert graph.sparql(CMQ + "ASK { ?x a cmq:Round }").rows[0].ask is True
    triples = graph.sparql(CMQ + f"CONSTRUCT {{ ?round a cmq:Occasion }} WHERE {{ {pattern} }}")
    assert triples.columns == ("subject", "predicate", "object")
    assert len(triples) == 2


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ("SELECT * WHERE { ?x a cmq:Dialog }", "Did you mean cmq:Dialogue?"),
        ("SELECT * WHERE { ?x cmq:heldon ?d }", "Did you mean cmq:heldOn?"),
        (
            "SELECT * WHERE { ?x cmq:participant <https://w3id.org/communique/person/katie-mastman> }",
            "Did you mean person:katy-mastman?",
        ),
    ],
)
def test_an_unknown_name_of_ours_is_warned_about(graph: DialogueGraph, query: str, warning: str) -> None:
    answer = graph.sparql(CMQ + query)
    assert len(answer) == 0
    assert len(answer.warnings) == 1
    assert answer.warnings[0].startswith("query:2:")
    assert answer.warnings[0].endswith(warning)


def test_known_names_give_no_warning(graph: DialogueGraph) -> None:
    assert graph.sparql(CMQ + "SELECT * WHERE { ?x a cmq:Claim ; cmq:saidBy ?y }").warnings == ()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT * WHERE { ?x cmq:kind ?y }",
            r"query:1:21: the prefix `cmq:` is not declared\. Add `PREFIX cmq:",
        ),
        ("SELECT * WHERE { ?x foo:kind ?y }", r"`foo:` is not declared\. Declare it"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?x ?y ?z } }", "service-not-allowed"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "read only"),
        ("SELECT * WHERE { ?x ?y }", "not SPARQL 1.1"),
        ("", "not SPARQL 1.1"),
    ],
)
def test_a_faulty_query_is_told_in_words(graph: DialogueGraph, query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        graph.sparql(query)


def test_show_tells_by_whom_and_what_points_to_it(graph: DialogueGraph) -> None:
    shown = graph.show("U.S. Customs and Border Protection")
    told = {(row.relation.label, row.source and row.source.label) for row in shown}
    assert ("participant", "USTR on the first round") in told
    assert ("org:unitOf", None) in told
    assert all((row.source is None) == (row.passage is None) for row in shown)
    parent = graph.show("us-dhs")
    assert "U.S. Customs and Border Protection" in {
        getattr(row.value, "label", "") for row in parent if row.direction == "is of"
    }


def test_show_names_the_nearest(graph: DialogueGraph) -> None:
    with pytest.raises(QuestionError, match="Did you mean person:katy-mastman"):
        graph.show("katy-mastmann")


def test_to_rdflib_holds_all(graph: DialogueGraph) -> None:
    found = graph.to_rdflib()
    assert isinstance(found, rdflib.Graph)
    window = rdflib.URIRef("https://w3id.org/communique/ontology#Window")
    assert (None, rdflib.RDF.type, window) in found


def test_infer_adds_what_the_axioms_entail(graph: DialogueGraph) -> None:
    closed = graph.infer()
    dialogue = rdflib.URIRef(
        "https://w3id.org/communique/occasion/us-japan-labor-task-force-round-1-government"
    )
    under = rdflib.URIRef("https://w3id.org/communique/ontology#under")
    mechanism = rdflib.URIRef("https://w3id.org/communique/mechanism/us-japan-labor-task-force")
    assert (dialogue, under, mechanism) in closed
    assert (dialogue, under, mechanism) not in graph.to_rdflib()


def test_text_that_looks_like_an_iri_cannot_bend_the_search_for_labels(graph: DialogueGraph) -> None:
    hostile = "https://w3id.org/communique/source/x> } UNION { ?entity ?p ?name } #"
    answer = graph.sparql(f'SELECT ?x ("{hostile}" AS ?text) WHERE {{ VALUES ?x {{ 1 }} }}')
    assert answer.rows[0].text == hostile
    assert answer.cite() == ()
