"""Work in units that are kept on disk as they finish: an interrupted run goes on from there.

A chain is a sequence of units; each takes the result of the one before. A unit's result is JSON
and depends on the chain's arguments, its place and the one before, nothing else: a resumed run
ends in the same bytes. Its file's name is a digest of those, of the package's source and of the
versions of what computes, so that no stale result is taken.

Units run in processes of their own with one BLAS thread each, whatever ``jobs`` is: with more,
sums could come out in another order.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import gembounds
from gembounds.tools.files import make_folder
from gembounds.tools.processes import end_with_parent, none_lost, one_thread
from gembounds.tools.state import read_state, write_state

Result = dict[str, Any]
Work = Callable[[dict[str, Any], int, Result | None], Result]
Progress = Callable[[int, int, str], None]

APART = ("claims", "commands", "qmc", "reference", "report", "tightness", "verify", "drawing")
APART_FILES = ("fits.py", "page.py", "run.py", "summary.py", "tables.py")
"""Directories of the package, and files of this one, that no unit uses."""

LIBRARIES = ("numpy", "scipy", "python-flint")
"""What computes: their versions are part of every unit's name."""


@dataclass(frozen=True)
class Chain:
    """``work(arguments, k, result of unit k - 1)`` for k = 0, ..., units - 1.

    ``work`` is a function of a module; ``arguments`` are JSON. ``cost`` is about the seconds
    of the whole chain: long ones start first.
    """

    name: str
    work: Work
    arguments: dict[str, Any] = field(default_factory=dict)
    units: int = 1
    cost: float = 1.0

    def digest(self, k: int) -> str:
        words = [self.name, self.work.__module__, self.work.__qualname__, self.arguments, k]
        text = json.dumps([*words, source_digest(), versions()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def run(
    chains: Sequence[Chain], keep: Path, *, jobs: int = 2, progress: Progress | None = None
) -> dict[str, list[Result]]:
    """The results of all units of each chain, by its name; those in ``keep`` are not run again."""
    kept = Kept(keep)
    results: dict[str, list[Result]] = {chain.name: [] for chain in chains}
    total = sum(chain.units for chain in chains)
    for chain in chains:
        while len(results[chain.name]) < chain.units:
            found = kept.load(chain.digest(len(results[chain.name])))
            if found is None:
                break
            results[chain.name].append(found)
    done = sum(map(len, results.values()))
    waiting = [c for c in chains if len(results[c.name]) < c.units]
    waiting.sort(key=lambda c: -c.cost * (1 - len(results[c.name]) / c.units))
    if progress is not None:
        progress(done, total, "")
    if not waiting:
        return results
    with none_lost(), one_thread(), _pool(jobs) as pool:
        running: dict[Future[Result], Chain] = {}
        while waiting or running:
            while waiting and len(running) < jobs:
                chain = waiting.pop(0)
                before = results[chain.name]
                state = before[-1] if before else None
                running[pool.submit(chain.work, chain.arguments, len(before), state)] = chain
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                chain = running.pop(future)
                found = kept.store(chain.digest(len(results[chain.name])), future.result())
                results[chain.name].append(found)
                done += 1
                if progress is not None:
                    progress(done, total, chain.name)
                if len(results[chain.name]) < chain.units:
                    waiting.insert(0, chain)
    return results


class Kept:
    """Finished units, a JSON file each, in a directory that is made when the first is stored."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load(self, name: str) -> Result | None:
        """The unit, None where there is none; :class:`InputError` for an altered one."""
        found: Result | None = read_state(self._directory / f"{name}.json", name, "finished unit")
        return found

    def store(self, name: str, result: Result) -> Result:
        """Keep it, and return what :meth:`load` will: tuples have become lists."""
        make_folder(self._directory)
        write_state(self._directory / f"{name}.json", name, result)
        return dict(json.loads(json.dumps(result)))

    def remove(self) -> None:
        """Delete all units, also of other settings, and what a killed run left half written."""
        for pattern in ("*.json", ".*.json.*"):
            for path in self._directory.glob(pattern):
                path.unlink()
        if self._directory.is_dir() and not any(self._directory.iterdir()):
            self._directory.rmdir()


@cache
def source_digest() -> str:
    """Of the package's Python files that a unit may use."""
    package = Path(gembounds.__file__).parent
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        apart = path.parent == Path(__file__).parent and path.name in APART_FILES
        if not (apart or set(place.parts) & set(APART)):
            found.update(place.as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


@cache
def versions() -> dict[str, str]:
    found = {name: version(name) for name in LIBRARIES}
    return {"python": ".".join(map(str, sys.version_info[:3])), **found}


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_prepare)


def _prepare() -> None:
    """A worker leaves quietly on Ctrl-C, and when the process that started it is gone."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    end_with_parent()
