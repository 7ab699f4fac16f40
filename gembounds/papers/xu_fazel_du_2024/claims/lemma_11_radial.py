"""Lemma 11, steps (25), (26b) and (27): |x| and xbar = x/|x| separate.

With m = mu_max and D(x) = (1 - exp(-4 m |x|))/m:

    (25)   E[<v, xbar>^2 D] = E<v, xbar>^2 E D,   E<v, xbar>^2 = |v|^2/d, for every vector v
    (26b)  E D >= (1 - exp(-2 m sqrt(d)))/(50 m)
    (27)   E[<mu_i - mu_j, xbar>^2 D] >= (1 - exp(-2 m sqrt(d)))/(50 d m) |mu_i - mu_j|^2

Where m = 0 both sides of (26b) are 0/0, and their limits 4 E|x| and 2 sqrt(d)/50 are meant.

Evaluation: E exp(-c|x|) in Kummer's closed form. E[<v, xbar>^2 D] is (|v|^2/d) E D, because
turning v to any axis changes nothing and the squares of xbar's d coordinates sum to 1: that
argument is not the independence which (25) states. On the right of (25) E<v, xbar>^2 is |v|^2
times the mean of the Beta(1/2, (d-1)/2) law, in Gamma functions.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.decay import PROBABLE, inner_decay, mean_decay
from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import mixtures_of_all_shapes
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

VECTOR_D = 30
"""Largest dimension in which any vector v is drawn; beyond it v is a difference of means."""


def has_vector(ops: Operations, point: Point) -> Tri:
    """The paper's setting and v in R^d, given itself or as mu_i - mu_j."""
    if has_mixture(ops, point) is not True:
        return False
    if "v" in point.parameters:
        return len(point["v"]) == point.mix.d
    return bool(0 <= point["i"] < point.mix.n and 0 <= point["j"] < point.mix.n)


def mixtures_and_vectors() -> SearchStrategy[Point]:
    """Mixtures with any vector v, zero too, in small dimensions; v = mu_i - mu_j in any."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import GRID, mixtures

    def free(mix: Mixture) -> SearchStrategy[Point]:
        return st.tuples(*[st.sampled_from(GRID)] * mix.d).map(lambda v: Point(mix, {"v": v}))

    def between(mix: Mixture) -> SearchStrategy[Point]:
        index = st.integers(0, mix.n - 1)
        return st.tuples(index, index).map(lambda t: Point(mix, {"i": t[0], "j": t[1]}))

    return st.one_of(mixtures(max_d=VECTOR_D).flatmap(free), *[mixtures().flatmap(between)] * 2)


def length2(ops: Operations, point: Point) -> Fraction:
    """|v|^2."""
    if "v" in point.parameters:
        return sum((x * x for x in point["v"]), Fraction(0))
    return ops.distances2(point.mix)[point["i"]][point["j"]]


def directed(ops: Operations, point: Point, constants: Constants) -> Any:
    """E[<v, xbar>^2 D] = (|v|^2/d) E D by symmetry among the coordinates."""
    square = length2(ops, point)
    if square == 0:
        return Fraction(0)
    return ops.ball(square / point.mix.d) * mean_decay(ops, point.mix)


def direction_square(ops: Operations, point: Point, constants: Constants) -> Any:
    """E<v, xbar>^2 = |v|^2 Gamma(3/2) Gamma(d/2) / (Gamma(1/2) Gamma(d/2 + 1))."""
    square = length2(ops, point)
    if square == 0:
        return Fraction(0)
    half, a = ops.ball(Fraction(1, 2)), ops.ball(Fraction(point.mix.d, 2))
    ratio = (half + 1).gamma() / half.gamma() * (a.lgamma() - (a + 1).lgamma()).exp()
    return ops.ball(square) * ratio


def separated(ops: Operations, point: Point, constants: Constants) -> Any:
    """E<v, xbar>^2 E D."""
    square = direction_square(ops, point, constants)
    if isinstance(square, Fraction):
        return square
    return square * mean_decay(ops, point.mix)


def square_over_d(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return length2(ops, point) / point.mix.d


def decay(ops: Operations, point: Point, constants: Constants) -> Any:
    return mean_decay(ops, point.mix)


def decay_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    inner = inner_decay(ops, point.mix, constants["inner"])
    return inner / ops.ball(constants["probability"])


def between_means(ops: Operations, mix: Mixture, value: Any) -> list[Any]:
    """|mu_i - mu_j|^2 value / d for i < j (the others repeat these or are 0 on both sides)."""
    distances2 = ops.distances2(mix)
    return [
        ops.ball(distances2[i][j] / mix.d) * value if distances2[i][j] else Fraction(0)
        for i in range(mix.n)
        for j in range(i)
    ]


def directed_between(ops: Operations, point: Point, constants: Constants) -> Any:
    return between_means(ops, point.mix, mean_decay(ops, point.mix))


def between_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return between_means(ops, point.mix, decay_bound(ops, point, constants))


D = "(1 - exp(-4 mu_max |x|))/mu_max"

CLAIMS = (
    Claim(
        id="eq-25.1",
        source="proof of Lemma 11, (25), first equality",
        text=f"E[<v, xbar>^2 {D}] = E<v, xbar>^2 E[{D}]",
        relation="==",
        lhs=directed,
        rhs=separated,
        domain=has_vector,
        generator=mixtures_and_vectors,
        uses=("eq-25.2",),
    ),
    Claim(
        id="eq-25.2",
        source="proof of Lemma 11, (25), second equality",
        text="E<v, xbar>^2 = |v|^2/d",
        relation="==",
        lhs=direction_square,
        rhs=square_over_d,
        domain=has_vector,
        generator=mixtures_and_vectors,
    ),
    Claim(
        id="eq-26b",
        source="proof of Lemma 11, (26), second line",
        text=f"E[{D}] >= (1 - exp(-2 mu_max sqrt(d)))/(50 mu_max)",
        relation=">=",
        lhs=decay,
        rhs=decay_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants=PROBABLE,
        uses=("eq-26a",),
    ),
    Claim(
        id="eq-27",
        source="proof of Lemma 11, (27)",
        text=(
            f"E[<mu_i - mu_j, xbar>^2 {D}] "
            ">= (1 - exp(-2 mu_max sqrt(d)))/(50 d mu_max) |mu_i - mu_j|^2 for all i, j"
        ),
        relation=">=",
        lhs=directed_between,
        rhs=between_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants=PROBABLE,
        uses=("eq-25.1", "eq-25.2", "eq-26b"),
    ),
)
