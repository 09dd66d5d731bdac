"""Findings in words: one sentence that tells labels, the value, and what was probably meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import SH

from communique.layout import Layout
from communique.namespaces import PREFIXES
from communique.validation.findings import Finding
from communique.validation.judge import shapes_of, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX_LINES = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
HEAD = f"{PREFIX_LINES}@prefix : <https://w3id.org/communique/source/context#> .\n\n"


def found(text: str, layout: Layout, tmp_path: Path) -> list[Finding]:
    path = tmp_path / "new.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return list(validate([path], layout=layout))


SENTENCES: Mapping[str, tuple[str, str]] = {
    "a missing property": (
        ":mention a cmq:Participation ; cmq:participant person:katy-mastman .",
        "“role” (cmq:role) is missing.",
    ),
    "a missing language": (
        'person:tai a foaf:Person ; rdfs:label "戴琪"@zh .',
        "“label” (rdfs:label) is missing in English.",
    ),
    "nothing that points here": (
        ':lone a cmq:Evidence ; cmq:fromSource source:context ; cmq:firstWords "In the"@en ; '
        'cmq:lastWords "for Labor"@en ; cmq:verified true .',
        "Nothing points to it with cmq:evidence.",
    ),
    "a second value": (
        'body:jp-moj a cmq:GovernmentBody ; rdfs:label "Ministry of Justice"@en ; '
        "cmq:government government:japan, government:united-states .",
        "“government” (cmq:government) has more than one value.",
    ),
    "a property that is never written": (
        'person:tai a foaf:Person ; rdfs:label "Katherine Tai"@en ; owl:sameAs person:katy-mastman .',
        "“same as” (owl:sameAs) is never written.",
    ),
    "two values of one language": (
        'person:tai a foaf:Person ; rdfs:label "Katherine Tai"@en, "Tai"@en, "戴琪"@zh .',
        "“label” (rdfs:label) is given more than once in English.",
    ),
    "an unknown value": (
        ":mention a cmq:Participation ; cmq:participant person:katy-mastman ; cmq:role role:chiar .",
        "Nothing describes role:chiar.",
    ),
    "a value of another class": (
        'post:a a org:Post ; rdfs:label "A post"@en ; org:postIn government:japan .',
        "“Japan” (government:japan) is described as government, not as government body.",
    ),
    "a value of none of several classes": (
        ":readout a cmq:Readout ; cmq:fromSource source:context ; cmq:about instrument:uflpa ; "
        "cmq:evidence :passage .",
        "“Uyghur Forced Labor Prevention Act” (instrument:uflpa) is described as instrument, "
        "not as occasion or mechanism.",
    ),
    "text for a thing": (
        ':mention a cmq:Participation ; cmq:participant "METI"@en ; cmq:role role:participant .',
        '"METI"@en is text, not the IRI of something that is described.',
    ),
    "a concept of another scheme": (
        ":mention a cmq:Participation ; cmq:participant body:jp-meti ; cmq:role mode:virtual .",
        "“virtual” (mode:virtual) is not in the scheme “Roles”.",
    ),
    "text for a concept": (
        ':mention a cmq:Participation ; cmq:participant body:jp-meti ; cmq:role "chair"@en .',
        '"chair"@en is text, not a concept.',
    ),
    "another datatype": (
        ':day a cmq:Day ; cmq:date "2024-02-06" .',
        '"2024-02-06" is plain text, not a date.',
    ),
    "a value that its datatype does not have": (
        ':day a cmq:Day ; cmq:date "2024-02-30"^^xsd:date .',
        '"2024-02-30"^^xsd:date is not a valid value of xsd:date.',
    ),
    "another form": (
        'government:mexico a cmq:Government ; rdfs:label "Mexico"@en ; cmq:countryCode "mx" ; '
        'cmq:seatZone "America/Mexico_City" .',
        '"mx" does not have the right form.',
    ),
    "blanks around a text": (
        'person:tai a foaf:Person ; rdfs:label " Katherine Tai"@en .',
        '" Katherine Tai"@en has white space at its start or end.',
    ),
    "a number out of range": (
        'occasion:r a cmq:Round ; rdfs:label "R"@en ; cmq:under mechanism:task-force ; cmq:ordinal 0 .',
        "0 is less than 1.",
    ),
    "none of the values that are listed": (
        ':day a cmq:Day ; cmq:date "2024-02-06"^^xsd:date ; cmq:zone "JST" ; '
        "cmq:zoneBasis zone-basis:place .",
        '"JST" is none of the values that can stand here.',
    ),
    "a property out of place": (
        'person:tai a foaf:Person ; rdfs:label "Katherine Tai"@en ; cmq:post post:us-austr-labor .',
        "“post” (cmq:post) does not belong here.",
    ),
    "an unknown property": (
        'person:tai a foaf:Person ; rdfs:label "Katherine Tai"@en ; cmq:nmae "Tai"@en .',
        "cmq:nmae does not belong here.",
    ),
    "no IRI": ('[] a foaf:Person ; rdfs:label "Katherine Tai"@en .', "It has no IRI of its own."),
    "text for an IRI": (
        'person:tai a foaf:Person ; rdfs:label "Katherine Tai"@en ; rdfs:seeAlso "https://example.org/" .',
        '"https://example.org/" is text, not an IRI.',
    ),
    "classes that exclude each other": (
        'occasion:o a cmq:Round, cmq:Dialogue ; rdfs:label "O"@en ; cmq:under mechanism:task-force .',
        "It is not exactly one of case, dialogue, round or step.",
    ),
    "one value under two properties": (
        ":readout a cmq:Readout ; cmq:fromSource source:other ; cmq:about occasion:launch ; "
        "cmq:evidence :passage ; cmq:heldOn :a ; cmq:heldOnOneOf :a, :b .\n"
        ':a a cmq:Day ; cmq:date "2024-02-06"^^xsd:date .\n:b a cmq:Day ; cmq:date "2024-02-07"^^xsd:date .',
        "source:context#a stands under cmq:heldOn as well.",
    ),
    "a rule that has a name": (
        ':day a cmq:Day ; cmq:date "2024-02-06"^^xsd:date ; cmq:zone "Asia/Tokyo" .',
        "This breaks the rule “a zone has a basis”.",
    ),
    "a value that breaks a rule": (
        ":mention a cmq:Participation ; cmq:participant body:us-ustr ; cmq:role role:participant ; "
        'cmq:nameAsPrinted "UTSR"@en .',
        'This breaks the rule “a printed name is a known name”: "UTSR"@en.',
    ),
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_each_kind_of_fault_has_its_sentence(kind: str, small_graph: Layout, tmp_path: Path) -> None:
    text, sentence = SENTENCES[kind]
    sentences = [finding.sentence for finding in found(text, small_graph, tmp_path)]
    assert sentence in sentences
    assert all(told.endswith(".") for told in sentences)
    assert not any("http" in told for told in sentences if "https://example.org/" not in told)


def test_a_long_text_is_told_in_part_and_kept_whole(small_graph: Layout, tmp_path: Path) -> None:
    text = "word " * 40
    note = f'person:tai a foaf:Person ; rdfs:label "Katherine Tai"@en ; skos:editorialNote "{text}"@en .'
    (finding,) = found(note, small_graph, tmp_path)
    assert len(finding.sentence) < 150
    assert "…" in finding.sentence
    assert finding.value == f'"{text}"@en'


def test_the_remedy_is_the_message_of_the_shape(small_graph: Layout, tmp_path: Path) -> None:
    messages = {str(message) for message in shapes_of(small_graph).objects(None, SH.message)}
    for text, _ in SENTENCES.values():
        for finding in found(text, small_graph, tmp_path):
            assert finding.remedy in messages


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("cmq:participant person:katy-matsman ; cmq:role role:participant", "person:katy-mastman"),
        ("cmq:participant person:unheard-of ; cmq:role role:participant", None),
        ("cmq:participnat person:katy-mastman ; cmq:role role:participant", "cmq:participant"),
        (
            "cmq:role role:participant ; cmq:participantKind organization-kind:buisness",
            "organization-kind:business",
        ),
        # A name that exists was not a slip of the pen, even where another is near.
        ("cmq:participant person:katy-mastman ; cmq:role role:participant ; cmq:ordinal 1", None),
    ],
)
def test_a_slip_of_the_pen_is_told_from_another_word(
    text: str, meant: str | None, small_graph: Layout, tmp_path: Path
) -> None:
    findings = found(f":mention a cmq:Participation ; {text} .", small_graph, tmp_path)
    assert meant in [finding.meant for finding in findings]
    assert {finding.meant for finding in findings} <= {meant, None}
