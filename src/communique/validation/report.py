"""The report on some files: its findings, and the forms that people and programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from communique.validation.findings import Finding, Findings, Severity
from communique.validation.formats import github, html, json, junit, sarif, text
from communique.validation.formats.excerpt import summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console

    from communique.errors import UnreadableInputError


class Report(Findings):
    """Findings that write themselves in each of the formats.

    A format that names files relative to a folder takes them relative to the working directory,
    which is where the checkout lies on the machines of a forge.
    """

    __slots__ = ()

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        files: Iterable[str],
        errors: Iterable[UnreadableInputError] = (),
        threshold: Severity = Severity.VIOLATION,
    ) -> Report:
        """Return the report on a run, by file and line.

        Args:
            findings: what was found.
            files: the files that were to be judged.
            errors: what could not be read. Each becomes a finding, at the place where reading stopped.
            threshold: what counts as failing.

        """
        unread = sorted((_of_error(error) for error in errors), key=_by_place)
        names = dict.fromkeys(finding.location.path for finding in unread)
        return cls(
            tuple(sorted({*findings, *unread}, key=_by_place)),
            tuple(dict.fromkeys((*files, *names))),
            threshold,
            tuple(names),
        )

    @property
    def summary(self) -> str:
        """Return one line: how many files were judged, and what was found."""
        return summary(self)

    def show(self, console: Console) -> None:
        """Print what ``to_text`` returns in the colours that a console of rich has."""
        text.show(self, console)

    def to_text(self) -> str:
        """Return the findings as a person reads them, then a summary in one line."""
        return text.write(self)

    def to_json(self) -> str:
        """Return everything as one JSON object."""
        return json.write(self)

    def to_sarif(self) -> str:
        """Return a log of SARIF 2.1.0, which code scanning and editors read."""
        return sarif.write(self, Path.cwd())

    def to_junit(self) -> str:
        """Return JUnit's XML, which build servers read: one suite a file."""
        return junit.write(self)

    def to_github(self) -> str:
        """Return the workflow commands that make annotations in a pull request on GitHub."""
        return github.write(self, Path.cwd())

    def to_html(self) -> str:
        """Return one page that needs nothing besides itself."""
        return html.write(self)


def _by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    at = finding.location
    return at.path, at.line, at.column, finding.rule, finding.message


def _of_error(error: UnreadableInputError) -> Finding:
    reason, _, line = error.reason.partition("\n")
    return Finding(
        location=error.location,
        rule=getattr(error, "rule", UNREADABLE),
        severity=Severity.VIOLATION,
        sentence=reason,
        remedy="",
        focus="",
        subject=error.location.path,
        path=None,
        value=None,
        source_line=line,
    )


UNREADABLE = "unreadable"
"""The rule of a finding that is not about what a file says, but that it cannot be read."""

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": Report.to_text,
    "json": Report.to_json,
    "sarif": Report.to_sarif,
    "junit": Report.to_junit,
    "github": Report.to_github,
    "html": Report.to_html,
}
"""The formats by their names on the command line."""
