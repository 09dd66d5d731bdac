"""The command line: one command for each thing that the facade does."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import click
from click.shell_completion import CompletionItem

from communique import __version__
from communique.errors import CommuniqueError, Location, UnreadableInputError
from communique.graph import DialogueGraph
from communique.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console
    from rich.progress import TaskID

    from communique.questions.answers import Answer
    from communique.validation.progress import Progress, Stage, Step

Command = TypeVar("Command", bound="Callable[..., object] | click.Command")
Opener: TypeAlias = "Callable[[], DialogueGraph]"
FINDINGS, UNREADABLE, WRONG_USE = 1, 2, 3
"""Exit codes beside 0: findings at or above the severity; input that cannot be read; wrong use."""
_FEW = 10
"""How many values of a parameter are told without being asked for."""


class _Commands(click.Group):
    """A group whose errors are sentences and whose exit codes are the documented ones."""

    def main(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)  # type: ignore[call-overload]
        except click.exceptions.Exit as stop:
            code = stop.exit_code
        except click.ClickException as error:
            error.show()
            code = WRONG_USE
        except UnreadableInputError as error:
            click.echo(f"Error: {error}", err=True)
            code = UNREADABLE
        except CommuniqueError as error:
            click.echo(f"Error: {error}", err=True)
            code = WRONG_USE
        except click.Abort:
            code = WRONG_USE
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="communique")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A graph's files of your own, or a folder of releases, instead of the data that is shipped.",
)
@click.option(
    "--endpoint", metavar="URL", help="A SPARQL 1.1 endpoint that holds the graph, to be asked instead."
)
@click.pass_context
def main(context: click.Context, folder: Path | None, endpoint: str | None) -> None:
    """Ask who met whom, chaired by whom, according to which source, and where sources differ.

    \b
    To complete words with the Tab key in bash, put this into ~/.bashrc:
    eval "$(_COMMUNIQUE_COMPLETE=bash_source communique)"
    """  # noqa: D301
    if folder and endpoint:
        raise click.UsageError("Give a folder or an endpoint, not both.")
    context.obj = (
        partial(DialogueGraph.connect, endpoint) if endpoint else partial(DialogueGraph.open, folder)
    )


def _formats(*names: str) -> Callable[[Command], Command]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How to print the answer.",
    )


def _parameters(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"Write a parameter as NAME=VALUE, not `{pair}`.")
        if name in found:
            raise click.UsageError(f"The parameter {name} is given twice.")
        found[name] = value
    return found


def _console() -> Console:
    from rich.console import Console

    # A pipe has no width of its own; a narrow guess would cut names.
    return Console() if sys.stdout.isatty() else Console(width=160)


def _complete_question(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    return [
        CompletionItem(path.stem) for path in Layout.shipped().question_files if path.stem.startswith(begun)
    ]


def _complete_parameter(
    context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    name, equals, value = begun.partition("=")
    graph = DialogueGraph.open(context.find_root().params.get("folder"))
    question = graph.question(context.params.get("question") or "disagreements")
    if not equals:
        return [CompletionItem(f"{p.name}=") for p in question.parameters if p.name.startswith(name)]
    return [
        CompletionItem(f"{name}={choice}", help=label)
        for choice, label in graph.choices(question.name, name).items()
        if choice.startswith(value)
    ]


_parameter_option = click.option(
    "-p",
    "--parameter",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=_complete_parameter,
    help="A parameter of the question; `communique questions NAME` lists them.",
)
_cite_option = click.option("--cite", is_flag=True, help="Add the sources behind each row.")


@main.command()
@click.argument("question", shell_complete=_complete_question)
@_parameter_option
@_cite_option
@_formats("table", "json", "csv", "markdown")
@click.pass_obj
def ask(graph: Opener, question: str, given: Sequence[str], cite: bool, form: str) -> None:
    """Answer a saved QUESTION.

    \b
    communique ask who-chaired -p occasion=us-japan-labor-task-force-round-1 --cite
    communique ask stakeholders -p kind=trade-union -p side=japan
    communique ask timeline --format csv
    """  # noqa: D301
    _print(graph().ask(question, **_parameters(given)), form, cite=cite)


@main.command()
@click.argument("occasion", required=False)
@_parameter_option
@_cite_option
@_formats("table", "json", "csv", "markdown")
@click.pass_obj
def disagreements(graph: Opener, occasion: str | None, given: Sequence[str], cite: bool, form: str) -> None:
    """Tell where the accounts of an OCCASION differ, why, and who is silent.

    \b
    communique disagreements us-japan-labor-task-force-round-2
    communique disagreements -p judgement=conflict
    """  # noqa: D301
    if occasion is not None:
        given = (*given, f"occasion={occasion}")
    answer = graph().disagreements(**_parameters(given))
    if form == "table":
        from communique.tables import print_disagreements

        print_disagreements(answer, _console())
        _print_footnotes(answer, cite=cite)
    else:
        _print(answer, form, cite=cite)


@main.command()
@click.argument("query")
@_cite_option
@_formats("table", "json", "csv", "markdown")
@click.pass_obj
def sparql(graph: Opener, query: str, cite: bool, form: str) -> None:
    """Answer a SPARQL QUERY of your own: its text, the name of a file that ends in .rq, or - for standard input.

    \b
    communique sparql my-query.rq
    communique sparql "PREFIX cmq: <https://w3id.org/communique/ontology#> SELECT ?round WHERE { ?round a cmq:Round }"
    """  # noqa: D301, E501
    if query == "-":
        text = sys.stdin.read()
    elif query.endswith(".rq"):
        text = _read(Path(query))
    else:
        text = query
    _print(graph().sparql(text), form, cite=cite)


@main.command()
@click.argument("entity")
@_cite_option
@_formats("table", "json", "csv", "markdown")
@click.pass_obj
def show(graph: Opener, entity: str, cite: bool, form: str) -> None:
    """Tell what is known of an ENTITY, by whom, and what points to it.

    \b
    communique show katy-mastman
    communique show "Ministry of Justice"
    """  # noqa: D301
    _print(graph().show(entity), form, cite=cite)


@main.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def build(graph: Opener, directory: Path) -> None:
    """Write a release into DIRECTORY: the merged dump, a store, a manifest.

    `--folder DIRECTORY` then reads it.

    \b
    communique build releases
    communique --folder releases ask timeline
    """  # noqa: D301
    with _progress("Deriving and writing the release"):
        written = graph().build(directory)
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    click.echo(f"Built {written}")
    for name, count in manifest["counts"].items():
        click.echo(f"{count:8} {name}")


def _print(answer: Answer, form: str, *, cite: bool) -> None:
    for warning in answer.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if form == "json":
        click.echo(_json_with_citations(answer) if cite else answer.to_json())
    elif form == "csv":
        click.echo(answer.to_csv(), nl=False)
    elif form == "markdown":
        from communique.tables import as_markdown

        click.echo(as_markdown(answer))
        if cite:
            click.echo("\n" + "\n".join(f"- {citation}" for citation in answer.cite()))
    else:
        from communique.tables import print_answer

        print_answer(answer, _console())
        _print_footnotes(answer, cite=cite)


def _print_footnotes(answer: Answer, *, cite: bool) -> None:
    if cite:
        from communique.tables import print_citations

        print_citations(answer, _console())


def _json_with_citations(answer: Answer) -> str:
    document = json.loads(answer.to_json())
    document["citations"] = [asdict(citation) for citation in answer.cite()]
    return json.dumps(document, ensure_ascii=False, indent=2)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UnreadableInputError(Location(str(path)), f"cannot be read: {reason}.") from None


@contextmanager
def _progress(doing: str) -> Iterator[None]:
    """Show on a terminal that something takes its time; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{doing} …"):
        yield


@contextmanager
def _steps() -> Iterator[Progress | None]:
    """Show on a terminal which file is read and which shape judges, of how many; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Display

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Display(*columns, console=Console(stderr=True), transient=True) as display:
        rows: dict[Stage, TaskID] = {}

        def show(step: Step) -> None:
            if step.stage not in rows:
                rows[step.stage] = display.add_task(step.stage.value, name="")
            # A name is shown as it is: it may hold brackets, which are markup.
            display.update(rows[step.stage], completed=step.done, total=step.total, name=escape(step.name))

        yield show


def _choices(graph: DialogueGraph, question: str, parameter: str) -> list[str]:
    """Return the values that a parameter can have, each with its label where that says more."""
    found = graph.choices(question, parameter).items()
    return [value if label == value else f"{value}  {label}" for value, label in found]


@main.command()
@click.argument("name", required=False, shell_complete=_complete_question)
@click.option("--values", metavar="PARAMETER", help="List all values that a parameter of NAME can have.")
@click.pass_obj
def questions(opener: Opener, name: str | None, values: str | None) -> None:
    """List the saved questions, or tell all about the one called NAME."""
    graph = opener()
    if name is None:
        if values is not None:
            raise click.UsageError("Name the question whose parameter it is.")
        for question in graph.questions():
            click.echo(f"{question.name}\n    {question.summary}")
        return
    question = graph.question(name)
    if values is not None:
        if values not in (known := [parameter.name for parameter in question.parameters]):
            raise click.UsageError(f"{name} has no parameter {values}; it has {', '.join(known) or 'none'}.")
        click.echo("\n".join(_choices(graph, name, values)))
        return
    click.echo(f"{question.name}\n    {question.summary}\n")
    click.echo("".join(f"    {line}\n" for line in question.description.splitlines()))
    for parameter in question.parameters:
        needed = ", required" if parameter.required else ""
        click.echo(f"  {parameter.name} ({parameter.type}{needed}): {parameter.description}")
        choices = _choices(graph, name, parameter.name)
        click.echo("".join(f"      {choice}\n" for choice in choices[:_FEW]), nl=False)
        if len(choices) > _FEW:
            more = len(choices) - _FEW
            click.echo(f"      … and {more} more: communique questions {name} --values {parameter.name}")
    click.echo("\n  Columns")
    for column, meaning in question.returns.items():
        click.echo(f"      {column}: {meaning}")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--severity",
    type=click.Choice(["info", "warning", "violation"]),
    default="violation",
    show_default=True,
    help="The least severity that fails.",
)
@_formats("text", "json", "sarif", "junit", "github", "html")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report into a file, and print its summary.",
)
@click.option(
    "--against",
    metavar="GRAPH",
    help="Judge among another graph: a folder of its files or releases, or the URL of an endpoint.",
)
@click.option(
    "--changed",
    is_flag=False,
    flag_value="HEAD",
    metavar="[REV]",
    help="Judge what the changes since a revision of git could have affected; since HEAD, if none is named.",
)
@click.pass_obj
def validate(
    graph: Opener,
    *,
    paths: Sequence[Path],
    severity: str,
    form: str,
    output: Path | None,
    against: str | None,
    changed: str | None,
) -> None:
    """Judge files or folders of Turtle by the shapes; without PATHS, the graph's own data.

    Exit code 0: conforms. 1: findings at or above the severity. 2: a file cannot be read. 3: wrong use.

    \b
    communique validate data/readouts/meti
    communique validate new.ttl --severity warning --format json
    communique validate new.ttl --against releases
    communique validate --changed origin/main
    """  # noqa: D301
    from communique.validation.findings import Severity
    from communique.validation.report import FORMATS, Report

    threshold = Severity[severity.upper()]
    try:
        with _steps() as progress:
            report = graph().validate(
                *paths, severity=threshold, against=against, changed=changed, progress=progress
            )
    except UnreadableInputError as error:
        # What reads a report must find in it why there is no other.
        report = Report.of((), (), [error], threshold)
    if form != "text":
        for finding in report:
            if finding.location.path in report.unreadable:
                click.echo(f"Error: {finding.location}: {finding.sentence} [{finding.rule}]", err=True)
    if output is not None:
        from communique.curation.formatting import put

        put(output, FORMATS[form](report))
        click.echo(f"Wrote {output}: {report.summary}")
    elif form == "text" and sys.stdout.isatty():
        report.show(_console())
    else:
        click.echo(FORMATS[form](report), nl=False)
    sys.exit(report.exit_code)


@main.command("format")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; print what would change, and fail if anything would.",
)
def format_(paths: Sequence[Path], check: bool) -> None:
    """Bring Turtle files, or all in folders, to the canonical form.

    \b
    communique format data/readouts/meti
    communique format --check ontology data shapes
    """  # noqa: D301
    from communique.curation.formatting import format_file

    changed = 0
    files = {file for path in paths for file in (path.rglob("*.ttl") if path.is_dir() else [path])}
    for path in sorted(files):
        difference = format_file(path, write=not check)
        if difference:
            changed += 1
            click.echo(difference if check else f"Formatted {path}")
    sys.exit(FINDINGS if check and changed else 0)


@main.command()
@click.argument("files", nargs=-1, metavar="FACTS.yaml…", type=click.Path(path_type=Path))
@click.option("--new", "url", metavar="URL", help="Print an empty file of facts for the page at an address.")
@click.option("--accept", is_flag=True, help="Write what is certain into the graph's files.")
@click.option("--interactive", is_flag=True, help="Ask for what is not certain, then write.")
@click.option("--diff", is_flag=True, help="Print what would change, as a diff.")
@click.option("--every", is_flag=True, help="Tell of names that are plainly known as well.")
@click.option(
    "--is", "links", multiple=True, metavar="NAME=ENTITY", help="Decide that a name is this entity."
)
@click.option("--create", "news", multiple=True, metavar="NAME=ENTITY", help="Decide that a name is new.")
@click.option(
    "--distinct-from",
    "apart",
    multiple=True,
    metavar="ENTITY",
    help="Say that what is created is not this entity, though it looks like it.",
)
@click.option(
    "--leave-out", "outs", multiple=True, metavar="KIND:NAME=REASON", help="Decide to leave a name out."
)
@click.option(
    "--read-on", metavar="DATE", help="The day on which the pages were read, where the facts do not say."
)
@_formats("text", "json")
@click.pass_obj
def draft(
    graph: Opener,
    *,
    files: Sequence[Path],
    url: str | None,
    accept: bool,
    interactive: bool,
    diff: bool,
    every: bool,
    links: Sequence[str],
    news: Sequence[str],
    apart: Sequence[str],
    outs: Sequence[str],
    read_on: str | None,
    form: str,
) -> None:
    """Make records of files of facts: link what is known, propose what is new, ask for what is not certain.

    Exit code 0: all is certain. 1: something is to be decided or mended. 2: a file cannot be read.
    3: wrong use.

    \b
    communique draft --new https://ustr.gov/… > facts.yaml
    communique draft facts.yaml
    communique draft facts.yaml --is "Lee=person:thea-lee" --accept
    communique draft facts.yaml --interactive
    """  # noqa: D301
    from communique.drafting import telling
    from communique.drafting.facts import template

    if url is not None:
        click.echo(template(url, date.today()), nl=False)
        return
    if not files:
        raise click.UsageError("Name a file of facts, or print an empty one with --new URL.")
    decisions = _decisions(links, news, apart, outs)
    make = partial(graph().draft, *files, decisions=decisions, read_on=_day(read_on))
    if interactive:
        if not sys.stdin.isatty():
            raise click.UsageError("There is nobody to ask: --interactive needs a terminal.")
        from communique.drafting.interview import interview

        proposals = make(accept=True, ask=interview)
    else:
        with _progress("Drafting"):
            proposals = make(accept=accept)
    if form == "json":
        click.echo(
            json.dumps([telling.document(proposal) for proposal in proposals], ensure_ascii=False, indent=2)
        )
    else:
        for proposal in proposals:
            click.echo("\n".join(telling.lines(proposal, every=every)))
            if diff:
                click.echo(proposal.difference, nl=False)
        certain = sum(proposal.certain for proposal in proposals)
        written = accept or interactive
        click.echo(f"{certain} of {len(proposals)} {'accepted' if written else 'certain'}.")
        if not written and any(proposal.certain and proposal.files for proposal in proposals):
            click.echo("Nothing is written yet: --accept does.")
    sys.exit(0 if all(proposal.certain for proposal in proposals) else FINDINGS)


@main.command()
@click.pass_obj
def twins(graph: Opener) -> None:
    """Tell which entries of the registers may be one and the same, and how to say that they are two.

    Exit code 0: none. 1: some. 2: a file cannot be read.
    """
    found = graph().twins()
    for pair in found:
        click.echo(pair)
    count = "1 pair looks" if len(found) == 1 else f"{len(found)} pairs look"
    click.echo(f"{count} like one." if found else "No two entries look like one.")
    sys.exit(FINDINGS if found else 0)


def _day(given: str | None) -> str | None:
    """Return a day that is given on the command line, as it is written in the data."""
    try:
        return given and date.fromisoformat(given).isoformat()
    except ValueError:
        raise click.UsageError(f"Write the day as 2026-01-31, not `{given}`.") from None


def _decisions(
    links: Sequence[str], news: Sequence[str], apart: Sequence[str], outs: Sequence[str]
) -> list[dict[str, object]]:
    """Return the decisions that are given on the command line, as a file of facts writes them."""
    found: list[dict[str, object]] = []
    strays = set(apart)
    for field, given in (("is", links), ("new", news)):
        for pair in given:
            name, equals, entity = pair.rpartition("=")
            kind, colon, local = entity.partition(":")
            if not (name and equals and colon and local):
                raise click.UsageError(f"Write NAME=ENTITY, as `Lee=person:thea-lee`, not `{pair}`.")
            told: dict[str, object] = {"kind": kind, "name": name, field: entity}
            if field == "new" and (same := [one for one in apart if one.startswith(f"{kind}:")]):
                told["distinct_from"] = same
                strays -= set(same)
            found.append(told)
    if strays:
        what = " and ".join(sorted(strays))
        raise click.UsageError(f"--distinct-from {what} goes with --create NAME=ENTITY of the same kind.")
    for pair in outs:
        what, equals, reason = pair.partition("=")
        kind, colon, name = what.partition(":")
        if not (equals and reason and colon and name):
            raise click.UsageError(f"Write KIND:NAME=REASON, as `topic:follow-up=no topic`, not `{pair}`.")
        found.append({"kind": kind, "name": name, "left_out": reason})
    return found


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Change nothing; print the changes as a diff.")
@click.option(
    "--form/--no-form", default=True, show_default=True, help="Bring the files to the canonical form, too."
)
@click.pass_obj
def fix(graph: Opener, paths: Sequence[Path], dry_run: bool, form: bool) -> None:
    """Mend in Turtle files, or in all in folders, what has one certain remedy, and tell why.

    What looks wrong and has no certain remedy is told and left.

    Exit code 0: nothing is left to do. 1: something is. 2: a file cannot be read. 3: wrong use.

    \b
    communique fix --dry-run new.ttl
    communique fix data/readouts/meti --no-form
    """  # noqa: D301
    files = graph().fix(*paths, write=not dry_run, form=form)
    for file in files:
        for told in (*file.fixes, *file.left):
            click.echo(told)
        if dry_run:
            click.echo(file.difference, nl=False)
        elif file.fixes:
            click.echo(f"Mended {file.path}")
    sys.exit(FINDINGS if any(file.left or (dry_run and file.fixes) for file in files) else 0)


@main.command()
@click.argument("revisions")
@_formats("text", "markdown", "json")
@click.pass_obj
def changes(graph: Opener, revisions: str, form: str) -> None:
    """Tell in words what has changed in the data between REVISIONS of git.

    REVISIONS is A..B, or A.. for what has changed since A, work not committed included.

    Exit code 0: told. 2: a file cannot be read, now or then. 3: wrong use.

    \b
    communique changes HEAD..
    communique changes v0.1.0..v0.2.0 --format markdown
    """  # noqa: D301
    from communique.history.formats import FORMATS, show

    with _progress("Comparing"):
        found = graph().changes(revisions)
    if form == "text" and sys.stdout.isatty():
        show(found, _console())
    else:
        click.echo(FORMATS[form](found), nl=False)


if __name__ == "__main__":
    main()
