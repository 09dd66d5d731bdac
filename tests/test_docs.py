"""The documentation names all that exists, and nothing that does not."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox
import pytest

from communique.cli import main
from communique.layout import Layout
from communique.namespaces import PREFIXES, TERM

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

ROOT = Path(__file__).resolve().parents[1]
LAYOUT = Layout.shipped()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
"""What must name everything; decisions are history, and do not count."""

MARKDOWN = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts[:-1])
)
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)

_SCHEMA_TYPES = {
    PREFIXES["owl"] + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


def subjects(paths: list[Path], types: set[str], namespace: str) -> set[str]:
    """Return the names, in a namespace, of what files describe as being of one of some types."""
    return {
        quad.subject.value.removeprefix(namespace)
        for path in paths
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
        and quad.predicate.value == PREFIXES["rdf"] + "type"
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in types
        and quad.subject.value.startswith(namespace)
    }


def commands() -> dict[str, click.Command]:
    """Return the commands of the command line."""
    assert isinstance(main, click.Group)
    return dict(main.commands)


def names() -> list[ParameterSet]:
    """Return everything that must be named, with the pattern of its name on a page."""
    terms = subjects(LAYOUT.ontology_files[:1], _SCHEMA_TYPES, TERM)
    shapes = subjects(
        sorted((ROOT / "shapes").glob("*.ttl")), {PREFIXES["sh"] + "NodeShape"}, PREFIXES["shape"]
    )
    checks = [*LAYOUT.check_files, *LAYOUT.ontology_check_files]
    found = [
        *(("command", name, rf"communique {name}\b") for name in commands()),
        *(("term", name, rf"cmq:{name}\b") for name in terms),
        *(("shape", name, rf"shape:{re.escape(name)}(?![\w-])") for name in shapes),
        *(("question", path.stem, rf"`{path.stem}`") for path in LAYOUT.question_files),
        *(("check", path.stem, rf"`{path.stem}`") for path in checks),
    ]
    return [pytest.param(name, pattern, id=f"{kind} {name}") for kind, name, pattern in sorted(found)]


@pytest.mark.parametrize(("name", "pattern"), names())
def test_what_exists_is_named(name: str, pattern: str) -> None:
    assert re.search(pattern, TEXT), f"no page of docs/ and not README.md names {name}"


def test_there_is_something_of_each_kind_to_be_named() -> None:
    kinds = {str(one.id).split(" ", 1)[0] for one in names()}
    assert kinds == {"command", "term", "shape", "question", "check"}


@pytest.mark.parametrize("prefix", ["cmq", "shape"])
def test_what_is_named_exists(prefix: str) -> None:
    files = [*LAYOUT.ontology_files, *sorted((ROOT / "shapes").glob("*.ttl"))]
    described = {
        quad.subject.value
        for path in files
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    named = set(re.findall(rf"\b{prefix}:([A-Za-z][\w-]*)", TEXT))
    assert named
    assert {name for name in named if PREFIXES[prefix] + name not in described} == set()


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings(path: Path) -> None:
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    broken = []
    for link in _LINK.findall(text):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        target, _, heading = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        found = file.is_relative_to(ROOT) and file.exists()
        if not found or (heading and heading not in anchors(file)):
            broken.append(link)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as the forges make them."""
    headings = re.findall(r"^#+ +(.*?) *$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def shown() -> list[ParameterSet]:
    """Return the lines that call `communique` or `make` in code blocks of the pages."""
    calls = []
    for path in [*PAGES, ROOT / "CONTRIBUTING.md"]:
        for language, block in _FENCE.findall(path.read_text(encoding="utf-8")):
            if language not in {"", "sh", "bash", "console", "shell"}:
                continue
            for line in block.replace("\\\n", " ").splitlines():
                call = line.strip().removeprefix("$ ")
                if call.startswith(("communique ", "make ")):
                    calls.append(pytest.param(call, id=f"{path.name} {call}"))
    return calls


@pytest.mark.parametrize("call", shown())
def test_a_call_that_is_shown_exists(call: str) -> None:
    words = shlex.split(call, comments=True)
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = [word for word in words[1:] if "=" not in word]
        assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)
        return
    name, *rest = words[1:]
    assert name in commands(), f"`{call}` calls no command"
    options = {
        option for parameter in commands()[name].params for option in parameter.opts if "-" in option
    } | {"-h", "--help"}
    given = {word.split("=", 1)[0] for word in rest if re.match(r"--?[a-z]", word)}
    assert given <= options, f"`{call}` uses an option that {name} does not have"
    questions = {path.stem for path in LAYOUT.question_files}
    if name == "ask":
        assert rest[0] in questions, f"`{call}` asks no saved question"


def test_the_readme_shows_how_to_ask() -> None:
    calls = [str(one.values[0]) for one in shown() if str(one.id).startswith("README.md ")]
    assert any(call.startswith("communique ask ") for call in calls)
