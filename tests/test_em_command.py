"""``gembounds em``: table, JSON, stopping, checkpoints, one line for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gembounds.commands.em import shown_steps
from tests import command_line


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    return command_line.run(capsys, "em", *words)


def test_table(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "good.json", "--steps", "12")
    lines = out.splitlines()
    assert status == 0 and lines[0].startswith("gradient EM by float64: n = 3, d = 2, eta = 7/10")
    assert [line.split()[0] for line in lines[1:]] == ["t", "0", "1", "2", "5", "10", "12"]


def test_json_and_stopping(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("good.json", "--stop-gradient", "0.05", "--json", "out.json", "--eta", "1/2")
    status, out, _ = run(capsys, *words)
    found = json.loads((here / "out.json").read_text())
    assert status == 0 and "ended by gradient_norm" in out
    assert found["stopped"] == "gradient_norm" and set(found["eta"]) == {"1/2"}
    ends = found["gradient_norm"]["upper"]
    assert ends[-1] <= 0.05 < ends[-2] and len(found["means"]) == found["steps"] + 1
    status, out, _ = run(capsys, "good.json", "--kind", "em", "--steps", "2", "--json")
    assert status == 0 and json.loads(out)["kind"] == "em"


def test_arb(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, "good.json", "--evaluator", "arb", "--bits", "40", "--steps", "1", "--json"
    )
    found = json.loads(out)
    assert status == 0 and "balls" in found["loss"]
    ends, means = found["exact_means"], found["means"]
    for low, x, high in zip(ends["lower"][1][0], means[1][0], ends["upper"][1][0], strict=True):
        assert low <= x + 1e-15 and x - 1e-15 <= high and high - low < 1e-11


def test_checkpoint(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("good.json", "--steps", "3", "--checkpoint", "state", "--json")
    first = run(capsys, *words)
    assert first[0] == 0
    status, _, err = run(capsys, *words)
    assert status == 2 and "--resume" in err
    assert run(capsys, *words, "--resume") == first


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "no FILE"),
        (("good.json", "--eta", "0"), "eta is '0'"),
        (("good.json", "--eta", "x"), "eta is 'x'"),
        (("good.json", "--steps", "-3"), "steps is -3"),
        (("good.json", "--kind", "newton"), "kind is 'newton'"),
        (("good.json", "--kind", "em", "--eta", "1"), "eta does nothing for kind em"),
        (("good.json", "--evaluator", "mpmath"), "evaluator is 'mpmath'"),
        (("good.json", "--rtol", "1"), "rtol is 1"),
        (("good.json", "--rtol", "1e-5", "--gradient-rtol", "1e-3"), "choose one"),
        (("good.json", "--bits", "64"), "bits does nothing"),
        (("good.json", "--stop-loss", "-1"), "stop['loss'] is '-1'"),
        (("good.json", "--resume"), "--resume without --checkpoint"),
        (("good.json", "--checkpoint", "no/such"), "no directory"),
        (("missing.json",), "cannot be read"),
    ],
)
def test_mistakes_take_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    status, out, err = run(capsys, *words)
    assert status == 2 and not out and message in err and err.count("\n") == 1


def test_steps_shown() -> None:
    assert shown_steps(0) == [0]
    assert shown_steps(200) == [0, 1, 2, 5, 10, 20, 50, 100, 200]


def test_large_distances_give_way_to_the_computed_states(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = '{"means": [[3, 0, 0, 0], [0, 3, 0, 0], [0, 0, 4, 0], [0, 0, 0, 3], [-1, -2, -1, -2]]}'
    (here / "far.json").write_text(far)
    status, out, _ = run(capsys, "far.json", "--steps", "5", "--gradient-rtol", "0.1")
    lines = out.splitlines()
    assert status == 0 and lines[-1].startswith("* at the state computed")
    assert lines[-2].startswith("5*") and lines[2].startswith("0 ")
