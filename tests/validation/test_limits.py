"""Judging has an end, whatever a file holds: what it may state, and how often it may be compared."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from communique.isolation.gate import MAX_STATEMENTS
from communique.located.reading import read
from communique.validation import judge, wording
from communique.validation.judge import TOO_COSTLY, validate

if TYPE_CHECKING:
    from pathlib import Path

    from communique.layout import Layout

HEAD = """\
@prefix : <https://w3id.org/communique/source/x#> .
@prefix cmq: <https://w3id.org/communique/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix person: <https://w3id.org/communique/person/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def mention(names: int) -> str:
    """A mention whose every printed name is compared with the names of everybody who is mentioned."""
    people = ", ".join(f"person:p{number}" for number in range(names))
    printed = ", ".join(f'"Name {number}"@en' for number in range(names))
    return (
        f":crowd a cmq:Participation ;\n    cmq:participant {people} ;\n    cmq:nameAsPrinted {printed} .\n"
    )


def test_a_subject_that_takes_too_much_is_named_and_the_rest_is_judged(
    small_graph: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "ALLOWED_READS", 20_000)
    monkeypatch.setattr(judge, "READS_A_STATEMENT", 100)
    crowd, other = tmp_path / "crowd.ttl", tmp_path / "other.ttl"
    crowd.write_text(HEAD + "person:tai a foaf:Person .\n" + mention(300), encoding="utf-8")
    other.write_text(HEAD + "person:kim a foaf:Person .\n", encoding="utf-8")
    report = validate([crowd, other], layout=small_graph)
    (finding,) = (finding for finding in report if finding.rule == TOO_COSTLY)
    assert (finding.location.path, finding.location.line) == (str(crowd), 7)
    assert (finding.subject, report.exit_code, report.unreadable) == ("source:x#crowd", 1, ())
    assert "took more than 80,200 looks" in finding.sentence
    alone = validate([other], layout=small_graph)
    assert [one for one in report if one.location.path == str(other)] == list(alone)


def test_a_crowd_of_a_real_record_does_not_come_near_the_limit(
    small_graph: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "ALLOWED_READS", judge.ALLOWED_READS // 10)
    monkeypatch.setattr(judge, "READS_A_STATEMENT", judge.READS_A_STATEMENT // 10)
    path = tmp_path / "crowd.ttl"
    path.write_text(HEAD + mention(50), encoding="utf-8")
    report = validate([path], layout=small_graph)
    assert TOO_COSTLY not in {finding.rule for finding in report}
    assert len(report) > 50


def test_a_file_that_states_too_much_is_refused_where_it_becomes_too_much(
    small_graph: Layout, tmp_path: Path
) -> None:
    path = tmp_path / "many.ttl"
    lines = [
        f"person:p{number} a foaf:Person ; rdfs:label {number} ." for number in range(MAX_STATEMENTS // 2 + 2)
    ]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    (finding,) = validate([path], layout=small_graph)
    assert (finding.rule, finding.location.line) == (
        "file-too-large",
        HEAD.count("\n") + MAX_STATEMENTS // 2 + 1,
    )
    assert "more than 50,000 things" in finding.sentence
    assert finding.sentence.endswith("Split it.")


def test_other_syntaxes_have_the_same_limit(small_graph: Layout, tmp_path: Path) -> None:
    path = tmp_path / "many.trig"
    lines = [f"person:p{number} a foaf:Person ." for number in range(MAX_STATEMENTS + 1)]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    (finding,) = validate([path], layout=small_graph)
    assert (finding.rule, finding.sentence) == (
        "file-too-large",
        "At most 50,000 statements are read. Split the file.",
    )


def test_places_in_another_syntax_are_found_in_time_that_grows_with_the_text(tmp_path: Path) -> None:
    """One look through the text for each term would take a minute here, and an hour at the limit."""
    lines = [
        f"<https://w3id.org/communique/person/p{number}> <http://www.w3.org/2000/01/rdf-schema#label> "
        f'"Person of number {number}"@en .\n'
        for number in range(8_000)
    ]
    path = tmp_path / "many.nq"
    path.write_text("".join(lines), encoding="utf-8")
    start = time.process_time()
    located = read(path)
    assert time.process_time() - start < 20
    places = {(at.line, at.column) for at in located.objects.values()}
    column = lines[0].index('"') + 2
    assert {(line, column + len(str(line - 1)) - 1) for line in range(1, 8_001)} == places


def test_of_very_many_unknown_names_the_first_are_told_what_was_meant(
    small_graph: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is compared with each that is known: of thousands, that would take hours."""
    monkeypatch.setattr(wording, "MAX_LOOKS", 5)
    path = tmp_path / "new.ttl"
    people = [f"person:somebody-{number} a foaf:Person ." for number in range(9)]
    mentions = [
        f":m{number} a cmq:Participation ; cmq:participant person:sombody-{number} ." for number in range(9)
    ]
    path.write_text(HEAD + "\n".join(people + mentions) + "\n", encoding="utf-8")
    first, second = (
        [
            finding
            for finding in validate([path], layout=small_graph)
            if finding.rule == "Participation-participant"
        ]
        for _ in range(2)
    )
    assert first == second
    assert [finding.meant for finding in first] == [f"person:somebody-{number}" for number in range(5)] + [
        None
    ] * 4
