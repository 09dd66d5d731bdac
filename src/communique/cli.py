"""The command line: one command for each thing that the facade does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique import __version__
from communique.errors import CommuniqueError, UnreadableInputError
from communique.graph import DialogueGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from communique.questions.answers import Answer

FINDINGS, UNREADABLE, WRONG_USE = 1, 2, 3
"""Exit codes beside 0: findings at or above the severity; input that cannot be read; wrong use."""


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
    help="A graph's folder of your own, instead of the data that is shipped.",
)
@click.pass_context
def main(context: click.Context, folder: Path | None) -> None:
    """Ask who met whom, chaired by whom, according to which source, and where sources differ."""
    context.obj = folder


def _formats(*names: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
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


@main.command()
@click.argument("question")
@click.option(
    "-p",
    "--parameter",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the question.",
)
@_formats("table", "json")
@click.pass_obj
def ask(folder: Path | None, question: str, given: Sequence[str], form: str) -> None:
    """Answer a saved QUESTION.

    \b
    communique ask who-chaired -p occasion=us-japan-labor-task-force-round-1
    communique ask accounts-of -p occasion=us-japan-labor-task-force-round-1-government --format json
    """  # noqa: D301
    answer = DialogueGraph.open(folder).ask(question, **_parameters(given))
    _print(answer, form)


@main.command()
@click.argument("occasion", required=False)
@click.option(
    "-p",
    "--parameter",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the question.",
)
@_formats("table", "json")
@click.pass_obj
def disagreements(folder: Path | None, occasion: str | None, given: Sequence[str], form: str) -> None:
    """Tell where the accounts of an OCCASION differ, why, and who is silent.

    \b
    communique disagreements us-japan-labor-task-force-round-2
    communique disagreements -p judgement=conflict
    """  # noqa: D301
    if occasion is not None:
        given = (*given, f"occasion={occasion}")
    answer = DialogueGraph.open(folder).disagreements(**_parameters(given))
    if form == "table":
        from communique.tables import print_disagreements

        print_disagreements(answer, _console())
    else:
        _print(answer, form)


def _print(answer: Answer, form: str) -> None:
    if form == "json":
        click.echo(answer.to_json())
        return
    from communique.tables import print_answer

    print_answer(answer, _console())


@main.command()
@click.argument("name", required=False)
@click.pass_obj
def questions(folder: Path | None, name: str | None) -> None:
    """List the saved questions, or tell all about the one called NAME."""
    graph = DialogueGraph.open(folder)
    if name is None:
        for question in graph.questions():
            click.echo(f"{question.name}\n    {question.summary}")
        return
    question = graph.question(name)
    click.echo(f"{question.name}\n    {question.summary}\n")
    click.echo("".join(f"    {line}\n" for line in question.description.splitlines()))
    for parameter in question.parameters:
        needed = ", required" if parameter.required else ""
        click.echo(f"  {parameter.name} ({parameter.type}{needed}): {parameter.description}")
        for value, label in graph.choices(name, parameter.name).items():
            click.echo(f"      {value}" + (f"  {label}" if label != value else ""))
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
@_formats("text", "json")
@click.pass_obj
def validate(folder: Path | None, paths: Sequence[Path], severity: str, form: str) -> None:
    """Judge files or folders of Turtle by the shapes; without PATHS, the graph's own data.

    Exit code 0: conforms. 1: findings at or above the severity. 2: a file cannot be read. 3: wrong use.

    \b
    communique validate data/readouts/meti
    communique validate new.ttl --severity warning --format json
    """  # noqa: D301
    from communique.validation.findings import Severity
    from communique.validation.reports import as_json, as_text

    report = DialogueGraph.open(folder).validate(*paths, severity=Severity[severity.upper()])
    click.echo(as_json(report) if form == "json" else as_text(report))
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


if __name__ == "__main__":
    main()
