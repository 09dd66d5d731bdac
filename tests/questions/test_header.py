"""Headers of saved questions, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.errors import QuestionError
from communique.questions.header import read_question

RIGHT = """#+ summary: Who?
#+ parameters:
#+   person:
#+     type: person
#+     description: Who.
#+     example: katy-mastman
#+ returns:
#+   person: who it is
SELECT ?person WHERE { VALUES ?_person { UNDEF } BIND(?_person AS ?person) }
"""


def write(folder: Path, text: str, name: str = "who.rq") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_header_is_read(tmp_path: Path) -> None:
    question = read_question(write(tmp_path, RIGHT))
    assert (question.name, question.summary, list(question.returns)) == ("who", "Who?", ["person"])
    assert [(p.name, p.type, p.required) for p in question.parameters] == [("person", "person", False)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ summary: Who?", "#+ title: Who?", "unknown in the header: title"),
        ("#+ summary: Who?\n", "", "lacks `summary`"),
        ("type: person", "type: persom", "unknown type `persom`"),
        ("type: person", "type: choice", "lists no `choices`"),
        ("example: katy-mastman", "sample: katy-mastman", "unknown for the parameter person: sample"),
        ("VALUES ?_person { UNDEF }", "", "no line `VALUES"),
        ("#+ parameters:", "#+ parameters: [", "not YAML"),
        (RIGHT, "SELECT * WHERE { ?s ?p ?o }", "begin the file with"),
    ],
)
def test_a_faulty_header_says_where_and_what(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write(tmp_path, RIGHT.replace(old, new))
    with pytest.raises(QuestionError, match=message) as raised:
        read_question(path)
    assert str(raised.value).startswith(f"{path}:1:1: ")


def test_a_file_name_is_plain(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="lower-case"):
        read_question(write(tmp_path, RIGHT, "Who did.rq"))
