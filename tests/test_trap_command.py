"""``gembounds trap``: one object, words, one line for every mistake."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.command_line import run


def test_trap_prints_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "trap", "--d", "2", "--n", "5", "--eta", "0.7", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert (found["d"], found["n"], found["eta"]) == (2, 5, 0.7)
    assert 15 < found["log10_steps_lower"] < found["log10_steps_upper"] < 16
    assert found["log10_paper"] == pytest.approx((2 - np.log(21)) / np.log(10))
    assert found["log10_true_exponent_per_d"] == pytest.approx(18 / np.log(10))
    exact = run(capsys, "trap", "--d", "2", "--n", "5", "--eta", "1/3", "--json")[1]
    assert json.loads(exact)["eta"] == "1/3"


def test_trap_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "trap", "--d", "1", "--n", "3", "--eta", "1e7")
    assert "steps beyond 10 sqrt(d)   6\n" in out
    _, out, _ = run(capsys, "trap", "--d", "1", "--n", "3", "--eta", "1e10")
    assert "no upper bound" in out


@pytest.mark.parametrize(
    "words",
    [("--d", "0", "--n", "3"), ("--d", "1", "--n", "2"), ("--d", "1", "--n", "3", "--eta", "0"),
     ("--d", "1", "--n", "3", "--eta", "abc"), ("--d", "1", "--n", "3", "--eta=-0.1"),
     ("--d", "one", "--n", "3"), ("--n", "3")],
)  # fmt: skip
def test_trap_refuses_in_one_line(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    status, out, err = run(capsys, "trap", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
