"""What is open, and what the weights together allow: ends, shaved constants, the note's ids."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from gembounds import Mixture, em
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


def test_the_exponent_is_an_eighth() -> None:
    far = Point(Mixture([[60], [0]]))
    assert outcome("mean-square-eighth", far) == "holds"
    assert outcome("mean-square-eighth", far, exponent=Fraction(11, 100)) == "refuted"
    small = Point(Mixture([["1/100"], ["-1/100"]]))
    assert outcome("mean-square-eighth", small) == "holds"
    assert outcome("mean-square-eighth", small, denominator=Fraction(1, 2)) == "refuted"
    run = Point(Mixture([[1], [0]]), {"sizes": (Fraction(1), Fraction(1, 2)), "steps": 20})
    assert outcome("theorem-2-eighth", run) == "holds"
    assert outcome("theorem-2-eighth", run, factor=Fraction(1, 10**9)) == "refuted"


def test_the_scalar_step_of_the_exponent() -> None:
    def right(x: float) -> float:
        return math.exp(3 * x / 8) * (1 + 2 * x * math.exp(-x / 4))

    ends = [(1, 8, 80, 243), (8, 16, 1590, 13000), (16, 24, 12900, 59000),
            (24, 28, 40700, 146000), (28, 32, 171100, 208000)]  # fmt: skip
    for low, high, most, least in ends:
        xs = [low + (high - low) * k / 400 for k in range(401)]
        assert max(map(right, xs)) <= most < least <= (1 + 2 * math.sqrt(low)) ** 5
    assert all(right(k / 400) <= 1 + 3.4 * k / 400 + 1e-12 for k in range(401))


def test_the_limit_for_independent_means_is_near_after_300_steps() -> None:
    weights = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]
    mix = Mixture([[1, 0, 0], [0, 1, 0], [0, 0, 1]], weights)
    loss = em.trajectory(mix, 1, 300, rtol=1e-12).loss[300]
    limit = sum(1 / p**2 - 2 / p for p in weights) + 9
    scaled = [16 * 300**2 * float(end) / float(limit) for end in (loss.lower, loss.upper)]
    assert 0.952061 < scaled[0] <= scaled[1] < 0.952062  # as the note says


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
