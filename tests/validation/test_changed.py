"""What a commit could have affected is judged: the changed files, and whoever else reads what has changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from communique import DialogueGraph
from communique.errors import ChangesError, CommuniqueError
from communique.layout import FOLDERS, Layout
from communique.namespaces import BASE
from communique.validation.changes import affected_since
from communique.validation.findings import Severity
from communique.validation.judge import validate

if TYPE_CHECKING:
    from pathlib import Path

    from communique.validation.report import Report

if shutil.which("git") is None:
    pytest.skip("git is not installed, which tells what has changed", allow_module_level=True)

PEOPLE, OCCASIONS = "data/register/people.ttl", "data/register/occasions.ttl"
ROUND = "data/readouts/ustr/ustr-2024-02-task-force-round-1.ttl"


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a graph's folder within a repository, all of it committed: the records of one mechanism."""
    folder = tmp_path / "repository" / "graph"
    for name in FOLDERS:
        shutil.copytree(Layout.shipped().root / name, folder / name)
    for record in (folder / "data" / "readouts").rglob("*.ttl"):
        if "task-force" not in record.name:
            record.unlink()
    git(folder.parent, "init", "-q", "-b", "main")
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "-q", "-m", "All")
    return folder


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def names(report: Report, root: Path) -> set[str]:
    return {path.removeprefix(f"{root}/") for path in report.files}


def changed(root: Path, revision: str = "HEAD") -> Report:
    return DialogueGraph.open(root).validate(changed=revision)


def test_where_nothing_has_changed_nothing_is_judged(root: Path) -> None:
    assert changed(root).files == ()
    (root / "data" / "notes.txt").write_text("not a file of data", encoding="utf-8")
    replace(root / "shapes" / "ontology.ttl", "# The header", "# The head")
    assert changed(root).files == ()


def test_a_new_file_is_judged_and_a_changed_one(root: Path) -> None:
    head = (
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
        "@prefix person: <https://w3id.org/communique/person/> .\n"
    )
    (root / "data/register/more-people.ttl").write_text(f"{head}person:tai-twin a foaf:Person .\n", "utf-8")
    report = changed(root)
    assert names(report, root) == {"data/register/more-people.ttl"}
    assert [finding.rule for finding in report] == ["Entity-label"]
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-q", "-m", "More")
    assert changed(root).files == ()
    assert names(changed(root, "HEAD~1"), root) == {"data/register/more-people.ttl"}


def test_a_name_taken_from_the_register_is_missed_where_it_is_used(root: Path) -> None:
    replace(root / PEOPLE, 'skos:altLabel "Mastman"@en', 'skos:altLabel "Mastmann"@en')
    report = changed(root)
    assert {finding.rule for finding in report} == {"Mention-known-name"}
    assert f"{root / ROUND}" in {finding.location.path for finding in report}
    whole = validate([root / "data"], layout=Layout.at(root))
    assert set(report) == set(whole)
    assert names(report, root) < names(whole, root)
    elsewhere = affected_since(Layout.at(root), "HEAD").elsewhere
    judged = {str(node).removeprefix(f"{BASE}source/") for node in elsewhere[root / ROUND]}
    assert "ustr-2024-02-task-force-round-1#stakeholders-chair-us" in judged
    assert "ustr-2024-02-task-force-round-1#day-a" not in judged


def test_an_ordinal_given_twice_is_found_at_both(root: Path) -> None:
    path = root / "data/register/more-occasions.ttl"
    path.write_text(
        "@prefix cmq: <https://w3id.org/communique/ontology#> .\n"
        "@prefix mechanism: <https://w3id.org/communique/mechanism/> .\n"
        "@prefix occasion: <https://w3id.org/communique/occasion/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'occasion:again a cmq:Round ;\n    rdfs:label "Again"@en ;\n'
        "    cmq:under mechanism:us-japan-labor-task-force ;\n    cmq:ordinal 2 .\n",
        encoding="utf-8",
    )
    places = {(finding.rule, finding.location.path) for finding in changed(root)}
    assert places == {("Round-ordinal-unique", str(path)), ("Round-ordinal-unique", str(root / OCCASIONS))}
    assert {finding.location.path for finding in validate([path], layout=Layout.at(root))} == {str(path)}


def test_a_file_that_is_taken_away_is_missed_by_those_who_point_to_it(root: Path) -> None:
    (root / PEOPLE).unlink()
    report = changed(root)
    assert PEOPLE not in names(report, root)
    assert "Participation-participant" in {finding.rule for finding in report}
    assert set(report) == set(validate([root / "data"], layout=Layout.at(root)))


def test_a_class_that_loses_its_place_affects_its_members(root: Path) -> None:
    ontology = root / "ontology/communique.ttl"
    replace(
        ontology, "foaf:Person a owl:Class ;\n    rdfs:subClassOf cmq:Actor ;", "foaf:Person a owl:Class ;"
    )
    report = changed(root)
    assert "Participation-participant" in {finding.rule for finding in report}
    assert set(report) == set(validate([root / "data"], layout=Layout.at(root)))


def test_all_is_judged_by_changed_shapes_and_checks(root: Path) -> None:
    layout = Layout.at(root)
    replace(root / "shapes/days.ttl", "Remove the property", "Take the property away")
    affected = affected_since(layout, "HEAD")
    assert affected.everything == "shapes/days.ttl has changed, by which all are judged"
    assert set(affected.files) == {*layout.concept_files, *layout.data_files}
    git(root.parent, "checkout", "-q", ".")
    (root / "queries/checks/data").mkdir(parents=True, exist_ok=True)
    check = root / "queries/checks/data/many.rq"
    check.write_text('SELECT ?focus ("No." AS ?message) WHERE { ?focus a <urn:none> }', encoding="utf-8")
    assert (
        affected_since(layout, "HEAD").everything
        == "queries/checks/data/many.rq has changed, by which all are judged"
    )
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-q", "-m", "A check")
    assert affected_since(layout, "HEAD").files == ()
    check.write_text('SELECT ?focus ("No." AS ?message) WHERE { ?focus a ?x } LIMIT 1', encoding="utf-8")
    git(root.parent, "commit", "-q", "-a", "-m", "A check that cannot be followed")
    replace(root / PEOPLE, 'skos:altLabel "Mastman"@en', 'skos:altLabel "Mastman"@en, "M."@en')
    assert affected_since(layout, "HEAD").everything == "limitoffset is not followed"


def test_a_syntax_error_is_told_where_it_is(root: Path) -> None:
    line = (root / ROUND).read_text("utf-8").split("cmq:mode mode:virtual ;")[0].count("\n") + 1
    replace(root / ROUND, "cmq:mode mode:virtual ;", "cmq:mode mode:virtual ; ;; .. ;")
    report = changed(root)
    assert report.unreadable == (str(root / ROUND),)
    places = {finding.location.line for finding in report if finding.location.path == str(root / ROUND)}
    assert places == {line}


def test_what_git_does_not_know_is_an_error_in_words(root: Path) -> None:
    with pytest.raises(ChangesError, match=r"git does not tell what has changed: .*nonsense"):
        changed(root, "nonsense")
    with pytest.raises(ChangesError, match="is not a revision"):
        changed(root, "--output=/tmp/x")
    shutil.rmtree(root.parent / ".git")
    with pytest.raises(ChangesError, match="git does not tell"):
        changed(root)
    with pytest.raises(CommuniqueError, match="name no paths"):
        DialogueGraph.open(root).validate(root / PEOPLE, changed="HEAD")


def test_the_command_line_judges_since_head_or_since_a_revision(root: Path) -> None:
    replace(root / OCCASIONS, "cmq:ordinal 2 .", "cmq:ordinal 1 .")
    command = [
        sys.executable,
        "-m",
        "communique",
        "--folder",
        str(root),
        "validate",
        "--format",
        "json",
        "--changed",
    ]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert {found["rule"] for found in json.loads(done.stdout)["findings"]} == {"Round-ordinal-unique"}
    done = subprocess.run([*command, "none"], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("Error: git does not tell what has changed")


def test_findings_below_the_threshold_do_not_fail(root: Path) -> None:
    assert DialogueGraph.open(root).validate(changed="HEAD", severity=Severity.INFO).conforms
