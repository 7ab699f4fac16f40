"""A ledger of work: chunks that are kept on disk as they finish, so that a run goes on from there.

A chain is a sequence of chunks; each takes the result of the one before. A chunk's result is JSON
and depends on the chain's arguments, its place and the one before, nothing else. Its name is a
digest of those and of the version of what computes: any process, in any order, ended at any time,
adds to the same ledger, and none takes a stale result.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.tools.files import make_folder
from gembounds.tools.state import read_state, write_state
from gembounds.tools.versions import Version, digest_of
from gembounds.tools.workers import DEATHS, Lost, Workers, same_everywhere

Result = dict[str, Any]
Work = Callable[[dict[str, Any], int, Result | None], Result]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Chain:
    """``work(arguments, k, result of chunk k - 1)`` for k = 0, ..., units - 1.

    ``work`` is a function of a module; ``arguments`` are JSON. ``sizes``, where given, has a
    number for each chunk, which its work finds in ``arguments["size"]``. ``place`` is given to
    the work too, and no result depends on it. ``cost`` is about the seconds of the whole chain:
    of those with the least ``turn`` long ones start first.
    """

    name: str
    work: Work
    arguments: dict[str, Any] = field(default_factory=dict)
    units: int = 1
    cost: float = 1.0
    sizes: tuple[int, ...] = ()
    place: dict[str, Any] = field(default_factory=dict)
    turn: int = 0

    def digest(self, k: int, version: Version | None = None) -> str:
        words: list[Any] = [self.name, self.work.__module__, self.work.__qualname__]
        words += [self.arguments, k, *self.sizes[: k + 1], version]
        return digest_of(words)

    def size(self, k: int) -> int:
        """How much of the work chunk ``k`` is."""
        return self.sizes[k] if self.sizes else 1

    def seconds(self, k: int) -> float:
        """About what chunk ``k`` takes."""
        return self.cost * self.size(k) / max(1, sum(map(self.size, range(self.units))))


@dataclass(frozen=True)
class Chunk:
    """Chunk ``k`` of a chain, with the result of the one before."""

    chain: Chain
    k: int
    before: Result | None

    def __str__(self) -> str:
        return f"{self.chain.name}, chunk {self.k + 1} of {self.chain.units}"


class Kept:
    """Finished chunks, a JSON file each, in a directory that is made when the first is stored."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def load(self, name: str) -> Result | None:
        """The chunk, None where there is none; :class:`InputError` for an altered one."""
        found: Result | None = read_state(self.directory / f"{name}.json", name, "finished unit")
        return found

    def store(self, name: str, result: Result) -> Result:
        """Keep it, and return what :meth:`load` will: tuples have become lists."""
        make_folder(self.directory)
        write_state(self.directory / f"{name}.json", name, result)
        return plain(result)

    def remove(self) -> None:
        """Delete all chunks, also of other settings, and what a killed run left half written."""
        for pattern in ("*.json", ".*.json.*"):
            for path in self.directory.glob(pattern):
                path.unlink()
        if self.directory.is_dir() and not any(self.directory.iterdir()):
            self.directory.rmdir()


class Ledger:
    """The chunks of chains: those in ``kept`` are taken from there, the others computed.

    ``version()`` is that of what computes, here and in every worker. ``damaged``, where given, is
    told of altered chunks, which are computed again; else they are refused. After ``run`` has
    ended, ``lost`` has the chunks that raised an error, or ended ``DEATHS`` processes, and why.
    """

    def __init__(
        self,
        chains: Sequence[Chain],
        kept: Kept,
        version: Callable[[], Version],
        damaged: Callable[[str], None] | None = None,
    ) -> None:
        self.chains, self.kept, self.version, self.damaged = chains, kept, version, damaged
        self.lost: list[tuple[Chunk, str]] = []
        self.open: list[Chunk] = []

    def found(self, versions: Sequence[Version] | None = None) -> Iterator[tuple[Chunk, Result]]:
        """The chunks that are there, in the order of the chains, of this version or the first of
        ``versions`` that has one; ``open`` are then those that may be computed."""
        known = [self.version()] if versions is None else versions
        self.open = []
        for chain in self.chains:
            yield from self._from(Chunk(chain, 0, None), known, self.open)
        self.open.sort(key=_turn)

    def run(self, workers: Workers, deadline: float = math.inf) -> Iterator[tuple[Chunk, Result]]:
        """Compute what is ``open``, each chunk as it finishes; none is begun that may not end by
        ``deadline``, of ``time.monotonic``."""
        now = self.version()
        waiting, self.open = list(self.open), []
        running: dict[Future[Result], Chunk] = {}

        def more() -> None:
            while waiting and len(running) < workers.capacity:
                chunk = waiting.pop(0)
                if time.monotonic() + chunk.chain.seconds(chunk.k) > deadline:
                    self.open.append(chunk)
                    continue
                task = (_called, chunk.chain.work, _arguments(chunk), chunk.k, chunk.before)
                running[workers.submit(same_everywhere, self.version, now, *task)] = chunk

        more()
        while running:
            over, _ = wait(running, return_when=FIRST_COMPLETED)
            finished: list[tuple[Chunk, str, Result]] = []
            there: list[tuple[Chunk, Result]] = []
            for future in over:
                chunk = running.pop(future)
                name = chunk.chain.digest(chunk.k, now)
                try:
                    result = future.result()
                except Lost:
                    self.lost.append((chunk, f"{DEATHS} processes ended, for want of memory?"))
                    continue
                except InputError:
                    raise
                except Exception as error:  # noqa: BLE001 - of what the chunk is about
                    self.lost.append((chunk, f"{type(error).__name__}: {error}"))
                    continue
                finished.append((chunk, name, result))
                following: list[Chunk] = []
                there += self._from(Chunk(chunk.chain, chunk.k + 1, result), [now], following)
                waiting[:0] = following
            more()  # before the results are written: workers do not wait for the disk
            yield from there
            for chunk, name, result in finished:
                yield chunk, self.kept.store(name, result)

    def _from(
        self, chunk: Chunk, versions: Sequence[Version], missing: list[Chunk]
    ) -> Iterator[tuple[Chunk, Result]]:
        """The chunks of a chain that are there from ``chunk`` on, up to the first ``missing``."""
        chain, before = chunk.chain, chunk.before
        for k in range(chunk.k, chain.units):
            chunk = Chunk(chain, k, before)
            kept = (self._load(chain.digest(k, version)) for version in versions)
            before = next((result for result in kept if result is not None), None)
            if before is None:
                missing.append(chunk)
                return
            yield chunk, before

    def check(self) -> None:
        """Raise :class:`InputError` where chunks were ``lost``."""
        if self.lost:
            chunk, why = self.lost[0]
            raise InputError(
                f"{len(self.lost)} chunks were not computed, the first {chunk} ({why}); all "
                "others are kept"
            )

    def _load(self, name: str) -> Result | None:
        try:
            return self.kept.load(name)
        except InputError as error:
            if self.damaged is None:
                raise
            self.damaged(str(error))
            return None


def _turn(chunk: Chunk) -> tuple[int, float]:
    chain = chunk.chain
    return chain.turn, -sum(map(chain.seconds, range(chunk.k, chain.units)))


def plain(result: Result) -> Result:
    """``result`` as JSON gives it back."""
    return dict(json.loads(json.dumps(result)))


def _arguments(chunk: Chunk) -> dict[str, Any]:
    chain = chunk.chain
    more = {"size": chain.sizes[chunk.k]} if chain.sizes else {}
    return {**chain.arguments, **chain.place, **more}


def _called(work: Work, arguments: dict[str, Any], k: int, before: Result | None) -> Result:
    return plain(work(arguments, k, before))
