"""Lemma 11, steps (25), (26b) and (27): |x| and xbar = x/|x| separate.

With m = mu_max and D(x) = (1 - exp(-4 m |x|))/m:

    (25)   E[<v, xbar>^2 D] = E<v, xbar>^2 E D,   E<v, xbar>^2 = |v|^2/d, for every vector v
    (26b)  E D >= (1 - exp(-2 m sqrt(d)))/(50 m)
    (27)   E[<mu_i - mu_j, xbar>^2 D] >= (1 - exp(-2 m sqrt(d)))/(50 d m) |mu_i - mu_j|^2

Where m = 0 both sides of (26b) are 0/0, and their limits 4 E|x| and 2 sqrt(d)/50 are meant.

On the left of (25) is (|v|^2/d) E D, without the independence which (25) states. On its right
E<v, xbar>^2 is |v|^2 times the mean of the Beta(1/2, (d-1)/2) law, in Gamma functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims.decay import (
    D_LATEX,
    MEANING,
    D,
    decay,
    directed_decay,
    inner_decay,
    mean_decay,
)
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import MAPS, step
from gembounds.papers.xu_fazel_du_2024.vocabulary import named, norm_survival, symbol
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, Domain, const, d, distances, equals
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.conditions import Part, part
from gembounds.statements.theorems import GAUSSIAN
from gembounds.statements.tree import call
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

radial = Later("gembounds.evaluators.balls.radial")

best_radial = Later("gembounds.papers.xu_fazel_du_2024.arithmetic.best_radial")

VECTOR_D = 30
"""Largest dimension in which any vector v is drawn; beyond it v is a difference of means."""


def has_vector(ops: Operations, point: Point) -> Iterator[Part]:
    """v in R^d, given itself or as mu_i - mu_j."""
    yield from SEVERAL.parts(ops, point)
    if "v" in point.parameters:
        yield part("v has d entries", len(point["v"]), "==", point.mix.d)
    else:
        both = (0 <= point[k] < point.mix.n for k in ("i", "j"))
        yield Part("v = mu_i - mu_j, i and j components", all(both))


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


VECTORS = Domain("mixtures and vectors", has_vector, mixtures_and_vectors, text="every vector v")


def _square(ops: Operations, point: Point) -> Fraction:
    if "v" in point.parameters:
        return sum((x * x for x in point["v"]), Fraction(0))
    return ops.distances2(point.mix)[point["i"]][point["j"]]


def _directed(ops: Operations, point: Point, square: Fraction) -> Any:
    if square == 0:
        return Fraction(0)
    return ops.ball(square / point.mix.d) * mean_decay(ops, point.mix)


def _direction(ops: Operations, point: Point, square: Fraction) -> Any:
    """|v|^2 Gamma(3/2) Gamma(d/2) / (Gamma(1/2) Gamma(d/2 + 1))."""
    if square == 0:
        return Fraction(0)
    half, a = ops.ball(Fraction(1, 2)), ops.ball(Fraction(point.mix.d, 2))
    ratio = (half + 1).gamma() / half.gamma() * (a.lgamma() - (a + 1).lgamma()).exp()
    return ops.ball(square) * ratio


v_square = named("v_square", "|v|^2", "|v|^2", _square, meaning="v in R^d, or mu_i - mu_j")
direction = call(symbol(
    "direction_square", "E<v, xbar>^2", r"\mathbb{E}\langle v, \bar x \rangle^2", _direction,
    meaning=MEANING,
), v_square)  # fmt: skip
directed = call(symbol(
    "decay_along_v", f"E[<v, xbar>^2 {D}]",
    rf"\mathbb{{E}}\left[\langle v, \bar x \rangle^2 {D_LATEX}\right]", _directed, meaning=MEANING,
), v_square)  # fmt: skip

ON_A_LINE = (
    "in units of 1/sqrt(d) |x| has its largest E exp(-t |x|) for d = 1 (a mean of squares "
    "loses spread as d grows, and y -> exp(-t sqrt(y)) is convex)"
)
ROOM = {
    "inner": best(
        lambda: 200 * radial.norm_moment(1, 1),
        f"{ON_A_LINE}; there 50 E(1 - exp(-4s|x|)) >= 1 - exp(-200 E|x| s); mu_max to 0",
        sharp=True, attained=False,
    ),
    "probability": best(
        lambda: best_radial.inner_share(),
        f"{ON_A_LINE}; one number s = mu_max sqrt(d), by subdivision in balls",
        sharp=True, attained=True,
    ),
}  # fmt: skip
"""The best constants of (26b), and with it of what follows."""


def along_v(what: str) -> tuple[Step, Step]:
    """E[<v, xbar>^2 f(|x|)] = (|v|^2/d) E f(|x|)."""
    return (
        Step(f"Let {what}. An orthogonal map of v to |v| e_1 leaves the law of x and |x| as they "
             "are, so E[<v, xbar>^2 f(|x|)] = |v|^2 E[xbar_1^2 f(|x|)].", by=GAUSSIAN),
        Step("Exchanging coordinates does so too: E[xbar_j^2 f(|x|)] is the same for every j, and "
             "as the xbar_j^2 add up to 1 it is E f(|x|)/d. (x = 0 has probability 0.)"),
    )  # fmt: skip


CLAIMS = (
    step(
        "eq-25.1", equals(directed, direction * decay), "(25), first equality",
        over=VECTORS, uses=("eq-25.2",),
        proof=Argument(
            *along_v("f = D >= 0, at most 4|x|"),
            Step("So the left side is (|v|^2/d) E D, and E<v, xbar>^2 = |v|^2/d.", by="eq-25.2"),
        ),
    ),
    step(
        "eq-25.2", equals(direction, v_square / d), "(25), second equality", over=VECTORS,
        proof=Argument(*along_v("f = 1")),
    ),
    step(
        "eq-26b",
        decay >= inner_decay(const("inner", 2)) / const("probability", 50),
        "(26), second line", uses=("eq-26a",), maps=MAPS[:1], best=ROOM,
        proof=Argument(
            Step("D >= 0 increases with |x| (it is 4|x| where mu_max = 0), so E D is at least its "
                 "value at |x| = sqrt(d)/2 times Pr[|x| >= sqrt(d)/2].",
                 shows=decay >= inner_decay(2) * norm_survival(d / 4, d)),
            Step("That probability is at least 1/50.", by="eq-26a"),
        ),
    ),
    step(
        "eq-27",
        directed_decay
        >= distances**2 / (const("probability", 50) * d) * inner_decay(const("inner", 2)),
        "(27)", uses=("eq-25.1", "eq-25.2", "eq-26b"), maps=MAPS[:1], best=ROOM,
        proof=Argument(
            Step("With v = mu_i - mu_j the mean is (|mu_i - mu_j|^2/d) E D.",
                 by=("eq-25.1", "eq-25.2"),
                 shows=equals(directed_decay, distances**2 / d * decay)),
            Step("E D >= (1 - exp(-2 mu_max sqrt(d)))/(50 mu_max).", by="eq-26b"),
        ),
    ),
)  # fmt: skip
