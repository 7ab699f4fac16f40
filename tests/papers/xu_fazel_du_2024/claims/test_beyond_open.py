"""What is open, and what the weights together allow: ends, shaved constants, the note's ids."""

from __future__ import annotations

import re
from fractions import Fraction

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.statements import library
from gembounds.statements.decide import decide

PAPER = library.collection("xu-fazel-du-2024")
WORST = Point(Mixture([["3.053"], ["0.976"]], ["0.8461", "0.1539"]))
"""Where searches for the largest L exp(-D^2/8)/F end."""


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(PAPER[claim_id].with_constants(**constants), point).outcome


def light(e: Fraction, eta: Fraction, steps: int) -> Point:
    mix = Mixture([[1], [0]], [e, 1 - e])
    return Point(mix, {"sizes": (eta,), "steps": steps})


def test_the_open_factor_is_bracketed_from_below() -> None:
    assert outcome("open-loss", WORST) == "holds"
    assert outcome("open-loss", WORST, factor=Fraction(590322, 10**6)) == "refuted"
    assert outcome("open-loss", WORST, factor=Fraction(590323, 10**6)) == "holds"


def test_a_light_mean_keeps_the_loss_up() -> None:
    e = Fraction(1, 20)
    assert outcome("rate-weights-free", light(e, Fraction(1), 10)) == "holds"
    assert outcome("rate-weights-free", light(e, Fraction(1), 11)) == "outside"
    assert outcome("rate-weights-free", light(e + Fraction(1, 10**9), Fraction(1), 1)) == "outside"
    last = light(Fraction(1, 40), Fraction(1, 2), 80)
    assert outcome("rate-weights-free", last) == "holds"
    assert outcome("rate-weights-free", last, factor=Fraction(3, 10)) == "refuted"


def test_the_note_names_claims_that_are_not_refuted() -> None:
    text = (recorded.reports_directory() / "rates.md").read_text(encoding="utf-8")
    known = recorded.read() or {}
    named = {x for group in re.findall(r"\[(`[^\]]*`)\]", text)
             for x in re.findall(r"`([^`]*)`", group)}  # fmt: skip
    assert len(named) >= 12
    for name in named:
        links = library.matching(PAPER, name)
        assert links, name
        assert all(known[c.id]["verdict"] in ("holds", "proved") for c in links), name
