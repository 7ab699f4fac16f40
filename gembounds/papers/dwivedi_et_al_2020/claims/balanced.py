"""Equal weights: two bounds of the step, and the best of their kind.

With p = Pr[|z| <= 1] + Pr[|z| > 1]/2, in our words

    theta/(1 + 2 theta^2) <= |M(theta)| <= theta (1 - p + p/(1 + theta^2/2)),    theta >= 0.

Both are true, and both follow from bounds that are sharp:

    theta/sqrt(1 + 2 theta^2) <= |M(theta)| <= theta/sqrt(1 + (pi/2) theta^2).

Proof. |M(theta)| = theta E sech^2(theta z). cosh y is the product of 1 + 4 y^2/(pi^2 (2k-1)^2)
over k >= 1, so sech^2 y = E exp(-T y^2/2) with T = sum_k (8/(pi^2 (2k-1)^2)) (e_k + e_k'), all
e_k, e_k' independent of law exp(-e) on e >= 0. The mean over z first: E sech^2(theta z) = E (1
+ T theta^2)^(-1/2). E T = 2, as sum_k 1/(2k-1)^2 = pi^2/8, and (1 + T theta^2)^(-1/2) is
convex in T: the bound from below (Jensen). The mean of f^(-1/2), raised to the power -2, is
superadditive in f > 0 (Minkowski's inequality for the exponent -1/2), so that E (1 + T
theta^2)^(-1/2) <= (1 + c theta^2)^(-1/2) with c = (E T^(-1/2))^(-2); and E T^(-1/2) = lim
theta E sech^2(theta z) = (2 pi)^(-1/2) (the integral of sech^2) = sqrt(2/pi).

Neither 2 nor pi/2 can be moved: |M(theta)| = theta - theta^3 + O(theta^5), and |M(theta)|
tends to sqrt(2/pi) as theta grows.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.papers.dwivedi_et_al_2020.vocabulary import EQUAL, inner, step, theta
from gembounds.points.point import Point
from gembounds.statements import OPPOSITE, const, mean_square, real, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import COSH, GAUSSIAN, JENSEN, MINKOWSKI
from gembounds.values.mixture import Mixture

SOURCE = "{} of the step for equal weights, in our words"
IDENTITY = "E|psi~|^2 = E(psi_1 - psi_2)^2 theta^2 = theta^2 - |M(theta)| theta"

u = real("u", 0)


BETWEEN = (
    "The proof goes through the sharp bound theta/sqrt(1 + (pi/2) theta^2), which is not met "
    "where "
    "this form is tightest; the witness is nearly the best value."
)


def half_circle() -> Any:
    """pi/2."""
    from flint import arb

    return arb.pi() / 2


def opposite(*sizes: Any) -> list[tuple[Fraction, Point]]:
    """Means +-s on the line, equal weights, by max(s, 1/s)."""
    found = []
    for x in sizes:
        s = Fraction(x)
        found.append((max(s, 1 / s), Point(Mixture([[s], [-s]]))))
    return found


NEAR = Family("means to 0", "1/theta", lambda quick: opposite("1/4", "1/16", "1/64", "1/256"))
FAR = Family("means far", "theta", lambda quick: opposite(8, 32, 128, *(() if quick else (512,))))
WORST = Family("near the least", "theta", lambda quick: opposite("103/50"), False)
WORST_SHARE = Family("near the least", "theta", lambda quick: opposite("19/5"), False)

AS_A_MEAN = Step(
    "|M(theta)| = theta E sech^2(theta z), z ~ N(0, 1), as 4 psi_1 psi_2 = sech^2(<theta, x>). By "
    "Euler's product sech^2 y = E exp(-T y^2/2), T = sum_k (8/(pi^2 (2k - 1)^2)) (e_k + e_k') "
    "with all e_k, e_k' independent, exponential of mean 1. The mean over z first gives "
    "E sech^2(theta z) = E (1 + T theta^2)^(-1/2).",
    by=("step", COSH, GAUSSIAN),
)

CLAIMS = (
    Claim(
        "balanced-upper",
        step <= (1 - inner + inner / (1 + const("inner", "1/2") * theta**2)) * theta,
        when=EQUAL,
        source=SOURCE.format("upper bound"),
        over=OPPOSITE,
        judges=("overlaps",),
        best={"inner": best("73/100", "balanced-upper-inner", family=WORST, note=BETWEEN)},
        proof=Argument(
            Step(
                "|M(theta)| <= theta/sqrt(1 + (3/2) theta^2).",
                by="balanced-upper-sharpened",
                shows=step <= theta / sqrt(1 + Fraction(3, 2) * theta**2),
            ),
            Step(
                "p <= 17/20, so that the right side is at least (1 - (17/20) u/(2 + u)) theta, u"
                " = "
                "theta^2.",
                shows=inner <= Fraction(17, 20),
            ),
            Step("And (1 + (3/2) u)^(-1/2) <= 1 - (17/20) u/(2 + u).", by="balanced-scalar"),
        ),
    ),
    Claim(
        "balanced-upper-inner",
        step <= (1 - inner + inner / (1 + const("inner", "73/100") * theta**2)) * theta,
        when=EQUAL,
        source=SOURCE.format("upper bound"),
        over=OPPOSITE,
        form="sharpened",
        repairs="balanced-upper",
        best={"inner": best("73/100", "balanced-upper-inner", family=WORST, note=BETWEEN)},
        proof=Argument(
            Step(
                "|M(theta)| <= theta/sqrt(1 + (157/100) theta^2).",
                by="balanced-upper-sharpened",
                shows=step <= theta / sqrt(1 + Fraction(157, 100) * theta**2),
            ),
            Step(
                "p <= 421/500, so that the right side is at least (1 - (421/500) c u/(1 + c u)) "
                "theta, u = theta^2, c = 73/100.",
                shows=inner <= Fraction(421, 500),
            ),
            Step(
                "And (1 + (157/100) u)^(-1/2) <= 1 - (421/500) c u/(1 + c u).",
                by="balanced-scalar-inner",
            ),
        ),
    ),
    Claim(
        "balanced-upper-sharpened",
        step * sqrt(1 + const("growth", "157/100") * theta**2) <= theta,
        when=EQUAL,
        source=SOURCE.format("upper bound"),
        over=OPPOSITE,
        form="sharpened",
        repairs="balanced-upper",
        best={
            "growth": best(
                half_circle, "balanced-upper-sharpened", sharp=True, attained=False, family=FAR
            )
        },
        proof=Argument(
            AS_A_MEAN,
            Step(
                "For f > 0, (E f^(-1/2))^(-2) is superadditive; with f = 1 + T theta^2 it is at "
                "least 1 + c theta^2, c = (E T^(-1/2))^(-2).",
                by=MINKOWSKI,
            ),
            Step(
                "E T^(-1/2) is the limit of theta E (1 + T theta^2)^(-1/2) = theta E "
                "sech^2(theta z) "
                "for theta to infinity (monotone), which is (2 pi)^(-1/2) times the integral 2 of "
                "sech^2: c = pi/2 >= 157/100."
            ),
        ),
    ),
    Claim(
        "balanced-lower",
        step * (1 + const("growth", 2) * theta**2) >= theta,
        when=EQUAL,
        source=SOURCE.format("lower bound"),
        over=OPPOSITE,
        judges=("overlaps",),
        best={
            "growth": best(
                1,
                "balanced-lower-sharpened",
                sharp=True,
                attained=False,
                family=NEAR,
            )
        },
        proof=Argument(
            Step(
                "|M(theta)| >= theta/sqrt(1 + 2 theta^2), and sqrt(1 + 2 theta^2) <= 1 + theta^2.",
                by="balanced-lower-sharpened",
                shows=step * (1 + theta**2) >= theta,
            ),
        ),
    ),
    Claim(
        "balanced-lower-sharpened",
        step * sqrt(1 + const("growth", 2) * theta**2) >= theta,
        when=EQUAL,
        source=SOURCE.format("lower bound"),
        over=OPPOSITE,
        form="sharpened",
        repairs="balanced-lower",
        best={
            "growth": best(2, "balanced-lower-sharpened", sharp=True, attained=False, family=NEAR)
        },
        proof=Argument(
            AS_A_MEAN,
            Step(
                "E T = 2, as sum_k 1/(2k - 1)^2 = pi^2/8, and (1 + t theta^2)^(-1/2) is convex "
                "in t "
                ">= 0: E sech^2(theta z) >= (1 + 2 theta^2)^(-1/2).",
                by=JENSEN,
            ),
        ),
    ),
    Claim(
        "balanced-share",
        mean_square * (2 + theta**2) >= const("share", "17/20") * theta**4,
        when=EQUAL,
        source="the upper bound with any number in place of p, in our words",
        over=OPPOSITE,
        best={"share": best("17/20", "balanced-share", family=WORST_SHARE, note=BETWEEN)},
        proof=Argument(
            Step(
                "E|psi~|^2 = theta^2 - |M(theta)| theta >= theta^2 (1 - (1 + (3/2) "
                "theta^2)^(-1/2)).",
                by="balanced-upper-sharpened",
            ),
            Step("And (1 + (3/2) u)^(-1/2) <= 1 - (17/20) u/(2 + u).", by="balanced-scalar"),
        ),
    ),
    Claim(
        "balanced-scalar",
        Fraction(17, 20) * u / (2 + u) + (1 + Fraction(3, 2) * u) ** Fraction(-1, 2) <= 1,
        source="a step of balanced-upper",
        form="auxiliary",
    ),
    Claim(
        "balanced-scalar-inner",
        Fraction(421, 500) * Fraction(73, 100) * u / (1 + Fraction(73, 100) * u)
        + (1 + Fraction(157, 100) * u) ** Fraction(-1, 2)
        <= 1,
        source="a step of balanced-upper-inner",
        form="auxiliary",
    ),
)
