"""Sweeps whose processes are killed at random moments end in the bytes of one that was left alone.

``python -m tests.kills [--kills 100] [--seed 0] [--points 1500]``: SIGKILL to the main process, to
a worker or, with a dask cluster, to its scheduler, in turns: processes, a cluster of four workers,
two shards that are merged. Runs are started again until they end, and the summaries compared.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

CLAIMS = Path(__file__).parent / "referee/sweep/claims.py"
PORT = 18990
QUIET = subprocess.DEVNULL


class Cluster:
    """A scheduler and four workers, started anew whenever one is missing."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{PORT}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def mend(self) -> None:
        if self._gone("scheduler"):
            self.end()
            self._start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", str(PORT))
        for k in range(4):
            if self._gone(f"worker {k}"):
                self._start(f"worker {k}", "worker", self.address, "--nthreads", "1",
                            "--no-nanny", "--local-directory", self.folder)  # fmt: skip

    def _gone(self, name: str) -> bool:
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


def sweep(out: Path, points: str, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gembounds", "sweep", str(CLAIMS), "--points", points,
               "--out", str(out), *more]  # fmt: skip
    return subprocess.Popen(command, stdout=QUIET, stderr=QUIET)


def killed(kind: str, run: subprocess.Popen[bytes], cluster: Cluster, rng: random.Random) -> str:
    """Kill something; what it was."""
    what = rng.choice(["main", "worker"] if kind != "cluster" else ["main", "worker", "scheduler"])
    if what == "main":
        run.kill()
    elif kind == "cluster":
        name = what if what == "scheduler" else f"worker {rng.randrange(4)}"
        if not cluster._gone(name):
            cluster.processes[name].kill()
            cluster.processes[name].wait()
    else:
        for pid in children(run.pid)[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return what


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--points", default="1500")
    options = parser.parse_args()
    rng, runs = random.Random(options.seed), 0
    done: dict[str, int] = {}
    with TemporaryDirectory() as folder:
        place = Path(folder)
        assert sweep(place / "whole", options.points).wait() == 0
        want = (place / "whole" / "summary.json").read_bytes()
        cluster = Cluster(folder)
        try:
            while sum(done.values()) < options.kills:
                kind = ("processes", "cluster", "shards")[runs % 3]
                runs += 1
                outs = [place / f"{runs}-{k}" for k in range(2 if kind == "shards" else 1)]
                for k, out in enumerate(outs):
                    more = ["--shard", f"{k + 1}/2"] if kind == "shards" else []
                    while True:
                        if kind == "cluster":
                            cluster.mend()
                            more = ["--dask", cluster.address]
                        run = sweep(out, options.points, *more)
                        try:
                            status = run.wait(rng.uniform(1, 8))
                        except subprocess.TimeoutExpired:
                            what = f"{kind}, {killed(kind, run, cluster, rng)}"
                            done[what] = done.get(what, 0) + 1
                            status = run.wait()
                        if status == 0:
                            break
                found = outs[0]
                if kind == "shards":
                    found = place / f"{runs}"
                    words = ["merge", *map(str, outs), "--out", str(found)]
                    command = [sys.executable, "-m", "gembounds", *words]
                    subprocess.run(command, check=True, stdout=QUIET)
                if (found / "summary.json").read_bytes() != want:
                    sys.stderr.write(f"another summary: {kind}, run {runs}\n")
                    return 1
                sys.stderr.write(f"{time.strftime('%H:%M:%S')} {runs} runs, kills: {done}\n")
        finally:
            cluster.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
