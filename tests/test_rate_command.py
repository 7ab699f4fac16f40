"""``gembounds rate``: a file or the dozen starts, one line for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import GOOD, run


def test_rate_of_a_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "rate", "good.json", "--steps", "24")
    assert (status, err) == (0, "") and "eq-33" in out and "exponent" in out
    status, out, err = run(capsys, "rate", "good.json", "--steps", "24", "--eta", "1/2", "--json")
    found = json.loads(out)
    assert (status, found["n"], found["eta"], found["steps"]) == (0, 3, "1/2", 24)
    assert all(c["holds"] == 24 for c in found["checks"])
    assert found["exponents"]["loss"]["expected"] == -2
    assert run(capsys, "rate", "--json", "good.json", "--steps", "24")[0] == 0
    for _ in range(2):  # a file of results is written again, one of a mixture is not
        assert run(capsys, "rate", "good.json", "--steps", "24", "--json", "out.json")[0] == 0
        assert run(capsys, "rate", "--steps", "16", "--json", "all.json")[0] == 0
    assert len(json.loads((here / "all.json").read_text())) == 12
    assert (here / "good.json").read_text() == GOOD


def test_rate_of_the_dozen_starts(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "rate", "--steps", "16")
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 14


@pytest.mark.parametrize(
    "words",
    [("--eta", "2"), ("--steps", "1"), ("missing.json",), ("--evaluator", "qmc"), ("--bits", "9")],
)
def test_rate_refuses_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    status, out, err = run(capsys, "rate", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
