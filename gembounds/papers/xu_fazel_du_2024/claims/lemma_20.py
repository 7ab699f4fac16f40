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

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import ensembles, families
from gembounds.papers.xu_fazel_du_2024.arithmetic.line_estimate import log_posteriors
from gembounds.papers.xu_fazel_du_2024.vocabulary import named, symbol
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, Domain, const, mean_square, mu_max, vector
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.theorems import CAUCHY_SCHWARZ
from gembounds.statements.tree import Relation, call
from gembounds.values.exact import root
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NEAR_HALF = tuple(Fraction(1, 2) + Fraction(1, 2**e) for e in (3, 7, 13, 30))
"""Multiples of mu_imax just within the hypothesis, which asks for more than 1/2."""

REACHES = tuple(map(Fraction, ("1", "-1", "3", "-10", "100", "-1000")))
"""x over a mean, among others: far along it in either direction."""

POINTWISE_D = 60
"""Largest dimension drawn for (21): only the numbers <x, mu_k> enter."""

HULL = (
    "lemma-20's own proof (psi~ is in the hull of the means, all within half of mu_imax); two "
    "means, the second of norm just over mu_max/2 and of weight near 1, come as near as one likes"
)


def all_near(ops: Any, mix: Mixture, i: int) -> bool:
    """|mu_i| = mu_max and every |mu_k - mu_i| < mu_max/2, exactly."""
    top = ops.mu_max2(mix)
    return ops.norms2(mix)[i] == top and all(4 * x < top for x in ops.distances2(mix)[i])


def has_no_distant_mean(ops: Any, point: Point) -> Iterator[Part]:
    """Every k has |mu_k - mu_imax| < mu_max/2, for some choice of imax."""
    yield from SEVERAL.parts(ops, point)
    found = any(all_near(ops, point.mix, i) for i in range(point.mix.n))
    yield Part("|mu_k - mu_imax| < mu_max/2 for every k and some longest mu_imax", found)


def no_mean_is_distant_from(ops: Any, point: Point) -> Iterator[Part]:
    """The same for the imax given."""
    yield from SEVERAL.parts(ops, point)
    yield part("imax >= 0", point["imax"], ">=", 0)
    yield part("imax < n", point["imax"], "<", point.mix.n)
    found = all_near(ops, point.mix, point["imax"])
    yield Part("|mu_imax| = mu_max, |mu_k - mu_imax| < mu_max/2 for every k", found)


def mixtures_around_a_mean(max_rank: int = 3, max_d: int = 10**6) -> SearchStrategy[Point]:
    """A longest mean and 1 to 7 others within half its length, some within 1e-9 of the end;
    any weights, d to 10^6 (dyadic entries beyond ``MANY``: see :func:`repeated`)."""
    from hypothesis import strategies as st
    from hypothesis.strategies import DrawFn

    from gembounds.papers.xu_fazel_du_2024.claims.placing import near
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


def _near(name: str, test: Any, draw: Callable[[], SearchStrategy[Point]]) -> Domain:
    text = "every k with |mu_k - mu_imax| < mu_max/2"
    return Domain(name, test, draw, ensembles.NEAR, text=text)


NO_DISTANT = _near("no distant mean", has_no_distant_mean, mixtures_around_a_mean)
CHOSEN = _near("no mean distant from imax", no_mean_is_distant_from, mixtures_and_a_longest_mean)
PLACED = _near("no distant mean, and x", has_no_distant_mean, mixtures_and_a_place)

inner_products = named(
    "inner_products_with_longest", "<mu_i, mu_imax>", r"\langle \mu_i, \mu_{i_{\max}} \rangle",
    lambda ops, p: ops.gram(p.mix)[p["imax"]], axes="i",
    estimate=lambda b: b.gram[np.arange(len(b)), b["imax"]],
)  # fmt: skip


def _length(ops: Any, point: Point, x: Any) -> Any:
    """|psi~(x)|, psi~(x) = sum_k psi_k(x) mu_k; the common mean itself where all coincide."""
    mix = point.mix
    if ops.coincident(mix):
        return root(ops.mu_max2(mix))
    psi, square = ops.psi(mix, tuple(x)), ops.ball(0)
    for p, row in zip(psi, ops.gram(mix), strict=True):
        for q, g in zip(psi, row, strict=True):
            square += p * q * ops.ball(g)
    return ops.sqrt(square)


def _length_estimate(b: Any, x: Any) -> Any:
    psi = np.exp(log_posteriors(b, x.value))
    return np.sqrt(np.einsum("bi,bk,bik->b", psi, psi, b.gram))


posterior_mean_length = symbol(
    "posterior_mean_length", "|psi~({0})|", r"|\tilde\psi({0})|", _length,
    estimate=_length_estimate, meaning="psi~ = sum_k psi_k mu_k",
)  # fmt: skip


def link(
    claim_id: str, relation: Relation, source: str, over: Domain, family: Family, **more: Any
) -> Claim:
    """A claim whose one constant is best as the paper has it."""
    ((name, value),) = relation.constants.items()
    found = best(value, HULL, sharp=True, attained=False, family=family)
    return Claim(
        claim_id, relation, source=source, over=over, form="printed", best={name: found}, **more
    )


CLAIMS = (
    link(
        "lemma-20",
        mean_square >= const("factor", "1/4") * mu_max**2,
        "Lemma 20",
        NO_DISTANT,
        families.HALF,
        uses=("eq-21",),
        judges=("psi_tilde_norm2",),
        cost=2.0,
        proof=Argument(Step("|psi~(x)| > mu_max/2 at every x; square and integrate.",
                            by=("eq-21",))),
    ),
    link(
        "eq-20",
        inner_products > const("factor", "1/2") * mu_max**2,
        "proof of Lemma 20, (20)",
        CHOSEN,
        families.HALF_TOP,
        proof=Argument(
            Step("The hypothesis for k = imax is 0 < mu_max/2: mu_max > 0."),
            Step("<mu_k, mu_imax> = mu_max^2 - <mu_imax - mu_k, mu_imax> >= mu_max^2 - "
                 "|mu_imax - mu_k| mu_max > mu_max^2/2, as |mu_imax - mu_k| < mu_max/2.",
                 by=(CAUCHY_SCHWARZ,)),
        ),
    ),
    link(
        "eq-21",
        call(posterior_mean_length, vector("x")) > const("factor", "1/2") * mu_max,
        "proof of Lemma 20, (21)",
        PLACED,
        families.HALF_AT_0,
        uses=("eq-20",),
        judges=("psi",),
        proof=Argument(
            Step("Let imax be a longest mean with which the hypothesis holds; mu_max > 0, and "
                 "u = mu_imax/mu_max has <mu_k, u> > mu_max/2 for every k.", by=("eq-20",)),
            Step("|psi~(x)| >= <psi~(x), u> = sum_k psi_k(x) <mu_k, u> > mu_max/2, as the "
                 "psi_k(x) are positive with sum 1.", by=(CAUCHY_SCHWARZ,)),
        ),
    ),
)  # fmt: skip
