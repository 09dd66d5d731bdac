"""Files of facts: every fault at its place, nothing hostile gets through, the form describes itself."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from communique.cli import main
from communique.drafting.facts import FactsError, read_facts, schema, template
from communique.errors import CommuniqueError, UnreadableInputError

FACTS = Path(__file__).parent / "facts"
GOOD = (FACTS / "ustr-2026-03-task-force-round-3.yaml").read_text(encoding="utf-8")
LEAST = """\
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


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "facts.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


def refused(folder: Path, content: str | bytes) -> UnreadableInputError:
    """Return why a file is not read, once it is shown that the command says so and nothing else."""
    path = written(folder, content)
    with pytest.raises(UnreadableInputError) as caught:
        read_facts(path)
    result = CliRunner().invoke(main, ["draft", str(path)])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
    return caught.value


def faults(folder: Path, text: str) -> list[tuple[int, int, str]]:
    error = refused(folder, text)
    assert isinstance(error, FactsError)
    return [(place.line, place.column, message) for place, message in error.faults]


def test_facts_are_read_with_the_place_of_each() -> None:
    (source,) = read_facts(FACTS / "ustr-2026-03-task-force-round-3.yaml")
    assert source.id == "ustr-2026-03-task-force-round-3"
    line = GOOD.splitlines()[source.place("events", 1, "chairs", 0, "person").line - 1]
    assert line == "  - person: Katy Mastman"
    assert source.place("events", 1, "chairs", 0, "nothing") == source.place("events", 1, "chairs", 0)
    assert source.place("nowhere").line == source.place().line
    assert source.facts["issued"] == "2026-03-12"


def test_a_date_without_quotes_is_the_same_text(tmp_path: Path) -> None:
    (source,) = read_facts(written(tmp_path, LEAST + "issued: 2026-03-12\n"))
    assert source.facts["issued"] == "2026-03-12"


def test_a_list_holds_several_sources_each_with_its_places(tmp_path: Path) -> None:
    item = "- " + LEAST.replace("\n", "\n  ").rstrip() + "\n"
    first, second = read_facts(written(tmp_path, item + item.replace("some-source", "other-source")))
    assert (first.id, second.id) == ("some-source", "other-source")
    assert second.place("id").line == first.place("id").line + len(LEAST.splitlines())
    assert first.text is None


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("id: some-source", "id: Some Source"), 1, ("`id` is \"Some Source\"", "lower case")),
        (("url: https://", "url: "), 2, ("`url`", "address of the page")),
        (("publisher: USTR", "publisher: 1600"), 3, ("`publisher` is 1600", "in quotes")),
        (("language: en", "language: no"), 4, ("`language` is false", "in quotes")),
        (("official", "offical"), 5, ("`source_kind` is \"offical\"", "official-republished")),
        (("- label: A meeting\n", "- lable: A meeting\n"), 7, ("`lable`", "Did you mean label?")),
        (("[Japan]", "Japan"), 9, ("`parties` is \"Japan\"", "must be a list")),
        (("[Japan]", "[Japan, ' ']"), 9, ("`parties` is \" \"", "no blank")),
        (("[Japan]", "[Japan]\n  round: fourth"), 10, ("`round`", "whole number")),
        (("[Japan]", "[Japan]\n  round: 0"), 10, ("`round` is 0", "at least 1")),
        (("[Japan]", "[Japan]\n  start: 2026-02-30"), 10, ("`start` is \"2026-02-30\"", "as 2024-02-05")),
        (("[Japan]", "[Japan]\n  days_are: both"), 10, ("`days_are`", "each, one-of, span")),
        (("[Japan]", "[Japan]\n  days: [{as_printed: May}]"), 10, ("`days`", "day_of_month")),
        (("[Japan]", "[Japan]\n  days:\n  - {date: 2026-01-02, day_of_month: 2}"), 11, ("at once",)),
        (("[Japan]", "[Japan]\n  year_inferred: maybe"), 10, ("true or false",)),
        (("[Japan]", "[Japan]\n  chairs:\n  - title: Minister"), 11, ("`person` is missing",)),
        (("[Japan]", "[Japan]\n  instruments:\n  - {name: A Law, kin: law}"), 11, ("Did you mean kind?",)),
        (("[Japan]", "[Japan]\n  called: 3"), 10, ("`called` is 3",)),
        (("[Japan]", "[Japan]\n  evidence:\n  - {text_start: a}"), 11, ("`text_end` is missing",)),
        (("events:", "decisions: [{kind: person, name: A}]\nevents:"), 6, ("`is`, `new` or `left_out`",)),
        (("events:", "decisions: [{kind: man, name: A, is: person:a}]\nevents:"), 6, ("`kind`", "person")),
        (("events:", "decisions: [{kind: post, name: A, is: Jane}]\nevents:"), 6, ("katherine-tai",)),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_line(
    change: tuple[str, str], line: int, words: tuple[str, ...], tmp_path: Path
) -> None:
    read_facts(written(tmp_path, LEAST))
    assert change[0] in LEAST
    found = faults(tmp_path, LEAST.replace(*change, 1))
    told = [message for at, _, message in found if at == line]
    assert told, found
    assert all(any(word in message for message in told) for word in words), told


def test_the_column_is_that_of_the_value_or_of_a_strange_name(tmp_path: Path) -> None:
    found = faults(tmp_path, LEAST.replace("[Japan]", "[Japan, '']\n  titel: x"))
    assert [(line, column) for line, column, _ in found] == [(9, 20), (10, 3)]


def test_all_faults_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = LEAST.replace("some-source", "A b").replace("official", "x").replace("[Japan]", "Japan")
    assert [line for line, _, _ in faults(tmp_path, text)] == [1, 5, 9]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (LEAST.replace("USTR", "!!python/object/apply:os.system [echo]"), 3, "not read here"),
        ("!!python/object:os.x\n" + LEAST, 1, "not read here"),
        (LEAST.replace("USTR", "!!binary aGVsbG8="), 3, "not read here"),
        (LEAST.replace("[Japan]", "!!set {Japan}"), 9, "not read here"),
        ("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
            for old, new in zip("abcdefgh", "bcdefghi", strict=True)), None, "aliases"),
        ("&a [*a]", 1, "aliases"),
        ("&a {id: *a}", 1, "aliases"),
        ("[" * 100_000, 1, "nested too deep"),
        ("\n".join(" " * depth + "a:" for depth in range(900)), 1, "nested too deep"),
        (LEAST + "note: \0", 10, "NUL"),
        (LEAST.replace("USTR", "\x07USTR"), 3, "U+0007"),
        (LEAST.replace("USTR", r'"U\x07S"'), 3, "no page prints"),
        (LEAST.replace("USTR", r'"U\0S"'), 3, "no page prints"),
        (LEAST.replace("USTR", r'"U\ud800S"'), 3, "no page prints"),
        (LEAST.encode("utf-16"), 1, "UTF-16"),
        (LEAST.replace("USTR", "Büro").encode("latin-1"), 3, "not UTF-8"),
        ("#" * 1_000_001, 1, "split it"),
        (LEAST + "id: again\n", 10, "`id` stands here twice"),
        (LEAST.replace("  mechanism", "\tmechanism"), 8, "not YAML"),
        ("? [a, b]\n: c\n", 1, "one word"),
        (LEAST + "note: *nobody\n", 10, "undefined alias"),
        (LEAST + "---\n" + LEAST, 10, "single document"),
        ("%YAML 3.0\n---\n" + LEAST, None, "incompatible"),
        (LEAST + "note: [", 10, "not YAML"),
        ("", 1, "--new URL"),
        ("# nothing\n", 1, "--new URL"),
        ("hello", 1, "`name: value`"),
        ("[]", 1, "empty list"),
        ("- null", 1, "empty"),
    ],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_refused_at_its_line(
    content: str | bytes, line: int | None, words: str, tmp_path: Path
) -> None:
    error = refused(tmp_path, content)
    assert words in str(error)
    assert line is None or error.location.line == line


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (source,) = read_facts(written(tmp_path, b"\xef\xbb\xbf" + LEAST.encode()))
    assert source.id == "some-source"


def test_a_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yaml"):
        result = CliRunner().invoke(main, ["draft", str(path)])
        assert result.exit_code == 2
        assert "cannot be read" in result.output


def test_the_schema_is_one_and_describes_every_fact() -> None:
    Draft202012Validator.check_schema(schema())
    bare = [
        f"{form}.{name}"
        for form, described in schema()["$defs"].items()
        for name, fact in described.get("properties", {}).items()
        if not re.search(r"\w+.*\.$|\?", fact.get("description", ""))
    ]
    assert bare == []
    open_forms = [
        name
        for name, form in schema()["$defs"].items()
        if form.get("type") == "object" and form.get("additionalProperties") is not False
    ]
    assert open_forms == []


def test_the_template_is_refused_for_nothing_but_what_is_left_empty(tmp_path: Path) -> None:
    text = template("https://example.org/page", date(2026, 3, 20))
    found = faults(tmp_path, text)
    assert [message.split("`")[1] for _, _, message in found] == ["id", "publisher", "label", "mechanism"]
    assert all("is empty" in message for _, _, message in found)
    filled = text
    for field in ("id", "publisher", "label", "mechanism"):
        filled = re.sub(rf"^([ -]*){field}:(?= )", rf"\g<1>{field}: some-text", filled, flags=re.MULTILINE)
    (source,) = read_facts(written(tmp_path, filled))
    assert source.facts["read"] == "2026-03-20"
    assert source.facts["url"] == "https://example.org/page"


def test_the_template_names_every_fact_of_a_source_and_of_an_event() -> None:
    text = template("https://example.org/page", date(2026, 3, 20))
    named = set(re.findall(r"^[ #-]*([a-z_]+):", text, flags=re.MULTILINE))
    for form in ("source", "event"):
        facts = schema()["$defs"][form]["properties"]
        needed = {name for name in facts if name not in {"disagreements", "event_key", "mechanism_key"}}
        assert needed - named == set()
    (event,) = yaml.safe_load(text)["events"]
    assert set(event) <= set(schema()["$defs"]["event"]["properties"])


def test_what_is_commented_out_in_the_template_may_be_used_as_it_stands(tmp_path: Path) -> None:
    """A fact that the template shows in a comment has the form that the schema asks for."""
    text = template("https://example.org/page", date(2026, 3, 20))
    shown = yaml.safe_load(re.sub(r"^( *)# (?=[a-z_]+:)", r"\1", text, flags=re.MULTILINE))
    shown |= {"id": "some-text", "publisher": "x"}
    (event,) = shown["events"]
    examples = re.findall(r"^ *(?:# )?([a-z_]+):.*- (\{.*\})$", text, flags=re.MULTILINE)
    event |= {field: [yaml.safe_load(example)] for field, example in examples}
    event |= {"label": "x", "mechanism": "x", "about": "mechanism", "placed_under": ["x"]}
    assert [field for field, _ in examples] == [
        *("days", "chairs", "bodies", "stakeholders", "unnamed", "instruments", "evidence", "steps")
    ]
    read_facts(written(tmp_path, yaml.safe_dump(shown)))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=c&d='#e:f",
        "https://example.org/日本/😀",
        "http://[::1]:8000/%7Btoday%7D",
        "https://example.org/" + "long-" * 400,
        "https://example.org/#-,x:y",
    ],
)
def test_a_strange_address_comes_through_the_template_unharmed(url: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["draft", "--new", url])
    assert result.exit_code == 0
    assert yaml.safe_load(result.output)["url"] == url
    assert not any("url" in message for _, _, message in faults(tmp_path, result.output))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/page",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://example.org/a b",
        "https://example.org/{today}",
        "https://example.org/\n- injected: true",
        "https://example.org/\udcff",
        "https://example.org/\x7f",
    ],
)
def test_what_is_no_address_gets_no_template(url: str) -> None:
    with pytest.raises(CommuniqueError, match="no address of a page"):
        template(url, date(2026, 3, 20))
    result = CliRunner().invoke(main, ["draft", "--new", url])
    assert result.exit_code == 3
    assert "no address of a page" in result.output


def test_the_compiled_corpus_is_read_as_it_is() -> None:
    corpus = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "accounts.yaml"
    if not corpus.is_file():
        pytest.skip("needs ../shared/corpus/accounts.yaml")
    sources = read_facts(corpus)
    assert len(sources) == corpus.read_text(encoding="utf-8").count("\n- id: ") + 1
    assert json.loads(json.dumps([dict(source.facts) for source in sources]))[0]["id"] == sources[0].id
