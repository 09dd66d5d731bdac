"""The redirect that is prepared for w3id.org leads every address of the graph to a file that describes it."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.layout import Layout
from communique.namespaces import BASE, DERIVED, PREFIXES

ROOT = Path(__file__).resolve().parents[1]
HOME = "%{ENV:HOME}/"
RULES = [
    (re.compile(pattern), target.removeprefix(HOME))
    for pattern, target, flags in re.findall(
        r"^RewriteRule (\S+) (\S+) \[(\S+)\]$",
        (ROOT / "w3id" / ".htaccess").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    if flags == "R=303,L"
]


def led_to(iri: str) -> str:
    """Return the file that an address leads to: that of the first rule that matches, as Apache reads them."""
    path = iri.split("#", maxsplit=1)[0].removeprefix(BASE)
    for pattern, target in RULES:
        if found := pattern.search(path):
            return re.sub(r"\$(\d)", lambda group: found[int(group[1])] or "", target)
    return ""


def described() -> dict[str, str]:
    """Return each IRI of the project's that a file describes, with the path of the file."""
    layout = Layout.shipped()
    return {
        quad.subject.value: path.relative_to(layout.root).as_posix()
        for path in (*layout.ontology_files, *layout.data_files)
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE)
    }


def test_every_address_leads_to_the_file_that_describes_it() -> None:
    found = described()
    assert len(found) > 100
    wrong = {iri: (led_to(iri), file) for iri, file in found.items() if led_to(iri) != file}
    wrong.pop(BASE + "project", None)  # described within the ontology; people want the README
    assert wrong == {}


@pytest.mark.parametrize(
    ("iri", "file"),
    [
        (BASE, "README.md"),
        (BASE + "project", "README.md"),
        (BASE + "ontology/0.1.0", "ontology/communique.ttl"),
        (BASE + "alignments/0.1.0", "ontology/alignments.ttl"),
        (PREFIXES["shape"] + "Day-clock", "docs/validation.md"),
        (DERIVED + "claim/0", "docs/model.md"),
    ],
)
def test_other_addresses_lead_to_pages(iri: str, file: str) -> None:
    assert led_to(iri) == file
    assert (ROOT / file).is_file()


def test_an_address_that_nobody_gave_leads_nowhere() -> None:
    assert led_to(BASE + "meeting/of-the-moon") == ""
