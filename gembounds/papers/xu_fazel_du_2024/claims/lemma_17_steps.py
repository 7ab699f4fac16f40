"""The displayed steps of the proof of Lemma 17, equations (9) to (11).

x ~ N(0, I_d), M(c) = E exp(c |x|), d >= 1, 0 < c <= 1/(3d), 0 <= xi <= c. All sides are radial
integrals (:mod:`gembounds.evaluators.balls.radial`,
:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals`).

(9): M' increases, so some xi in [0, c] has M(c) = M(0) + M'(xi) c exactly when
M'(0) c <= M(c) - M(0) <= M'(c) c: both are checked.
(10a): the equality holds the derivative of Kummer's closed form against the moment.
(10c): only r = |x| >= 1 enters; all is rational.
(10d): .1 the integral against K E|y|, K = (2d/(2d-1))^(d+1); .2 E|y| by quadrature against its
value in Gamma functions; .3 against 4 sqrt(d); .4 the fact K <= 4 quoted for it (equal at d = 1).
(11a): replaces exp(c) V_d by exp(1/(3d)), though V_d > 1 for d <= 12: what holds, holds by the
slack in 4 sqrt(d).
(11b): the inequality and its consequence M'(xi) <= 5 sqrt(d), two entries of one claim.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import families, numbers
from gembounds.papers.xu_fazel_du_2024.claims.lemma_17 import INSIDE, RATES, c
from gembounds.papers.xu_fazel_du_2024.claims.lemma_17_arguments import ARGUMENTS
from gembounds.papers.xu_fazel_du_2024.domains import DIMENSIONS
from gembounds.papers.xu_fazel_du_2024.domains import dimension as d
from gembounds.papers.xu_fazel_du_2024.vocabulary import (
    both,
    circle,
    exp_norm,
    radial_mean,
    symbol,
)
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, const, equals, exp, real, sqrt
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Expr, Relation, call, tree

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Points = SearchStrategy[Point]

xi, r = real("xi"), real("r")


def rates_and_xi() -> Points:
    """d and c with xi from 0 to c, both ends included."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    share = st.one_of(st.sampled_from([Fraction(0), Fraction(1)]), positive(smallest_exponent=100))
    return st.tuples(RATES.draw(), share).map(
        lambda t: Point(parameters={**t[0].parameters, "xi": t[1] * t[0]["c"]})
    )


def rates_and_radii() -> Points:
    """d, c, and r = |x| from 1 itself to 10^6, and near sqrt(d)."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    near = st.integers(1, 12).map(lambda e: 1 + Fraction(1, 10**e))
    far = st.one_of(st.just(Fraction(1)), near, positive().map(lambda x: 1 / x))
    return st.tuples(RATES.draw(), far).map(
        lambda t: Point(parameters={**t[0].parameters, "r": t[1]})
    )


BETWEEN = Domain("rates and xi", NUMBERS.test, rates_and_xi, numbers.RATES)
RADII = Domain("rates and radii", NUMBERS.test, rates_and_radii, text="r = |x|")


# -- symbols -------------------------------------------------------------------------------------
def radial(
    name: str, text: str, latex: str, of: Callable[..., Any], *args: Expr, **more: Any
) -> Expr:
    """A radial integral at the numbers ``args``."""
    return call(symbol(name, text, latex, of, mixture=False, **more), *args)


def integral(name: str) -> Callable[..., Any]:
    """A function of :mod:`.arithmetic.radial_integrals` at the arguments, of which d is last."""

    def of(ops: Any, point: Any, *args: Any) -> Any:
        from gembounds.papers.xu_fazel_du_2024.arithmetic import radial_integrals

        return getattr(radial_integrals, name)(*args[:-1], int(args[-1]))

    return of


def _log_values(log: Callable[..., Any]) -> Callable[..., Any]:
    """An estimate of a positive number from its logarithm as a function of the arguments."""

    def estimate(batch: Any, *args: Any) -> Any:
        import numpy as np

        from gembounds.statements.logs import LogArray

        found = log(*(LogArray.of(x).value for x in args))
        return LogArray(np.ones_like(found), found)

    return estimate


def _log_volume(d: Any) -> Any:
    from scipy.special import gammaln

    return d / 2 * math.log(math.pi) - gammaln(d / 2 + 1)


def _log_mean_norm(d: Any) -> Any:
    from scipy.special import gammaln

    return math.log(2) / 2 + gammaln((d + 1) / 2) - gammaln(d / 2)


def _log_inside(c: Any, d: Any) -> Any:
    """2^(1-d/2)/Gamma(d/2) times the integral of r^d exp(c r - r^2/2) over [0, 1], by
    Gauss-Laguerre in -(d+1) log r."""
    import numpy as np
    from scipy.special import gammaln

    s, w = np.polynomial.laguerre.laggauss(40)
    r = np.exp(-s / (d[:, None] + 1))
    value = (w * np.exp(c[:, None] * r - r * r / 2)).sum(axis=1) / (d + 1)
    return np.log(value) + (1 - d / 2) * np.log(2) - gammaln(d / 2)


def _growth(batch: Any, c: Any, d: Any) -> Any:
    import numpy as np

    return radial_mean(batch, d, lambda r: np.expm1(c.value[:, None] * r))


def _outside(batch: Any, c: Any, d: Any) -> Any:
    import numpy as np

    rate = c.value
    whole = radial_mean(batch, d, lambda r: r * np.exp(rate[:, None] * r))
    return whole - np.exp(_log_inside(rate, d.value))


growth = radial(
    "exp_norm_growth", "E[exp({0} |x|) - 1]", r"\mathbb{E}[\exp({0} |x|) - 1]",
    lambda ops, p, c, d: ops.exp_norm(c, int(d)) - ops.exp_norm(0, int(d)), c, d, estimate=_growth,
)  # fmt: skip
derivative = radial(
    "exp_norm_derivative", "d/d{0} E exp({0} |x|)",
    r"\frac{\mathrm{d}}{\mathrm{d}{0}} \mathbb{E} \exp({0} |x|)",
    integral("exp_norm_derivative"), xi, d,
)  # fmt: skip
ratio = radial(
    "exp_norm_ratio", "E[|x| exp({0} |x|)]/E[|x| exp({1} |x|)]",
    r"\frac{\mathbb{E}[|x| \exp({0} |x|)]}{\mathbb{E}[|x| \exp({1} |x|)]}",
    lambda ops, p, a, b, d: Fraction(1) if a == b
    else ops.exp_norm(a, int(d), 1) / ops.exp_norm(b, int(d), 1),
    c, xi, d, meaning="exactly 1 where both are at the same place",
)  # fmt: skip
inside = radial(
    "inner_moment", "E[|x| exp({0} |x|); |x| <= 1]", r"\mathbb{E}[|x| \exp({0} |x|);\, |x| \le 1]",
    integral("inner_moment"), c, d, estimate=_log_values(_log_inside),
)  # fmt: skip
outside = radial(
    "outer_moment", "E[|x| exp({0} |x|); |x| >= 1]", r"\mathbb{E}[|x| \exp({0} |x|);\, |x| \ge 1]",
    lambda ops, p, c, d: ops.exp_norm(c, int(d), 1) - integral("inner_moment")(ops, p, c, d),
    c, d, estimate=_outside,
)  # fmt: skip
volume = radial(
    "unit_ball_volume", "V_d", "V_d", integral("unit_ball_volume"),
    d, estimate=_log_values(_log_volume), meaning="the volume of the unit ball",
)  # fmt: skip
mean_norm = radial(
    "mean_norm", "E|y|", r"\mathbb{E}|y|", lambda ops, p, d: ops.norm_moment(1, int(d)), d,
    estimate=_log_values(_log_mean_norm), meaning="y ~ N(0, I_d)", function="norm_moment:1",
)  # fmt: skip
mean_norm_integrated = radial(
    "mean_norm_integrated", "E|y|", r"\mathbb{E}|y|",
    integral("mean_norm"), d,
    meaning="y ~ N(0, I_d), by quadrature",
)  # fmt: skip
gammas = radial(
    "mean_norm_in_gammas", "sqrt(2) Gamma((d+1)/2)/Gamma(d/2)",
    r"\sqrt{2}\, \frac{\Gamma((d+1)/2)}{\Gamma(d/2)}",
    lambda ops, p, d: ops.norm_moment(1, int(d)), d, estimate=_log_values(_log_mean_norm),
    function="norm_moment:1",
)  # fmt: skip

# -- what the steps are made of ------------------------------------------------------------------
shrink, rate, four = const("shrink", 2), const("rate", 3), const("factor", 4)
gaussian = (2 * circle) ** (-d / 2)
power = (shrink * d / (shrink * d - 1)) ** (d + 1)
ball_bound = exp(c) * gaussian * volume
at_end = r / (rate * d) - r**2 / 2
both_bounds = exp(1 / (3 * d)) * gaussian + four * sqrt(d)

MAPS = ("dimension and rate",)
FIRST = "exp(1/(3d)) (2 pi)^(-d/2)/sqrt(d) falls with d; d = 1"
SUBDIVIDED = "subdivision by d, gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial"


def sharp(value: Any, where: str, **more: Any) -> Best:
    return best(value, where, sharp=True, attained=True, **more)


def first_term() -> Any:
    """exp(1/3)/sqrt(2 pi): the first term of (11b) for d = 1."""
    from flint import arb

    return (arb(1) / 3).exp() / (2 * arb.pi()).sqrt()


def mean_ratio() -> Any:
    """sqrt(2/pi): E|x| for d = 1."""
    from flint import arb

    return (2 / arb.pi()).sqrt()


def root_of_three() -> Any:
    from flint import arb

    return arb(3).sqrt()


def step(claim_id: str, relation: Relation, over: Domain = RATES, **more: Any) -> Claim:
    when = {DIMENSIONS: (), RATES: INSIDE, BETWEEN: (*INSIDE, xi >= 0, xi <= c),
            RADII: (*INSIDE, r >= 1)}[over]  # fmt: skip
    source = f"proof of Lemma 17, ({claim_id[3:].split('.')[0]})"
    return Claim(
        claim_id, relation, when, source=source, over=over, form="printed",
        proof=ARGUMENTS[claim_id], **more,
    )  # fmt: skip


CLAIMS = (
    step("eq-9", both(exp_norm(0, d, 1) * c, growth) <= both(growth, exp_norm(c, d, 1) * c),
         maps=MAPS, words="E[exp(c |x|) - 1] = E[|x| exp(xi |x|)] c for some xi in [0, c]"),
    step("eq-10a.1", equals(derivative, exp_norm(xi, d, 1)), BETWEEN),
    step("eq-10a.2", exp_norm(xi, d, 1) <= exp_norm(c, d, 1), BETWEEN,
         decided_by=tree(1) <= ratio, identity="divided by the left side: equal at xi = c"),
    step("eq-10b", inside <= ball_bound, maps=MAPS),
    step("eq-10c.1", c * r - r**2 / 2 <= at_end, RADII,
         best={"rate": sharp(3, "c <= 1/(3d); c = 1/(3d)")}),
    step("eq-10c.2", at_end <= -((1 - 1 / (shrink * d)) * r) ** 2 / 2, RADII,
         best={"rate": sharp("8/3", "1/rate <= r (1 - 1/(4d))/2; r = 1, d = 1"),
               "shrink": sharp(lambda: (3 + root_of_three()) / 2,
                               "1/3 <= (1/s)(1 - 1/(2 s d)), least for d = 1; r = 1, c = 1/3")}),
    step("eq-10d.1", outside <= power * mean_norm, uses=("eq-10c.1", "eq-10c.2"), maps=MAPS,
         best={"shrink": sharp(families.radial_best("outside_shrink"), SUBDIVIDED,
                               family=families.BY_DIMENSION)}),
    step("eq-10d.2", equals(power * mean_norm_integrated, power * gammas), DIMENSIONS, cost=4.0),
    step("eq-10d.3", power * gammas <= four * sqrt(d), DIMENSIONS, uses=("eq-10d.4",),
         best={"factor": sharp(lambda: 4 * mean_ratio(),
                               "(2d/(2d-1))^(d+1) < 2.4 and E|x| <= sqrt(d) for d >= 2; d = 1"),
               "shrink": sharp(lambda: 1 / (1 - (mean_ratio() / 4).sqrt()),
                               "4 sqrt(d)/E|x| >= 4; for d >= 2 a smaller one serves; d = 1")}),
    step("eq-10d.4", power <= four, DIMENSIONS,
         best={"factor": sharp(4, "(d+1) log(1 + 1/(2d-1)) falls with d; d = 1"),
               "shrink": sharp(2, "for d >= 2 a smaller one serves; d = 1")}),
    step("eq-11a", ball_bound + outside <= both_bounds, maps=MAPS,
         uses=("eq-10d.1", "eq-10d.2", "eq-10d.3"),
         best={"factor": sharp(families.radial_best("whole_factor"), SUBDIVIDED,
                               family=families.BY_DIMENSION)}),
    step("eq-11b", both(both_bounds, exp_norm(xi, d, 1)) <= const("total", 5) * sqrt(d), BETWEEN,
         uses=("eq-10a.1", "eq-10a.2", "eq-10b", "eq-11a"),
         best={"factor": sharp(lambda: 5 - first_term(), FIRST),
               "total": sharp(lambda: 4 + first_term(), FIRST)}),
)  # fmt: skip
