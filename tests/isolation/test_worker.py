"""The worker: whatever happens in it is an error in words here, and this process goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from communique.errors import Location
from communique.isolation.refusal import RefusedInputError
from communique.isolation.worker import Limits, WorkerError, run

if TYPE_CHECKING:
    from collections.abc import Callable

LINUX = sys.platform == "linux"


def turn(payload: bytes) -> bytes:
    return payload[::-1]


def refuse(payload: bytes) -> bytes:
    raise RefusedInputError(Location("", 3, 7), "some-rule", payload.decode())


def hang(_: bytes) -> bytes:
    time.sleep(60)
    return b""


def crash(_: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def fail(_: bytes) -> bytes:
    raise ValueError


def swell(_: bytes) -> bytes:
    return b"a" * (1 << 31)


def answer_at_length(_: bytes) -> bytes:
    return b"a" * 100_000


def nest(_: bytes) -> bytes:
    """Parse what ends the parser's process."""
    depth = 64_000
    text = "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * depth + "<urn:c>" + " )>>" * depth + " ."
    return str(len(list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)))).encode()


def laugh(_: bytes) -> bytes:
    """Parse entities that take more memory than there is."""
    entities = '<!ENTITY a0 "' + "a" * 50 + '">'
    entities += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE r [{entities}]><r xmlns="urn:x">&a9;</r>'
    return str(len(list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.RDF_XML)))).encode()


def open_things(payload: bytes) -> bytes:
    """Return what can be opened of a file and a connection."""
    opened = []
    try:
        Path(payload.decode()).read_bytes()
        opened.append("file")
    except OSError:
        pass
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
        opened.append("connection")
    except ConnectionError:
        opened.append("a try to connect")
    except OSError:
        pass
    return " ".join(opened).encode()


def modules(_: bytes) -> bytes:
    return " ".join(sorted(sys.modules)).encode()


def test_a_worker_answers() -> None:
    assert run(turn, b"abc") == b"cba"
    assert run(turn, b"") == b""
    large = bytes(range(256)) * 8_000
    assert run(turn, large) == large[::-1]


def test_a_refusal_comes_through_with_its_place() -> None:
    with pytest.raises(RefusedInputError) as caught:
        run(refuse, "Größe".encode())
    error = caught.value
    assert (error.rule, error.location.line, error.location.column) == ("some-rule", 3, 7)
    assert error.reason == "Größe"


@pytest.mark.parametrize(
    ("function", "rule", "words"),
    [
        (hang, "time-limit", "more than 1 seconds"),
        (crash, "worker-died", "ended by signal 11"),
        (fail, "worker-died", "ended with code 1"),
        pytest.param(
            nest, "worker-died", "ended by signal", marks=pytest.mark.skipif(not LINUX, reason="Linux")
        ),
        pytest.param(
            swell, "memory-limit", "more than 512 MB", marks=pytest.mark.skipif(not LINUX, reason="Linux")
        ),
        pytest.param(
            laugh, "memory-limit", "more than 512 MB", marks=pytest.mark.skipif(not LINUX, reason="Linux")
        ),
    ],
)
def test_what_happens_to_a_worker_is_an_error_in_words(
    function: Callable[[bytes], bytes], rule: str, words: str
) -> None:
    limits = Limits(seconds=1.0 if function is hang else 20.0, memory=512 << 20)
    with pytest.raises(WorkerError, match=words) as caught:
        run(function, b"", limits)
    assert caught.value.rule == rule
    assert run(turn, b"on") == b"no"


def test_an_answer_that_is_too_long_is_not_taken() -> None:
    with pytest.raises(WorkerError) as caught:
        run(answer_at_length, b"", Limits(output=50_000))
    assert caught.value.rule == "memory-limit"


@pytest.mark.skipif(not LINUX, reason="Linux alone keeps this limit")
def test_a_worker_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    assert open_things(str(tmp_path / "secret").encode()) == b"file a try to connect"
    assert run(open_things, str(tmp_path / "secret").encode()) == b""


def test_a_worker_takes_no_module_from_the_folder_that_the_user_stands_in(tmp_path: Path) -> None:
    for name in ("json", "pyoxigraph", "communique"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from here')\n", encoding="utf-8")
    program = (
        "from communique.isolation.worker import run\n"
        "from communique.isolation.parsing import read_trig\n"
        "print(run(read_trig, b'<urn:a> <urn:b> <urn:c> .').decode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "<urn:a> <urn:b> <urn:c> ."


def test_a_worker_loads_nothing_slow() -> None:
    loaded = set(run(modules, b"").decode().split())
    assert "pyoxigraph" in loaded
    assert not loaded & {"rdflib", "pyshacl", "owlrl", "rich"}


def test_a_worker_loads_little_of_the_package() -> None:
    """Its start is most of what a file of another syntax costs."""
    program = (
        "import sys, communique.isolation.worker, communique.isolation.parsing\n"
        "ours = {'communique', 'rdflib', 'click'}\n"
        "print(*(name for name in sys.modules if name.partition('.')[0] in ours))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "communique.isolation.parsing" in loaded
    assert {name for name in loaded if not name.startswith("communique.isolation.")} == {
        "communique",
        "communique.errors",
        "communique.isolation",
    }
