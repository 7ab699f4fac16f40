"""A sweep's folder: ``plan.json`` with what is asked, ``parts``, ``summary.json``.

A store has one seed and one version: of what computes, of the libraries and of the processor's
kind. Of the same version, chunks are the same bytes wherever they are computed, so that stores
merge. One that was merged of several versions says so, and no sweep goes on in it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import gembounds
from gembounds.evaluators.float64.compiled import kernel
from gembounds.referee.sweep.parts import FOLDER, SUFFIX, Parts
from gembounds.referee.sweep.plan import Share
from gembounds.tools.chains import Chain
from gembounds.tools.errors import InputError
from gembounds.tools.files import locked, make_folder, read_file, read_json, write_file
from gembounds.tools.versions import Version, libraries, processor, source_digest

APART = frozenset((
    "papers", "commands", "cli.py", "conform", "proving", "reference", "qmc", "boxes", "report",
    "atlas", "verify", "tightness",
))  # fmt: skip
"""Folders and files of the package that no chunk uses, and the papers, which have a digest."""

LIBRARIES = ("numpy", "scipy", "python-flint", "mpmath", "hypothesis", "pyarrow")

PLAN, SUMMARY = "plan.json", "summary.json"


@cache
def version() -> Version:
    """That of what computes here."""
    source = source_digest(Path(gembounds.__file__).parent, APART)
    return {"source": source, "kernel": kernel(), "processor": processor(), **libraries(LIBRARIES)}


class Store:
    """The folder of a sweep; ``versions`` are several where it is a mixed one."""

    def __init__(self, folder: Path, seed: int, versions: list[Version], known: list[Share]):
        self.folder, self.seed, self.versions = folder, seed, versions
        self.shares = known
        self.parts = Parts(folder / FOLDER)

    @staticmethod
    def read(folder: Path) -> Store:
        """The store that is there; raises :class:`InputError` where none is."""
        path = folder / PLAN
        if not path.is_file():
            raise InputError(f"{folder}: is no store of a sweep (it has no {PLAN}); name one")
        try:
            data = read_json(path)
            known = [Share.of(share) for share in data["claims"]]
            return Store(folder, int(data["seed"]), [dict(v) for v in data["versions"]], known)
        except (InputError, KeyError, TypeError, ValueError):
            raise InputError(
                f"{path}: is no plan of a sweep; remove it and run the sweep's command again, "
                "which keeps the parts, or name another folder"
            ) from None

    @property
    def mixed(self) -> bool:
        return len(self.versions) > 1

    @property
    def chains(self) -> list[Chain]:
        return [chain for share in self.shares for chain in share.chains(self.seed)]

    def write(self) -> None:
        plan = {"seed": self.seed, "versions": self.versions,
                "claims": [share.to_json() for share in self.shares]}  # fmt: skip
        write_file(self.folder / PLAN, json.dumps(plan, indent=1) + "\n")

    def check_version(self, now: Version) -> None:
        """Raise :class:`InputError` where it is not of this version alone."""
        if self.mixed:
            raise InputError(f"{self.folder}: is a store of several versions; name another folder")
        if other := differing(self.versions[0], now):
            raise InputError(
                f"{self.folder}: is a store of another version ({other} differs); name another "
                "folder, and merge both with --mixed"
            )

    def add(self, asked: Sequence[Share]) -> None:
        """Ask for more: claims that are not in the plan, or more points of those that are. One
        whose paper or file was changed takes the place of what it was, but in a mixed store."""
        known = {self._key(s): s for s in self.shares}
        homes: dict[tuple[str, str, str], str] = {}
        for share in asked:
            if (home := homes.setdefault(self._key(share), share.home)) != share.home:
                raise InputError(
                    f"{home} and {share.home} both have a claim {share.claim}: rename one of "
                    "these files, or sweep them in folders of their own"
                )
            old = known.get(self._key(share))
            if old is not None and old.source == share.source:
                points = max(share.points, old.points)
                share = replace(old, home=share.home, points=points)
            known[self._key(share)] = share
        self.shares = [known[key] for key in sorted(known)]

    def _key(self, share: Share) -> tuple[str, str, str]:
        return share.paper, share.claim, share.source if self.mixed else ""


def opened(folder: Path, seed: int, asked: Sequence[Share]) -> Store:
    """The store in ``folder``, with what is asked for in its plan: that which is there, or a new
    one."""
    with locked(folder):
        if (folder / PLAN).exists():
            store = Store.read(folder)
            store.check_version(version())
            if store.seed != seed:
                raise InputError(
                    f"{folder}: is a store of seed {store.seed}; give --seed {store.seed}, or "
                    "name another folder"
                )
        else:
            store = Store(folder, seed, [version()], [])
        store.add(asked)
        store.write()
    return store


@contextmanager
def alone(folder: Path, shard: tuple[int, int]) -> Iterator[None]:
    """Inside, no other process sweeps the same shard of a store; raises :class:`InputError` where
    one does."""
    path = folder / f".shard-{shard[0]}-of-{shard[1]}.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(
                f"{folder}: another sweep is at work on it; wait for it, or give --shard k/N"
            ) from None
        yield
    finally:
        os.close(handle)


def differing(a: Version, b: Version) -> str:
    """The names of what differs."""
    return ", ".join(sorted(k for k in {**a, **b} if a.get(k) != b.get(k)))


def merged(
    stores: Sequence[Store], folder: Path, mixed: bool, damaged: Callable[[str], None]
) -> Store:
    """What several stores have, in ``folder``, which may be one of them."""
    first = stores[0]
    versions: list[Any] = []
    for store in stores:
        if store.seed != first.seed:
            raise InputError(
                f"{store.folder}: has seed {store.seed}, {first.folder} has {first.seed}; merge "
                "stores of one seed"
            )
        for one in store.versions:
            if versions and not mixed and (other := differing(versions[0], one)):
                raise InputError(
                    f"{store.folder}: is of another version than {first.folder} ({other} "
                    "differs); --mixed merges and marks them"
                )
            versions += [one] if one not in versions else []
    make_folder(folder)
    versions.sort(key=lambda v: json.dumps(v, sort_keys=True))
    result = Store(folder, first.seed, versions, [])
    sources: dict[tuple[str, str], str] = {}
    for store in stores:
        for share in store.shares:
            known = sources.setdefault((share.paper, share.claim), share.source)
            if known != share.source and not mixed:
                raise InputError(
                    f"{store.folder}: {share.claim} is of another {share.paper} than in "
                    f"{first.folder}; --mixed merges and marks them"
                )
        result.add(store.shares)
    with locked(folder):
        make_folder(result.parts.directory)
        for store in stores:
            copy(store, result, damaged)
        result.write()
    return result


def copy(store: Store, into: Store, damaged: Callable[[str], None]) -> None:
    """The parts of one store that the other has not; damaged ones are told of, and left out."""
    for path in sorted(store.parts.directory.glob(f"[!.]*{SUFFIX}")):
        try:
            if into.parts.load(path.stem) is not None:
                continue
        except InputError as error:
            damaged(str(error))
        try:
            store.parts.load(path.stem)
        except InputError as error:
            damaged(str(error))
        else:
            write_file(into.parts.path(path.stem), read_file(path))
