"""The displayed steps of the proof of Lemma 17, equations (9) to (11).

x ~ N(0, I_d), M(c) = E exp(c |x|), d >= 1, 0 < c <= 1/(3d), 0 <= xi <= c. All sides are radial
integrals (:mod:`gembounds.evaluators.balls.radial`, :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals`).

(9): M' increases, so some xi in [0, c] has M(c) = M(0) + M'(xi) c exactly when
M'(0) c <= M(c) - M(0) <= M'(c) c: both are checked.
(10a): the equality holds the derivative of Kummer's closed form against the moment. Both sides
of the inequality are divided by the smaller: at xi = c they are equal, and exactly 1.
(10c): only r = |x| >= 1 enters; all is rational.
(10d): .1 the integral against K E|y|, K = (2d/(2d-1))^(d+1); .2 E|y| by quadrature against its
value in Gamma functions; .3 against 4 sqrt(d); .4 the fact K <= 4 quoted for it (equal at d = 1).
(11a): replaces exp(c) V_d by exp(1/(3d)), though V_d > 1 for d <= 12: what holds, holds by the
slack in 4 sqrt(d).
(11b): the inequality and its consequence M'(xi) <= 5 sqrt(d), two entries of one claim.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, Domain, Generator, Side
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

    Points = SearchStrategy[Point]


def dimension_in_domain(ops: Operations, point: Point) -> Tri:
    """d >= 1."""
    return bool(point["d"] >= 1)


def rate_in_domain(ops: Operations, point: Point) -> Tri:
    """d >= 1 and 0 < c <= 1/(3d): exact."""
    d, c = point["d"], point["c"]
    return bool(d >= 1 and c > 0 and 3 * d * c <= 1)


def xi_in_domain(ops: Operations, point: Point) -> Tri:
    """The same and 0 <= xi <= c."""
    return bool(rate_in_domain(ops, point) and 0 <= point["xi"] <= point["c"])


def radius_in_domain(ops: Operations, point: Point) -> Tri:
    """The same as for c, and |x| = r >= 1."""
    return bool(rate_in_domain(ops, point) and point["r"] >= 1)


def only_dimensions() -> Points:
    """d from 1 to 10^6."""
    from gembounds.points.strategies import dimension_points

    return dimension_points()


def rates() -> Points:
    """d from 1 to 10^6; c from 1/(3d) itself down to 1e-100 of it."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import dimensions, positive

    return st.tuples(dimensions(), positive(smallest_exponent=100)).map(
        lambda t: Point(parameters={"d": t[0], "c": t[1] / (3 * t[0])})
    )


def rates_and_xi() -> Points:
    """The same with xi from 0 to c, both ends included."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    share = st.one_of(st.sampled_from([Fraction(0), Fraction(1)]), positive(smallest_exponent=100))
    return st.tuples(rates(), share).map(
        lambda t: Point(parameters={**t[0].parameters, "xi": t[1] * t[0]["c"]})
    )


def rates_and_radii() -> Points:
    """d, c, and r = |x| from 1 itself to 10^6, and near sqrt(d)."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    near = st.integers(1, 12).map(lambda e: 1 + Fraction(1, 10**e))
    far = st.one_of(st.just(Fraction(1)), near, positive().map(lambda x: 1 / x))
    return st.tuples(rates(), far).map(lambda t: Point(parameters={**t[0].parameters, "r": t[1]}))


def growth(ops: Operations, point: Point, constants: Constants) -> Any:
    """M'(0) c and M(c) - M(0)."""
    d, c = point["d"], point["c"]
    return [ops.exp_norm(0, d, 1) * ops.ball(c), ops.exp_norm(c, d) - ops.exp_norm(0, d)]


def growth_bounds(ops: Operations, point: Point, constants: Constants) -> Any:
    """M(c) - M(0) and M'(c) c."""
    d, c = point["d"], point["c"]
    return [ops.exp_norm(c, d) - ops.exp_norm(0, d), ops.exp_norm(c, d, 1) * ops.ball(c)]


def derivative(ops: Operations, point: Point, constants: Constants) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals import exp_norm_derivative

    return exp_norm_derivative(point["xi"], point["d"])


def moment_at_xi(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.exp_norm(point["xi"], point["d"], 1)


def one(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return Fraction(1)


def moment_ratio(ops: Operations, point: Point, constants: Constants) -> Any:
    """E[|x| exp(c |x|)] / E[|x| exp(xi |x|)], exactly 1 at xi = c."""
    d, c, xi = point["d"], point["c"], point["xi"]
    return Fraction(1) if c == xi else ops.exp_norm(c, d, 1) / ops.exp_norm(xi, d, 1)


def inside(ops: Operations, point: Point, constants: Constants) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals import inner_moment

    return inner_moment(point["c"], point["d"])


def inside_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """exp(c) (2 pi)^(-d/2) V_d."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals import unit_ball_volume

    d = point["d"]
    return ops.exp(point["c"]) * gaussian_constant(ops, d) * unit_ball_volume(d)


def gaussian_constant(ops: Operations, d: int) -> Any:
    """(2 pi)^(-d/2)."""
    return ops.exp(-ops.log(2 * ops.pi()) * d / 2)


def outside(ops: Operations, point: Point, constants: Constants) -> Any:
    """The integral over |x| >= 1 in (10d): the whole moment less the part inside."""
    return ops.exp_norm(point["c"], point["d"], 1) - inside(ops, point, constants)


def exponent(ops: Operations, point: Point, constants: Constants) -> Fraction:
    r = point["r"]
    return Fraction(point["c"] * r - r * r / 2)


def exponent_at_end(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """r/(3d) - r^2/2."""
    r = point["r"]
    return Fraction(r / (constants["rate"] * point["d"]) - r * r / 2)


def shrunk_exponent(ops: Operations, point: Point, constants: Constants) -> Fraction:
    """-((1 - 1/(2d)) r)^2 / 2."""
    share = 1 - 1 / (constants["shrink"] * point["d"])
    return Fraction(-((share * point["r"]) ** 2) / 2)


def power(ops: Operations, d: int, shrink: Fraction) -> Any:
    """K = (2d/(2d-1))^(d+1), the 2 being ``shrink``; exact for d = 1."""
    base = shrink * d / (shrink * d - 1)
    return base**2 if d == 1 else ops.ball(base) ** (d + 1)


def scaled_mean_norm(ops: Operations, point: Point, constants: Constants) -> Any:
    """K E|y|, E|y| in Gamma functions."""
    d = point["d"]
    return ops.ball(power(ops, d, constants["shrink"])) * ops.norm_moment(1, d)


def scaled_quadrature(ops: Operations, point: Point, constants: Constants) -> Any:
    """K E|y|, E|y| by quadrature."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_integrals import mean_norm

    d = point["d"]
    return ops.ball(power(ops, d, constants["shrink"])) * mean_norm(d)


def factor(ops: Operations, point: Point, constants: Constants) -> Any:
    return power(ops, point["d"], constants["shrink"])


def factor_bound(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return constants["factor"]


def root_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """4 sqrt(d)."""
    return ops.ball(constants["factor"]) * ops.sqrt(point["d"])


def both_parts(ops: Operations, point: Point, constants: Constants) -> Any:
    return inside_bound(ops, point, constants) + outside(ops, point, constants)


def both_bounds(ops: Operations, point: Point, constants: Constants) -> Any:
    """exp(1/(3d)) (2 pi)^(-d/2) + 4 sqrt(d)."""
    d = point["d"]
    first = ops.exp(Fraction(1, 3 * d)) * gaussian_constant(ops, d)
    return first + root_bound(ops, point, constants)


def both_bounds_and_derivative(ops: Operations, point: Point, constants: Constants) -> Any:
    return [both_bounds(ops, point, constants), moment_at_xi(ops, point, constants)]


def total_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """5 sqrt(d)."""
    return ops.ball(constants["total"]) * ops.sqrt(point["d"])


def _step(
    name: str, text: str, relation: str, lhs: Side, rhs: Side, domain: Domain, **more: Any
) -> Claim:
    drawn: dict[Domain, Generator] = {
        dimension_in_domain: only_dimensions,
        rate_in_domain: rates,
        xi_in_domain: rates_and_xi,
        radius_in_domain: rates_and_radii,
    }
    return Claim(
        id=name,
        source=f"proof of Lemma 17, ({name[3:].split('.')[0]})",
        text=text,
        relation=relation,
        lhs=lhs,
        rhs=rhs,
        domain=domain,
        generator=drawn[domain],
        **more,
    )


SHRINK = {"shrink": Fraction(2)}
FACTOR = {"factor": Fraction(4)}

CLAIMS = (
    _step("eq-9", "M(c) = M(0) + M'(xi) c for some xi in [0, c] "
          "(M'(0) c <= M(c) - M(0) <= M'(c) c)",
          "<=", growth, growth_bounds, rate_in_domain),
    _step("eq-10a.1", "M'(xi) = E[|x| exp(xi |x|)]",
          "==", derivative, moment_at_xi, xi_in_domain),
    _step("eq-10a.2", "E[|x| exp(xi |x|)] <= E[|x| exp(c |x|)] (divided by the left side)",
          "<=", one, moment_ratio, xi_in_domain),
    _step("eq-10b", "E[|x| exp(c |x|); |x| <= 1] <= exp(c) (2 pi)^(-d/2) V_d",
          "<=", inside, inside_bound, rate_in_domain),
    _step("eq-10c.1", "|x| >= 1: c |x| - |x|^2/2 <= |x|/(3d) - |x|^2/2",
          "<=", exponent, exponent_at_end, radius_in_domain, constants={"rate": Fraction(3)}),
    _step("eq-10c.2", "|x| >= 1: |x|/(3d) - |x|^2/2 <= -|(1 - 1/(2d)) x|^2/2",
          "<=", exponent_at_end, shrunk_exponent, radius_in_domain,
          constants={"rate": Fraction(3), **SHRINK}),
    _step("eq-10d.1", "E[|x| exp(c |x|); |x| >= 1] <= (2d/(2d-1))^(d+1) E|y|",
          "<=", outside, scaled_mean_norm, rate_in_domain, constants=SHRINK,
          uses=("eq-10c.1", "eq-10c.2")),
    _step("eq-10d.2", "(2d/(2d-1))^(d+1) E|y| "
          "= (2d/(2d-1))^(d+1) sqrt(2) Gamma((d+1)/2)/Gamma(d/2)",
          "==", scaled_quadrature, scaled_mean_norm, dimension_in_domain, constants=SHRINK,
          cost=4.0),
    _step("eq-10d.3", "(2d/(2d-1))^(d+1) sqrt(2) Gamma((d+1)/2)/Gamma(d/2) <= 4 sqrt(d)",
          "<=", scaled_mean_norm, root_bound, dimension_in_domain,
          constants={**SHRINK, **FACTOR}, uses=("eq-10d.4",)),
    _step("eq-10d.4", "(2d/(2d-1))^(d+1) <= 4",
          "<=", factor, factor_bound, dimension_in_domain, constants={**SHRINK, **FACTOR}),
    _step("eq-11a", "exp(c) (2 pi)^(-d/2) V_d + E[|x| exp(c |x|); |x| >= 1] "
          "<= exp(1/(3d)) (2 pi)^(-d/2) + 4 sqrt(d)",
          "<=", both_parts, both_bounds, rate_in_domain, constants=FACTOR,
          uses=("eq-10d.1", "eq-10d.2", "eq-10d.3")),
    _step("eq-11b", "exp(1/(3d)) (2 pi)^(-d/2) + 4 sqrt(d) <= 5 sqrt(d); M'(xi) <= 5 sqrt(d)",
          "<=", both_bounds_and_derivative, total_bound, xi_in_domain,
          constants={**FACTOR, "total": Fraction(5)},
          uses=("eq-10a.1", "eq-10a.2", "eq-10b", "eq-11a")),
)  # fmt: skip
