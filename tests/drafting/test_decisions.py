"""What a curator decides: given beside the facts or in them, kept with them, and learned by the registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from communique import DialogueGraph
from communique.cli import main
from communique.drafting.decisions import merged, with_decisions
from communique.drafting.draft import DraftError
from communique.drafting.facts import read_facts, sources_of
from communique.identity.deciding import Outcome

from .examples import a_source, an_event, state, written

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from communique.drafting.draft import Drafting, Proposal

BLOCK = """\
# head
id: some-source
url: https://example.org/page
publisher: USTR
language: en
source_kind: official
events:
- label: A meeting
  mechanism: IPEF
  parties: [Japan]
"""
ONE: dict[str, Any] = {"kind": "person", "name": "Lee", "is": "person:thea-lee"}
LEE = "decisions:\n- kind: person\n  name: Lee\n  is: person:thea-lee\n"
TWO: dict[str, Any] = {"kind": "topic", "name": "talks", "left_out": "no topic: of the meeting"}


def asked(proposal: Proposal, name: str) -> Any:
    return next(one for one in proposal.resolved if one.decision.name == name)


def run(folder: Path, *words: object) -> Result:
    result = CliRunner().invoke(main, ["--folder", str(folder), "draft", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def drafted(drafting: Drafting, tmp_path: Path, *decisions: dict[str, Any], **event: object) -> Proposal:
    (source,) = read_facts(written(tmp_path / "s.yaml", a_source(events=[an_event(**event)])))
    return drafting.draft(source, decisions)


# How decisions come together.


def test_what_is_given_beside_the_file_counts_before_it_and_it_before_what_was_accepted() -> None:
    other, third = {**ONE, "is": "person:chang-hee-lee"}, {**ONE, "is": "person:a-b"}
    assert merged([ONE], [other], []) == [ONE]
    assert merged([], [ONE, TWO], [third]) == [third, TWO]
    assert merged([TWO, ONE], [other], [third]) == [TWO, third]
    assert merged([ONE], [], [third, other]) == [other]
    assert merged([], [], []) == []


def test_a_name_on_another_side_or_of_another_sort_is_another_name() -> None:
    sided = {**ONE, "side": "Japan"}
    body = {"kind": "body", "name": "ILO", "is": "body:x"}
    assert merged([ONE], [sided], []) == [ONE, sided]
    assert merged([body], [], [{**body, "kind": "organization", "is": "organization:ilo"}]) == [
        {**body, "kind": "organization", "is": "organization:ilo"}
    ]
    assert merged([ONE], [], [{**ONE, "name": "LEE"}]) == [{**ONE, "name": "LEE"}]


# How they are kept.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", LEE),
        ("decisions: []\n", LEE),
        ("decisions: []  # none yet\n# end\n", LEE + "# end\n"),
        ("...\n", LEE + "...\n"),
    ],
)  # fmt: skip
def test_a_first_decision_stands_at_the_end(before: str, after: str) -> None:
    (source,) = sources_of(BLOCK + before, "f.yaml")
    assert with_decisions(source, [ONE]) == BLOCK + after


def test_one_more_decision_leaves_all_else_as_it_stands() -> None:
    text = BLOCK.replace(
        "events:",
        "decisions:\n  # by hand\n  - {kind: person, name: Lee, is: 'person:thea-lee'}\n\n"
        "# what was held\nevents:",
    )
    (source,) = sources_of(text, "f.yaml")
    assert with_decisions(source, [ONE]) == text
    assert with_decisions(source, [ONE, TWO]) == text.replace(
        "thea-lee'}\n",
        "thea-lee'}\n  - kind: topic\n    name: talks\n    left_out: 'no topic: of the meeting'\n",
    )
    changed = with_decisions(source, [{**ONE, "is": "person:other-lee"}])
    assert "# what was held\nevents:" in changed
    assert "thea" not in changed
    without = with_decisions(source, [])
    assert "decisions" not in without
    assert "# what was held\nevents:" in without


@pytest.mark.parametrize("text", [BLOCK.rstrip("\n"), BLOCK.replace("\n", "\r\n")])
def test_line_ends_stay_as_they_are(text: str) -> None:
    (source,) = sources_of(text, "f.yaml")
    kept = with_decisions(source, [ONE])
    assert kept.startswith(text)
    assert kept.count("\r\n") == (kept.count("\n") if "\r" in text else 0)


def test_facts_on_one_line_are_written_anew() -> None:
    facts = yaml.safe_load(BLOCK)
    (source,) = sources_of(yaml.safe_dump(facts, default_flow_style=True, width=9999), "f.json")
    assert yaml.safe_load(with_decisions(source, [ONE])) == {**facts, "decisions": [ONE]}


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
decisions = st.builds(lambda name, why: {"kind": "topic", "name": name, "left_out": why}, words, words)


@settings(max_examples=60, deadline=None)
@given(st.lists(decisions, max_size=3), st.lists(decisions, max_size=3), st.booleans(), st.booleans())
def test_whatever_is_decided_is_read_again(
    before: list[Any], more: list[Any], flow: bool, prefix: bool
) -> None:
    facts = {**yaml.safe_load(BLOCK), **({"decisions": before} if before else {})}
    text = yaml.safe_dump(facts, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    (source,) = sources_of(text, "f.yaml")
    told = [*before, *more] if prefix else more
    (again,) = sources_of(with_decisions(source, told), "f.yaml")
    assert list(again.facts.get("decisions") or ()) == told
    assert {**again.facts, "decisions": 0} == {**source.facts, "decisions": 0}
    assert with_decisions(again, told) == with_decisions(source, told)


# What they do.


def test_a_link_is_kept_and_its_spelling_learned(folder: Path, tmp_path: Path) -> None:
    union = {"name": "American Labor Federation", "side": "United States"}
    first = written(tmp_path / "1.yaml", a_source(events=[an_event(stakeholders=[union])]))
    result = run(folder, first, "--accept", "--is", "American Labor Federation=organization:afl-cio")
    assert result.exit_code == 0, result.output
    kept = yaml.safe_load((folder / "data/facts/ustr-2027-05-ministerial.yaml").read_text(encoding="utf-8"))
    told = {"kind": "organization", "name": "American Labor Federation", "is": "organization:afl-cio"}
    assert told in kept["decisions"]
    register = (folder / "data/register/organizations.ttl").read_text(encoding="utf-8")
    assert '"American Labor Federation"@en' in register
    after = state(folder)
    assert run(folder, first, "--accept").exit_code == 0, "without being told again"
    assert state(folder) == after
    second = a_source(
        id="next-2027",
        url="https://example.org/2",
        events=[an_event(label="Next", start="2027-11-04", stakeholders=[union])],
    )
    (proposal,) = DialogueGraph.open(folder).draft(written(tmp_path / "2.yaml", second))
    assert asked(proposal, "American Labor Federation").iri.endswith("organization/afl-cio")
    assert not asked(proposal, "American Labor Federation").decision.by_curator


@pytest.mark.parametrize(
    ("event", "decision", "register"),
    [
        ({"parties": ["Nihon", "United States"]}, "Nihon=government:japan", "governments"),
        ({"chairs": [{"person": "Katy Mastman", "title": "Head of the labor shop", "side": "United States",
                      "body": "USTR"}]}, "Head of the labor shop=post:us-austr-labor", "posts"),
    ],
)  # fmt: skip
def test_a_government_and_a_post_are_learned_where_they_had_to_be_decided(
    event: dict[str, object], decision: str, register: str, folder: Path, tmp_path: Path
) -> None:
    facts = written(tmp_path / "1.yaml", a_source(events=[an_event(**event)]))
    assert run(folder, facts, "--accept", "--is", decision).exit_code == 0
    text = (folder / f"data/register/{register}.ttl").read_text(encoding="utf-8")
    assert f'"{decision.partition("=")[0]}"@en' in text


def test_what_is_left_out_is_left_out_again(folder: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "1.yaml", a_source(events=[an_event(topics=["quantum chess"])]))
    assert run(folder, facts).exit_code == 1
    assert run(folder, facts, "--accept", "--leave-out", "topic:quantum chess=a joke").exit_code == 0
    record = (folder / "data/readouts/ustr/ustr-2027-05-ministerial.ttl").read_text(encoding="utf-8")
    assert "cmq:topic" not in record
    after = state(folder)
    assert run(folder, facts, "--accept").exit_code == 0
    assert state(folder) == after


def test_an_event_that_is_left_out_is_not_recorded(drafting: Drafting, tmp_path: Path) -> None:
    told = {"kind": "occasion", "name": "Ministerial of the Task Force, May 2027", "left_out": "a rumor"}
    proposal = drafted(drafting, tmp_path, told, topics=["quantum chess"])
    assert proposal.certain
    assert "a cmq:Readout" not in "".join(proposal.files.values())


def test_a_near_twin_is_refused_unless_it_is_told_apart(folder: Path, tmp_path: Path) -> None:
    chair = {"person": "Katie Mastman", "side": "Japan", "role": "guest"}
    facts = written(tmp_path / "1.yaml", a_source(events=[an_event(chairs=[chair])]))
    new = ("--create", "Katie Mastman=person:katie-mastman")
    refused = run(folder, facts, "--accept", *new)
    assert refused.exit_code == 1
    assert "would be a near twin; if it is another, say --distinct-from person:katy-mastman" in refused.output
    before = (folder / "data/register/people.ttl").read_text(encoding="utf-8")
    accepted = run(folder, facts, "--accept", *new, "--distinct-from", "person:katy-mastman")
    assert accepted.exit_code == 0, accepted.output
    added = set((folder / "data/register/people.ttl").read_text(encoding="utf-8").splitlines())
    assert added - set(before.splitlines()) == {
        "person:katie-mastman a foaf:Person ;",
        '    rdfs:label "Katie Mastman"@en ;',
        "    owl:differentFrom person:katy-mastman .",
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
    } - set(before.splitlines())


def test_of_one_name_on_two_sides_each_has_its_decision(drafting: Drafting, tmp_path: Path) -> None:
    bodies = [{"name": "Spinning Office", "side": side} for side in ("United States", "Japan")]
    told = {"kind": "body", "name": "Spinning Office", "is": "body:us-dol", "side": "United States"}
    proposal = drafted(drafting, tmp_path, told, bodies=bodies)
    found = {one.side: one.decision for one in proposal.resolved if one.decision.name == "Spinning Office"}
    assert found["United States"].entity is not None
    assert found["United States"].entity.slug == "body:us-dol"
    assert found["Japan"].outcome is not Outcome.LINK


# What is told of wrong ones.


def test_an_entity_that_is_not_there_is_answered_with_the_nearest(folder: Path, tmp_path: Path) -> None:
    chair = {"person": "Mastmann K.", "side": "United States", "role": "guest"}
    facts = written(tmp_path / "1.yaml", a_source(events=[an_event(chairs=[chair])]))
    result = run(folder, facts, "--is", "Mastmann K.=person:katie-mastman")
    assert result.exit_code == 1
    assert "There is no person:katie-mastman. Did you mean person:katy-mastman?" in result.output


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"new": "person:katy-mastman"}, "person:katy-mastman is there already, “Katy Mastman”"),
        ({"new": "body:jane-doe"}, "begins so: person:…, not body:…"),
        ({"new": "person:jane-doe", "distinct_from": ["person:nobody"]}, "There is no person:nobody."),
    ],
)  # fmt: skip
def test_a_wrong_short_name_is_told(
    told: dict[str, Any], words: str, drafting: Drafting, tmp_path: Path
) -> None:
    decision = {"kind": "person", "name": "Jane Doe-Roe", **told}
    chair = {"person": "Jane Doe-Roe", "side": "Japan", "role": "guest"}
    proposal = drafted(drafting, tmp_path, decision, chairs=[chair])
    assert not proposal.certain
    assert words in proposal.missing[0].message


def test_a_decision_in_the_file_that_nothing_asks_for_is_told_at_its_line(
    folder: Path, tmp_path: Path
) -> None:
    facts = written(tmp_path / "1.yaml", a_source(decisions=[ONE]))
    result = run(folder, facts)
    assert result.exit_code == 0
    line = facts.read_text(encoding="utf-8").splitlines().index("decisions:") + 2
    assert f"1.yaml:{line}:3: no name asks for the decision on the person “Lee”; remove it." in result.output


def test_a_decision_beside_the_files_that_nothing_asks_for_is_refused(folder: Path, tmp_path: Path) -> None:
    chair = {"person": "Katy Mastman", "side": "United States", "role": "guest"}
    facts = written(tmp_path / "1.yaml", a_source(events=[an_event(chairs=[chair])]))
    before = state(folder)
    result = run(folder, facts, "--accept", "--is", "Katy Mastmann=person:katy-mastman")
    assert result.exit_code == 3
    assert "on the person “Katy Mastmann”. Did you mean Katy Mastman?" in result.output
    assert state(folder) == before


def test_a_decision_for_one_of_several_files_is_no_stray(folder: Path, tmp_path: Path) -> None:
    one = written(tmp_path / "1.yaml", a_source(events=[an_event(topics=["quantum chess"])]))
    two = written(tmp_path / "2.yaml", a_source(id="two", url="https://example.org/2", publisher="AFL-CIO"))
    result = run(folder, one, two, "--leave-out", "topic:quantum chess=a joke")
    assert result.exit_code == 0
    assert "no name asks" not in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("--is", "Lee"),
        ("--is", "Lee=thea-lee"),
        ("--is", "=person:thea-lee"),
        ("--is", "Lee=person:Thea Lee"),
        ("--create", "Lee=man:lee"),
        ("--leave-out", "Lee=no"),
        ("--leave-out", "person:Lee="),
        ("--distinct-from", "person:thea-lee"),
        ("--create", "Lee=person:lee-2", "--distinct-from", "body:us-dol"),
    ],
)
def test_a_decision_in_a_wrong_form_is_wrong_use(
    words: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    result = run(folder, written(tmp_path / "1.yaml", a_source()), *words)
    assert result.exit_code == 3
    assert result.output.strip()


def test_decisions_of_a_caller_are_judged_like_those_of_a_file(folder: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "1.yaml", a_source())
    with pytest.raises(DraftError, match="The decision on “Lee”"):
        DialogueGraph.open(folder).draft(facts, decisions=[{"kind": "person", "name": "Lee"}])
