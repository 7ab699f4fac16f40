"""A sweep ends in the same bytes, whoever computes it and whatever is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gembounds.cli import main
from gembounds.referee.sweep import run
from gembounds.referee.sweep.plan import ROUNDS, strands
from gembounds.referee.sweep.summary import text
from gembounds.statements import library
from gembounds.tools.chains import Chain, Kept, Ledger
from gembounds.tools.errors import InputError
from gembounds.tools.workers import DEATHS, processes
from tests import swept
from tests.referee.sweep.stores import ASKED, CLAIMS, POINTS, parts_of, summary_of, sweep


def test_what_is_found_and_how_often(whole: Path) -> None:
    found = json.loads(summary_of(whole))
    assert found["points"] == found["asked"] == int(POINTS)
    by_id = {c["id"]: c for c in found["claims"]}
    assert found["refuted"] == ["half"] and by_id["half"]["outcomes"]["refuted"] > 0
    assert by_id["half"]["refuted"][0]["point"]["mixture"]
    for claim in by_id.values():
        assert sum(claim["histogram"]) <= claim["decided"]
        assert claim["decided"] == claim["points"]
        assert (claim["pushed"] > 0) == (claim["single"] == claim["points"])
    assert by_id["parabola"]["nearest"][0]["margin"] >= 0
    assert main(["verify", str(whole / "certificates" / "half.json")]) == 0
    words = summary_of(whole).decode()
    assert "/tests/" not in words and "seconds" not in words


def test_points_where_a_side_has_no_value_are_said_and_claims_without_a_point(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = tmp_path / "claims.py"
    claims.write_text(
        "from gembounds import Claim\nfrom gembounds.statements import U, log, mu_max\n"
        'CLAIMS = Claim("logs", log(-U) <= 0), Claim("never", U <= 0, when=mu_max < 0)\n'
    )
    line = ("sweep", str(claims), "--points", "40", "--jobs", "1", "--out", str(tmp_path / "out"))
    assert main(line) == 0
    out = capsys.readouterr().out
    assert "undefined: logs: a side has no value at 20 of 20 points\n" in out
    assert "no point: never: none that was drawn" in out and "no point: logs" not in out


def test_shards_merged_are_the_whole(whole: Path, tmp_path: Path) -> None:
    places = [tmp_path / f"shard{k}" for k in (1, 2)]
    for k, place in enumerate(places, 1):
        assert sweep(place, "--shard", f"{k}/2") == 0
    out = tmp_path / "together"
    assert main(["merge", *map(str, places), "--out", str(out)]) == 0
    assert summary_of(out) == summary_of(whole)
    assert {p.name: p.read_bytes() for p in parts_of(out)} == {
        p.name: p.read_bytes() for p in parts_of(whole)
    }


def test_killed_anywhere_it_goes_on_to_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    """The main process and workers, with SIGKILL, at moments that move on."""
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "gembounds", "sweep", *ASKED, "--out", str(out)]
    for k in range(3):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
            _wait_for(lambda k=k: len(parts_of(out)) > 2 * k or run.poll() is not None)
            victims = [run.pid] if k % 2 else _children(run.pid)
            for pid in victims[:1]:
                os.kill(pid, signal.SIGKILL)
            if not k % 2:
                assert run.wait(60) == 0 or not victims
    assert sweep(out) == 0
    assert summary_of(out) == summary_of(whole)


def _wait_for(ready: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    """Processes that it started and that compute."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and "spawn_main" in (place / "cmdline").read_text():
                found.append(int(place.name))
        except (OSError, IndexError):
            continue
    return found


def test_a_shard_sees_what_another_one_asked_for_meanwhile(tmp_path: Path) -> None:
    claims, others = list(library.collection(CLAIMS).values())[3:], list[Any]()

    def meanwhile(*_: Any) -> None:
        if not others:
            others.append(None)
            run.sweep(claims, 120, tmp_path, shard=(2, 2), jobs=1)

    found = run.sweep(claims, 60, tmp_path, shard=(1, 2), jobs=1, progress=meanwhile)
    assert found["asked"] == 120 and summary_of(tmp_path) == text(found).encode()
    assert found == run.merge([tmp_path], tmp_path / "all")


def test_more_points_add_to_what_is_there(copied: Path) -> None:
    before = {p.name for p in parts_of(copied)}
    assert main(["sweep", CLAIMS, "--points", "560", "--out", str(copied), "--jobs", "1"]) == 0
    found = json.loads(summary_of(copied))
    assert found["points"] == 560
    kept = before & {p.name for p in parts_of(copied)}
    assert len(kept) == len(before)


def test_a_budget_of_time_and_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(tmp_path, "--seconds", "0.001") == 3
    assert json.loads(summary_of(tmp_path))["points"] == 0
    capsys.readouterr()
    assert main(["status", str(tmp_path)]) == 0
    assert f"0 points done, {POINTS} left" in capsys.readouterr().out


def test_status_says_how_far_it_is(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", str(whole)]) == 0
    out = capsys.readouterr().out
    assert f"{POINTS} points done, 0 left" in out and "refuted: half at" in out
    assert "nearest miss: energy, 1, at" in out


def test_a_domain_that_is_a_list_is_swept_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It raised: that it is finite was read from its parameters alone."""
    asked = ["sweep", "section-5-weights", "--points", "10", "--jobs", "1"]
    assert main([*asked, "--out", str(tmp_path / "store"), "--seconds", "0.001"]) == 3
    assert "0 of 408 points" in capsys.readouterr().out
    assert main(["sweep", "ten-steps-at-half", *asked[2:], "--out", str(tmp_path / "one")]) == 0
    assert "1 of 1 points, 1 decided" in capsys.readouterr().out


def test_strands_have_all_points_and_grow() -> None:
    for points, micro in ((1, 5.0), (10_000, 5.0), (10**8, 5.0), (10**6, 3e5)):
        found = strands(points, micro)
        assert sum(map(sum, found)) == points and max(map(len, found)) <= ROUNDS
        more = strands(2 * points, micro)
        assert more[: len(found) - 1] == found[:-1]  # what was computed counts for more points
        assert more[len(found) - 1][: len(found[-1]) - 1] == found[-1][:-1]


def _ends(arguments: dict[str, Any], k: int, before: dict[str, Any] | None) -> dict[str, Any]:
    if k == 1 and arguments["name"] == "bad":
        os.kill(os.getpid(), signal.SIGKILL)
    return {"k": k}


def no_version() -> dict[str, Any]:
    return {}


def test_a_chunk_that_ends_its_process_is_tried_again_and_reported(tmp_path: Path) -> None:
    chains = [Chain(name, _ends, {"name": name}, 3) for name in ("good", "bad", "fair")]
    ledger = Ledger(chains, Kept(tmp_path), no_version)
    assert list(ledger.found()) == []
    with processes(2) as workers:
        done = [(chunk.chain.name, chunk.k) for chunk, _ in ledger.run(workers)]
    assert sorted(done) == sorted(
        [("bad", 0), *((n, k) for n in ("good", "fair") for k in range(3))]
    )
    with pytest.raises(InputError, match=rf"bad, chunk 2 of 3 \({DEATHS} processes ended"):
        ledger.check()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_and_a_worker_of_it_that_is_killed(
    whole: Path, tmp_path: Path, cluster: Any
) -> None:
    command = [sys.executable, "-m", "gembounds", "sweep", *ASKED, "--out", str(tmp_path),
               "--dask", cluster.scheduler_address]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
        _wait_for(lambda: len(parts_of(tmp_path)) > 3)
        worker = next(iter(cluster.workers.values()))
        os.kill(worker.pid, signal.SIGKILL)
        assert run.wait(60) == 0
    assert summary_of(tmp_path) == summary_of(whole)


@pytest.mark.filterwarnings("ignore")
def test_a_check_by_a_cluster_finds_and_keeps_the_same(tmp_path: Path, cluster: Any) -> None:
    found = []
    for name, who in (("here", "--jobs=1"), ("there", f"--dask={cluster.scheduler_address}")):
        keep, place = tmp_path / name, tmp_path / f"{name}.json"
        line = ["check", f"{CLAIMS}:half", "--points", "20", "--out", str(tmp_path / "out")]
        assert main([*line, who, "--keep", str(keep), "--json", str(place)]) == 0
        (kept,) = keep.iterdir()
        found.append((place.read_bytes(), sorted(kept.read_bytes().splitlines())))
    assert found[0] == found[1] and len(found[0][1]) > 2


def test_the_page_of_a_sweep_is_made_of_its_store(whole: Path) -> None:
    text = swept.PAGE.read_text(encoding="utf-8")
    assert set(swept.reasons(text)) == {
        name for name, _ in swept.slowest()
    }  # python -m tests.swept
    assert swept.costs_text(text) == text
    made = swept.sweep_text(text, whole)
    assert f"**{POINTS} configurations decided** of {POINTS} asked, of 5 claims" in made
    assert "Refuted, and not known to be: half." in made and swept.costs_text(made) == made
