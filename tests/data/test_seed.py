"""The facts of the page that the project starts from, spelt out."""

from __future__ import annotations

from .shipped import STATED, iri, select

SOURCE = "https://w3id.org/communique/source/ustr-2024-02-task-force-round-1#"
AMERICANS = {
    "organization:ppa-responsible-minerals-trade": "multi-stakeholder",
    "organization:uscib": "business-association",
    "organization:afl-cio": "trade-union",
    "organization:verite": "civil-society",
    "organization:responsible-sourcing-network": "civil-society",
}
JAPANESE = {
    "organization:keidanren": "business-association",
    "organization:rengo": "trade-union",
    "organization:action-against-child-exploitation": "civil-society",
    "organization:global-alliance-for-sustainable-supply-chain": "civil-society",
    "organization:ilo-office-japan": "intergovernmental",
}


def _ask(pattern: str, names: str) -> set[tuple[str, ...]]:
    """Return what the page's readouts say: `pattern` with `here:` for its own names."""
    return select(STATED, f"PREFIX here: <{SOURCE}> SELECT {names} WHERE {{ {pattern} }}")


def _iris(*names: str) -> set[tuple[str, ...]]:
    return {(iri(name),) for name in names}


def test_both_days_are_those_of_the_round() -> None:
    assert _ask("here:round cmq:heldOn/cmq:date ?date", "?date") == {("2024-02-05",), ("2024-02-13",)}
    assert _ask("here:government cmq:heldOn ?day", "?day") == set()
    assert _ask("here:stakeholders cmq:heldOn ?day", "?day") == set()


def test_the_round_was_virtual_and_the_first() -> None:
    rows = _ask("here:round cmq:mode ?mode ; cmq:number ?number ; cmq:about/cmq:ordinal ?ordinal", "*")
    assert rows == {(iri("mode:virtual"), "1", "1")}


def test_four_american_bodies_were_at_the_government_dialogue() -> None:
    listed = _ask(
        "here:government cmq:mentions ?p . ?p cmq:role role:participant ; cmq:side government:united-states ;"
        " cmq:participant ?body",
        "?body",
    )
    by_its_chair = _ask(
        "here:government cmq:mentions ?p . ?p cmq:role role:chair ; cmq:onBehalfOf ?body", "?body"
    )
    assert listed == _iris("body:us-cbp", "body:us-dol", "body:us-state")
    assert by_its_chair == _iris("body:us-ustr")


def test_five_japanese_bodies_were_at_the_government_dialogue() -> None:
    listed = _ask(
        "here:government cmq:mentions ?p . ?p cmq:side government:japan ; cmq:participant ?body", "?body"
    )
    assert listed == _iris("body:jp-maff", "body:jp-meti", "body:jp-mhlw", "body:jp-mofa", "body:jp-moj")


def test_ten_stakeholders_sat_on_two_sides() -> None:
    rows = _ask(
        "here:stakeholders cmq:mentions ?p . ?p cmq:role role:participant ; cmq:side ?side ;"
        " cmq:participant ?who . ?who a org:Organization ; org:classification ?kind",
        "?who ?side ?kind",
    )
    assert rows == {
        (iri(who), iri(side), iri(f"organization-kind:{kind}"))
        for side, members in (("government:united-states", AMERICANS), ("government:japan", JAPANESE))
        for who, kind in members.items()
    }


def test_katy_mastman_held_the_chair_as_acting() -> None:
    rows = _ask(
        "?readout cmq:mentions ?p . ?p cmq:participant person:katy-mastman ; cmq:role ?role ;"
        " cmq:side ?side ; cmq:post ?post ; cmq:holding ?holding ."
        " FILTER (?readout IN (here:government, here:stakeholders))",
        "?readout ?role ?side ?post ?holding",
    )
    seat = (iri("government:united-states"), iri("post:us-austr-labor"), iri("holding:acting"))
    assert rows == {
        (f"{SOURCE}government", iri("role:chair"), *seat),
        (f"{SOURCE}stakeholders", iri("role:co-chair"), *seat),
    }


def test_nobody_else_is_named_as_chair() -> None:
    rows = _ask(
        "?readout cmq:mentions ?p . ?p cmq:role/skos:broader* role:chair ; cmq:participant ?who ."
        " FILTER (STRSTARTS(STR(?readout), STR(here:)))",
        "?who",
    )
    assert rows == _iris("person:katy-mastman")


def test_four_instruments_were_discussed() -> None:
    rows = _ask(
        "here:government cmq:mentions ?p . ?p cmq:instrument ?i ; cmq:instrumentKind ?kind ;"
        " cmq:treatment treatment:discussed",
        "?i ?kind",
    )
    assert rows == {
        (iri("instrument:uflpa"), iri("instrument-kind:law")),
        (iri("instrument:us-dol-goods-lists"), iri("instrument-kind:list")),
        (iri("instrument:usmca-rapid-response-mechanism"), iri("instrument-kind:agreement-mechanism")),
        (iri("instrument:xinjiang-supply-chain-business-advisory"), iri("instrument-kind:advisory")),
    }


def test_the_task_force_was_launched_by_two_bodies() -> None:
    rows = _ask("here:mechanism cmq:mentions ?p . ?p cmq:role role:founder ; cmq:participant ?body", "?body")
    assert rows == _iris("body:jp-meti", "body:us-ustr")
