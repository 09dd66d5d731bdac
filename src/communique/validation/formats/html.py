"""Findings as one page that needs nothing besides itself, and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING

from communique.validation.findings import Severity
from communique.validation.formats.excerpt import excerpt, groups, plain, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.validation.findings import Finding, Findings

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882;
  --violation: light-dark(#b3261e, #ff8a80); --warning: light-dark(#7a5200, #ffcc66);
  --info: light-dark(#00567a, #80d0ff); --good: light-dark(#1b6e2e, #8fdc9f); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; overflow-wrap: anywhere; }
article { border: 1px solid var(--line); border-left: .4rem solid var(--kind); border-radius: .4rem;
  padding: .2rem 1rem; margin: 1rem 0; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.violation { --kind: var(--violation); } .warning { --kind: var(--warning); } .info { --kind: var(--info); }
.kind, mark { color: var(--kind); font-weight: bold; }
.where { font-size: .9rem; }
.good { color: var(--good); font-weight: bold; }
pre { background: var(--soft); padding: .5rem; overflow-x: auto; }
mark { background: none; text-decoration: underline wavy; text-underline-offset: .25em; }
"""
_FAILS = {
    Severity.VIOLATION: "Violations fail; what else is found does not.",
    Severity.WARNING: "Violations and warnings fail; what is for information does not.",
    Severity.INFO: "All that is found fails.",
}
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; img-src data:; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
)


def write(report: Findings) -> str:
    """Return the page: a summary, then the findings file by file, equal ones together."""
    told = groups(report)
    parts = [_head(report)]
    paths = [path for path in report.files if any(group[0].location.path == path for group in told)]
    if len(paths) > 1:
        links = [f'<li><a href="#file-{n}">{_text(path)}</a>' for n, path in enumerate(paths, 1)]
        parts.append("\n".join(["<nav><ul>", *links, "</ul></nav>"]))
    for number, path in enumerate(paths, 1):
        here = [group for group in told if group[0].location.path == path]
        parts.append(f'<section>\n<h2 id="file-{number}">{_text(path)}</h2>')
        parts.extend(_article(group) for group in here)
        parts.append("</section>")
    return "\n".join([*parts, "</main>", "</html>"]) + "\n"


def _head(report: Findings) -> str:
    verdict = ' class="good"' if report.conforms else ""
    return f"""\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width">
<title>Validation: {_text(summary(report))}</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
<main>
<h1>Validation</h1>
<p{verdict}>{_text(summary(report))}</p>
<p>{_FAILS[report.threshold]}</p>"""


def _article(alike: Sequence[Finding]) -> str:
    first, *others = alike
    places = "; ".join(_place(finding) for finding in [first, *others])
    lines = [
        f'<article class="{first.severity}">',
        f'<p><span class="kind">{first.severity}</span>: <bdi>{_text(first.sentence)}</bdi></p>',
        f'<p class="where">{places} · rule <code>{_text(first.rule)}</code></p>',
    ]
    before, marked, after = excerpt(first)
    if (before + marked + after).strip():
        code = f"{escape(before)}<mark>{escape(marked)}</mark>{escape(after)}"
        # A line with words from right to left must not turn the rest of itself around.
        lines.append(f'<pre dir="ltr"><code>{code}</code></pre>')
    if first.advice:
        lines.append(f"<p><bdi>{_text(first.advice)}</bdi></p>")
    return "\n".join([*lines, "</article>"])


def _place(finding: Finding) -> str:
    at = f"line {finding.location.line}, column {finding.location.column}"
    return f"{at}, of <bdi>{_text(finding.subject)}</bdi>" if finding.focus else at


def _text(text: str) -> str:
    """Return text for the page: never a tag, never a link, whatever it holds."""
    return escape(plain(text))
