"""Unequal weights: the step is a contraction.

With rho = |1 - 2 pi| and M the step of means theta and -theta, in our words

    |M(theta)| <= (1 - rho^2/2) |theta|.

It is true, and 1/2 may be replaced by more. Put T = rho = tanh |a|, a = log(pi/(1 - pi))/2, so
that |M(theta)| = (1 - E tanh^2(|theta| z + a)) |theta|. z and -z are alike, so the mean is
that of m(s) = (tanh^2(a + y) + tanh^2(a - y))/2, s = tanh y, y = |theta| z, and by the
addition theorem

    m(s) - T^2 = u (1 - v) (1 - 3v + u v (1 + v)) / (1 - u v)^2,    u = s^2, v = T^2.

So E tanh^2 >= T^2 for every theta where v <= 1/3, with equality as theta tends to 0: the best
constant is 1 there. For larger rho it is below 1, with its least value near rho = 0.955: above
81/100 (a cover of the plane of theta and a, in balls) and below 8162/10000 (a witness). The
figure ``pair_unbalanced`` has it for each pi, certified from both sides.
"""

from fractions import Fraction

from gembounds.papers.dwivedi_et_al_2020.vocabulary import rho, step, theta
from gembounds.points.point import Point
from gembounds.statements import OPPOSITE, const, mean_square, real
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.statements.theorems import GAUSSIAN
from gembounds.values.mixture import Mixture

COVER = (
    "in dwivedi_et_al_2020.arithmetic: E tanh^2(theta z + a) at places 1/10 apart up to a = 6 and "
    "theta = 4.3, semiconcavity between them, and closed bounds beyond"
)

IDENTITY = "E|psi~|^2 = E(psi_1 - psi_2)^2 |theta|^2 = |theta|^2 - |M(theta)| |theta|"

u, v = real("u", 0, 1), real("v", 0, 1)

SHARE = const("share", "1/2")


def _small(quick: bool) -> list[tuple[Fraction, Point]]:
    sizes = (4, 16, 64, 256)
    return [(Fraction(k), Point(Mixture([[Fraction(1, k)], [Fraction(-1, k)]], ["3/4", "1/4"])))
            for k in sizes]  # fmt: skip


def _worst(quick: bool) -> list[tuple[Fraction, Point]]:
    means = [["167/100"], ["-167/100"]]
    return [(Fraction(1), Point(Mixture(means, ["9775/10000", "225/10000"])))]


CONTRACTS = Step(
    "|M(theta)| = (1 - E tanh^2(|theta| z + a)) |theta|, z ~ N(0, 1), a = log(pi/(1 - pi))/2, as "
    "psi_1 - psi_2 = tanh(<theta, x> + a), and tanh^2 a = rho^2.",
    by="step",
)

CLAIMS = (
    Claim(
        "unbalanced",
        step <= (1 - SHARE * rho**2) * theta,
        source="contraction for unequal weights, in our words",
        over=OPPOSITE,
        decided_by=mean_square >= SHARE * rho**2 * theta**2,
        identity=IDENTITY,
        judges=("psi_tilde_norm2",),
        maps=("size and weight",),
        best={
            "share": best(
                "81/100",
                COVER,
                family=Family("near the least", "1", _worst, False),
                note="A finer cover brings the proof up to the witness, nearly the best value.",
            )
        },
        proof=Argument(
            CONTRACTS,
            Step(
                "z and -z have the same law, so E tanh^2(|theta| z + a) is the mean of "
                "(tanh^2(a + y) + tanh^2(a - y))/2, y = |theta| z. One of |a + y|, |a - y| is at "
                "least |a|, so that is at least tanh^2(a)/2.",
                by=GAUSSIAN,
            ),
        ),
    ),
    Claim(
        "unbalanced-sharpened",
        step <= (1 - const("share", 1) * rho**2) * theta,
        when=3 * rho**2 <= 1,
        source="contraction for unequal weights, in our words",
        over=OPPOSITE,
        form="sharpened",
        repairs="unbalanced",
        decided_by=mean_square >= const("share", 1) * rho**2 * theta**2,
        identity=IDENTITY,
        best={
            "share": best(
                1,
                "unbalanced-sharpened",
                sharp=True,
                attained=False,
                family=Family("weights 3/4 and 1/4, means to 0", "1/|theta|", _small),
            )
        },
        proof=Argument(
            CONTRACTS,
            Step(
                "With s = tanh y, T = tanh a, tanh(a + y) = (T + s)/(1 + T s), so for u = s^2 and "
                "v = T^2 the mean of tanh^2(a + y) and tanh^2(a - y) is (v (1 - u)^2 + u (1 - "
                "v)^2)/(1 - u v)^2, and that less v is u (1 - v) (1 - 3v + u v (1 + v))/(1 - u "
                "v)^2 >= 0 where 3v <= 1.",
                by=("unbalanced-scalar",),
            ),
            Step(
                "z and -z have the same law, so E tanh^2(|theta| z + a) >= v = rho^2.", by=GAUSSIAN
            ),
        ),
    ),
    Claim(
        "unbalanced-scalar",
        v * (1 - u) ** 2 + u * (1 - v) ** 2 >= v * (1 - u * v) ** 2,
        when=3 * v <= 1,
        source="a step of unbalanced-sharpened",
        form="auxiliary",
        proof=Argument(
            Step("The difference is u (1 - v) (1 - 3v + u v (1 + v)), multiplied out."),
        ),
    ),
)
