"""The words that names are made of: spellings that are one, words that do not weigh, words for countries."""

from __future__ import annotations

import re

SPELLINGS = {
    "labour": "labor",
    "organisation": "organization",
    "organisations": "organizations",
    "centre": "center",
    "defence": "defense",
    "programme": "program",
    "programmes": "programs",
    "dept": "department",
    "min": "ministry",
    "govt": "government",
    "intl": "international",
    "asst": "assistant",
    "rep": "representative",
    "ustr": "us trade representative",
    "austr": "assistant us trade representative",
    "undersecretary": "under secretary",
    "vietnam": "viet nam",
    "usa": "us",
    "dg": "directorate general",
}
PHRASES = (
    (re.compile(r"\bunited states of america\b|\bunited states\b|\bu s a\b|\bu s\b"), "us"),
    (re.compile(r"\bunited kingdom\b|\bu k\b"), "uk"),
    (re.compile(r"\beuropean union\b|\be u\b"), "eu"),
)
LEGAL_FORM = re.compile(
    r"\b(?:sapi de cv|sab de cv|s de rl de cv|sa de cv|sa|inc|incorporated|llc|ltd|limited|gmbh|co ltd|corp|"
    r"corporation|plc|kk|co)(?:\s+\d+)?$"
)
PEOPLES = {
    "US": ("us", "american"),
    "JP": ("japan", "japanese"),
    "EU": ("eu", "european"),
    "GB": ("uk", "british"),
    "CA": ("canada", "canadian"),
    "MX": ("mexico", "mexican"),
    "VN": ("viet nam", "vietnamese"),
    "TW": ("taiwan", "taiwanese"),
    "BR": ("brazil", "brazilian"),
    "IR": ("iran", "iranian", "islamic republic of iran"),
    "DE": ("germany", "german", "federal republic of germany"),
    "FR": ("france", "french"),
    "AU": ("australia", "australian"),
    "IN": ("india", "indian"),
    "EC": ("ecuador", "ecuadorian"),
    "KR": ("korea", "korean", "republic of korea"),
    "NZ": ("new zealand",),
}
"""How bodies are marked as a government's own: `U.S. Department of Labor`, `Japanese Ministry of Justice`."""
UNWEIGHED = frozenset(
    "the a an of for on in to and at by with de del la el los las y e und der die des".split()  # noqa: SIM905
)
"""Words that do not tell one name from another."""
HONORIFICS = frozenset(
    "mr mrs ms dr prof professor sir dame lord lady hon honorable honourable the ambassador amb evp "  # noqa: SIM905
    "secretary minister commissioner president vice executive director general deputy assistant under state "
    "prime premier chair chairman chairwoman representative".split()
)
"""Words that stand before a person's name and are none of it."""
SORTS = {
    "body": frozenset(
        "ministry department office agency bureau council commission secretariat parliament".split()  # noqa: SIM905
    ),
    "instrument": frozenset(
        "act agreement cooperation declaration guidelines joint letter memorandum memorandums plan statement "  # noqa: SIM905
        "understanding".split()
    ),
}
"""Words for what something is, which others of its kind are called by as well."""
