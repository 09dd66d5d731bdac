"""Versions are read from real repositories of git as they were, and compared by what they say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from communique import DialogueGraph
from communique.errors import ChangesError, UnreadableInputError
from communique.history.changes import Changes, Group, Kind
from communique.history.versions import version_of_texts
from communique.layout import Layout

from .repositories import commit, git, needs_git

pytestmark = needs_git

HEAD = (
    "@prefix cmq: <https://w3id.org/communique/ontology#> .\n"
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
    "@prefix person: <https://w3id.org/communique/person/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
)
PEOPLE = HEAD + 'person:a a foaf:Person ; rdfs:label "A"@en .\nperson:b a foaf:Person ; rdfs:label "B"@en .\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a graph's folder within a repository, with two people in it, all committed."""
    folder = tmp_path / "a repository" / "graph"
    (folder / "ontology" / "concepts").mkdir(parents=True)
    shutil.copy(Layout.shipped().ontology_files[0], folder / "ontology" / "communique.ttl")
    for name in ("data/register", "shapes", "queries"):
        (folder / name).mkdir(parents=True)
    write(folder, "data/register/people.ttl", PEOPLE)
    git(folder.parent, "init", "-q", "-b", "main")
    git(folder.parent, "config", "core.autocrlf", "false")
    commit(folder.parent)
    return folder


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def changes(root: Path, revisions: str = "HEAD..") -> Changes:
    return DialogueGraph.open(root).changes(revisions)


def told(found: Changes) -> list[tuple[str, str, str]]:
    return [(change.kind.value, change.subject, change.file) for change in found]


def test_nothing_is_told_where_nothing_has_changed(root: Path) -> None:
    assert list(changes(root)) == []
    assert changes(root).summary == "Nothing has changed from HEAD to the working tree."


def test_form_order_and_place_are_no_change(root: Path) -> None:
    head, _, rest = PEOPLE.partition("person:a a")
    first, second = f"person:a a{rest}".splitlines()
    (root / "data/register/people.ttl").unlink()
    write(root, "data/other/second.ttl", f"# b, by itself\n{head}{second}\n\n\n".replace("\n", "\r\n"))
    write(
        root, "data/first.ttl", f"{head}{first.replace('person:a', '<https://w3id.org/communique/person/a>')}"
    )
    assert list(changes(root)) == []
    commit(root.parent)
    assert list(changes(root, "HEAD~1..HEAD")) == []


def test_ends_of_lines_are_no_change_within_a_text_either(root: Path) -> None:
    note = 'person:a skos:editorialNote """One line,\nand another."""@en .\n'
    write(root, "data/register/people.ttl", PEOPLE + note)
    commit(root.parent)
    write(root, "data/register/people.ttl", (PEOPLE + note).replace("\n", "\r\n"))
    assert list(changes(root)) == []
    write(root, "data/register/people.ttl", (PEOPLE + note.replace("One", "A")).replace("\n", "\r\n"))
    [change] = changes(root)
    assert change.sentence == (
        "editorial note corrected from One line,\\u{000A}and another. to A line,\\u{000A}and another."
    )


def test_work_not_committed_and_two_commits_are_compared_alike(root: Path) -> None:
    write(root, "data/register/more people.ttl", f'{HEAD}person:c a foaf:Person ; rdfs:label "C"@en .\n')
    expected = [("added", "C", "data/register/more people.ttl")]
    assert told(changes(root, "HEAD..")) == expected
    assert told(changes(root, "HEAD")) == expected
    assert told(changes(root, "..")) == expected
    old, new = git(root, "rev-parse", "HEAD"), commit(root.parent)
    git(root.parent, "tag", "v2")
    git(root.parent, "branch", "topic/old", old)
    for revisions in (f"{old}..{new}", "HEAD~1..HEAD", "topic/old..v2", "HEAD~1..", "HEAD^"):
        assert told(changes(root, revisions)) == expected
    assert (changes(root, "HEAD^..v2").before, changes(root, "HEAD^..v2").after) == ("HEAD^", "v2")
    git(root.parent, "checkout", "-q", "topic/old")
    assert told(changes(root, "..v2")) == expected
    assert told(changes(root, "v2..")) == [("removed", "C", "data/register/more people.ttl")]


def test_a_file_that_is_gone_has_what_it_said_taken_away(root: Path) -> None:
    (root / "data/register/people.ttl").unlink()
    expected = [(Kind.REMOVED, Group.PEOPLE, "A"), (Kind.REMOVED, Group.PEOPLE, "B")]
    assert [(change.kind, change.group, change.subject) for change in changes(root)] == expected


def test_before_there_were_data_all_is_new(root: Path) -> None:
    git(root.parent, "checkout", "-q", "--orphan", "start")
    git(root.parent, "rm", "-rq", "--cached", ".")
    (root.parent / "README").write_text("Nothing yet.")
    git(root.parent, "add", "README")
    git(root.parent, "commit", "-q", "-m", "Start")
    assert [change.kind for change in changes(root, "start..main")] == [Kind.ADDED] * 2
    assert [change.kind for change in changes(root, "start..")] == [Kind.ADDED] * 2
    assert [change.kind for change in changes(root, "main..start")] == [Kind.REMOVED] * 2


def test_files_of_any_name_are_read(root: Path) -> None:
    names = ["two  spaces.ttl", "-q.ttl", 'quote".ttl', "ü 日本.ttl", "a\nb.ttl", os.fsdecode(b"\xff.ttl")]
    for n, name in enumerate(names):
        write(root, f"data/{name}", f'{HEAD}person:n{n} a foaf:Person ; rdfs:label "N{n}"@en .\n')
    expected = [change.file for change in changes(root)]
    assert expected == [
        "data/two  spaces.ttl",
        "data/-q.ttl",
        'data/quote".ttl',
        "data/ü 日本.ttl",
        "data/a\\u{000A}b.ttl",
        "data/\\xff.ttl",
    ]
    commit(root.parent)
    assert list(changes(root)) == []
    assert [change.file for change in changes(root, "HEAD~1..HEAD")] == expected


def test_only_turtle_of_the_data_and_of_the_lists_is_compared(root: Path) -> None:
    write(root, "data/notes.txt", "person:a is nobody")
    write(root, "shapes/people.ttl", PEOPLE.replace('"A"', '"Shape"'))
    write(root.parent, "data/beside.ttl", "no Turtle")
    commit(root.parent)
    assert list(changes(root, "HEAD~1..")) == []
    write(root, "ontology/concepts/topic.ttl", f'{HEAD}person:t rdfs:label "T"@en .\n')
    assert [change.subject for change in changes(root)] == ["T"]


def test_an_old_version_that_cannot_be_read_is_told_with_its_place(root: Path) -> None:
    write(root, "data/register/people.ttl", PEOPLE + "person:c a foaf:Person ;; .. ;\n")
    commit(root.parent)
    git(root.parent, "tag", "broken")
    write(root, "data/register/people.ttl", PEOPLE)
    commit(root.parent)
    line = PEOPLE.count("\n") + 1
    for revisions in ("broken..", "HEAD..broken"):
        with pytest.raises(UnreadableInputError) as caught:
            changes(root, revisions)
        assert caught.value.location.path == "broken:data/register/people.ttl"
        assert caught.value.location.line == line
    done = run(root, "broken..")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: broken:data/register/people.ttl:{line}:")
    write(root, "data/register/people.ttl", "\0")
    with pytest.raises(UnreadableInputError) as caught:
        changes(root)
    assert caught.value.location.path == str(root / "data/register/people.ttl")


def test_what_is_wrong_is_told_with_what_to_do(root: Path) -> None:
    with pytest.raises(ChangesError, match=r"no commit `v9` here\. Name a commit, a tag or a branch"):
        changes(root, "v9..")
    with pytest.raises(ChangesError, match="no commit `v9` here"):
        changes(root, "HEAD..v9")
    with pytest.raises(ChangesError, match="no commit `--output=x` here"):
        changes(root, "--output=x")
    with pytest.raises(ChangesError, match=r"Write two dots, not three: HEAD\.\.main"):
        changes(root, "HEAD...main")
    blob = git(root, "rev-parse", "HEAD:graph/data/register/people.ttl")
    with pytest.raises(ChangesError, match=f"no commit `{blob}` here"):
        changes(root, blob)
    done = run(root, "v9..")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("Error: git knows no commit `v9` here.")
    (root.parent / ".gitignore").write_text("graph/\n")
    git(root.parent, "rm", "-rq", "--cached", "graph")
    with pytest.raises(ChangesError, match=r"keeps none of the files of .*\. Name the folder of a checkout"):
        changes(root)
    shutil.rmtree(root.parent / ".git")
    with pytest.raises(ChangesError, match=r"not a git repository.*\. Name the folder of a checkout"):
        changes(root)


def test_without_git_it_is_told_that_git_is_missing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    with pytest.raises(ChangesError, match="git cannot be run: No such file"):
        changes(root)


def test_a_link_is_not_followed_into_the_past(root: Path) -> None:
    (root / "data/link.ttl").symlink_to("register/people.ttl")
    commit(root.parent)
    with pytest.raises(ChangesError, match=r"data/link\.ttl is no ordinary file at"):
        changes(root)


def test_a_file_that_git_has_lost_is_told(root: Path) -> None:
    blob = git(root, "rev-parse", "HEAD:graph/data/register/people.ttl")
    path = root.parent / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.unlink()
    with pytest.raises(ChangesError, match="git lacks a file"):
        changes(root)


def test_the_command_prints_each_format(root: Path) -> None:
    write(root, "data/register/people.ttl", PEOPLE.replace('"A"', '"*Z*"'))
    assert run(root, "HEAD..").stdout == (
        "1 change from HEAD to the working tree.\n\n"
        "People (1)\n  ~ *Z*: name changed from A to *Z*  data/register/people.ttl\n"
    )
    assert run(root, "HEAD..", "--format", "markdown").stdout == (
        "1 change from HEAD to the working tree.\n\n"
        "## People (1)\n\n- **\\*Z\\***: name changed from A to \\*Z\\* (`data/register/people.ttl`)\n"
    )
    document = json.loads(run(root, "HEAD..", "--format", "json").stdout)
    statement = "<https://w3id.org/communique/person/a> <http://www.w3.org/2000/01/rdf-schema#label> {} ."
    assert document == {
        "before": "HEAD",
        "after": "the working tree",
        "changes": [
            {
                "kind": "renamed",
                "group": "People",
                "subject": "*Z*",
                "iri": "https://w3id.org/communique/person/a",
                "about": "",
                "what": "name",
                "before": ["A"],
                "after": ["*Z*"],
                "sentence": "name changed from A to *Z*",
                "details": [],
                "file": "data/register/people.ttl",
                "removed": [statement.format('"A"@en')],
                "added": [statement.format('"*Z*"@en')],
            }
        ],
    }


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "communique", "--folder", str(root), "changes", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_nodes_without_names_are_known_by_what_is_said_of_them() -> None:
    first = "@prefix : <urn:> .\n:a :p [ :q 1 ; :r [ :s 2 ] ], [ :q 3 ] .\n_:x :p _:y . _:y :p _:x .\n"
    again = "@prefix : <urn:> .\n_:2 :p _:1 . _:1 :p _:2 .\n:a :p [ :q 3 ], _:k .\n"
    again += "_:k :r [ :s 2 ], [ :s 2 ] ; :q 1 .\n"
    other = first.replace(":s 2", ":s 4")
    one, same, two = (version_of_texts("v", {"f": text}).statements for text in (first, again, other))
    assert one == same
    # The nested value, and with it the name of each node that leads to it.
    assert len(one - two) == len(two - one) == 4
