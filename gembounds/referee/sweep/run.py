"""``gembounds sweep``: what is asked is planned, computed, kept and summed up."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.referee.sweep import store as stores
from gembounds.referee.sweep.page import Proofs
from gembounds.referee.sweep.plan import shares
from gembounds.referee.sweep.store import PLAN, SUMMARY, Store
from gembounds.referee.sweep.summary import Sums, summary, text
from gembounds.referee.sweep.tally import Tally
from gembounds.referee.tasks import certified, handle_of
from gembounds.statements.claim import Claim
from gembounds.tools.chains import Chain, Chunk, Ledger, Result
from gembounds.tools.errors import InputError
from gembounds.tools.files import locked, make_folder, read_json, write_file
from gembounds.tools.workers import workers

CERTIFICATES = "certificates"

Progress = Callable[..., None]
Say = Callable[[str], None]


def sweep(
    claims: Sequence[Claim],
    points: int,
    out: Path,
    *,
    seed: int = 0,
    shard: tuple[int, int] = (1, 1),
    jobs: int = 2,
    dask: str | None = None,
    seconds: float | None = None,
    progress: Progress | None = None,
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Decide ``points`` configurations of the claims, as :func:`plan.shares` shares them out, in
    the store ``out``, and return its summary, which ``out/summary.json`` has too.

    Called again with the same arguments, it goes on from what is there, and ends in the same
    summary, whatever ``jobs``, ``dask`` and ``shard`` are. ``shard`` (k, N) takes the k-th of N
    parts of the work. Nothing is begun that would not end within ``seconds``. ``say`` is told, in
    a line each, of damaged parts, which are computed again. Raises :class:`InputError` for a store
    of another version or seed, one that another process sweeps, a place that cannot be written,
    and chunks that ended too many processes; all others are kept then.
    """
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    report = progress or (lambda *_: None)
    planned = Store.read(out).shares if (out / PLAN).is_file() else []
    asked = shares(claims, points, planned)
    wanted = {(s.paper, s.claim) for s in asked}
    sums: Sums = {}
    make_folder(out)
    with stores.alone(out, shard):
        store = stores.opened(out, seed, asked)
        mine = [c for c in store.chains if (c.arguments["paper"], c.arguments["claim"]) in wanted]
        mine = mine[shard[0] - 1 :: shard[1]]
        ledger = Ledger(mine, store.parts, stores.version, say)
        meter = Meter(mine, report)
        for chunk, result in ledger.found():
            add(sums, chunk, result)
            meter(chunk, "kept points")
        meter(None)
        if ledger.open:
            with workers(jobs, dask) as those:
                for chunk, result in ledger.run(those, deadline):
                    add(sums, chunk, result)
                    meter(chunk)
        with locked(out):  # of shards that end together the last one has seen all
            now = Store.read(out)
            if now.shares != store.shares:  # more was asked for meanwhile
                store, mine, sums = now, [], {}
            names = {chain.name for chain in mine}
            others = [c for c in store.chains if c.name not in names]
            for chunk, result in Ledger(others, store.parts, stores.version, say).found():
                add(sums, chunk, result)
            found = write_summary(store, sums)
    ledger.check()
    return found


class Meter:
    """Progress in points, its rate by what they cost."""

    def __init__(self, chains: Sequence[Chain], report: Progress) -> None:
        self.report = report
        self.total = sum(chain.size(k) for chain in chains for k in range(chain.units))
        self.worth = sum(chain.cost for chain in chains)
        self.done, self.spent = 0, 0.0

    def __call__(self, chunk: Chunk | None, label: str = "points") -> None:
        if chunk is not None:
            self.done += chunk.chain.size(chunk.k)
            self.spent += chunk.chain.seconds(chunk.k)
        self.report(self.done, self.total, label, (self.spent, self.worth))


def add(sums: Sums, chunk: Chunk, result: Result) -> None:
    """Count a chunk."""
    words = chunk.chain.arguments
    key = words["paper"], words["claim"], words["source"]
    sums.setdefault(key, Tally()).merge(Tally.from_json(result))


def write_summary(store: Store, sums: Sums) -> dict[str, Any]:
    found = summary(store, sums)
    write_file(store.folder / SUMMARY, text(found))
    return found


def read(store: Store, say: Say, there: Callable[[Chunk], None] = lambda chunk: None) -> Sums:
    """What a store has; ``there`` is told of each chunk."""
    ledger, sums = Ledger(store.chains, store.parts, stores.version, say), Sums()
    for chunk, result in ledger.found(store.versions):
        add(sums, chunk, result)
        there(chunk)
    return sums


def certificates(claims: Sequence[Claim], found: dict[str, Any], out: Path) -> Proofs:
    """The violations of a summary shrunk and certified: ``out/certificates/ID.json``, or
    ``PAPER-ID.json`` where several papers or files have the id, where those of these statements
    are not there yet."""
    known: Proofs = {}
    by_name = {(c["paper"], c["id"]): c for c in found["claims"]}
    ids = Counter(name for _, name in by_name)
    for claim in claims:
        name = Path(claim.home).name, claim.id
        if name not in by_name or not by_name[name]["refuted"]:
            continue
        stem = claim.id if ids[claim.id] == 1 else "-".join(name)
        place = out / CERTIFICATES / f"{stem}.json"
        proof = _kept(place)
        if proof is None or proof.get("statement") != claim.text:
            shortest = min(by_name[name]["refuted"], key=lambda f: len(json.dumps(f["point"])))
            proof = certified(
                (handle_of(claim), Point.from_json(shortest["point"]), recorded.witness_of(claim))
            )
            if proof is None:
                continue
            make_folder(place.parent)
            write_file(place, json.dumps(proof, indent=2) + "\n")
        known[name] = place, proof
    return known


def _kept(place: Path) -> dict[str, Any] | None:
    """The certificate that is there; None where none can be read."""
    try:
        found = read_json(place)
    except (OSError, InputError):
        return None
    return found if isinstance(found, dict) and "point" in found else None


def merge(
    folders: Sequence[Path], out: Path, *, mixed: bool = False, say: Say = lambda line: None
) -> dict[str, Any]:
    """What the stores in ``folders`` have together, as a store in ``out``; its summary.

    Raises :class:`InputError` for stores of different seeds, and of different versions unless
    ``mixed``: then the summary says which.
    """
    store = stores.merged([Store.read(folder) for folder in folders], out, mixed, say)
    return write_summary(store, read(store, say))
