"""``--plot`` of check, em, rate, stationary: named axes, and one line where it cannot be."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.command_line import run

CLAIMS = """from gembounds import Claim
from gembounds.statements import L, Y
CLAIMS = (Claim("third", L <= Y / 3, expect="refuted"), Claim("half", L <= Y / 2))
"""


def words(path: Path) -> set[str]:
    """The texts of an SVG."""
    return {"".join(e.itertext()).strip() for e in ET.fromstring(path.read_text()).iter()
            if e.tag.endswith("text")}  # fmt: skip


def test_check_draws_witness_and_nearest_miss(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.py").write_text(CLAIMS)
    status, out, _ = run(capsys, "check", "mine.py", "--points", "20", "--jobs", "1", "--plot")
    assert status == 0 and "third: both sides along a line through the witness: " in out
    sides = {"left side", "right side", "value of a side", "the means, in multiples of the "
             "witness's"}  # fmt: skip
    third = words(here / "mine.certificates" / "third.svg")
    assert sides | {"violated", "the witness", "third: L <= Y/3"} <= third
    half = words(here / "mine.certificates" / "half.svg")
    assert sides | {"nearest to a violation"} <= half and "violated" not in half
    one = ("check", "mine.py:third", "--points", "20", "--jobs", "1", "--plot")
    assert run(capsys, *one, "a.png")[0] == 0
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")
    for bad, said in (
        ((*one, "a.doc"), "a.doc: give a name in .svg"),
        ((*one, "no/where.svg"), "--plot no/where.svg"),
        (("check", "mine.py", "--plot", "a.svg"), "one name for 2 claims"),
        ((*one, "b.svg", "--json", "b.svg"), "b.svg: is where --json goes"),
        (("check", "eq-18c", "--plot", "--json", "eq-18c.svg"), "--json eq-18c.svg: is an input"),
    ):
        status, out, err = run(capsys, *bad)
        assert (status, out, err.count("\n")) == (2, "", 1) and said in err


def test_check_draws_nothing_of_a_claim_about_constants(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.py").write_text(
        "from gembounds import Claim\nfrom gembounds.statements import const\n"
        'CLAIMS = (Claim("one", const("a", 1) <= 2), Claim("three", const("a", 3) <= 2))\n'
    )
    status, out, err = run(capsys, "check", "mine.py", "--jobs", "1", "--plot")
    assert (status, err) == (1, "") and out.count("no picture") == 2


def test_what_follows_plot_may_be_a_target(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words_ = ("check", "--points", "20", "--jobs", "1", "--plot", "eq-18c")
    assert run(capsys, *words_)[0] == 0
    assert {"x", "violated"} <= words(here / "eq-18c.svg")
    (here / "mine.py").write_text(CLAIMS)
    status, out, _ = run(capsys, "check", "mine.py", *words_[1:-1], "third")
    assert status == 0 and "1 claim: 1 refuted" in out
    assert (here / "mine.certificates" / "third.svg").is_file()


def test_em_and_rate_draw_their_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "em", "good.json", "--steps", "20", "--plot")[0] == 0
    assert {"L (nats)", "|grad L|", "step t + 1", "distance to the exact run, at most"} <= words(
        here / "em.svg"
    )
    assert run(capsys, "rate", "good.json", "--steps", "40", "--plot")[0] == 0
    assert (here / "rate.svg").read_text().startswith("<?xml")
    for bad in ("good.json", "run.txt"):
        status, out, err = run(capsys, "em", "good.json", "--plot", bad)
        assert (status, out, err.count("\n")) == (2, "", 1) and bad in err


def test_stationary_draws_the_landscape(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "model.json").write_text('{"means": [[-1.5], [2]], "weights": ["7/10", "3/10"]}')
    (here / "data.json").write_text('{"means": [[2], [-2]], "weights": ["7/10", "3/10"]}')
    line = ("stationary", "model.json", "--data", "data.json", "--plot")
    assert run(capsys, *line)[0] == 0
    assert {"L (nats)", "L, enclosed everywhere", "mean 0", "mean 1", "the point"} <= words(
        here / "stationary.svg"
    )
    for bad in ("data.json", "a.doc"):
        status, out, err = run(capsys, *line, bad)
        assert (status, out, err.count("\n")) == (2, "", 1) and bad in err
