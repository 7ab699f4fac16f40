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
    assert (status, found["n"], found["eta"], len(found["steps"])) == (0, 3, ["1/2"], 25)
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


@pytest.mark.parametrize("words", [("--eta", "19/10,1/10"), ("--kind", "em")])
def test_the_certified_loss_stays_between_the_bounds(
    here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    status, out, _ = run(
        capsys, "rate", "good.json", "--steps", "40", *words, "--json", "--picture", "rate.svg"
    )
    found = json.loads(out)
    assert status == 0 and [row["t"] for row in found["steps"]] == list(range(41))
    for row in found["steps"]:
        low, high = row["loss"]
        assert (row["lower"] or 0) <= low <= high <= row["upper"] <= row["upper_from_start"]
        assert row["paper"] is None  # of EM proper, and of steps above 1, it says nothing
    if found["kind"] == "em":
        assert all(row["lower"] > 0 for row in found["steps"][1:]) and found["limit"] == 1 / 8
    else:
        assert found["limit"] is None and found["eta"] == ["19/10", "1/10"]
    assert "L, certified" in (here / "rate.svg").read_text()


def test_the_table_has_theorem_2_and_a_symmetric_start_a_lower_bound(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "pair.json").write_text('{"means": [["1/2"], ["-1/2"]]}')
    status, out, _ = run(capsys, "rate", "pair.json", "--steps", "100")
    assert status == 0 and "rate-gradient-lower" in out and "bound of limsup t^2 L(t)" in out
    line = next(line.split() for line in out.splitlines() if line.startswith("100 "))
    lower, low, high, upper = (float(x.strip("[],")) for x in line[1:5])
    assert 0 < lower < low < high < upper and float(line[-1][3:]) > 8


@pytest.mark.parametrize(
    "words",
    [
        ("--eta", "2"),
        ("--eta", "1,0"),
        ("--kind", "em", "--eta", "1"),
        ("--kind", "sgd"),
        ("good.json", "--picture", "rate.pdf"),
        ("--steps", "1"),
        ("missing.json",),
        ("--evaluator", "qmc"),
        ("--bits", "9"),
    ],
)
def test_rate_refuses_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    status, out, err = run(capsys, "rate", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
