"""Lemma 20 and its displayed steps (20), (21): no distant mean, so psi~ is long everywhere.

    every k with |mu_k - mu_imax| < mu_max/2:
        E|psi~|^2 >= mu_max^2/4,
        (20)  <mu_k, mu_imax> > mu_max^2/2 for every k,
        (21)  |psi~(x)| > mu_max/2 for every x.

imax is any index of a longest mean. Where several are longest the hypothesis for one choice is
the domain of the lemma and of (21); (20) takes the choice as a parameter. The hypothesis
excludes mu_max = 0. (20) is exact. In (21), psi~(x) = sum_k psi_k(x) mu_k at a rational x, in
balls. (The paper's text prints the consequence of (20) as <mu_k, mu_imax> > mu_max/2 inside the
chain for (21), with the bar over mu_imax lost: a unit vector is meant.)
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

NEAR_HALF = tuple(Fraction(1, 2) + Fraction(1, 2**e) for e in (3, 7, 13, 30))
"""Multiples of mu_imax just within the hypothesis, which asks for more than 1/2."""

REACHES = tuple(map(Fraction, ("1", "-1", "3", "-10", "100", "-1000")))
"""x over a mean, among others: far along it in either direction."""

POINTWISE_D = 60
"""Largest dimension drawn for (21): only the numbers <x, mu_k> enter."""


def all_near(ops: Operations, mix: Mixture, i: int) -> bool:
    """|mu_i| = mu_max and every |mu_k - mu_i| < mu_max/2, exactly."""
    top = ops.mu_max2(mix)
    return ops.norms2(mix)[i] == top and all(4 * x < top for x in ops.distances2(mix)[i])


def has_no_distant_mean(ops: Operations, point: Point) -> Tri:
    """Every k has |mu_k - mu_imax| < mu_max/2, for some choice of imax."""
    if has_mixture(ops, point) is not True:
        return False
    return any(all_near(ops, point.mix, i) for i in range(point.mix.n))


def no_mean_is_distant_from(ops: Operations, point: Point) -> Tri:
    """The same for the imax given."""
    if has_mixture(ops, point) is not True or not 0 <= point["imax"] < point.mix.n:
        return False
    return all_near(ops, point.mix, point["imax"])


def has_no_distant_mean_and_a_place(ops: Operations, point: Point) -> Tri:
    """The hypothesis, and x in R^d."""
    if has_no_distant_mean(ops, point) is not True:
        return False
    return len(point["x"]) == point.mix.d


def mixtures_around_a_mean(max_rank: int = 3, max_d: int = 10**6) -> SearchStrategy[Point]:
    """A longest mean and 1 to 7 others within half its length, some within 1e-9 of the end;
    any weights, d to 10^6 (dyadic entries beyond ``MANY``: see :func:`repeated`)."""
    from hypothesis import strategies as st
    from hypothesis.strategies import DrawFn

    from gembounds.papers.xu_fazel_du_2024.old_claims.placing import near
    from gembounds.points.point import repeated
    from gembounds.points.strategies import FAR, GRID, MANY, NEAR, core_means, dimensions, weights

    dyadic = [x for x in GRID if x.denominator in (1, 2, 4)]

    @st.composite
    def drawn(draw: DrawFn) -> Point:
        n, m = draw(st.integers(2, 8)), draw(st.integers(1, min(max_rank, max_d)))
        extra = draw(dimensions(1, max_d - m)) if max_d > m and draw(st.booleans()) else 0
        if extra > MANY:
            base = [draw(st.sampled_from(dyadic)) for _ in range(m)]
            moves = [[draw(st.sampled_from(dyadic)) for _ in range(m)] for _ in range(n - 1)]
        else:
            base = [draw(st.sampled_from(GRID)) for _ in range(m)]
            moves = draw(core_means(n - 1, m))
        if not any(base):
            base[0] = Fraction(1)
        rows = near(base, moves)
        for k in range(1, n):
            if draw(st.integers(0, 5)) == 5:
                rows[k] = [draw(st.sampled_from(NEAR_HALF)) * x for x in base]
        scales = NEAR + (FAR if m == 1 else ())
        if extra > MANY:
            scales = tuple(x for x in scales if x.denominator in (1, 2, 4))
        scale = draw(st.sampled_from(scales))
        columns = [[scale * row[j] for row in rows] for j in range(m)]
        shares = draw(weights(n))
        if extra:
            columns.append([Fraction(0)] * n)
        return Point(repeated(columns, [1] * m + [extra] * bool(extra), shares))

    return drawn()


def mixtures_and_a_longest_mean() -> SearchStrategy[Point]:
    """The same and an index that the hypothesis allows as imax."""
    from hypothesis import strategies as st

    from gembounds.statements.operations import Operations

    def chosen(point: Point) -> SearchStrategy[Point]:
        ops = Operations()
        allowed = [i for i in range(point.mix.n) if all_near(ops, point.mix, i)]
        return st.sampled_from(allowed).map(lambda i: Point(point.mixture, {"imax": i}))

    return mixtures_around_a_mean().flatmap(chosen)


def mixtures_and_a_place() -> SearchStrategy[Point]:
    """The same with x in R^d, d to ``POINTWISE_D``: 0, on the grid, or far along a mean."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import GRID

    def placed(point: Point) -> SearchStrategy[Point]:
        mix = point.mix
        anywhere = st.tuples(*[st.sampled_from(GRID)] * mix.d)
        along = st.tuples(st.integers(0, mix.n - 1), st.sampled_from(REACHES)).map(
            lambda t: tuple(t[1] * x for x in mix.exact_means[t[0]])
        )
        return st.one_of(anywhere, along).map(lambda x: Point(mix, {"x": x}))

    return mixtures_around_a_mean(max_d=POINTWISE_D).flatmap(placed)


def mean_square(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.psi_tilde_norm2(point.mix)


def mean_square_bound(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return constants["factor"] * ops.mu_max2(point.mix)


def inner_products(ops: Operations, point: Point, constants: Constants) -> list[Fraction]:
    return list(ops.gram(point.mix)[point["imax"]])


def length_of_posterior_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    """|psi~(x)|, psi~(x) = sum_k psi_k(x) mu_k; the common mean itself where all coincide."""
    mix = point.mix
    if ops.coincident(mix):
        return ops.mu_max(mix)
    psi = ops.psi(mix, point["x"])
    gram = ops.gram(mix)
    square = ops.ball(0)
    for p, row in zip(psi, gram, strict=True):
        for q, g in zip(psi, row, strict=True):
            square += p * q * ops.ball(g)
    return ops.sqrt(square)


def length_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.ball(constants["factor"]) * ops.mu_max(point.mix)


HYPOTHESIS = "every k with |mu_k - mu_imax| < mu_max/2: "

CLAIMS = (
    Claim(
        id="lemma-20",
        source="Lemma 20",
        text=HYPOTHESIS + "E|psi~|^2 >= mu_max^2/4",
        relation=">=",
        lhs=mean_square,
        rhs=mean_square_bound,
        domain=has_no_distant_mean,
        generator=mixtures_around_a_mean,
        constants={"factor": Fraction(1, 4)},
        uses=("eq-21",),
        cost=2.0,
    ),
    Claim(
        id="eq-20",
        source="proof of Lemma 20, (20)",
        text=HYPOTHESIS + "<mu_k, mu_imax> > mu_max^2/2 for every k",
        relation=">",
        lhs=inner_products,
        rhs=mean_square_bound,
        domain=no_mean_is_distant_from,
        generator=mixtures_and_a_longest_mean,
        constants={"factor": Fraction(1, 2)},
    ),
    Claim(
        id="eq-21",
        source="proof of Lemma 20, (21)",
        text=HYPOTHESIS + "|psi~(x)| > mu_max/2 for every x",
        relation=">",
        lhs=length_of_posterior_mean,
        rhs=length_bound,
        domain=has_no_distant_mean_and_a_place,
        generator=mixtures_and_a_place,
        constants={"factor": Fraction(1, 2)},
        uses=("eq-20",),
    ),
)
