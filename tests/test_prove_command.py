"""``gembounds prove`` and ``tightness --box``, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gembounds.cli import main

LEMMAS = """
from fractions import Fraction
from gembounds import Claim
from gembounds.statements import L, const, mean_square, mu_max, sqrt

CLAIMS = (
    Claim("good", L <= const("c", "3/5") * mean_square),
    Claim("bad", L <= Fraction(14, 25) * mean_square),
    Claim("tied", sqrt(mean_square) <= mu_max, mu_max >= Fraction(1, 2)),
)
"""
BOX = {"means": [[["-1", "1"]], [["-1", "1"]]]}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("lemmas.py").write_text(LEMMAS)
    Path("box.json").write_text(json.dumps(BOX))
    return tmp_path


def result(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("place")
def test_proved_refuted_undecided(capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--box", "box.json", "--jobs", "1", "--json"]
    assert main(["prove", "lemmas.py:good", *common]) == 0
    found = result(capsys)
    assert (found["verdict"], found["by"], found["witness"]) == ("proved", "arithmetic", None)
    assert found["leaves"] > 1 and found["undecided_volume"] == 0 and found["seconds"] >= 0
    assert main(["verify", found["certificate"]]) == 0
    capsys.readouterr()
    assert main(["prove", "lemmas.py:bad", *common]) == 1
    found = result(capsys)
    assert found["verdict"] == "refuted" and len(found["witness"]["mixture"]["means"]) == 2
    assert main(["verify", found["certificate"]]) == 0
    capsys.readouterr()
    assert main(["prove", "lemmas.py:tied", "--leaves", "500", *common]) == 3
    found = result(capsys)
    assert found["verdict"] == "undecided" and found["certificate"] is None
    assert found["undecided"] and found["undecided_volume"] > 0
    drawn = Path(found["picture"]).read_text()
    assert drawn.startswith("<svg") and drawn.count("<rect") >= len(found["undecided"])


@pytest.mark.usefixtures("place")
def test_the_best_constant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tightness", "lemmas.py:good", "--box", "box.json", "--json", "out.json"]) == 0
    (found,) = json.loads(Path("out.json").read_text())
    assert 0.565 < found["certified_lower"] < found["certified_upper"] < 0.566
    assert "infimum" in capsys.readouterr().out


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prove", "lemmas.py:good", "--box", "none.json"], "none.json"),
        (["prove", "lemmas.py:good", "--box", "lemmas.py"], "is not JSON"),
        (["prove", "--box", "box.json"], "no TARGET"),
        (["prove", "lemmas.py:good", "--box", "box.json", "--leaves", "0"], "leaves is 0"),
        (["prove", "lemmas.py:good", "--box", "box.json", "--seconds", "-1"], "seconds is -1"),
        (["prove", "lemmas.py:good", "--box", "box.json", "--json", "box.json"], "is an input"),
        (
            ["prove", "eq-13.1", "lemmas.py:good", "--box", "box.json"],
            "eq-13.1 has a domain of its own",
        ),
        (["tightness", "--box", "box.json"], "no claim is named"),
        (["tightness", "lemmas.py:bad", "--box", "box.json", "--width", "2"], "width is 2"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
