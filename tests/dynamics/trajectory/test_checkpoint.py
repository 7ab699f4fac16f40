"""Killed at any moment, a run goes on from its checkpoint to the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import em
from gembounds.dynamics.trajectory import checkpoint as module
from gembounds.tools.state import write_state

MEANS = np.random.default_rng(2).normal(size=(3, 2))

CODE = """
import json, sys
import numpy as np
import gembounds as gb
from gembounds import em
from gembounds.dynamics.trajectory import checkpoint
checkpoint.SECONDS = 0.0
means, options, path = json.loads(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3]
run = em.trajectory(gb.Mixture(means), "7/10", checkpoint=path, **options)
sys.stdout.write(json.dumps(run.to_json()))
"""


def started(path: Path, options: dict[str, Any]) -> subprocess.Popen[str]:
    words = [json.dumps(MEANS.tolist()), json.dumps(options), str(path)]
    return subprocess.Popen([sys.executable, "-c", CODE, *words], stdout=-1, text=True)


@pytest.mark.parametrize(
    "options",
    [{"steps": 800}, {"steps": 12, "evaluator": "arb", "bits": 40}],
    ids=["float64", "arb"],
)
def test_killed_and_resumed(tmp_path: Path, options: dict[str, Any]) -> None:
    path = tmp_path / "state"
    with started(path, options) as first:
        while not path.exists():
            assert first.poll() is None
            time.sleep(0.01)
        time.sleep(0.05)
        os.kill(first.pid, signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
    taken = len(json.loads(path.read_text())["content"]["eta"])
    assert 0 < taken < options["steps"]
    with started(path, options) as second:
        resumed, _ = second.communicate()
    whole = em.trajectory(gb.Mixture(MEANS), "7/10", **options)
    assert resumed == json.dumps(whole.to_json())


@pytest.mark.parametrize("kind", ["gradient", "em"])
def test_every_step_is_a_place_to_go_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path, seen = tmp_path / "state", []
    monkeypatch.setattr(module, "SECONDS", 0.0)
    write = module.Checkpoint.write

    def noted(self: module.Checkpoint, state: dict[str, Any]) -> None:
        write(self, state)
        seen.append(path.read_bytes())
        self.due = 0.0

    monkeypatch.setattr(module.Checkpoint, "write", noted)

    def run() -> Any:
        found = em.trajectory(
            gb.Mixture(MEANS), None if kind == "em" else lambda t: 0.5 + 0.25 * (t % 2), 6,
            checkpoint=path, gradient_rtol=1e-4, kind=kind,
        )  # fmt: skip
        return json.dumps(found.to_json())

    whole = run()
    states = list(seen)
    assert len(states) == 7
    for state in states:
        path.write_bytes(state)
        assert run() == whole


def test_another_run_and_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "state"
    mix = gb.Mixture(MEANS)
    em.trajectory(mix, steps=2, checkpoint=path)
    others: list[dict[str, Any]] = [{"eta": 0.6}, {"rtol": 1e-9}, {"kind": "em"}, {"steps": 3}]
    for other in others:
        with pytest.raises(gb.InputError, match="of another run"):
            em.trajectory(mix, **{"steps": 2, **other}, checkpoint=path)
    em.trajectory(mix, lambda _: 0.7, 2, checkpoint=tmp_path / "other")
    with pytest.raises(gb.InputError, match="step size"):
        em.trajectory(mix, lambda _: 0.6, 2, checkpoint=tmp_path / "other")
    for text in ("", "{", "[]", '{"fingerprint": 1}'):
        path.write_text(text)
        with pytest.raises(gb.InputError, match="is no checkpoint"):
            em.trajectory(mix, steps=2, checkpoint=path)


@pytest.mark.parametrize("evaluator", ["float64", "arb"])
@pytest.mark.parametrize("state", [{}, {"eta": 3}, {"eta": ["x"]}, {"eta": [], "engine": {}}])
def test_a_damaged_checkpoint(tmp_path: Path, evaluator: str, state: Any) -> None:
    path, mix = tmp_path / "state", gb.Mixture(MEANS)
    em.trajectory(mix, 0.7, 0, evaluator=evaluator, checkpoint=path)
    write_state(path, json.loads(path.read_text())["owner"], state)
    with pytest.raises(gb.InputError, match="is a damaged checkpoint"):
        em.trajectory(mix, 0.7, 0, evaluator=evaluator, checkpoint=path)


def test_an_altered_state_is_not_gone_on_from(tmp_path: Path) -> None:
    path, mix = tmp_path / "state", gb.Mixture(MEANS)
    em.trajectory(mix, 0.7, 4, evaluator="arb", bits=40, checkpoint=path)
    found = json.loads(path.read_text())
    found["content"]["engine"]["distance"] = (0.0).hex()  # "certified", and false
    path.write_text(path.read_text().partition('"content": ')[0])
    with path.open("a") as file:
        file.write(f'"content": {json.dumps(found["content"])}}}\n')
    with pytest.raises(
        gb.InputError, match=r"is an altered checkpoint.*remove it or name another"
    ):
        em.trajectory(mix, 0.7, 4, evaluator="arb", bits=40, checkpoint=path)
