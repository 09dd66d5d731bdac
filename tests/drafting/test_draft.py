"""Facts become files: only what is certain and valid, the same whatever the order, edits by hand kept."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from communique import DialogueGraph
from communique.cli import main
from communique.drafting.draft import DraftError, Drafting
from communique.drafting.facts import read_facts
from communique.errors import UnreadableInputError
from communique.identity.deciding import Outcome
from communique.layout import Layout
from communique.validation.judge import validate

from .examples import FACTS, ROUND, a_source, an_event, state, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result

    from communique.drafting.draft import Proposal

METI = "meti-2026-03-task-force-round-3"
CASE = "dol-2027-05-hilados-del-norte"
RECORD = f"data/readouts/ustr/{ROUND}.ttl"


def draft(folder: Path, *files: Path, **options: Any) -> tuple[Proposal, ...]:
    return DialogueGraph.open(folder).draft(*files, **options)


def accept(folder: Path, *files: Path, **options: Any) -> tuple[Proposal, ...]:
    return draft(folder, *files, accept=True, **options)


def run(folder: Path, *words: object) -> Result:
    """Return what the command gives, once it is shown that it ends with a sentence and no traceback."""
    result = CliRunner().invoke(main, ["--folder", str(folder), "draft", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def variant(path: Path, to: Path, *changes: tuple[str, str]) -> Path:
    """Write a copy of a file with some of its words changed."""
    to.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    for old, new in changes:
        edit(to, old, new)
    return to


def findings(folder: Path, paths: Sequence[str]) -> list[str]:
    layout = Layout.at(folder)
    there = [folder / path for path in paths if path.endswith(".ttl") and (folder / path).is_file()]
    return [str(finding.message) for finding in validate(there, layout=layout)]


def test_a_preview_writes_nothing(folder: Path) -> None:
    before = state(folder)
    (proposal,) = draft(folder, FACTS / f"{ROUND}.yaml")
    assert proposal.certain
    assert state(folder) == before
    assert f"+++ {RECORD}" in proposal.difference
    assert "--- /dev/null" in proposal.difference


def test_what_is_accepted_validates_and_a_second_draft_changes_nothing(folder: Path) -> None:
    files = [FACTS / f"{name}.yaml" for name in (ROUND, METI, CASE)]
    before = set(state(folder))
    proposals = accept(folder, *files)
    assert all(proposal.certain for proposal in proposals)
    after = state(folder)
    assert {name for name in after if name not in before} == {
        *(f"data/facts/{name}.yaml" for name in (ROUND, METI, CASE)),
        *(RECORD, f"data/readouts/meti/{METI}.ttl", f"data/readouts/dol/{CASE}.ttl"),
    }
    assert findings(folder, [name for proposal in proposals for name in proposal.files]) == []
    again = accept(folder, *files)
    assert all(proposal.certain and not proposal.files for proposal in again)
    assert state(folder) == after
    kept = accept(folder, *(folder / "data" / "facts" / f"{name}.yaml" for name in (ROUND, METI, CASE)))
    assert all(proposal.certain and not proposal.files and not proposal.in_place for proposal in kept)
    assert state(folder) == after


def test_the_accepted_facts_are_what_was_given_and_which_occasions_they_are(folder: Path) -> None:
    given = FACTS / f"{METI}.yaml"
    accept(folder, given, FACTS / f"{ROUND}.yaml")
    kept = folder / "data" / "facts"
    assert (kept / f"{ROUND}.yaml").read_bytes() == (FACTS / f"{ROUND}.yaml").read_bytes()
    text = (kept / f"{METI}.yaml").read_text(encoding="utf-8")
    assert text.startswith(given.read_text(encoding="utf-8"))
    assert yaml.safe_load(text)["decisions"] == [
        {
            "kind": "occasion",
            "name": "Third round of the U.S.-Japan Task Force",
            "new": "occasion:us-japan-labor-task-force-round-3",
        }
    ]


def test_facts_that_are_edited_where_they_are_kept_reach_the_record(folder: Path) -> None:
    accept(folder, FACTS / f"{ROUND}.yaml")
    git = ["git", "-C", str(folder), "-c", "user.name=A curator", "-c", "user.email=curator@example.org"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "The record"]):
        subprocess.run([*git, *words], check=True)
    edit(folder / RECORD, "cmq:number 3", "cmq:number 4")
    kept = folder / "data" / "facts" / f"{ROUND}.yaml"
    edit(kept, "mode: virtual", "mode: hybrid")
    (changed,) = accept(folder, kept)
    assert list(changed.files) == [RECORD]
    text = (folder / RECORD).read_text(encoding="utf-8")
    assert "cmq:mode mode:hybrid" in text
    assert "cmq:number 4" in text
    (again,) = draft(folder, kept)
    assert (again.certain, dict(again.files), again.in_place) == (True, {}, False)


def test_a_second_source_of_a_round_is_linked_to_it(folder: Path) -> None:
    accept(folder, FACTS / f"{ROUND}.yaml")
    (proposal,) = draft(folder, FACTS / f"{METI}.yaml")
    (linked,) = [one for one in proposal.resolved if one.decision.kind == "occasion"]
    assert linked.decision.outcome is Outcome.LINK
    assert linked.decision.reason == "the same number, 3; the same day; the same kind"
    assert not any(name.startswith("data/register") for name in proposal.files)


def test_the_order_of_the_files_does_not_matter(graph_files: Path) -> None:
    """Both tell of a round that is new, under labels of their own: one of them names it, always the same."""
    files = [FACTS / f"{name}.yaml" for name in (ROUND, METI)]
    results = []
    for order in (files, files[::-1]):
        sources = [source for path in order for source in read_facts(path)]
        proposals = Drafting(Layout.at(graph_files)).draft_all(sources)
        assert [proposal.source.id for proposal in proposals] == [source.id for source in sources]
        results.append({proposal.source.id: dict(proposal.files) for proposal in proposals})
    assert results[0] == results[1]


def test_a_copy_is_drafted_after_what_it_copies(folder: Path, tmp_path: Path) -> None:
    """The name of the copy comes first in the alphabet; its record points to the original all the same."""
    copy = a_source(
        id="aaa-copy", url="https://example.org/copy", publisher="AFL-CIO",
        source_kind="official-republished", republishes="ustr-2027-05-ministerial",
    )  # fmt: skip
    proposals = accept(folder, written(tmp_path / "1.yaml", copy), written(tmp_path / "2.yaml", a_source()))
    assert [proposal.source.id for proposal in proposals] == ["aaa-copy", "ustr-2027-05-ministerial"]
    text = (folder / "data/readouts/afl-cio/aaa-copy.ttl").read_text(encoding="utf-8")
    assert "cmq:republishes source:ustr-2027-05-ministerial ;" in text
    assert "zone-basis:origin" in text


def test_a_source_may_name_an_occasion_that_only_another_brings_in(folder: Path, tmp_path: Path) -> None:
    part = a_source(
        id="a-first",
        url="https://example.org/first",
        events=[an_event(label="Signing of May 2027", kind="signing")],
        decisions=[
            {
                "kind": "occasion",
                "name": "Signing of May 2027",
                "new": "occasion:us-japan-labor-task-force-2027-05-signing",
                "part_of": "occasion:us-japan-labor-task-force-2027-05",
            }
        ],
    )
    alone = draft(folder, written(tmp_path / "part.yaml", part))[0]
    assert not alone.certain
    assert "There is no occasion:us-japan-labor-task-force-2027-05" in alone.missing[0].message
    both = accept(folder, tmp_path / "part.yaml", written(tmp_path / "whole.yaml", a_source()))
    assert all(proposal.certain for proposal in both)
    register = (folder / "data/register/occasions.ttl").read_text(encoding="utf-8")
    assert "cmq:partOf occasion:us-japan-labor-task-force-2027-05 ." in register


def test_a_list_of_sources_becomes_one_file_of_facts_each(folder: Path, tmp_path: Path) -> None:
    other = a_source(id="other-2027", url="https://example.org/other", publisher="AFL-CIO")
    path = written(tmp_path / "list.yaml", [a_source(), other])
    proposals = accept(folder, path)
    assert [proposal.certain for proposal in proposals] == [True, True]
    kept = [yaml.safe_load((folder / f"data/facts/{one.source.id}.yaml").read_text()) for one in proposals]
    for facts, given in zip(kept, (a_source(), other), strict=True):
        (decision,) = facts.pop("decisions")
        assert decision["kind"] == "occasion"
        assert facts == given
    after = state(folder)
    assert not any(proposal.files for proposal in accept(folder, path))
    assert state(folder) == after


def test_only_what_is_certain_is_accepted(folder: Path, tmp_path: Path) -> None:
    before = state(folder)
    unclear = a_source(
        id="unclear-2027", url="https://example.org/u", events=[an_event(topics=["quantum chess"])]
    )
    result = run(
        folder, written(tmp_path / "u.yaml", unclear), written(tmp_path / "s.yaml", a_source()), "--accept"
    )
    assert result.exit_code == 1
    assert "1 of 2 accepted." in result.output
    assert "topic “quantum chess”" in result.output
    changed = {name for name, told in state(folder).items() if before.get(name) != told}
    assert changed == {
        "data/facts/ustr-2027-05-ministerial.yaml",
        "data/readouts/ustr/ustr-2027-05-ministerial.ttl",
        "data/register/occasions.ttl",
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"start": "2027-05-06", "end": "2027-05-04"}, "the span ends before it starts"),
        ({"about": "mechanism"}, "about a mechanism"),
    ],
)
def test_nothing_enters_that_does_not_validate(
    changes: dict[str, object], words: str, folder: Path, tmp_path: Path
) -> None:
    before = state(folder)
    result = run(folder, written(tmp_path / "f.yaml", a_source(events=[an_event(**changes)])), "--accept")
    assert result.exit_code == 1
    assert "! data/readouts/ustr/ustr-2027-05-ministerial.ttl:" in result.output
    assert words in result.output
    assert state(folder) == before


def test_what_may_stay_is_told_and_enters(folder: Path, tmp_path: Path) -> None:
    event = an_event(outcomes=["<b>To meet again</b>"])
    result = run(folder, written(tmp_path / "f.yaml", a_source(events=[event])), "--accept")
    assert result.exit_code == 0
    assert "~ data/readouts/ustr/ustr-2027-05-ministerial.ttl:" in result.output
    assert "The text holds markup" in result.output


def test_an_edit_by_hand_survives_new_facts(folder: Path, tmp_path: Path) -> None:
    accept(folder, FACTS / f"{ROUND}.yaml")
    record = folder / RECORD
    edit(record, 'cmq:outcome "Agreed to meet', 'cmq:outcome "They agreed to meet')
    edit(record, ":chairs-passage a", "# Compared with the Japanese page.\n:chairs-passage a")
    by_hand = record.read_text(encoding="utf-8")
    changed = variant(
        FACTS / f"{ROUND}.yaml",
        tmp_path / "facts.yaml",
        ("as_printed: businesses and unions", "as_printed: firms and unions"),
        ("  - {name: Department of State, side: United States}\n", ""),
    )
    (proposal,) = accept(folder, changed)
    assert proposal.certain
    wanted = by_hand.replace('"businesses and unions"', '"firms and unions"')
    wanted = wanted.replace("cmq:participant body:us-dol, body:us-state ;", "cmq:participant body:us-dol ;")
    wanted = wanted.replace('"Department of State"@en, "U.S. Dep', '"U.S. Dep')
    assert record.read_text(encoding="utf-8") == wanted
    assert (folder / f"data/facts/{ROUND}.yaml").read_bytes() == changed.read_bytes()
    after = state(folder)
    assert not any(one.files for one in accept(folder, changed))
    assert state(folder) == after


def test_what_both_have_changed_is_a_conflict_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    accept(folder, FACTS / f"{ROUND}.yaml")
    edit(folder / RECORD, '"Agreed to meet again within a year"', '"To meet again"')
    before = state(folder)
    changed = variant(
        FACTS / f"{ROUND}.yaml",
        tmp_path / "facts.yaml",
        ("[Agreed to meet again within a year]", "[Agreed to meet again]"),
        ("businesses and unions", "firms and unions"),
        ("{name: AFL-CIO,", "{name: Brotherhood of Spinners,"),
    )
    result = run(folder, changed, "--accept")
    assert result.exit_code == 1
    assert (
        '  ! conflict: :government-dialogue cmq:outcome: drafted as "Agreed to meet again within a year"@en, '
        'edited by hand to "To meet again"@en, and the facts now say "Agreed to meet again"@en.'
    ) in result.output
    assert state(folder) == before


def test_a_record_written_by_hand_is_never_touched(folder: Path, tmp_path: Path) -> None:
    accept(folder, FACTS / f"{ROUND}.yaml")
    (folder / f"data/facts/{ROUND}.yaml").unlink()  # so that nothing tells that it was drafted
    before = state(folder)
    changed = variant(
        FACTS / f"{ROUND}.yaml",
        tmp_path / "facts.yaml",
        ("businesses and unions", "firms and unions"),
        ("{name: AFL-CIO,", "{name: Brotherhood of Spinners,"),
        ("[forced labor in supply chains]", "[quantum chess]"),
    )
    result = run(folder, changed, "--accept")
    assert result.exit_code == 0
    assert "The record was written by hand and stays as it is" in result.output
    after = state(folder)
    assert {name for name in after if after[name] != before.get(name)} == {f"data/facts/{ROUND}.yaml"}
    assert run(folder, changed, "--accept").exit_code == 0
    assert state(folder) == after


def test_facts_that_are_changed_where_they_are_kept_are_told_not_to_count(folder: Path) -> None:
    accept(folder, FACTS / f"{ROUND}.yaml")
    kept = folder / f"data/facts/{ROUND}.yaml"
    edit(kept, "businesses and unions", "firms and unions")
    before = state(folder)
    result = run(folder, kept, "--accept")
    assert "change a copy and draft that" in result.output
    assert state(folder) == before


def test_a_record_that_was_lost_is_drafted_anew(folder: Path) -> None:
    accept(folder, FACTS / f"{ROUND}.yaml")
    text = (folder / RECORD).read_bytes()
    (folder / RECORD).unlink()
    accept(folder, FACTS / f"{ROUND}.yaml")
    assert (folder / RECORD).read_bytes() == text


def test_one_id_twice_is_refused(folder: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "s.yaml", a_source())
    with pytest.raises(DraftError, match="is also that of"):
        draft(folder, path, path)
    result = run(folder, written(tmp_path / "l.yaml", [a_source(), a_source()]))
    assert result.exit_code == 3
    assert "l.yaml:21:7: the id ustr-2027-05-ministerial is also that of" in result.output


def test_an_id_of_another_page_is_refused(folder: Path, tmp_path: Path) -> None:
    accept(folder, written(tmp_path / "s.yaml", a_source()))
    before = state(folder)
    moved = written(tmp_path / "moved.yaml", a_source(url="https://ustr.gov/elsewhere"))
    result = run(folder, moved, "--accept")
    assert result.exit_code == 1
    assert "moved.yaml:2:6: The record of ustr-2027-05-ministerial is of another page" in result.output
    assert state(folder) == before


def test_two_events_of_one_label_are_asked_to_be_told_apart(drafting: Drafting, tmp_path: Path) -> None:
    events = [an_event(), an_event(start="2027-06-06")]
    (source,) = read_facts(written(tmp_path / "s.yaml", a_source(events=events)))
    assert [fact.message for fact in drafting.draft(source).missing] == [
        "Give each event a label of its own: another one has the same."
    ]


def test_a_release_and_an_endpoint_are_not_drafted_into(folder: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "s.yaml", a_source())
    release = DialogueGraph.open(folder).build(tmp_path / "releases")
    before = state(release)
    assert run(tmp_path / "releases", facts, "--accept").exit_code == 3
    assert "a release, which never changes" in run(tmp_path / "releases", facts, "--accept").output
    assert state(release) == before
    result = CliRunner().invoke(main, ["--endpoint", "http://localhost:1/sparql", "draft", str(facts)])
    assert result.exit_code == 3
    assert "no files to draft into" in result.output


def test_accepted_facts_that_cannot_be_read_are_told_with_their_line(folder: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "s.yaml", a_source())
    accept(folder, facts)
    kept = folder / "data/facts/ustr-2027-05-ministerial.yaml"
    kept.write_text("id: [", encoding="utf-8")
    with pytest.raises(UnreadableInputError, match=r"ustr-2027-05-ministerial\.yaml:1:6: This is not YAML"):
        draft(folder, facts)
    kept.write_bytes(b"id: \xff")
    assert run(folder, facts).exit_code == 2
    written(kept, [a_source(), a_source(id="other")])
    assert "must hold the facts of one source" in run(folder, facts).output


def test_a_register_that_is_no_turtle_is_told_with_its_line(folder: Path) -> None:
    (folder / "data/register/people.ttl").write_text("person:x a", encoding="utf-8")
    result = run(folder, FACTS / f"{ROUND}.yaml")
    assert result.exit_code == 2
    assert "people.ttl:1:" in result.output


def test_the_day_of_reading_may_be_given_beside_the_facts(folder: Path, tmp_path: Path) -> None:
    facts = a_source()
    del facts["read"]
    path = written(tmp_path / "s.yaml", facts)
    assert run(folder, path, "--accept").exit_code == 1
    assert run(folder, path, "--accept", "--read-on", "2027-05-09").exit_code == 0
    record = folder / "data/readouts/ustr/ustr-2027-05-ministerial.ttl"
    assert 'cmq:readOn "2027-05-09"^^xsd:date' in record.read_text(encoding="utf-8")
    after = state(folder)
    assert run(folder, path, "--accept").exit_code == 0
    assert run(folder, path, "--accept", "--read-on", "2027-06-09").exit_code == 0
    assert state(folder) == after
    wrong = run(folder, path, "--read-on", "9 May")
    assert (wrong.exit_code, "2026-01-31" in wrong.output) == (3, True)


def test_the_answer_as_json_is_complete_and_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    unclear = a_source(id="unclear-2027", events=[an_event(topics=["quantum chess"], kind="ministerail")])
    path = written(tmp_path / "u.yaml", unclear)
    words = (path, FACTS / f"{ROUND}.yaml", "--format", "json")
    result = run(folder, *words)
    assert result.exit_code == 1
    assert run(folder, *words).stdout == result.stdout
    first, second = json.loads(result.stdout)
    assert list(first) == list(second)
    assert set(first) == {
        *("source", "certain", "decisions", "missing", "conflicts", "findings", "unused", "kept", "in_place"),
        "files",
    }
    assert (first["source"], first["certain"], second["certain"]) == ("unclear-2027", False, True)
    (asked,) = [one for one in first["decisions"] if one["outcome"] == "ask"]
    assert (asked["kind"], asked["name"], asked["entity"]) == ("topic", "quantum chess", None)
    assert asked["location"].startswith(f"{path}:")
    assert [fact["field"] for fact in first["missing"]] == ["kind"]
    linked = next(one for one in second["decisions"] if one["name"] == "Katy Mastman")
    assert linked["entity"] == "https://w3id.org/communique/person/katy-mastman"
    assert set(linked) == {"kind", "name", "outcome", "entity", "reason", "location", "candidates"}
    assert second["files"] == sorted(["data/register/occasions.ttl", RECORD, f"data/facts/{ROUND}.yaml"])


def test_exit_codes_are_the_documented_ones(folder: Path, tmp_path: Path) -> None:
    sure = written(tmp_path / "s.yaml", a_source())
    unclear = written(tmp_path / "u.yaml", a_source(events=[an_event(topics=["quantum chess"])]))
    broken = tmp_path / "b.yaml"
    broken.write_text("[", encoding="utf-8")
    assert [run(folder, *words).exit_code for words in ((sure,), (unclear,), (broken,), ())] == [0, 1, 2, 3]
    assert run(folder, sure, "--interactive").exit_code == 3
    assert "needs a terminal" in run(folder, sure, "--interactive").output
