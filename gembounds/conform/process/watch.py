"""What a core must leave alone in its process: functions of Python, NumPy and gembounds, streams.

Nothing here can change a verdict: that is made in another process. What is found is reported,
because whoever uses such a core shares a process with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

import numpy as np

WATCHED = ("builtins", "numpy", "gembounds")
"""Modules, with all below them that have no underscore before their names."""

STREAMS = {"stdout": 1, "stderr": 2}
"""Names in ``sys``, and file descriptors."""

METHODS = (property, classmethod, staticmethod)


class Watch:
    """Takes note of what there is, and of each watched module right after it is imported."""

    def __init__(self) -> None:
        self._spaces: dict[str, tuple[Callable[[str], Any], list[str], list[Any]]] = {}
        self._handling = np.geterr()
        self._streams = _streams()
        for name, module in sys.modules.copy().items():
            self.add(name, module)
        sys.meta_path.insert(0, _Finder(self))

    def add(self, name: str, module: ModuleType) -> None:
        if name.partition(".")[0] in WATCHED and "._" not in name:
            for label, space in _spaces(name, module):
                kept = [k for k, v in space.items() if callable(v) or isinstance(v, METHODS)]
                self._spaces[label] = space.get, kept, [space[k] for k in kept]

    def touched(self) -> str:
        """What is no longer as it was, in words; "" where all is."""
        for name, now in _streams().items():
            if now != self._streams[name]:
                return f"closed or replaced sys.{name}"
        for label, (get, names, values) in self._spaces.items():
            if list(map(get, names)) != values:  # what is the same object is equal, at once
                changed = next(k for k, v in zip(names, values, strict=True) if get(k) is not v)
                return f"replaced {label}.{changed}"
        return ""

    def at_import(self) -> str:
        """As :meth:`touched`, with NumPy's error handling; what is there now counts as right."""
        found = self.touched()
        if not found and np.geterr() != self._handling:
            found = f"left np.geterr() as {np.geterr()}: it was {self._handling}"
        for name in {label.partition(":")[0] for label in self._spaces}:
            if name in sys.modules:
                self.add(name, sys.modules[name])
        np.seterr(**self._handling)
        self._streams = _streams()
        return found


class _Finder:
    """Finds watched modules as Python does, and has them noted when they are ready."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name.partition(".")[0] not in WATCHED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def noted(module: ModuleType) -> None:
                run(module)
                self._watch.add(name, module)

            spec.loader.exec_module = noted  # type: ignore[method-assign]
        return spec


def _spaces(name: str, module: ModuleType) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The module's names, and those of the classes that it defines."""
    yield name, vars(module)
    for value in dict(vars(module)).values():
        if isinstance(value, type) and value.__module__ == name != "builtins":
            yield f"{name}:{value.__qualname__}", vars(value)


def _streams() -> dict[str, Any]:
    """The objects, whether they are closed, and where their descriptors lead to."""
    found = {name: getattr(sys, name, None) for name in STREAMS}
    return {n: (s, getattr(s, "closed", True), _file(STREAMS[n])) for n, s in found.items()}


def _file(descriptor: int) -> tuple[int, int] | None:
    """Which file an open descriptor leads to."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino
