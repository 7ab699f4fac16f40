"""``gembounds stationary``: words, JSON, statuses, one line for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import command_line


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    return command_line.run(capsys, "stationary", *words)


@pytest.fixture
def line(here: Path) -> Path:
    (here / "data.json").write_text('{"means": [[2], [-2]], "weights": [0.7, 0.3]}')
    (here / "guess.json").write_text('{"means": [[-1.5], [2]], "weights": [0.7, 0.3]}')
    (here / "zero.json").write_text('{"means": [[0.3], [-0.1]]}')
    return here


def test_words(line: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "guess.json", "--data", "data.json", "--kind", "em")
    assert (status, err) == (0, "") and out.startswith("local minimum: one and only one")
    assert "-1.631057430" in out and "EM's step" in out and out.count("\n") == 8
    status, out, _ = run(capsys, "zero.json")
    assert status == 0 and out.startswith("singular: means 0, 1 coincide where the model is the")


def test_json(line: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("guess.json", "--data", "data.json", "--weights", "free", "--json")
    status, out, err = run(capsys, *words)
    found = json.loads(out)
    assert (status, err) == (0, "") and found["found"] and found["nature"] == "local minimum"
    assert found["means"]["lower"] == found["means"]["upper"] == [[-2.0], [2.0]]
    assert found["weights"]["lower"][0] <= 0.3 <= found["weights"]["upper"][0]
    assert len(found["eigenvalues"]["lower"]) == 3 and found["eigenvalues"]["lower"][0] > 0.2
    assert found["loss"]["lower"] == found["loss"]["upper"] == 0
    assert found["box"]["lower"][0][0] < -2 < found["box"]["upper"][0][0]
    status, out, _ = run(capsys, "guess.json", "--data", "data.json", "--json", "out.json")
    assert json.loads((line / "out.json").read_text())["found"] and "Hessian" in out


def test_wide_tables_are_cut(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "wide.json").write_text(json.dumps({"means": [[1.0] * 9]}))
    status, out, _ = run(capsys, "wide.json")
    assert status == 0 and "... 3 more, see --json" in out and "local minimum" in out


def test_nothing_proved_is_status_3(
    line: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gembounds.dynamics.stationary import search

    monkeypatch.setattr(search, "settle", lambda place, *_: place)
    status, out, _ = run(capsys, "guess.json", "--data", "data.json")
    assert status == 3 and "near (not proved)" in out and "L  " not in out
    status, out, _ = run(capsys, "guess.json", "--data", "data.json", "--json")
    assert status == 3 and json.loads(out)["means"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "no FILE"),
        (("guess.json", "--kind", "newton"), "kind is 'newton'"),
        (("guess.json", "--weights", "all"), "weights is 'all'"),
        (("guess.json", "--rtol", "1"), "rtol is 1.0"),
        (("guess.json", "--rtol", "x"), "invalid float value"),
        (("guess.json", "--data", "good.json"), "has 2 coordinates, the model 1"),
        (("guess.json", "--data", "data.json", "--json", "data.json"), "data.json"),
        (("missing.json",), "cannot be read"),
    ],
)
def test_mistakes_take_one_line(
    line: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    status, out, err = run(capsys, *words)
    assert status == 2 and not out and message in err and err.count("\n") == 1
