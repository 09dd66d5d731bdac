"""The record of a source: each fact becomes what docs/model.md says, canonical and valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import yaml

from communique.curation.formatting import format_turtle
from communique.drafting.facts import read_facts, schema, sources_of
from communique.drafting.merging import turtle_of
from communique.drafting.record import Record
from communique.drafting.resolution import Resolution
from communique.namespaces import BASE, PREFIXES

from .examples import FACTS, ROUND, a_source, an_event

if TYPE_CHECKING:
    from communique.drafting.draft import Drafting
    from communique.identity.known import Known

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


class Written:
    """What a record says, to be compared with Turtle."""

    def __init__(self, facts: dict[str, Any], known: Known) -> None:
        (source,) = sources_of(yaml.safe_dump(facts, allow_unicode=True), "facts.yaml")
        self.resolution = Resolution(source, known.copy(), source.facts.get("decisions") or ())
        self.record = Record(source, self.resolution)
        self.said = set(self.record.write())
        self.asked = [(one.field, one.message) for one in self.resolution.missing]

    def parsed(self, turtle: str) -> set[Any]:
        head = f"{HEAD}@prefix : <{self.record.iri}#> .\n"
        return {
            (q.subject, q.predicate, q.object) for q in ox.parse(head + turtle, format=ox.RdfFormat.TURTLE)
        }

    def says(self, turtle: str) -> bool:
        missing = self.parsed(turtle) - self.said
        assert not missing, "\n".join(map(str, [*missing, "of", *sorted(map(str, self.said))]))
        return True

    def properties(self, node: str) -> set[str]:
        """Return the local names of what is said of a part of the record."""
        subject = ox.NamedNode(f"{self.record.iri}#{node}" if node else self.record.iri)
        return {p.value.replace("#", "/").rpartition("/")[2] for s, p, _ in self.said if s == subject}


def of_source(known: Known, **changes: object) -> Written:
    return Written(a_source(**changes), known)


def of_event(known: Known, **changes: object) -> Written:
    return Written(a_source(events=[an_event(**changes)]), known)


def without_day(**changes: object) -> dict[str, object]:
    return {"start": None, **changes}


def test_a_whole_record_is_canonical_and_valid(drafting: Drafting) -> None:
    (source,) = read_facts(FACTS / f"{ROUND}.yaml")
    proposal = drafting.draft(source)
    assert proposal.certain, (proposal.open, proposal.missing, proposal.findings)
    text = proposal.files[f"data/readouts/ustr/{ROUND}.ttl"]
    assert format_turtle(text, BASE + "source/" + ROUND) == text
    assert text.startswith(f"@prefix : <{BASE}source/{ROUND}#> .")
    assert text.count(" a cmq:Readout ;") == 3
    order = [line.split()[0] for line in text.splitlines() if line[:1] in {":", "s"}]
    assert order[:4] == [f"source:{ROUND}", ":round", ":round-day-1", ":round-day-2"]
    assert order[-1] == ":stakeholders-passage"


def test_a_source_says_how_it_is_known(known: Known) -> None:
    one = of_source(known, issued="2027-05-06", note="Read in a browser.", issued_note="At the foot.")
    assert one.says("""
        source:ustr-2027-05-ministerial a cmq:Source ;
            rdfs:label "Readout of the Ministerial"@en ;
            dcterms:title "Readout of the Ministerial"@en ;
            skos:editorialNote "Read in a browser."@en, "At the foot."@en ;
            dcterms:publisher body:us-ustr ;
            dcterms:issued "2027-05-06"^^xsd:date ;
            dcterms:language "en" ;
            foaf:page <https://ustr.gov/press/2027/may/ministerial> ;
            cmq:sourceKind source-kind:official ;
            cmq:extentRead extent:whole ;
            cmq:addressBasis address-basis:as-read ;
            cmq:readOn "2027-05-09"^^xsd:date .""")


@pytest.mark.parametrize(
    ("changes", "turtle"),
    [
        ({"label": "USTR on it"}, 'rdfs:label "USTR on it"@en'),
        ({"truncated": True}, "cmq:extentRead extent:beginning"),
        ({"url_note": "Found by its title."}, "cmq:addressBasis address-basis:inferred"),
        ({"url_note": "Found by its title."}, 'skos:editorialNote "Found by its title."@en'),
        ({"title": "  A title "}, 'dcterms:title "A title"@en'),
        ({"source_kind": "secondary"}, "cmq:sourceKind source-kind:secondary"),
        ({"republishes": "ustr-2024-02-task-force-round-1"},
         "cmq:republishes source:ustr-2024-02-task-force-round-1"),
        ({"republishes": "a speech"}, 'skos:editorialNote "Republishes: a speech"@en'),
        ({"language": "ja", "title": "閣僚会合"}, 'dcterms:title "閣僚会合"@ja'),
        ({"language": "ja", "title": "Readout"}, 'dcterms:title "Readout"@en'),
    ],
)  # fmt: skip
def test_each_fact_of_a_source_has_its_statement(
    changes: dict[str, object], turtle: str, known: Known
) -> None:
    one = of_source(known, **changes)
    assert one.says(f"source:ustr-2027-05-ministerial {turtle} .")


def test_a_title_that_was_not_seen_is_not_stated(known: Known) -> None:
    one = of_source(known, title_inferred=True)
    assert "title" not in one.properties("")
    assert one.says(
        "source:ustr-2027-05-ministerial rdfs:label "
        '"Office of the United States Trade Representative: Ministerial of the Task Force, May 2027"@en .'
    )


def test_the_day_of_reading_is_asked_for(known: Known) -> None:
    facts = a_source()
    del facts["read"]
    assert [field for field, _ in Written(facts, known).asked] == ["read"]


@pytest.mark.parametrize(
    ("changes", "turtle"),
    [
        ({"called": ["the ministerial", "talks"]}, 'cmq:nameAsPrinted "the ministerial"@en, "talks"@en'),
        ({"called": "the ministerial"}, 'cmq:nameAsPrinted "the ministerial"@en'),
        ({"round": 4}, "cmq:number 4"),
        ({"mode": "hybrid"}, "cmq:mode mode:hybrid"),
        ({"place": "Washington, D.C."}, "cmq:place place:washington"),
        ({"place": "Tokyo"}, "cmq:place place:tokyo"),
        ({}, "cmq:party government:japan, government:united-states"),
        ({}, "cmq:kind occasion-kind:ministerial"),
        ({"kind": "Ministerial"}, "cmq:kind occasion-kind:ministerial"),
        ({"topics": ["forced labor in supply chains"]}, "cmq:topic topic:forced-labor"),
        ({"outcomes": ["To meet again"]}, 'cmq:outcome "To meet again"@en'),
        ({"note": "The page has a photograph."}, 'skos:editorialNote "The page has a photograph."@en'),
        ({"date_note": "in spring", "start": None, "round": 4}, 'skos:editorialNote "in spring"@en'),
        ({}, "cmq:evidence :day-passage"),
        ({"chairs": [{"person": None, "title": "Deputy Minister", "note": "Left early."}]},
         'skos:editorialNote "Named by title alone: Deputy Minister"@en, "Left early."@en'),
    ],
)  # fmt: skip
def test_each_fact_of_an_event_has_its_statement(
    changes: dict[str, object], turtle: str, known: Known
) -> None:
    kind = "ministerial"
    assert of_event(known, **changes).says(f":{kind} a cmq:Readout ; {turtle} .")


def test_what_is_not_said_is_not_stated(known: Known) -> None:
    bare = of_event(known, kind="other", place="Washington (dateline)", mode=None)
    assert bare.properties("occasion") == {"type", "fromSource", "about", "heldOn", "party", "evidence"}
    inferred = of_event(known, mode="in-person", mode_inferred_from_place=True, place="Tokyo")
    assert "mode" not in inferred.properties("ministerial")
    assert "place" in inferred.properties("ministerial")


@pytest.mark.parametrize(
    ("changes", "turtle"),
    [
        ({"start": "2027-05-04"}, "cmq:heldOn :ministerial-day"),
        ({"start": "2027-05-04", "end": "2027-05-04"}, "cmq:heldOn :ministerial-day"),
        ({"start": "2027-05-04", "end": "2027-05-06"},
         "cmq:startsOn :ministerial-first-day ; cmq:endsOn :ministerial-last-day"),
        (without_day(days=[{"date": "2027-05-04"}, {"date": "2027-05-06"}], days_are="each"),
         "cmq:heldOn :ministerial-day-1, :ministerial-day-2"),
        (without_day(days=[{"date": "2027-05-04"}, {"date": "2027-05-06"}], days_are="one-of"),
         "cmq:heldOnOneOf :ministerial-day-1, :ministerial-day-2"),
        (without_day(days=[{"date": "2027-05-04"}, {"date": "2027-05-06"}], days_are="span"),
         "cmq:startsOn :ministerial-first-day ; cmq:endsOn :ministerial-last-day"),
        (without_day(days=[{"date": "2027-05-04"}], days_are="span"), "cmq:startsOn :ministerial-first-day"),
        (without_day(days=[{"date": "2027-05-04"}]), "cmq:heldOn :ministerial-day"),
        (without_day(days=[{"date": "2027-05-04"}], days_are="one-of"), "cmq:heldOn :ministerial-day"),
    ],
)  # fmt: skip
def test_days_stand_in_the_relation_that_the_facts_give(
    changes: dict[str, object], turtle: str, known: Known
) -> None:
    one = of_event(known, **changes)
    assert one.asked == []
    assert one.says(f":ministerial {turtle} .")
    related = {"heldOn", "heldOnOneOf", "startsOn", "endsOn"} & one.properties("ministerial")
    assert related == {part.split()[0].removeprefix("cmq:") for part in turtle.split(" ; ")}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (without_day(days=[{"date": "2027-05-04"}, {"date": "2027-05-06"}]), "days_are"),
        (without_day(end="2027-05-04"), "start"),
        ({"days": [{"date": "2027-05-04"}]}, "days"),
        (without_day(days=[{"date": f"2027-05-0{day}"} for day in (4, 5, 6)], days_are="span"), "days"),
        (without_day(days=[{"date": "2027-05-04", "zone_as_printed": "local time"}]), "zone"),
        (without_day(days=[{"date": "2027-05-04", "zone": "Asia/Seoul"}]), "zone_basis"),
        (without_day(days=[{"date": "2027-05-04", "basis": "guess"}]), "basis"),
        ({"kind": "ministerail"}, "kind"),
        ({"instruments": [{"name": "UFLPA", "treatment": "cited"}]}, "treatment"),
        ({"chairs": [{"person": "Katy Mastman", "side": "United States", "role": "boss"}]}, "role"),
    ],
)  # fmt: skip
def test_what_cannot_be_stated_is_asked_for(changes: dict[str, object], field: str, known: Known) -> None:
    asked = of_event(known, **changes).asked
    assert [name for name, _ in asked] == [field]
    assert asked[0][1].endswith(".")


def test_a_name_of_no_scheme_is_answered_with_the_nearest(known: Known) -> None:
    ((_, message),) = of_event(known, kind="ministerail").asked
    assert "Did you mean ministerial?" in message
    assert "government-dialogue" in message


def day(
    known: Known, facts: dict[str, object], source: dict[str, object] | None = None, **event: object
) -> str:
    """Return the clock of a day, its basis and its words."""
    changes = without_day(days=[{"date": "2027-05-04", **facts}], **event)
    one = Written(a_source(events=[an_event(**changes)], **(source or {})), known)
    assert one.asked == []
    node = ox.NamedNode(f"{one.record.iri}#ministerial-day")
    values = {p.value.rpartition("#")[2]: o.value for s, p, o in one.said if s == node}
    return f"{values.get('zone')} {values.get('zoneBasis', '').rpartition('/')[2]}".strip()


@pytest.mark.parametrize(
    ("facts", "event", "source", "clock"),
    [
        ({"zone": "Asia/Tokyo", "zone_as_printed": "Japan time"}, {}, {}, "Asia/Tokyo stated"),
        ({"zone": "Asia/Tokyo", "zone_basis": "stated"}, {}, {}, "Asia/Tokyo stated"),
        ({"zone": "America/New_York"}, {}, {}, "America/New_York publisher"),
        ({"zone": "Asia/Tokyo"}, {"place": "Tokyo"}, {}, "Asia/Tokyo place"),
        ({}, {"place": "Tokyo", "mode": "in-person"}, {}, "Asia/Tokyo place"),
        ({}, {"place": "Tokyo", "mode": "virtual"}, {}, "America/New_York publisher"),
        ({}, {"place": "Tokyo (dateline)"}, {}, "America/New_York publisher"),
        ({}, {}, {}, "America/New_York publisher"),
        ({}, {}, {"source_kind": "official-republished", "publisher": "JETRO",
                  "republishes": "meti-2024-02-14-task-force-round-1"}, "Asia/Tokyo origin"),
        ({}, {}, {"source_kind": "official-republished", "republishes": "a speech"}, "None"),
        ({}, {}, {"publisher": "AFL-CIO", "source_kind": "secondary"}, "None"),
    ],
)  # fmt: skip
def test_the_clock_of_a_day_is_printed_or_of_the_place_the_original_or_the_publisher(
    facts: dict[str, object], event: dict[str, object], source: dict[str, object], clock: str, known: Known
) -> None:
    assert day(known, facts, source, **event) == clock


def test_a_day_keeps_its_words_and_where_its_year_comes_from(known: Known) -> None:
    days = [{"date": "2027-05-04", "as_printed": "May 4", "basis": "day-of-issue", "note": "A Tuesday."}]
    assert of_event(known, **without_day(days=days)).says("""
        :ministerial-day a cmq:Day ;
            cmq:date "2027-05-04"^^xsd:date ;
            cmq:dateAsPrinted "May 4"@en ;
            cmq:dateBasis date-basis:day-of-issue ;
            skos:editorialNote "A Tuesday."@en .""")
    inferred = of_event(known, year_inferred=True, date_note="The page prints the weekday.")
    assert inferred.says("""
        :ministerial-day cmq:dateBasis date-basis:context ;
            skos:editorialNote "The page prints the weekday."@en .""")
    month = of_event(known, **without_day(days=[{"day_of_month": 4}], round=4))
    assert month.says(':ministerial-day cmq:dayOfMonth "---04"^^xsd:gDay .')
    assert "date" not in month.properties("ministerial-day")


def test_a_person_has_a_participation_with_title_post_and_holding(known: Known) -> None:
    person = {
        "person": "Mastman Katy",
        "title": "Assistant U.S. Trade Representative for Labor",
        "acting": True,
        "side": "United States",
        "body": "USTR",
        "role": "co-chair",
        "note": "In the second half.",
    }
    assert of_event(known, chairs=[person]).says("""
        :ministerial cmq:mentions :ministerial-katy-mastman .
        :ministerial-katy-mastman a cmq:Participation ;
            cmq:participant person:katy-mastman ;
            cmq:nameAsPrinted "Mastman Katy"@en ;
            cmq:titleAsPrinted "Assistant U.S. Trade Representative for Labor"@en ;
            cmq:role role:co-chair ;
            cmq:side government:united-states ;
            cmq:onBehalfOf body:us-ustr ;
            cmq:post post:us-austr-labor ;
            cmq:holding holding:acting ;
            skos:editorialNote "In the second half."@en .""")


def test_a_title_that_says_acting_is_held_so(known: Known) -> None:
    person = {
        "person": "Katy Mastman",
        "title": "Acting Assistant U.S. Trade Representative for Labor",
        "side": "United States",
        "body": "USTR",
    }
    one = of_event(known, chairs=[person])
    assert one.says(":ministerial-katy-mastman cmq:holding holding:acting ; cmq:role role:named .")


def test_participants_of_one_side_and_role_are_one_list(known: Known) -> None:
    bodies = [
        {"name": "U.S. Department of Labor", "side": "United States"},
        {"name": "Department of State", "side": "United States"},
        {"name": "Ministry of Foreign Affairs", "side": "Japan"},
        {"name": "USTR", "side": "United States", "role": "host"},
    ]
    one = of_event(known, bodies=bodies)
    assert one.says("""
        :ministerial-bodies-united-states a cmq:Participation ;
            cmq:participant body:us-dol, body:us-state ;
            cmq:nameAsPrinted "U.S. Department of Labor"@en, "Department of State"@en ;
            cmq:role role:participant ;
            cmq:side government:united-states .
        :ministerial-bodies-japan cmq:participant body:jp-mofa ; cmq:side government:japan .
        :ministerial-bodies-united-states-2 cmq:participant body:us-ustr ; cmq:role role:host .""")


def test_an_organisation_that_is_new_is_registered_with_its_kind(known: Known) -> None:
    union = {"name": "Union of Weavers (UoW)", "side": "Japan", "type": "trade union"}
    one = of_event(known, stakeholders=[union])
    assert one.says("""
        :ministerial-stakeholders-japan a cmq:Participation ;
            cmq:participant organization:union-of-weavers ;
            cmq:nameAsPrinted "Union of Weavers (UoW)"@en ;
            cmq:role role:participant .""")
    added = one.resolution.entries.additions.statements["data/register/organizations.ttl"]
    assert one.parsed("""
        organization:union-of-weavers a org:Organization ;
            rdfs:label "Union of Weavers (UoW)"@en ;
            org:classification organization-kind:trade-union .""") == set(added)


def test_those_who_are_not_named_are_told_by_their_kinds(known: Known) -> None:
    crowd = {"kinds": ["business", "trade union"], "as_printed": "firms and unions", "side": "Japan"}
    assert of_event(known, unnamed=[crowd]).says("""
        :ministerial-unnamed a cmq:Participation ;
            cmq:participantKind organization-kind:business, organization-kind:trade-union ;
            cmq:nameAsPrinted "firms and unions"@en ;
            cmq:role role:participant ;
            cmq:side government:japan .""")


def test_an_instrument_is_mentioned_with_what_was_done_with_it(known: Known) -> None:
    law = {"name": "Uyghur Forced Labor Prevention Act", "kind": "law", "treatment": "discussed"}
    assert of_event(known, instruments=[law]).says("""
        :ministerial-uflpa a cmq:InstrumentMention ;
            cmq:instrument instrument:uflpa ;
            cmq:nameAsPrinted "Uyghur Forced Labor Prevention Act"@en ;
            cmq:instrumentKind instrument-kind:law ;
            cmq:treatment treatment:discussed .""")
    plain = of_event(known, instruments=["Uyghur Forced Labor Prevention Act"])
    assert plain.says(":ministerial-uflpa cmq:treatment treatment:referred-to .")
    assert "instrumentKind" not in plain.properties("ministerial-uflpa")


def test_a_passage_that_several_events_rest_on_is_one_node(known: Known) -> None:
    passage = {"fact": "days", "text_start": "They met on", "text_end": "and May 5", "verified": True}
    second = an_event(label="Signing, May 2027", kind="signing", start="2027-05-05", evidence=[passage])
    one = Written(a_source(events=[an_event(evidence=[passage]), second]), known)
    assert one.says("""
        :ministerial cmq:evidence :days-passage .
        :signing cmq:evidence :days-passage .
        :days-passage a cmq:Evidence ;
            cmq:fromSource source:ustr-2027-05-ministerial ;
            cmq:firstWords "They met on"@en ;
            cmq:lastWords "and May 5"@en ;
            cmq:verified true .""")
    assert sum(o == ox.NamedNode(PREFIXES["cmq"] + "Evidence") for _, _, o in one.said) == 1


def test_a_page_about_a_mechanism_says_what_it_is_for_and_under(known: Known) -> None:
    event = {"about": "mechanism", "purpose": "Hold a dialogue.", "start": None}
    one = of_event(known, **event, placed_under=["U.S.-Japan Partnership on Trade"])
    assert one.says("""
        :mechanism a cmq:Readout ;
            cmq:about mechanism:us-japan-labor-task-force ;
            cmq:purpose "Hold a dialogue."@en ;
            cmq:placedUnder mechanism:us-japan-partnership-on-trade .""")
    assert "kind" not in one.properties("mechanism")


def case(**changes: object) -> dict[str, object]:
    """Return an event that is the case of a facility that no record tells of."""
    facts: dict[str, object] = {
        "label": "Case of Hilados del Norte in Torreón",
        "mechanism": "Rapid Response Labor Mechanism",
        "kind": "case",
        "facility": "Hilados del Norte, S.A. de C.V.",
        "company": "Hilados del Norte",
        "sector": "yarn",
        "parties": ["United States", "Mexico"],
        "start": None,
        "date_requested": "2027-03-01",
        "date_closed": "2027-05",
    }
    return an_event(**{**facts, **changes})


def test_a_case_has_its_facility_and_steps_that_the_page_dates(known: Known) -> None:
    steps = [{"kind": "remediation-plan", "start": "2027-04-02"}]
    decision = {
        "kind": "occasion",
        "name": "Case of Hilados del Norte in Torreón",
        "new": "occasion:rrm-hilados-del-norte",
        "type": "case",
    }
    one = Written(a_source(events=[case(steps=steps)], decisions=[decision]), known)
    assert one.says("""
        :case cmq:about occasion:rrm-hilados-del-norte ; cmq:kind occasion-kind:case ;
            skos:editorialNote "Date closed: 2027-05"@en, "Sector of the facility: yarn"@en .
        :request-for-review a cmq:Readout ;
            cmq:about occasion:rrm-hilados-del-norte-request ;
            cmq:kind occasion-kind:request-for-review ;
            cmq:heldOn :request-for-review-day ;
            cmq:party government:mexico, government:united-states ;
            cmq:evidence :day-passage .
        :request-for-review-day cmq:date "2027-03-01"^^xsd:date .
        :remediation-plan cmq:about occasion:rrm-hilados-del-norte-remediation-plan .
        :remediation-plan-day cmq:date "2027-04-02"^^xsd:date .""")
    added = one.resolution.entries.additions.statements
    texts = {file: turtle_of("https://e.org", statements) for file, statements in added.items()}
    assert "a cmq:Case" in texts["data/register/occasions.ttl"]
    assert texts["data/register/occasions.ttl"].count("a cmq:Step") == 2
    assert "org:siteOf organization:hilados-del-norte" in texts["data/register/facilities.ttl"]
    assert "organization-kind:company" in texts["data/register/organizations.ttl"]


def test_nothing_of_a_facility_that_was_closed_is_a_closing_of_its_own(known: Known) -> None:
    """The closing that the event itself is, is not written a second time."""
    closing = case(kind="case-closing", start="2027-05-04", date_requested=None, date_closed="2027-05-04")
    one = Written(a_source(events=[closing]), known)
    closings = [s for s, p, o in one.said if o == ox.NamedNode(PREFIXES["occasion-kind"] + "case-closing")]
    assert len(closings) == 1


def test_every_fact_of_the_schema_is_shown_in_this_file() -> None:
    """A fact that is added to the schema needs a test here."""
    text = (FACTS.parent / "test_record.py").read_text(encoding="utf-8")
    text += (FACTS.parent / "examples.py").read_text(encoding="utf-8")
    unused = {"event_key", "mechanism_key", "disagreements", "decisions"}
    for form in ("source", "event", "step", "day", "person", "body", "stakeholder", "unnamed", "instrument"):
        described = schema()["$defs"][form]
        facts = described.get("properties") or described["oneOf"][1]["properties"]
        missing = {name for name in facts if f'"{name}"' not in text and f"{name}=" not in text}
        assert missing - unused == set()
