"""The forms that the values of XML Schema's datatypes have: rdflib's own test knows years up to 9999 only."""

from __future__ import annotations

import re
from calendar import monthrange

_XSD = "http://www.w3.org/2001/XMLSchema#"
_YEAR = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DATE = f"{_YEAR}-{_MONTH}-{_DAY}"
_HOURS = r"(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)"
_FORMS = {
    name: re.compile(form, re.ASCII)
    for name, form in {
        "date": f"{_DATE}{_ZONE}?",
        "dateTime": f"{_DATE}T{_TIME}{_ZONE}?",
        "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE}",
        "time": f"{_TIME}{_ZONE}?",
        "gYear": f"{_YEAR}{_ZONE}?",
        "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
        "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}?",
        "gMonth": f"--{_MONTH}{_ZONE}?",
        "gDay": f"---{_DAY}{_ZONE}?",
        "duration": rf"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?{_HOURS}?",
        "dayTimeDuration": rf"-?P(?=.)(?:\d+D)?{_HOURS}?",
        "yearMonthDuration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?",
        "boolean": r"true|false|1|0",
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
        "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
        "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
        "anyURI": r'[^\s<>"{}|\\^`]*',
    }.items()
}
_FORMS["float"] = _FORMS["double"]
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_MAX_DIGITS = 4000
"""Python reads no longer numbers; they are left to the parser to refuse."""


def is_well_formed(text: str, datatype: str) -> bool:
    """Return whether a text is a value of a datatype; True for a datatype that is not XML Schema's."""
    name = datatype.removeprefix(_XSD)
    if name in _RANGES:
        low, high = _RANGES[name]
        if not _INTEGER.fullmatch(text) or len(text) > _MAX_DIGITS:
            return False
        return (low is None or int(text) >= low) and (high is None or int(text) <= high)
    form = _FORMS.get(name) if datatype.startswith(_XSD) else None
    if form is None:
        return True
    found = form.fullmatch(text)
    return found is not None and _is_a_day(found)


def _is_a_day(found: re.Match[str]) -> bool:
    parts = found.groupdict()
    if not parts.get("day") or not parts.get("month"):
        return True
    # The calendar repeats itself after 400 years; a day without a year may be one of a leap year.
    year = 2000 + int(parts["year"]) % 400 if parts.get("year") else 2000
    return int(parts["day"]) <= monthrange(year, int(parts["month"]))[1]


def looks_like_an_identifier(text: str, datatype: str) -> bool:
    """Return whether a whole number has zeros before it, as numbers have that are names."""
    return datatype.removeprefix(_XSD) in _RANGES and bool(re.fullmatch(r"0+[1-9]\d*", text))
