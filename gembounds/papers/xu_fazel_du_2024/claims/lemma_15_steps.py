"""The displayed steps of the proof of Lemma 15 that concern the mixture: (39), (39a), (39b).

With |mu_1|, |mu_2| >= 10 s, |mu_3|, ..., |mu_n| <= s, s = sqrt(d), any weights, n >= 3, and
Y(x) = sum_k psi_k(x) |mu_k|:

    (39)   |grad_i L| <= E[Y given |x| <= 2 s] + E[Y given |x| > 2 s] Pr[|x| > 2 s],
    (39a)  |x| <= 2 s implies psi_i(x) <= exp(-25 d) for i = 1, 2,
    (39b)  E[Y given |x| <= 2 s] <= |mu_3| + ... + |mu_n| + exp(-25 d) (|mu_1| + |mu_2|).

(39) is decided less E Y on both sides. On the right remains E[Y given |x| <= 2 s] q >= 0,
q = Pr[|x| > 2 s], by E[Y; |x| <= 2 s] between min_k |mu_k| (1-q) or E Y - mu_max q, and mu_max.
On the left the difference of |grad_i| and E Y as evaluated, within what is known: it is at most
-sum_k sum_{j != i} P_jk |mu_k| <= 0, by |grad_i| <= sum_k P_ik |mu_k| and E psi_k = sum_j P_jk,
which is why (39) holds for every radius, and at least -E Y. An evaluated gradient that disagrees
with that leaves nothing, which is an error.

(39b) is stated with N = |mu_3| + ... + |mu_n| where the left side is less, since the right side is
more, and decided less N on both sides. The left is then the positive part of a sum of E[psi_k
given ...] |mu_k| for k = 1, 2 and of -E[1 - psi_k given ...] |mu_k| for the others, first with
psi_k bounded over the whole ball, then by cells
(:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.conditional`).

The quotient before (39a), exp(-|x - mu_i|^2/2)/exp(-|x - mu_1|^2/2) for i = 1, 2, is 1 for i = 1:
a slip for a mean with index above 2, which is the repaired form.
(39a)'s proof divides by the weight of a component with i > 2 and takes the weights to be equal.
Repaired, (39a) and (39b): pi_1, pi_2 at most exp(5d/2) times the largest of pi_3, ..., pi_n.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import families, slips
from gembounds.papers.xu_fazel_du_2024.arguments.lemma_15 import (
    MEAN_WITHIN,
    POSTERIORS,
    QUOTIENT,
)
from gembounds.papers.xu_fazel_du_2024.claims.lemma_15 import (
    GRADIENT_BY_NORMS,
    bounded_overlaps,
    far_norms,
    far_pairs,
    gradients,
    lengths,
    near_norms,
    norm_of_combination,
    outweighed,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import means, named, norm_survival, symbol
from gembounds.points.point import Point
from gembounds.statements import const, d, exp, maximum, norm, sqrt, vector
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best, best
from gembounds.statements.claim import Claim
from gembounds.statements.logs import LogArray
from gembounds.statements.tree import call
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.points.batch import Batch
    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

exact = Later("gembounds.evaluators.reduction.exact")
conditional = Later("gembounds.papers.xu_fazel_du_2024.arithmetic.conditional")
domination = Later("gembounds.papers.xu_fazel_du_2024.arithmetic.domination")

CELLS = {1: 400, 2: 48}
"""Cells an axis at the first rung in balls, by the rank (a choice); doubled at each rung."""

MOST_CELLS = {1: 3200, 2: 96}

CELLS_UP_TO = 40
"""Dimensions for which cells are worth their time: psi varies by exp(40 d) over the ball."""


# -- (39) ----------------------------------------------------------------------------------------
def _mean(ops: Operations, mix: Mixture, overlaps: list[list[Any]]) -> Any:
    """E Y = sum_jk P_jk |mu_k|."""
    terms = (p * r for row in overlaps for p, r in zip(row, lengths(ops, mix), strict=True))
    return sum(terms, ops.ball(0))


def gradients_less_mean(ops: Operations, point: Point) -> list[Any]:
    """|grad_i| - E Y, within [-E Y, 0], for every i."""
    overlaps = bounded_overlaps(ops, point.mix)
    mean = _mean(ops, point.mix, overlaps)
    known = ops.ball(0).union(mean)
    return [
        -(mean - norm_of_combination(ops, point.mix, row)).intersection(known).nonnegative_part()
        for row in overlaps
    ]


def _ends(ops: Operations, mix: Mixture) -> tuple[Any, Any, Any]:
    """The least norm, the largest, and q."""
    least, *rest = lengths(ops, mix)
    for length in rest:
        least = least.min(length)
    return least, ops.mu_max(mix), ops.norm_survival(Fraction(4 * mix.d), mix.d)


def mean_within_times_tail(ops: Operations, point: Point) -> Any:
    """E[Y given |x| <= 2 s] q >= 0."""
    least, top, q = _ends(ops, point.mix)
    mean = _mean(ops, point.mix, bounded_overlaps(ops, point.mix))
    low = ((least * (1 - q)).max(mean - q * top) * q / (1 - q)).lower()
    return low.union(q * top).nonnegative_part()


# -- given |x| <= 2 sqrt(d) ----------------------------------------------------------------------
def _within(ops: Operations, mix: Mixture) -> Any:
    """Ends of E[psi_k given |x| <= 2 s] and of E[1 - psi_k given |x| <= 2 s]."""
    radius = ops.sqrt(4 * mix.d)
    coarse = ops.rung.evaluator == "float64" or mix.d > CELLS_UP_TO
    rank = 0 if coarse else exact.reduce_exactly(mix).rank
    if not 1 <= rank <= conditional.MAX_RANK:
        return domination.posteriors_within(ops.weights(mix), ops.gram(mix), radius)
    cells = min(CELLS[rank] * ops.rung.bits // 64, MOST_CELLS[rank])
    return conditional.conditional_posteriors(mix, radius, cells)


def mean_within(ops: Operations, point: Point) -> Any:
    """E[Y given |x| <= 2 s]."""
    pairs = zip(_within(ops, point.mix), lengths(ops, point.mix), strict=True)
    return sum((length * psi.least.union(psi.most) for psi, length in pairs), ops.ball(0))


def mean_beyond(ops: Operations, point: Point) -> Any:
    """E[Y given |x| > 2 s], from E Y and the other."""
    least, top, q = _ends(ops, point.mix)
    mean = _mean(ops, point.mix, bounded_overlaps(ops, point.mix))
    found = (mean - mean_within(ops, point) * (1 - q)) / q
    return found.intersection(least.union(top)) if found.is_finite() else least.union(top)


def excess(ops: Operations, point: Point) -> Any:
    """The positive part of E[Y given |x| <= 2 s] - N."""
    sizes = lengths(ops, point.mix)
    low, high, least = ops.ball(0), ops.ball(0), sizes[0]
    for k, (psi, length) in enumerate(zip(_within(ops, point.mix), sizes, strict=True)):
        low += length * (psi.least if k < 2 else -psi.other_most)
        high += length * (psi.most if k < 2 else -psi.other_least)
        least = least.min(length)  # Y is at least that
    if high <= 0:
        return Fraction(0)
    low = low.max(least - sum(sizes[2:], ops.ball(0)))
    return low.union(high) if low > 0 else ops.ball(0).union(high)


def _excess(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024.intervals import conditional_mean_less_near

    return conditional_mean_less_near(ops, point)


def _log_posteriors(b: Batch, x: Any) -> LogArray:
    import numpy as np

    logits = np.einsum("bid,bd->bi", b.means, b["x"]) - b.norms2 / 2 + np.log(b.weights)
    top = logits.max(axis=1, keepdims=True)
    log = (logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True)))[:, :2]
    return LogArray(np.ones_like(log), log)


Y, Y_LATEX = "sum_k psi_k |mu_k|", r"\sum_k \psi_k |\mu_k|"
WITHIN, BEYOND = r"|x| \le 2\sqrt{d}", r"|x| > 2\sqrt{d}"

inner_mean = named(
    "mean_norm_within", f"E[{Y} given |x| <= 2 sqrt(d)]",
    rf"\mathbb{{E}}\left[{Y_LATEX} \mid {WITHIN}\right]", mean_within,
)  # fmt: skip
outer_mean = named(
    "mean_norm_beyond", f"E[{Y} given |x| > 2 sqrt(d)]",
    rf"\mathbb{{E}}\left[{Y_LATEX} \mid {BEYOND}\right]", mean_beyond,
)  # fmt: skip
gradient_excess = named(
    "gradients_less_mean_norm", f"(|grad_i L| - E[{Y}])",
    rf"(|\nabla_i L| - \mathbb{{E}}[{Y_LATEX}])", gradients_less_mean, axes="i",
)  # fmt: skip
inner_mean_times_tail = named(
    "mean_norm_within_times_tail", f"E[{Y} given |x| <= 2 sqrt(d)] Pr[|x|^2 >= 4 d]",
    rf"\mathbb{{E}}\left[{Y_LATEX} \mid {WITHIN}\right] \Pr[|x|^2 \ge 4 d]",
    mean_within_times_tail,
)  # fmt: skip
inner_excess = named(
    "mean_norm_within_less_near",
    f"max(E[{Y} given |x| <= 2 sqrt(d)] - (|mu_3| + ... + |mu_n|), 0)",
    rf"\max(\mathbb{{E}}\left[{Y_LATEX} \mid {WITHIN}\right] - (|\mu_3| + \dots + |\mu_n|),\, 0)",
    excess, interval=_excess,
)  # fmt: skip
_FAR_POSTERIORS = symbol(
    "far_posteriors", "(psi_1({0}), psi_2({0}))", r"(\psi_1({0}),\, \psi_2({0}))",
    lambda ops, p, x: ops.psi(p.mix, tuple(x))[:2], axes="*", estimate=_log_posteriors,
    needs=("psi",),
)  # fmt: skip

x, decay = vector("x"), exp(-const("rate", 25) * d)


def _step_a(**fields: Any) -> Claim:
    return Claim(
        relation=call(_FAR_POSTERIORS, x) <= decay,
        when=norm(x) <= 2 * sqrt(d),
        source="proof of Lemma 15, the line after (39)",
        **fields,
    )


def _step_b(**fields: Any) -> Claim:
    return Claim(
        relation=maximum(inner_mean, near_norms) <= near_norms + decay * far_norms,
        decided_by=inner_excess <= decay * far_norms,
        identity="less |mu_3| + ... + |mu_n| on both sides",
        source="proof of Lemma 15, the bound of the first term of (39)",
        cost=4.0,
        **fields,
    )


SQUARES = norm(x - means) ** 2
_FIRST_TWO = symbol(
    "entries_1_and_2", "({0} for i = 1, 2)", r"({0} \text{ for } i = 1, 2)",
    lambda ops, p, values: list(values)[:2], axes="*",
)  # fmt: skip
_LARGEST_NEAR = symbol(
    "largest_entry_beyond_2", "max_(i > 2) {0}", r"\max_{i > 2} {0}",
    lambda ops, p, values: max(list(values)[2:]),
)  # fmt: skip
_FIRST = symbol(
    "entry_1", "({0} for i = 1)", r"({0} \text{ for } i = 1)",
    lambda ops, p, values: next(iter(values)),
)  # fmt: skip


def _quotient(against: Any, **fields: Any) -> Claim:
    """The logarithm of exp(-|x - mu_i|^2/2) over the same at another mean, i = 1, 2."""
    return Claim(
        relation=(against - call(_FIRST_TWO, SQUARES)) / 2 <= Fraction(9, 2) * d - 32 * d,
        when=norm(x) <= 2 * sqrt(d),
        source="proof of Lemma 15, the quotient before (39a), its logarithm",
        over=far_pairs("_with_x"),
        **fields,
    )


CLAIMS = (
    _quotient(
        call(_FIRST, SQUARES),
        id="eq-39a-quotient",
        form="printed",
        slip=slips.INDEX_1,
    ),
    _quotient(
        call(_LARGEST_NEAR, SQUARES),
        id="eq-39a-quotient-repaired",
        form="repaired",
        repairs="eq-39a-quotient",
        proof=QUOTIENT,
    ),
    Claim(
        "eq-39",
        gradients <= inner_mean + outer_mean * norm_survival(4 * d, d),
        source="proof of Lemma 15, (39)",
        over=far_pairs(),
        form="printed",
        decided_by=gradient_excess <= inner_mean_times_tail,
        identity=f"less E[{Y}] on both sides, the mean of both conditional ones",
        uses=("lemma-9.2",),
        proof=Argument(
            *GRADIENT_BY_NORMS,
            Step(
                "With q = Pr[|x| > 2 sqrt(d)], between 0 and 1, E Y = E[Y given |x| <= 2 sqrt(d)] "
                "(1 - q) + E[Y given |x| > 2 sqrt(d)] q, and 1 - q <= 1, Y >= 0."
            ),
        ),
        cost=4.0,
    ),
    _step_a(id="eq-39a", form="printed", slip=slips.HEAVY_FAR_MEANS, over=far_pairs("_with_x")),
    _step_a(
        id="eq-39a-repaired",
        form="repaired",
        repairs="eq-39a",
        over=outweighed("_with_x"),
        proof=POSTERIORS,
        best={
            "rate": best(
                25,
                "the exponent is (r^2 - R^2)/2 + 2 sqrt(d) (R + r) + 5d/2; R = 10 sqrt(d), "
                "r = sqrt(d), opposite, x along the far mean",
                sharp=True,
                attained=False,
                family=families.OPPOSITE,
            )
        },
    ),
    _step_b(
        id="eq-39b",
        form="printed",
        slip=slips.HEAVY_FAR_MEANS,
        over=far_pairs(),
        uses=("eq-39a",),
    ),
    _step_b(
        id="eq-39b-repaired",
        form="repaired",
        repairs="eq-39b",
        over=outweighed(),
        proof=MEAN_WITHIN,
        best={
            "rate": Best(
                family=families.PAIR,
                note="Near means 0 and far means at 10 sqrt(d): the conditional mean of psi_i "
                "falls faster than its largest value, exp(-25 d), at which the proof takes it.",
            )
        },
    ),
)
