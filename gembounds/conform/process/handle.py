"""The judge's end: starts a core's process, asks it, and says what became of it.

A spec is judged in a fresh interpreter, anything else in a fork of this process, which has the
object as it is. Either way nothing of the core runs here, each answer has a time limit, and a
process that dies, hangs or answers what is no message is replaced by a new one when it is needed
again. What it writes to its standard streams goes to a file that is read here.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import weakref
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

import numpy as np

from gembounds.conform.process import serve
from gembounds.conform.process.finding import instance
from gembounds.conform.process.watch import STREAMS
from gembounds.conform.process.wire import KEY, Array, Garbled, packed, short, unpacked

TICK = 0.1
"""Seconds after which a process that does not answer is looked at."""

FAREWELL = 2.0
"""Seconds that a process whose end of the line is closed has to end."""

MOST_SAID = 1000
"""Characters of what it wrote that are read."""

MOST_OUTPUT = 2**20
"""Bytes on its standard streams after which a call is ended."""

CODE = "from gembounds.conform.process import serve; serve.main()"


class Unruly(Exception):
    """What a core did instead of computing; ``final``: its process had to be ended for it;
    ``slow``: because it took too long."""

    def __init__(self, text: str, final: bool = True, slow: bool = False) -> None:
        super().__init__(text)
        self.final, self.slow = final, slow


@dataclass(frozen=True)
class Call:
    """Under what circumstances a function is called.

    ``layout`` of the arrays; ``same``: in the array objects of the call before; ``keep``: what
    comes back is kept, for ``again`` and ``spoil``; ``after``: the arrays are sent back;
    ``strange``: NumPy's errors are handled as no core would; ``seed``: the global generators are
    seeded with it, and their states afterwards sent back.
    """

    layout: str = "plain"
    same: bool = False
    keep: bool = False
    after: bool = False
    strange: bool = False
    seed: int | None = None


PLAIN = Call()


class Handle:
    """A core's process, started when it is first asked and again after it ended."""

    def __init__(self, core: Any, meet: dict[str, Any], seconds: float) -> None:
        self._core, self._meet, self._seconds = core, meet, seconds
        self._child: _Child | None = None

    def meet(self) -> tuple[dict[str, Any], str]:
        """What the core is, and what it wrote as it was imported."""
        self.close()
        self._child = _Child(self._core)
        told, _, wrote = self._asked(self._meet | {"do": "meet", "seconds": self._seconds}, ())
        return told, wrote

    def call(
        self, function: str, arguments: Sequence[Any], call: Call, seconds: float
    ) -> tuple[dict[str, Any], list[Array], str]:
        """What came of it: the answer, its arrays, and what was written meanwhile."""
        arrays = [a for a in arguments if isinstance(a, np.ndarray)]
        places = iter(range(len(arrays)))
        named = [next(places) if isinstance(a, np.ndarray) else a for a in arguments]
        question = {"do": "call", "function": function, "arguments": named, **asdict(call)}
        return self.ask(question, seconds, arrays)

    def batch(
        self, calls: Sequence[tuple[str, Sequence[Any]]], how: dict[str, Any], seconds: float
    ) -> tuple[dict[str, Any], list[Array], str]:
        """The same of several calls."""
        arrays = [a for _, given in calls for a in given if isinstance(a, np.ndarray)]
        places = iter(range(len(arrays)))
        named = [[next(places) if isinstance(a, np.ndarray) else a for a in given]
                 for _, given in calls]  # fmt: skip
        functions = [function for function, _ in calls]
        question = {"do": "batch", "functions": functions, "arguments": named, **how}
        return self.ask(question, seconds, arrays)

    def ask(
        self, question: dict[str, Any], seconds: float, arrays: Sequence[Array] = ()
    ) -> tuple[dict[str, Any], list[Array], str]:
        """As :meth:`call`. Raises :class:`Unruly` where there is no answer."""
        if self._child is None:
            self.meet()
        return self._asked(question | {"seconds": seconds}, arrays)

    def close(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _asked(
        self, question: dict[str, Any], arrays: Sequence[Array]
    ) -> tuple[dict[str, Any], list[Array], str]:
        assert self._child is not None
        try:
            return *self._child.ask(question, arrays), self._child.said()
        except BaseException:
            self.close()
            raise


class _Child:
    """One process, with its line to it and the file that its standard streams lead to."""

    def __init__(self, core: Any) -> None:
        self._line, far = socket.socketpair()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._seen = 0
        start = _fresh if isinstance(core, str) else _forked
        with far:
            self._process = start(core, self._line, far, self._output)
        self.end = weakref.finalize(
            self, _ended, os.getpid(), self._process, self._line, self._output
        )

    def ask(self, question: dict[str, Any], arrays: Sequence[Array]) -> tuple[Any, list[Array]]:
        end = time.monotonic() + question["seconds"]
        key = os.urandom(KEY)
        try:
            self._line.settimeout(question["seconds"])
            self._line.sendall(packed(key, question, arrays))
            answer = unpacked(lambda count: self._read(count, end, question["seconds"]), key)
        except Garbled:
            raise Unruly("wrote into the line to the judge") from None
        except (OSError, EOFError):
            raise Unruly(self._farewell()) from None
        return answer[1:]

    def said(self) -> str:
        """What was written to the standard streams since this was asked last."""
        size = os.fstat(self._output.fileno()).st_size
        text = os.pread(self._output.fileno(), MOST_SAID, self._seen) if size > self._seen else b""
        self._seen = size
        return short(text.decode(errors="replace")) or ("..." if text else "")

    def _read(self, count: int, end: float, seconds: float) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            left = end - time.monotonic()
            if left <= 0:
                raise Unruly(f"gave no answer within {seconds:g} s", slow=True)
            self._line.settimeout(min(TICK, left))
            try:
                part = self._line.recv(min(count - len(parts), 2**20))
            except TimeoutError:
                self._look()
                continue
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _look(self) -> None:
        """At a process that has not answered yet."""
        if os.fstat(self._output.fileno()).st_size > self._seen + MOST_OUTPUT:
            raise Unruly(f"writes without end to the standard streams: {self.said()!r}")
        if self._process.poll() is not None:
            raise EOFError

    def _farewell(self) -> str:
        """How the process ended."""
        end = time.monotonic() + FAREWELL
        while (status := self._process.poll()) is None and time.monotonic() < end:
            time.sleep(0.01)
        said = self.said()
        last = f", after it wrote {said!r}" if said else ""
        if status is None:
            return f"closed the line to the judge{last}"
        if status < 0:
            return f"ended its process by {signal.Signals(-status).name}{last}"
        return f"ended its process with exit status {status}{last}"


class _Forked:
    """A child of ours by its number, as ``subprocess.Popen`` has it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def wait(self) -> int:
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status


def _fresh(spec: str, _: socket.socket, far: socket.socket, output: IO[bytes]) -> Any:
    """A new interpreter, with the path that modules are searched on here."""
    words = [str(far.fileno()), spec, json.dumps(sys.path)]
    return subprocess.Popen(
        [sys.executable, "-P", "-c", CODE, *words], stdin=subprocess.DEVNULL, stdout=output,
        stderr=output, pass_fds=[far.fileno()], start_new_session=True,
    )  # fmt: skip


def _forked(core: Any, near: socket.socket, far: socket.socket, output: IO[bytes]) -> _Forked:
    """A copy of this process, which does nothing but serve. What files are open here lead nowhere
    there: the numbers stay taken, because objects that were copied may close them."""
    for name in STREAMS:
        getattr(sys, name).flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are threads: they stay here
        pid = os.fork()
    if pid:
        return _Forked(pid)
    try:
        gc.freeze()  # what was garbage here is not collected there
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in map(int, os.listdir("/dev/fd")):
            with contextlib.suppress(OSError):  # the one of the listing itself is closed
                if descriptor not in (far.fileno(), output.fileno()):
                    os.dup2(nowhere, descriptor, inheritable=descriptor < 3)
        for name, descriptor in STREAMS.items():
            os.dup2(output.fileno(), descriptor)
            setattr(sys, name, open(descriptor, "w", closefd=False, encoding="utf-8"))  # noqa: SIM115
        serve.serve(far, lambda: instance(core, f"core {getattr(core, '__name__', core)}"))
    except BaseException:  # noqa: BLE001 - whatever it is, the caller's stack is not for this copy
        os.write(2, traceback.format_exc()[-150:].encode())
        os._exit(1)


def _ended(owner: int, process: Any, line: socket.socket, output: IO[bytes]) -> None:
    """The process and all that it started are killed; in a fork of the judge, left alone."""
    if os.getpid() != owner:
        return
    kills = [os.killpg] if process.poll() is not None else [os.killpg, os.kill]
    for kill in kills:  # a fork may not lead a group yet; a group may outlive its leader
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(process.pid, signal.SIGKILL)
    process.wait()
    line.close()
    output.close()
