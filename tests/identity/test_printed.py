"""What of a name in the facts is printed, what is the compiler's, and what is no name at all."""

from __future__ import annotations

import pytest

from communique.identity.clues import Clues
from communique.identity.deciding import Outcome, decide
from communique.identity.known import Known
from communique.identity.names import is_common, printed_and_reading
from communique.layout import Layout


@pytest.mark.parametrize(
    ("written", "printed", "reading"),
    [
        ("西村康稔 (Nishimura Yasutoshi)", "西村康稔", "Nishimura Yasutoshi"),
        ("経済産業省（METI）", "経済産業省", "METI"),
        ("商務省 (Department of Commerce)", "商務省", "Department of Commerce"),
        ("小山武 (Koyama; reading not on the page)", "小山武", None),
        ("労働組合など (unions and others, unnamed)", "労働組合など", None),
        ("外務省", "外務省", None),
        ("Japan External Trade Organization (JETRO)", "Japan External Trade Organization (JETRO)", None),
    ],
)
def test_a_reading_in_brackets_is_the_compilers(written: str, printed: str, reading: str | None) -> None:
    assert printed_and_reading(written) == (printed, reading)


@pytest.mark.parametrize("kind", ["body", "organization"])
def test_what_is_written_like_no_name_is_asked_about(kind: str) -> None:
    known = Known.of(Layout.shipped())
    decision = decide(kind, "relevant associations and experts", Clues(side="any"), known)
    assert decision.outcome is Outcome.ASK
    assert "`unnamed`" in decision.reason


@pytest.mark.parametrize(
    ("name", "common"),
    [("business associations", True), ("AFL-CIO", False), ("civil society Forum", False), ("経済界", False)],
)
def test_a_common_noun_has_no_capital(name: str, common: bool) -> None:
    assert is_common(name) is common
