"""Files are written all or none: after a kill, a full disk, or somebody else's edit, nothing is lost."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from communique.curation.formatting import replace
from communique.drafting.draft import draft_files
from communique.drafting.journal import JOURNAL, WritingError, finish, write_all
from communique.drafting.staging import StagingError
from communique.layout import Layout
from communique.validation.judge import validate

from .examples import FACTS, copied, state

if TYPE_CHECKING:
    from collections.abc import Callable

CASE = FACTS / "dol-2027-05-hilados-del-norte.yaml"
KILLED = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    from communique.drafting.draft import draft_files
    from communique.layout import Layout

    folder, facts, moment = sys.argv[1], sys.argv[2], int(sys.argv[3])
    done = 0

    def watch(event, details):
        global done
        changes = event in {"os.rename", "os.remove", "os.mkdir", "os.chmod"} or (
            event == "open" and isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if changes and str(details[0]).startswith(folder):
            done += 1
            if done == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    draft_files([Path(facts)], Layout.at(Path(folder)), accept=True)
    print(done)
""")
"""Accepts facts, and is killed at the n-th change of a file in the folder; prints how many there are."""


def files(folder: Path) -> dict[str, bytes]:
    return {name: content for name, (content, _) in state(folder).items()}


def accept(folder: Path) -> None:
    (proposal,) = draft_files([CASE], Layout.at(folder), accept=True)
    assert proposal.certain


@pytest.fixture(scope="module")
def accepted(graph_files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files as they are once the facts have been accepted."""
    folder = copied(graph_files, tmp_path_factory.mktemp("accepted"))
    accept(folder)
    return files(folder)


def killed(folder: Path, moment: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(folder), str(CASE), str(moment)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system with signals")
def test_a_kill_at_any_moment_leaves_a_valid_graph_and_the_same_draft_completes_it(
    graph_files: Path, accepted: dict[str, bytes], tmp_path: Path
) -> None:
    whole = killed(copied(graph_files, tmp_path / "whole"), 0)
    moments = int(whole.stdout)
    assert moments > 2 * len(CASE.read_text(encoding="utf-8").splitlines()) // 10, whole.stderr
    before = files(graph_files)
    seen = set()
    for moment in [1, 2, *random.sample(range(3, moments), 4), moments]:
        folder = copied(graph_files, tmp_path / str(moment))
        assert killed(folder, moment).returncode == -signal.SIGKILL
        left = {name: content for name, content in files(folder).items() if before.get(name) != content}
        changed = [folder / name for name in left if name.endswith(".ttl")]
        assert [str(finding) for finding in validate(changed, layout=Layout.at(folder))] == []
        seen.add(len(changed))
        accept(folder)
        after = files(folder)
        litter = {name for name in after if Path(name).name.startswith(".")}
        assert {name: after[name] for name in after if name not in litter} == accepted, f"moment {moment}"
        shutil.rmtree(folder)
    assert len(seen) > 1, "the kills fell into different stages of the writing"


def failing(number: int, fails: Callable[..., Any], code: int) -> Callable[..., Any]:
    """Return a function that fails as the system does, from its n-th call on."""
    calls = 0

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls >= number:
            raise OSError(code, os.strerror(code))
        return fails(*args, **kwargs)

    return call


@pytest.mark.parametrize("code", [errno.ENOSPC])
def test_a_disk_without_room_for_the_journal_changes_nothing(
    code: int, folder: Path, accepted: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(folder)
    monkeypatch.setattr(os, "fsync", failing(1, os.fsync, code))
    with pytest.raises(WritingError, match=rf"{os.strerror(code)}\. Nothing was changed"):
        accept(folder)
    monkeypatch.undo()
    assert files(folder) == before
    accept(folder)
    assert files(folder) == accepted


@pytest.mark.parametrize("number", [1, 6])
def test_a_disk_that_fills_up_in_between_loses_nothing(
    number: int, folder: Path, accepted: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal has all that is to be written, and the next draft goes on from there."""
    before = files(folder)
    monkeypatch.setattr("communique.drafting.journal.replace", failing(number, replace, errno.ENOSPC))
    with pytest.raises(WritingError, match=r"No space left on device\. Mend that and draft again"):
        accept(folder)
    monkeypatch.undo()
    left = files(folder)
    changed = {name for name in left if left[name] != before.get(name)}
    assert len(changed) == number, "those before the failure, and the journal"
    assert JOURNAL in changed
    assert all(left[name] == accepted[name] for name in changed - {JOURNAL})
    accept(folder)
    assert files(folder) == accepted


@pytest.mark.parametrize("code", [errno.EROFS])
def test_a_folder_that_may_not_be_written_is_told(
    code: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(folder)
    opened = os.open

    def guarded(path: Any, *details: Any, **more: Any) -> int:
        if str(path).startswith(str(folder)):
            raise OSError(code, os.strerror(code))
        return opened(path, *details, **more)

    monkeypatch.setattr(os, "open", guarded)
    with pytest.raises(WritingError, match=rf"cannot be written: {os.strerror(code)}\. Nothing was changed"):
        accept(folder)
    monkeypatch.undo()
    assert files(folder) == before


@pytest.mark.parametrize("call", ["shutil.copytree", "tempfile.mkdtemp"])
def test_no_room_to_judge_is_told_before_anything_is_written(
    call: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(folder)
    monkeypatch.setattr(call, failing(1, print, errno.ENOSPC))
    with pytest.raises(StagingError, match="cannot be judged: No space left on device"):
        accept(folder)
    monkeypatch.undo()
    assert files(folder) == before


def test_a_file_where_a_folder_must_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "facts").write_text("", encoding="utf-8")
    with pytest.raises(WritingError, match="cannot be written"):
        write_all(tmp_path, {"data/facts/a.yaml": ("", "new")})


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text("theirs", encoding="utf-8")
    with pytest.raises(WritingError, match=r"a\.ttl has been changed meanwhile"):
        write_all(tmp_path, {"data/b.ttl": ("", "new"), "data/a.ttl": ("old", "new")})
    assert files(tmp_path) == {"data/a.ttl": b"theirs"}


def test_a_journal_is_gone_through_by_whoever_comes_next(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text("new", encoding="utf-8")
    (tmp_path / JOURNAL).write_text('{"data/a.ttl": ["old", "new"], "data/x/b.ttl": ["", "néw\\n"]}', "utf-8")
    finish(tmp_path)
    assert files(tmp_path) == {"data/a.ttl": b"new", "data/x/b.ttl": "néw\n".encode()}
    finish(tmp_path)


@pytest.mark.parametrize("text", ["", '{"data/a.ttl": ["old", "n'])
def test_a_journal_that_was_itself_broken_off_says_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text("old", encoding="utf-8")
    (tmp_path / JOURNAL).write_text(text, encoding="utf-8")
    finish(tmp_path)
    assert files(tmp_path) == {"data/a.ttl": b"old"}


def test_a_journal_does_not_undo_what_was_edited_since(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text("edited", encoding="utf-8")
    (tmp_path / JOURNAL).write_text('{"data/b.ttl": ["", "new"], "data/a.ttl": ["old", "new"]}', "utf-8")
    before = files(tmp_path)
    with pytest.raises(
        WritingError, match=r"a\.ttl has been changed meanwhile.*draft\.json has what was left"
    ):
        finish(tmp_path)
    assert files(tmp_path) == before


def test_while_one_draft_is_written_another_waits(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).parent.mkdir()
    (tmp_path / JOURNAL).write_text("{}", encoding="utf-8")
    with pytest.raises(WritingError, match="another draft is being accepted"):
        write_all(tmp_path, {"data/a.ttl": ("", "new")})
    assert not (tmp_path / "data" / "a.ttl").exists()


def test_a_file_keeps_its_rights_and_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    real = tmp_path / "elsewhere.ttl"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    (tmp_path / "data" / "a.ttl").symlink_to(real)
    write_all(tmp_path, {"data/a.ttl": ("old", "new"), "data/b.ttl": ("", "b")})
    assert (tmp_path / "data" / "a.ttl").is_symlink()
    assert (real.read_text(encoding="utf-8"), real.stat().st_mode & 0o777) == ("new", 0o640)
    assert (tmp_path / "data" / "b.ttl").stat().st_mode & 0o777 == 0o644
