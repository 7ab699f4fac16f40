"""In a core's process: questions are read, the core is called, what came of it is sent back.

A question is a JSON object with ``do``:

``meet``   what it is: which of ``functions`` it has, what it declares of ``declarations``, its
           public names; sent once, and the core is imported for it
``call``   ``function`` with ``arguments`` (indices of arrays, or numbers) under the circumstances
           of :class:`gembounds.conform.process.handle.Call`
``batch``  several calls, ``functions`` with ``arguments`` of each, ``calls`` times over: how, in
           :mod:`gembounds.conform.process.batch`
``again``  the object that the last call with ``keep`` returned, as it is now
``spoil``  NaN is written into that object, where it is an array that can be written to
"""

from __future__ import annotations

import ctypes
import json
import numbers
import os
import random
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from gembounds.conform.process.batch import performed
from gembounds.conform.process.finding import find
from gembounds.conform.process.layouts import LAYOUTS
from gembounds.conform.process.watch import STREAMS, Watch
from gembounds.conform.process.wire import MOST_BYTES, Array, Garbled, packed, short, unpacked
from gembounds.tools.errors import InputError

GRACE = 5.0
"""Seconds beyond its limit after which a call ends the process, should the judge be gone."""

NAMES = 5000
"""Public names that are told, at most."""

WARNINGS = 3
"""Warnings of one call that are told."""

LOUD = {"all": "warn", "under": "ignore"}
STRANGE = {"all": "call", "call": lambda kind, flag: None}
"""NumPy's handling during a call; the second is one that no core would choose."""


def main() -> None:
    """``python -c ... DESCRIPTOR SPEC PATH``: the core ``SPEC`` for who holds the other end."""
    descriptor, spec, path = sys.argv[1:]
    sys.argv[1:] = []
    sys.path[:] = json.loads(path)
    serve(socket.socket(fileno=int(descriptor)), lambda: find(spec))


def serve(channel: socket.socket, give: Callable[[], Any]) -> NoReturn:
    """Answer until the other end is closed."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    watch, flush_of_c = Watch(), ctypes.CDLL(None).fflush
    warnings.simplefilter("ignore")
    server = Server(give, watch)
    while True:
        try:
            key, question, arrays = unpacked(lambda count: _read(channel, count))
        except (EOFError, OSError, Garbled):
            os._exit(0)  # nobody asks any more: nothing that waits to run at exit has to
        signal.setitimer(signal.ITIMER_REAL, question["seconds"] + GRACE)
        answer, results = getattr(server, question["do"])(question, arrays)
        for name in STREAMS:
            _flush(getattr(sys, name, None))
        flush_of_c(None)
        answer.setdefault("touched", watch.touched())
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            channel.sendall(packed(key, answer, results))
        except OSError:
            raise SystemExit("the line to the judge is closed") from None


def _read(channel: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = channel.recv(min(count - len(parts), 2**20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _flush(stream: Any) -> None:
    try:
        stream.flush()
    except Exception:  # noqa: BLE001 - a closed one is the watch's affair
        return


class Server:
    """The core of ``give()``, its last arguments, and the result that was kept."""

    def __init__(self, give: Callable[[], Any], watch: Watch) -> None:
        self._give, self._watch = give, watch
        self._target: Any = None
        self._given: list[Any] = []
        self._kept: Any = None

    def meet(self, question: dict[str, Any], _: list[Array]) -> Any:
        try:
            self._target = self._give()
        except InputError as error:
            return {"refused": str(error)}, []
        public = [n for n in dir(self._target) if not n.startswith("_")][:NAMES]
        values = {n: _value(self._target, n) for n in public}
        callables = [n for n, v in values.items() if callable(v) and not isinstance(v, type)]
        return {
            "functions": [f for f in question["functions"] if callable(values.get(f))],
            "declared": {n: declared(values.get(n)) for n in question["declarations"]},
            "callables": callables,
            "values": [n for n, v in values.items() if _may_declare(v)],
            "touched": self._watch.at_import(),
        }, []

    def call(self, question: dict[str, Any], arrays: list[Array]) -> Any:
        if question["same"]:
            for old, new in zip(self._given, arrays, strict=True):
                old[...] = new
        else:
            self._given = [LAYOUTS[question["layout"]](a) for a in arrays]
        parts = [self._given[a] if type(a) is int else a for a in question["arguments"]]
        answer, results = self._observed(question, parts)
        if question["after"]:
            results += [np.ascontiguousarray(a) for a in self._given]
        return answer, results

    def batch(self, question: dict[str, Any], arrays: list[Array]) -> Any:
        parts = [[arrays[a] if type(a) is int else a for a in one]
                 for one in question["arguments"]]  # fmt: skip
        calls = list(zip(question["functions"], parts, strict=True))
        how = {name: question[name] for name in ("where", "layout", "calls")}
        odd, results = "", []
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                for values in performed(self._target, calls, **how):
                    sent = [_sent(value) for value in values]
                    odd = odd or next((answer["odd"] for answer, _ in sent if answer["odd"]), "")
                    results += [] if odd else [np.stack([found[0] for _, found in sent])]
            except BaseException as error:  # noqa: BLE001 - a core may raise what it likes
                kind = "raised" if isinstance(error, Exception) else "ended"
                return {kind: short(f"{type(error).__name__}: {error}")}, []
        return {"odd": odd, "warned": [], "settings": "", "shares": False}, results

    def again(self, question: dict[str, Any], _: list[Array]) -> Any:
        return _sent(self._kept)

    def spoil(self, question: dict[str, Any], _: list[Array]) -> Any:
        able = isinstance(self._kept, np.ndarray) and self._kept.flags.writeable
        if able:
            self._kept[...] = np.nan
        return {"able": able}, []

    def _observed(self, question: dict[str, Any], parts: list[Any]) -> Any:
        before = _seeded(question["seed"]) if question["seed"] is not None else None
        handling = STRANGE if question["strange"] else LOUD
        with np.errstate(**handling), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            settings = np.geterr(), list(warnings.filters)
            try:
                result = getattr(self._target, question["function"])(*parts)
                answer, results = _sent(result)
            except BaseException as error:  # noqa: BLE001 - a core may raise what it likes
                kind = "raised" if isinstance(error, Exception) else "ended"
                return {kind: short(f"{type(error).__name__}: {error}")}, []
            answer["settings"] = _changed(*settings)
        if question["keep"]:
            self._kept = result
        answer["shares"] = isinstance(result, np.ndarray) and any(
            np.may_share_memory(result, a) for a in self._given
        )
        answer["warned"] = [
            short(f"{w.category.__name__}: {w.message}") for w in caught[:WARNINGS]
        ]
        if before is not None:
            answer["states"] = {name: repr(state) for name, state in _states().items()}
            np.random.set_state(before["np.random"])
            random.setstate(before["random"])
        return answer, results


def _value(target: Any, name: str) -> Any:
    """An attribute; None where asking for it raises."""
    try:
        return getattr(target, name)
    except Exception:  # noqa: BLE001 - a property may raise what it likes
        return None


def declared(value: Any) -> Any:
    """A declaration as JSON has it: a number, a text, a dict of such, or ``{"odd": text}``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {"by": {str(k): declared(v) for k, v in value.items()}}
    try:
        if isinstance(value, (type, np.dtype)):
            return np.dtype(value).name
        if isinstance(value, numbers.Real) or np.asarray(value).dtype.kind in "fiu":
            return {"odd": repr(value)} if isinstance(value, bool) else float(value)
    except Exception:  # noqa: BLE001 - it may be anything
        return {"odd": short(repr(value))}
    return {"odd": short(repr(value))}


def _may_declare(value: Any) -> bool:
    """Whether a value is of a kind that is declared: a number, a text, a type, a dict."""
    if isinstance(value, type):
        return issubclass(value, np.generic)
    return isinstance(value, (numbers.Real, str, Mapping, np.dtype))


def _sent(found: Any) -> Any:
    """An object as float64, or what it is instead."""
    try:
        array = np.asarray(found)
        if array.dtype.kind not in "fiuO" or 8 * array.size > MOST_BYTES:
            raise TypeError
        return {"odd": ""}, [np.array(array, dtype=np.float64)]
    except Exception:  # noqa: BLE001 - arrays of other libraries raise what they like
        return {"odd": short(repr(found))[:60]}, []


def _changed(handling: Any, filters: list[Any]) -> str:
    if np.geterr() != handling:
        return f"leaves np.geterr() as {np.geterr()}: it was {handling}"
    return "" if list(warnings.filters) == filters else "changes warnings.filters for good"


def _states() -> dict[str, Any]:
    """Of the global generators, comparable."""
    name, keys, *rest = np.random.get_state(legacy=True)
    return {"np.random": (name, np.asarray(keys).tolist(), *rest), "random": random.getstate()}


def _seeded(number: int) -> dict[str, Any]:
    """Seeds the global generators; their states before."""
    before = _states()
    np.random.seed(number)
    random.seed(number)
    return before
