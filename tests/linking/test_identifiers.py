"""Check digits are those of the published algorithms, as python-stdnum has them too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isni
from stdnum.iso7064 import mod_97_10

from communique.layout import Layout
from communique.linking.identifiers import fault_of
from communique.linking.mapping_sets import read_mapping_set

ROR, ISNI = "https://ror.org/", "https://isni.org/isni/"
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
LINKED = sorted(
    {link.object for path in Layout.shipped().link_files for link in read_mapping_set(path).links}
)


def number(ror: str) -> str:
    """Return a ROR id as the decimal number whose last two digits are the check digits."""
    value = 0
    for letter in ror[:-2]:
        value = 32 * value + CROCKFORD.index(letter)
    return f"{value}{ror[-2:]}"


def test_there_are_identifiers_with_check_digits() -> None:
    for start in (ROR, ISNI):
        assert sum(iri.startswith(start) for iri in LINKED) >= 10


@pytest.mark.parametrize("iri", [iri for iri in LINKED if iri.startswith(ROR)])
def test_the_check_digits_of_a_ror_id_that_is_linked(iri: str) -> None:
    assert fault_of(iri) == ""
    assert mod_97_10.is_valid(number(iri.removeprefix(ROR)))


@pytest.mark.parametrize("iri", [iri for iri in LINKED if iri.startswith(ISNI)])
def test_the_check_digit_of_an_isni_that_is_linked(iri: str) -> None:
    assert fault_of(iri) == ""
    assert isni.is_valid(iri.removeprefix(ISNI))


@given(st.text(CROCKFORD, min_size=6, max_size=6), st.integers(0, 99))
def test_ror_agrees_with_stdnum(letters: str, check: int) -> None:
    ror = f"0{letters}{check:02}"
    # 97 more or less leaves the same remainder, but check digits are 98 less a remainder of 0 to 96.
    valid = mod_97_10.is_valid(number(ror)) and 2 <= check <= 98
    assert (fault_of(ROR + ror) == "") == valid


@given(st.text("0123456789", min_size=15, max_size=15), st.sampled_from("0123456789X"))
def test_isni_agrees_with_stdnum(digits: str, check: str) -> None:
    assert (fault_of(ISNI + digits + check) == "") == isni.is_valid(digits + check)


@pytest.mark.parametrize(
    ("iri", "fault"),
    [
        (ROR + "055tm7f08", "fails its check digits"),
        (ROR + "055tm7f0", "is not of the form that identifiers at https://ror.org/ have"),
        (ROR + "155tm7f07", "is not of the form that identifiers at https://ror.org/ have"),
        (ISNI + "0000000419367301", "fails its check digits"),  # as it stands in one record of ROR
        (ISNI + "0000 0000 9936 4488", "is not of the form that identifiers at https://isni.org/isni/ have"),
        (
            "http://www.wikidata.org/entity/Q0",
            "is not of the form that identifiers at http://www.wikidata.org/entity/ have",
        ),
        (
            "https://sws.geonames.org/1861060",
            "is not of the form that identifiers at https://sws.geonames.org/ have",
        ),
        ("https://example.org/anything", ""),
    ],
)
def test_what_is_wrong_is_said(iri: str, fault: str) -> None:
    assert fault_of(iri) == fault
