"""Runs a function in a process of its own, which can be killed.

Some parsers end the whole process on hostile text, and none can be interrupted. So they run beside it, in a
fresh interpreter (nothing is forked: it is the same on every system), with a limit of time that is kept
everywhere. Limits of memory and of processor time, and the ban on opening anything, are kept on Linux; macOS
takes the limit of memory without keeping it, Windows has none of the three.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from communique.errors import CommuniqueError, Location
from communique.isolation.refusal import RefusedInputError

if TYPE_CHECKING:
    from collections.abc import Callable

_DONE, _REFUSED = b"+", b"-"
_OUT_OF_MEMORY = 77
_SAID_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take.

    Attributes:
        seconds: time on the clock.
        memory: bytes of address space.
        output: bytes of its answer.

    """

    seconds: float = 10.0
    memory: int = 1 << 30
    output: int = 64 << 20


class WorkerError(CommuniqueError):
    """A worker did not answer.

    Attributes:
        rule: ``time-limit``, ``memory-limit`` or ``worker-died``.

    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def run(function: Callable[[bytes], bytes], payload: bytes, limits: Limits | None = None) -> bytes:
    """Return what a function makes of bytes in a process of its own.

    Args:
        function: it stands in a module, under its own name.
        payload: what it is given.
        limits: what it may take.

    Raises:
        RefusedInputError: as the function raises it; the path of its location is empty.
        WorkerError: if it took too much, or its process died.

    """
    limits = limits or Limits()
    name = f"{function.__module__}:{function.__qualname__}"
    given = json.dumps({"function": name, "seconds": limits.seconds, "memory": limits.memory})
    paths = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        # -P: the folder that the user stands in is no place for modules.
        [sys.executable, "-P", "-m", __name__, given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        try:
            answer, said = process.communicate(payload, timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise WorkerError("time-limit", f"It took more than {limits.seconds:g} seconds.") from None
        except BaseException:
            process.kill()
            raise
    if process.returncode == 0 and answer[:1] == _DONE:
        if len(answer) > limits.output:
            raise WorkerError("memory-limit", f"It makes more than {limits.output >> 20} MB of triples.")
        return answer[1:]
    if process.returncode == 0 and answer[:1] == _REFUSED:
        refusal = json.loads(answer[1:])
        raise RefusedInputError(
            Location("", refusal["line"], refusal["column"]), refusal["rule"], refusal["message"]
        )
    raise _death(process.returncode, said[-_SAID_AT_MOST:].decode("utf-8", "replace"), limits)


def _death(code: int, said: str, limits: Limits) -> WorkerError:
    # The parsers do not raise when memory is short: they say so and abort.
    if code == _OUT_OF_MEMORY or "memory allocation of" in said:
        return WorkerError("memory-limit", f"It took more than {limits.memory >> 20} MB of memory.")
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return WorkerError("worker-died", f"The process that reads it ended {how}.")


def serve(given: str) -> int:
    """Run one function in this process, which is then done; return its exit code."""
    order = json.loads(given)
    module, _, name = order["function"].partition(":")
    function: Callable[[bytes], bytes] = getattr(import_module(module), name)
    _close(order["seconds"], order["memory"])
    try:
        answer = _DONE + function(sys.stdin.buffer.read())
    except RefusedInputError as error:
        at = error.location
        told = {"line": at.line, "column": at.column, "rule": error.rule, "message": error.reason}
        answer = _REFUSED + json.dumps(told).encode()
    except MemoryError:
        return _OUT_OF_MEMORY
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def _close(seconds: float, memory: int) -> None:
    """Limit this process, and let it open nothing any more: no file, no connection."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    processor = int(seconds) + 1  # A parent that is killed cannot kill; this still ends the worker.
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        # A system may hold a limit that is lower, or know none of the kind.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1]))
