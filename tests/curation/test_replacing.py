"""A file is written whole or not at all: through a full disk, and through whatever kills the writer."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from communique.cli import main
from communique.curation.formatting import put
from communique.errors import UnwritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RECORD = "@prefix cmq: <https://w3id.org/communique/ontology#> .\n" + "".join(
    f'<https://w3id.org/communique/source/new#day-{number}> a cmq:Day ; cmq:zone  "Asia/Tokyo" .\n'
    for number in range(200)
)
COMMANDS = {
    "format": lambda path: ["format", str(path)],
    "fix": lambda path: ["fix", str(path)],
    "validate": lambda path: ["validate", str(path), "--format", "json", "--output", str(path)],
}
"""Commands that put something in the place of a file."""

every_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own that has room for little."""
    folder = tmp_path / "disk"
    folder.mkdir()
    root = [] if sys.platform != "win32" and os.geteuid() == 0 else ["sudo", "-n"]
    mounting = [*root, "mount", "-t", "tmpfs", "-o", "size=64k,mode=1777", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mounting, capture_output=True, check=False)
    except OSError:
        pytest.skip("the right to mount is missing: there is no mount here")
    if done.returncode:
        pytest.skip("the right to mount a small disk is missing")
    try:
        yield folder
    finally:
        subprocess.run([*root, "umount", str(folder)], check=True)


@every_command
def test_a_full_disk_leaves_the_old_file_whole(command: Callable[[Path], list[str]], full_disk: Path) -> None:
    path = full_disk / "new.ttl"
    path.write_text(RECORD, encoding="utf-8")
    (full_disk / "ballast").write_bytes(bytes(40 * 1024))
    result = CliRunner().invoke(main, command(path))
    assert result.exit_code == 3
    assert (
        f"Error: {path} cannot be written: No space left on device. The file is as it was." in result.output
    )
    assert path.read_text("utf-8") == RECORD
    assert sorted(item.name for item in full_disk.iterdir()) == ["ballast", "new.ttl"]


@every_command
def test_a_write_that_fails_at_the_last_moment_leaves_the_old_file_whole(
    command: Callable[[Path], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(RECORD, encoding="utf-8")

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    result = CliRunner().invoke(main, command(path))
    assert result.exit_code == 3
    assert f"{path} cannot be written: {os.strerror(errno.ENOSPC)}. The file is as it was." in result.output
    assert path.read_text("utf-8") == RECORD
    assert [item.name for item in tmp_path.iterdir()] == ["new.ttl"]


def test_a_file_that_was_not_there_is_not_there_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError, match=r"cannot be written: No such file or directory\.$"):
        put(tmp_path / "nowhere" / "report.json", "{}")


WRITER = """\
import sys
from pathlib import Path
from communique.curation.formatting import put
path = Path(sys.argv[1])
texts = ["a" * 4_000_000, "b" * 5_000_000]
put(path, texts[0])
print("ready", flush=True)
while True:
    for text in texts:
        put(path, text)
"""


def test_whoever_writes_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    rng = random.Random(26)  # noqa: S311 - moments, no secrets
    for _ in range(20):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0, 0.03))
            process.kill()
        text = path.read_text("utf-8")
        assert text in {"a" * 4_000_000, "b" * 5_000_000}
    left = [item for item in tmp_path.iterdir() if item != path]
    for item in left:
        assert item.suffix != ".ttl"  # It is read by nobody,
        os.utime(item, (0, 0))
    put(path, "the next one")
    assert [item.name for item in tmp_path.iterdir()] == ["new.ttl"]  # and does not stay.


def test_what_another_is_writing_just_now_stays(tmp_path: Path) -> None:
    path, other = tmp_path / "new.ttl", tmp_path / ".new.ttl.0badcafe.half-written"
    other.write_text("half of", encoding="utf-8")
    put(path, "text")
    assert other.exists()
