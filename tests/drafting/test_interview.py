"""A curator at a real terminal decides, is asked again where an answer does not do, and may break off."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest
import yaml

from .examples import a_source, an_event, state, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE, _AGAIN = 60, 3
"""Seconds to wait for the command, and before a key is pressed again."""


class Terminal:
    """A command at a pseudo-terminal."""

    def __init__(self, folder: Path, *words: object) -> None:
        self.seen = ""
        self._read = 0
        self._end, other = pty.openpty()
        command = [sys.executable, "-m", "communique", "--folder", str(folder), "draft", *map(str, words)]
        self._process = subprocess.Popen(
            [*command, "--interactive"],
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - it starts no thread
        )
        os.close(other)

    def expect(self, words: str) -> str:
        """Wait for words on the screen, and return all since the last that was waited for."""
        until = time.monotonic() + _PATIENCE
        while (found := self.seen.find(words, self._read)) < 0:
            ready, _, _ = select.select([self._end], [], [], max(0, until - time.monotonic()))
            data = self._receive() if ready else b""
            if not data:
                raise AssertionError(f"“{words}” did not come; seen:\n{self.seen[self._read :]}")
            self.seen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        since = self.seen[self._read : found + len(words)]
        self._read = found + len(words)
        return since

    def _receive(self) -> bytes:
        try:
            return os.read(self._end, 65_536)
        except OSError:  # Linux says so when the other end is closed
            return b""

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self._end, f"{line}\n".encode())

    def press(self, key: bytes) -> None:
        """Press one key, such as Ctrl-C."""
        os.write(self._end, key)

    def end(self, pressing: bytes = b"") -> int:
        """Wait for the command to end, and return its exit code; a key is pressed until it is heard.

        A signal between the last look at signals and the waiting for a key is heard with the next key only.
        """
        until = time.monotonic() + _PATIENCE
        pressed = time.monotonic()
        while self._process.poll() is None and time.monotonic() < until:
            if pressing and time.monotonic() - pressed > _AGAIN:
                self.press(pressing)
                pressed = time.monotonic()
            if select.select([self._end], [], [], 0.1)[0]:
                self.seen += self._receive().decode("utf-8", "replace").replace("\r\n", "\n")
        while select.select([self._end], [], [], 0)[0] and (data := self._receive()):
            self.seen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        assert "Traceback" not in self.seen, self.seen
        return self._process.wait(timeout=1)

    def close(self) -> None:
        """End the command if it still runs."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._end)


def _take_terminal() -> None:
    # The terminal becomes that of the new session, so that Ctrl-C reaches the command.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminal(folder: Path) -> Iterator[type[Terminal]]:
    """Terminals that are closed at the end of the test."""
    opened: list[Terminal] = []

    class Kept(Terminal):
        def __init__(self, *words: object) -> None:
            super().__init__(folder, *words)
            opened.append(self)

    yield Kept
    for one in opened:
        one.close()


UNCLEAR = an_event(
    topics=["quantum chess", "forced labor in supply chains"],
    chairs=[{"person": "Katie Mastman", "side": "United States", "role": "guest"}],
)


def kept(folder: Path, source: str) -> list[dict[str, object]]:
    facts = yaml.safe_load((folder / f"data/facts/{source}.yaml").read_text(encoding="utf-8"))
    return [one for one in facts["decisions"] if one["kind"] != "occasion"]


def test_a_name_is_linked_by_its_number_and_one_is_new_with_a_definition(
    terminal: type[Terminal], folder: Path, tmp_path: Path
) -> None:
    at = terminal(written(tmp_path / "s.yaml", a_source(events=[UNCLEAR])))
    at.expect("who or what is the topic “quantum chess”?")
    at.expect("> ")
    at.type("n")
    assert "topic:quantum-chess" in at.expect("]: ")
    at.type("topic:board-games")
    at.expect("What is it, in a sentence?")
    at.type("Games that ministers play on a board.")
    at.expect("who or what is the person “Katie Mastman”?")
    offered = at.expect("> ")
    (number,) = re.findall(r"^ +(\d) +person:katy-mastman ", offered, flags=re.MULTILINE)
    at.type(number)
    assert at.end() == 0
    assert "1 of 1 accepted." in at.seen
    assert kept(folder, "ustr-2027-05-ministerial") == [
        {
            "kind": "topic",
            "name": "quantum chess",
            "new": "topic:board-games",
            "definition": "Games that ministers play on a board.",
        },
        {"kind": "person", "name": "Katie Mastman", "is": "person:katy-mastman"},
    ]
    topics = (folder / "ontology/concepts/topic.ttl").read_text(encoding="utf-8")
    assert 'skos:definition "Games that ministers play on a board."@en' in topics


def test_a_wrong_answer_is_asked_again_and_a_name_left_out_has_a_reason(
    terminal: type[Terminal], folder: Path, tmp_path: Path
) -> None:
    at = terminal(written(tmp_path / "s.yaml", a_source(events=[UNCLEAR])))
    at.expect("“quantum chess”")
    at.type("x")
    at.expect("is not one of")
    at.type("e")
    at.expect("Its short name")
    at.type("Forced Labor")
    at.expect("An entity of the graph by prefix and short name")
    at.type("e")
    at.expect("Its short name")
    at.type("topic:forced-labr")
    at.expect("There is no topic:forced-labr. Did you mean topic:forced-labor?")
    at.expect("> ")
    at.type("o")
    at.expect("Why")
    at.type("a joke")
    at.expect("“Katie Mastman”")
    at.type("e")
    at.expect("Its short name")
    at.type("person:katy-mastman")
    assert at.end() == 0
    assert kept(folder, "ustr-2027-05-ministerial")[0] == {
        "kind": "topic",
        "name": "quantum chess",
        "left_out": "a joke",
    }


def test_somebody_who_is_near_is_new_only_once_it_is_confirmed(
    terminal: type[Terminal], folder: Path, tmp_path: Path
) -> None:
    chair = {"person": "Katie Mastman", "side": "United States", "role": "guest"}
    at = terminal(written(tmp_path / "s.yaml", a_source(events=[an_event(chairs=[chair])])))
    for answer in ("n", "y"):
        at.expect("> ")
        at.type("n")
        at.expect("[person:katie-mastman]: ")
        at.type("")
        at.expect("It looks like person:katy-mastman. It is recorded that they are two.")
        at.expect("Are they?")
        at.type(answer)
        if answer == "n":
            at.expect("It is not decided.")
    assert at.end() == 0
    people = (folder / "data/register/people.ttl").read_text(encoding="utf-8")
    assert "owl:differentFrom person:katy-mastman" in people


def test_what_is_skipped_stays_open_and_nothing_of_its_source_is_written(
    terminal: type[Terminal], folder: Path, tmp_path: Path
) -> None:
    before = state(folder)
    at = terminal(written(tmp_path / "s.yaml", a_source(events=[UNCLEAR])))
    at.expect("“quantum chess”")
    at.type("s")
    at.expect("“Katie Mastman”")
    at.type("s")
    assert at.end() == 1
    assert "0 of 1 accepted." in at.seen
    assert state(folder) == before


@pytest.mark.parametrize("key", [b"q\n", b"\x03"])
def test_breaking_off_keeps_what_was_finished_and_nothing_of_the_source_at_hand(
    key: bytes, terminal: type[Terminal], folder: Path, tmp_path: Path
) -> None:
    first = an_event(topics=["quantum chess"])
    second = an_event(label="Second", start="2027-11-04", topics=["quantum go", "quantum bridge"])
    at = terminal(
        written(tmp_path / "1.yaml", a_source(id="a-first", events=[first])),
        written(tmp_path / "2.yaml", a_source(id="b-second", url="https://e.org/2", events=[second])),
    )
    at.expect("“quantum chess”")
    at.type("o")
    at.expect("Why")
    at.type("a joke")
    at.expect("“quantum go”")
    at.type("o")
    at.expect("Why")
    at.type("another joke")
    at.expect("“quantum bridge”")
    at.expect("> ")
    at.press(key)
    assert at.end(pressing=key) == (1 if key == b"q\n" else 3)
    after = state(folder)
    assert "data/facts/a-first.yaml" in after
    assert not [name for name in after if "b-second" in name]
    assert "2027-11" not in (folder / "data/register/occasions.ttl").read_text(encoding="utf-8")


def test_of_one_name_on_two_sides_each_is_asked_for(
    terminal: type[Terminal], folder: Path, tmp_path: Path
) -> None:
    bodies = [
        {"name": "Bureau of International Labour Affair", "side": side} for side in ("United States", "Japan")
    ]
    at = terminal(written(tmp_path / "s.yaml", a_source(events=[an_event(bodies=bodies)])))
    at.expect("the body “Bureau of International Labour Affair”")
    assert "body:us-ilab" in at.expect("> ")
    at.type("1")
    at.expect("the body “Bureau of International Labour Affair”")
    assert "the same name; but that is a body of United States" in at.expect("> ")
    at.type("o")
    at.expect("Why")
    at.type("not said which")
    assert at.end() == 0
    told = kept(folder, "ustr-2027-05-ministerial")
    assert [(one["side"], one.get("is")) for one in told] == [
        ("United States", "body:us-ilab"),
        ("Japan", None),
    ]


def test_without_a_terminal_nobody_is_asked(folder: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "s.yaml", a_source(events=[UNCLEAR]))
    command = [
        sys.executable,
        "-m",
        "communique",
        "--folder",
        str(folder),
        "draft",
        str(facts),
        "--interactive",
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "There is nobody to ask: --interactive needs a terminal." in done.stderr
