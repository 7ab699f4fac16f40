"""The ledger of figures: its units are the chunks of :mod:`gembounds.tools.chains`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gembounds
from gembounds.evaluators.float64.compiled import kernel
from gembounds.tools.chains import Chain, Kept, Ledger, Progress, Result, Work
from gembounds.tools.versions import Version, libraries, source_digest
from gembounds.tools.workers import Workers, pool

PAGES = ("fits", "page", "run", "summary", "tables")

APART = frozenset((
    "claims", "commands", "qmc", "reference", "report", "tightness", "verify", "drawing", "sweep",
    *(f"papers/{Path(__file__).parts[-3]}/figures/{name}.py" for name in PAGES),
))  # fmt: skip
"""Folders and files of the package that no unit uses."""

LIBRARIES = ("numpy", "scipy", "python-flint")
"""What computes: their versions are part of every unit's name."""


def run(
    chains: Sequence[Chain], keep: Path, *, jobs: int | Workers = 2,
    progress: Progress | None = None,
) -> dict[str, list[Result]]:  # fmt: skip
    """The results of all units of each chain, by its name; those in ``keep`` are not run again."""
    ledger = Ledger(chains, Kept(keep), version)
    results: dict[str, list[Result]] = {chain.name: [] for chain in chains}
    report = progress or (lambda *_: None)
    for chunk, result in ledger.found():
        results[chunk.chain.name].append(result)
    total, done = sum(chain.units for chain in chains), sum(map(len, results.values()))
    report(done, total, "")
    if ledger.open:
        with pool(jobs) as workers:
            for chunk, result in ledger.run(workers):
                results[chunk.chain.name].append(result)
                done += 1
                report(done, total, chunk.chain.name)
    ledger.check()
    return results


def version() -> Version:
    package = Path(gembounds.__file__).parent
    return {"source": source_digest(package, APART), "kernel": kernel(), **versions()}


def versions() -> dict[str, str]:
    return libraries(LIBRARIES)


__all__ = ["Chain", "Kept", "Progress", "Result", "Work", "run", "version", "versions"]
