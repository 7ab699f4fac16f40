"""Sweeps whose processes are killed at random moments end in the bytes of one that was left alone.

``python -m tests.kills [--kills 100] [--seed 0] [--points 1500]``: SIGKILL to the main process, to
a worker or, with a dask cluster, to its scheduler, in turns: processes, a cluster of four workers,
two shards that are merged, the merge too. Moments are uniform over what a run takes, which grows
with each kill until one ends, so that a busy machine gets somewhere.
Runs are started again until they end, and the summaries compared. What was not there any more does
not count as killed.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

CLAIMS = Path(__file__).parent / "referee/sweep/claims.py"
QUIET = subprocess.DEVNULL

Run = subprocess.Popen[bytes]


class Cluster:
    """A scheduler and four workers, started anew whenever one is missing."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.processes: dict[str, Run] = {}

    def mend(self) -> None:
        if self.gone("scheduler"):
            self.end()
            self._start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", self.port)
        for k in range(4):
            if self.gone(f"worker {k}"):
                self._start(f"worker {k}", "worker", self.address, "--nthreads", "1",
                            "--no-nanny", "--local-directory", self.folder)  # fmt: skip

    def gone(self, name: str) -> bool:
        found = self.processes.get(name)
        return found is None or found.poll() is not None

    def _start(self, name: str, *words: str) -> None:
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        self.processes[name] = subprocess.Popen(
            [*command, "--no-dashboard"], stdout=QUIET, stderr=QUIET
        )

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.processes.clear()


def children(pid: int) -> list[int]:
    """Processes that another one started and that compute."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"spawn_main" in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


def sweep(out: Path, points: str, *more: str) -> Run:
    return started("sweep", str(CLAIMS), "--points", points, "--out", str(out), *more)


def started(*words: str) -> Run:
    command = [sys.executable, "-m", "gembounds", *words]
    return subprocess.Popen(command, stdout=QUIET, stderr=QUIET)


def killed(kind: str, run: Run, cluster: Cluster, rng: random.Random) -> str | None:
    """Kill something; what it was, None where it was not there."""
    what = rng.choice(["main", "worker"] if kind != "cluster" else ["main", "worker", "scheduler"])
    if what == "main":
        run.kill()
    elif kind == "cluster":
        name = what if what == "scheduler" else f"worker {rng.randrange(4)}"
        if cluster.gone(name):
            return None
        cluster.processes[name].kill()
        cluster.processes[name].wait()
    else:
        found = children(run.pid)
        if not found:
            return None
        try:
            os.kill(rng.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return None
    return f"{kind}, {what}"


@dataclass
class Killing:
    """Runs in ``place`` that are killed, and what was."""

    place: Path
    points: str
    rng: random.Random
    cluster: Cluster
    least: float
    """Seconds that a run takes at least."""
    usual: float
    done: Counter[str] = field(default_factory=Counter)

    def swept(self, kind: str, out: Path, *more: str) -> None:
        """Sweep until it ends by itself."""
        while True:
            if kind == "cluster":
                self.cluster.mend()
                more = ("--dask", self.cluster.address)
            run = sweep(out, self.points, *more)
            if self._over(kind, run):
                return

    def merged(self, outs: list[Path], found: Path) -> None:
        """The same of a merge, which is killed once at most."""
        words = ("merge", *map(str, outs), "--out", str(found))
        if not self._over("merge", started(*words), 0.3):
            assert started(*words).wait() == 0

    def _over(self, kind: str, run: Run, share: float = 1.0) -> bool:
        start = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            status = run.wait(self.rng.uniform(0, self.usual * share))
            if status == 0:
                self.usual = max(self.least, (time.monotonic() - start) / share)
            return status == 0
        self.usual *= 1.1
        what = "merge, main" if kind == "merge" else None
        if what:
            run.kill()
        else:
            what = killed(kind, run, self.cluster, self.rng)
        if what is not None:
            self.done[what] += 1
            kills = ", ".join(f"{x} of {what}" for what, x in sorted(self.done.items()))
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {self.done.total()} kills: {kills}\n")
        return run.wait() == 0

    def once(self, kind: str, name: str) -> bytes:
        """The summary of a run of that kind."""
        if kind != "shards":
            self.swept(kind, self.place / name)
        else:
            outs = [self.place / f"{name}-{k}" for k in (1, 2)]
            for k, out in enumerate(outs, 1):
                self.swept(kind, out, "--shard", f"{k}/2")
            self.merged(outs, self.place / name)
        return (self.place / name / "summary.json").read_bytes()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--points", default="1500")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the cluster ends too
    with TemporaryDirectory() as folder:
        place, start = Path(folder), time.monotonic()
        assert sweep(place / "whole", options.points).wait() == 0
        want = (place / "whole" / "summary.json").read_bytes()
        took, runs = time.monotonic() - start, 0
        cluster = Cluster(folder)
        rng = random.Random(options.seed)
        killing = Killing(place, options.points, rng, cluster, took, took)
        try:
            while killing.done.total() < options.kills:
                kind = ("processes", "cluster", "shards")[runs % 3]
                runs += 1
                if killing.once(kind, str(runs)) != want:
                    sys.stderr.write(f"another summary: {kind}, run {runs}\n")
                    return 1
                sys.stderr.write(f"{time.strftime('%H:%M:%S')} {runs} runs alike\n")
        finally:
            cluster.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
