"""Theorem 13, (7) and (14): local smoothness of the loss.

If |delta_i| <= 1/max(6d, 2 |mu_i|) for all i, then for every i

    |grad_{mu_i + delta_i} L(mu + delta) - grad_{mu_i} L(mu)|
        <= n mu_max (30 sqrt(d) + 4 mu_max) |delta_i| + sum_k |delta_k|.

Both gradients come from overlaps; the difference, with P' at mu + delta, is the norm of
sum_k (P'_ik (mu_k + delta_k) - P_ik mu_k), taken coordinate by coordinate. It is intersected with
the bound of the sharpened form, which decides most points whatever cancels.

Repaired: max_k |delta_k| for |delta_i| in the first term. A mean that stays (delta_i = 0) has its
gradient changed by the others in proportion to mu_max, which the printed bound leaves out.

Sharpened, for every delta with no condition, Delta = max_k |delta_k|:

    ... <= (77/100) mu_max (sqrt(d) + mu_max + Delta/2) Delta + Delta.

Proof: the difference is sum_k P'_ik delta_k + sum_k (P'_ik - P_ik) mu_k. The first sum is at most
Delta. Along mu + s delta the logits have l_k' = <x - mu_k - s delta_k, delta_k>, at most B =
Delta (|x| + mu_max + s Delta) in size, and psi_k' = psi_k (l_k' - m), m = sum_j psi_j l_j'. With
p = psi_i, the derivative of sum_k psi_i psi_k mu_k is p (l_i' - m) psi~ + p c, c the covariance
under psi of l' and mu. |l_i' - m| <= 2B (1-p); |c| is at most the root of mu_max^2 - |psi~|^2
times that of the variance of l', which is at most B^2 and, if p >= 1/2, 4 p (1-p) B^2. By Cauchy
(for |psi~| and that first root) the sum is at most B mu_max times p (4 (1-p)^2 + 1)^(1/2) <=
2^(-1/2) if p <= 1/2, and times 2p (1-p)^(1/2) <= 4/(3 sqrt(3)) < 77/100 if not. Integrate over s
and x, E|x| <= sqrt(d). The repaired form follows: n >= 2, Delta <= 1/6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

SIX, TWO = 6, 2
"""Of the condition |delta_i| <= 1/max(6d, 2 |mu_i|)."""


@conditions
def has_displacements(ops: Operations, point: Point) -> Iterator[Part]:
    """A mixture, and n vectors delta_i of R^d: exact."""
    yield from has_mixture.parts(ops, point)
    delta, mix = point["delta"], point.mix
    yield part("as many delta_i as components", len(delta), "==", mix.n)
    yield part("all delta_i in R^d", sum(len(v) == mix.d for v in delta), "==", mix.n)


@conditions
def moves_little(ops: Operations, point: Point) -> Iterator[Part]:
    """Also |delta_i| <= 1/max(6d, 2 |mu_i|) for all i: exact, by squares."""
    yield from has_displacements.parts(ops, point)
    least = Fraction((SIX * point.mix.d) ** 2)
    pairs = zip(shifts2(point), ops.norms2(point.mix), strict=True)
    for i, (square, mean2) in enumerate(pairs, 1):
        text = f"|delta_{i}|^2 max(36 d^2, 4 |mu_{i}|^2) <= 1"
        yield part(text, square * max(least, TWO**2 * mean2), "<=", 1)


def moved_mixtures() -> SearchStrategy[Point]:
    """Mixtures on lines and planes with displacements up to the end of the condition."""
    from gembounds.points.strategies_moved import moved_mixtures as drawn

    return drawn()


def mixtures_moved_anyhow() -> SearchStrategy[Point]:
    """The same with longer displacements too."""
    from gembounds.points.strategies_moved import moved_mixtures as drawn

    return drawn(stretch=True)


def shifts2(point: Point) -> list[Fraction]:
    """|delta_i|^2, exact."""
    return [sum((x * x for x in v), Fraction(0)) for v in point["delta"]]


def shifts(ops: Operations, point: Point) -> list[Any]:
    """|delta_i|: exactly 0 where it is."""
    return [ops.sqrt(x) if x else Fraction(0) for x in shifts2(point)]


def largest_shift(ops: Operations, point: Point) -> Any:
    top = max(shifts2(point))
    return ops.sqrt(top) if top else Fraction(0)


def moved(point: Point) -> Mixture:
    """mu + delta, with the same weights: one object a point, whose quantities are kept."""
    mix, delta = point.mix, point["delta"]

    def make() -> Mixture:
        rows = zip(mix.exact_means, delta, strict=True)
        means = [[a + b for a, b in zip(mean, v, strict=True)] for mean, v in rows]
        return Mixture(means, mix.exact_weights)

    return mix.kept(f"moved by {delta}", make)


def direct_change(ops: Operations, point: Point) -> list[Any]:
    """|grad_i L(mu + delta) - grad_i L(mu)| for every i."""
    if not any(shifts2(point)):
        return [Fraction(0)] * point.mix.n
    before, after = ops.overlaps(point.mix), ops.overlaps(moved(point))
    counted = Counter(zip(zip(*point.mix.exact_means, strict=True),
                          zip(*point["delta"], strict=True), strict=True))  # fmt: skip
    out = []
    for old, new in zip(before, after, strict=True):
        square = ops.ball(0)
        for (means, deltas), length in counted.items():
            total = ops.ball(0)
            for p, q, mean, shift in zip(old, new, means, deltas, strict=True):
                total += (q - p) * ops.ball(mean) + q * ops.ball(shift)
            square += length * total * total
        out.append(ops.sqrt(square))
    return out


def gradient_change(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    """:func:`direct_change`, and at most what the sharpened form says."""
    bound = ops.ball(sharp_bound(ops, point, SHARP))
    limits = ops.ball(0).union(bound)
    return [x if isinstance(x, Fraction) else x.intersection(limits)
            for x in direct_change(ops, point)]  # fmt: skip


def gradient_change_alone(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    return direct_change(ops, point)


def smoothness_bound(ops: Operations, point: Point, constants: Constants) -> list[Any]:
    return [_bound(ops, point, constants, shift) for shift in shifts(ops, point)]


def repaired_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return _bound(ops, point, constants, largest_shift(ops, point))


def _bound(ops: Operations, point: Point, constants: Constants, shift: Any) -> Any:
    top, root = ops.mu_max(point.mix), ops.sqrt(point.mix.d)
    slope = ops.ball(constants["root"]) * root + ops.ball(constants["mean"]) * top
    total = sum(map(ops.ball, shifts(ops, point)), ops.ball(0))
    if not any(shifts2(point)):
        return Fraction(0)
    return point.mix.n * top * slope * ops.ball(shift) + total


def sharp_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    shift = largest_shift(ops, point)
    if isinstance(shift, Fraction):
        return shift
    top = ops.mu_max(point.mix)
    slope = ops.sqrt(point.mix.d) + top + shift / 2
    return ops.ball(constants["factor"]) * top * slope * shift + shift


PRINTED = {"root": Fraction(30), "mean": Fraction(4)}
SHARP = {"factor": Fraction(77, 100)}

CLAIMS = (
    Claim(
        id="theorem-13",
        source="Theorem 13, (7) and (14)",
        text=(
            "|delta_i| <= 1/max(6d, 2 |mu_i|) for all i: |grad_i L(mu + delta) - grad_i L(mu)| "
            "<= n mu_max (30 sqrt(d) + 4 mu_max) |delta_i| + sum_k |delta_k| for every i"
        ),
        relation="<=",
        lhs=gradient_change,
        rhs=smoothness_bound,
        domain=moves_little,
        generator=moved_mixtures,
        constants=PRINTED,
        uses=("lemma-9.2", "eq-17a", "eq-17b", "eq-18a", "eq-18b.1", "eq-18b.2", "eq-19"),
    ),
    Claim(
        id="theorem-13-repaired",
        form="repaired",
        repairs="theorem-13",
        source="Theorem 13, (7) and (14)",
        text=(
            "|delta_i| <= 1/max(6d, 2 |mu_i|) for all i: |grad_i L(mu + delta) - grad_i L(mu)| "
            "<= n mu_max (30 sqrt(d) + 4 mu_max) max_k |delta_k| + sum_k |delta_k| for every i"
        ),
        relation="<=",
        lhs=gradient_change,
        rhs=repaired_bound,
        domain=moves_little,
        generator=moved_mixtures,
        constants=PRINTED,
        uses=("lemma-9.2-repaired",),
    ),
    Claim(
        id="theorem-13-sharpened",
        form="sharpened",
        repairs="theorem-13",
        source="Theorem 13, (7) and (14)",
        text=(
            "D = max_k |delta_k|, any delta: |grad_i L(mu + delta) - grad_i L(mu)| "
            "<= (77/100) mu_max (sqrt(d) + mu_max + D/2) D + D for every i"
        ),
        relation="<=",
        lhs=gradient_change_alone,
        rhs=sharp_bound,
        domain=has_displacements,
        generator=mixtures_moved_anyhow,
        constants=SHARP,
        uses=("lemma-9.2-repaired",),
    ),
)
