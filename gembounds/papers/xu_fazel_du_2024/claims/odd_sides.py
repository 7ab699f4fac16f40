"""What (6) to (24a) speak of: E<g, xbar>^2 and E|g|^2, g(x) = psi~(x) - psi~(-x), xbar = x/|x|.

By (23b), (5) and the fundamental theorem of calculus the right sides are multiples of these, which
:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.odd_part` encloses (no step of the proof is
taken for granted there); psi~(-x) is minus the psi~ of the mixture with means -mu_i.

With h(x) = psi~(x) + psi~(-x), for every mixture,

    E|psi~|^2 = (1/2) E[|psi~(x)|^2 + |psi~(-x)|^2] = E|g|^2/4 + E|h|^2/4:

2 psi~(x) = g(x) + h(x), g is odd, h is even and x symmetric, so that E<g, h> = 0. On a line xbar
is 1 or -1, and E|g|^2 = E<g, xbar>^2. Where the mixture is symmetric about 0 h = 0, and sides are
equal as functions; where it is so but for a weight w they differ by about w^2, beyond the bits of
every rung for small w. There c E|g|^2 is taken off both sides, c = 1/4: on the left E|h|^2/4 is
left, 0 or a ball that begins at 0, on the right the constant less 1/4. Elsewhere c is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.arithmetic.grids import odd_parts
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.batch import Batch, FloatArray
from gembounds.points.point import Point, repeated
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

QUARTER = Fraction(1, 4)

FIRST_BITS = 12
"""Relative bits of the odd part on the first rung (a choice: decides most points)."""

TIED = 32
"""Bits to which both sides are known where balls cannot tell them apart and the odd part is
taken from both (a choice: wider balls call for a finer rung)."""

NODES = 2**18
"""Most grid nodes for one side times components: keeps it below a second (a choice), and on the
first rung to tens of milliseconds where the optimiser takes margins, with fewer nodes."""

COARSE_NODES = 2**12
"""The same for the first rung of an equality (a choice: tens of milliseconds)."""


def odd_value(ops: Operations, mix: Mixture, radial: bool, coarse: bool = False) -> Any:
    """E<g, xbar>^2 if ``radial``, else E|g|^2; exactly 0 where all means coincide. ``coarse``: on
    the first rung closed bounds where a grid would be large, which often refute an equality."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.odd_part import odd_radial, odd_square
    from gembounds.statements.operations import LADDER

    if ops.coincident(mix):
        return Fraction(0)
    bits = max(FIRST_BITS, ops.rung.bits // 2 - 20) if ops.rung.evaluator == "arb" else FIRST_BITS
    evaluate = odd_radial if radial else odd_square
    nodes = NODES // mix.n
    if ops.rung.evaluator == "float64":
        nodes = COARSE_NODES if coarse else nodes * ops.rung.max_nodes // LADDER[0].max_nodes
    return mix.kept(f"odd part {radial} {bits} {nodes}", lambda: evaluate(mix, bits, nodes))


def is_odd(ops: Operations, mix: Mixture) -> bool:
    """Whether the mixture is symmetric about 0, exactly: then psi~(-x) = -psi~(x)."""
    found: dict[tuple[Fraction, ...], Fraction] = {}
    for row, weight in zip(ops.means(mix), ops.weights(mix), strict=True):
        for key, sign in ((tuple(row), 1), (tuple(-x for x in row), -1)):
            found[key] = found.get(key, Fraction(0)) + sign * weight
    return not any(found.values())


def odd_on_a_line(ops: Operations, mix: Mixture) -> bool:
    return mix.d == 1 and is_odd(ops, mix)


def tied(ops: Operations, mix: Mixture) -> bool:
    """Whether d = 1, not all means coincide, and balls of E|psi~|^2 and E|g|^2/4, each known to
    ``TIED`` relative bits, overlap."""
    if mix.d > 1 or ops.coincident(mix) or ops.rung.evaluator == "float64":
        return False
    left = ops.ball(ops.psi_tilde_norm2(mix))
    right = ops.ball(QUARTER) * odd_value(ops, mix, True)
    narrow = min(left.rel_accuracy_bits(), right.rel_accuracy_bits()) >= TIED
    return bool(narrow and left.overlaps(right))


def _less_the_odd_part(ops: Operations, point: Point) -> Any:
    mix = point.mix
    if odd_on_a_line(ops, mix):
        return Fraction(0)
    value = ops.psi_tilde_norm2(mix)
    if not tied(ops, mix):
        return value
    rest = ops.ball(value) - ops.ball(QUARTER) * odd_value(ops, mix, True)
    return rest.union(ops.ball(0)).nonnegative_part()  # begins at 0 exactly


def mirrored(mix: Mixture) -> Mixture:
    """The mixture with means -mu_i."""
    from gembounds.values.columns import runs

    blocks = runs(mix)
    return mix.kept(
        "mirrored",
        lambda: repeated(
            [[-x for x in e] for e, _ in blocks], [m for _, m in blocks], mix.exact_weights
        ),
    )


def _both_ways(ops: Operations, point: Point) -> Any:
    both = [ops.psi_tilde_norm2(mix) for mix in (point.mix, mirrored(point.mix))]
    if all(isinstance(x, Fraction) for x in both):
        return both[0] + both[1]
    return ops.ball(both[0]) + ops.ball(both[1])


def _square_on_a_line(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024 import intervals

    return intervals.odd_part_on_a_line(ops, point)


def odd_over(radial: bool, factor: float = 1.0) -> Callable[[Batch], FloatArray]:
    return lambda b: factor * b.kept("odd parts", lambda: odd_parts(b))[radial]


def _common(where: Callable[[Operations, Mixture], bool]) -> Callable[..., Fraction]:
    return lambda ops, p: QUARTER if where(ops, p.mix) else Fraction(0)


G = "psi~(x) - psi~(-x)"
G_LATEX = r"\tilde\psi(x) - \tilde\psi(-x)"
MEANING = "x ~ N(0, I_d), xbar = x/|x|, psi~ = sum_i psi_i mu_i"

odd_square = named(
    "odd_square", f"E|{G}|^2", rf"\mathbb{{E}}|{G_LATEX}|^2",
    lambda ops, p: odd_value(ops, p.mix, False), estimate=odd_over(False), meaning=MEANING,
)  # fmt: skip
odd_along_x = named(
    "odd_along_x", f"E<{G}, xbar>^2", rf"\mathbb{{E}}\langle {G_LATEX}, \bar x \rangle^2",
    lambda ops, p: odd_value(ops, p.mix, True), estimate=odd_over(True), meaning=MEANING,
)  # fmt: skip
odd_integral = named(
    "odd_integral", "E[(int_-1^1 |x| xbar^T grad psi~(tx) xbar dt)^2]",
    r"\mathbb{E}\left[\left(\int_{-1}^1 |x| \bar x^T \nabla\tilde\psi(tx) \bar x \, dt\right)^2"
    r"\right]",
    lambda ops, p: odd_value(ops, p.mix, True, coarse=True), interval=_square_on_a_line,
    estimate=odd_over(True), meaning=f"{MEANING}; E<{G}, xbar>^2",
)  # fmt: skip
both_ways = named(
    "both_ways", "E[|psi~(x)|^2 + |psi~(-x)|^2]",
    r"\mathbb{E}\left[|\tilde\psi(x)|^2 + |\tilde\psi(-x)|^2\right]", _both_ways,
    estimate=lambda b: 2 * b.psi2, needs=("psi_tilde_norm2",), meaning=MEANING,
)  # fmt: skip

less_the_odd_part = named(
    "less_the_odd_part", f"(E|psi~|^2 - c E|{G}|^2)",
    rf"\left(\mathbb{{E}}|\tilde\psi|^2 - c \, \mathbb{{E}}|{G_LATEX}|^2\right)",
    _less_the_odd_part, needs=("psi_tilde_norm2",),
)  # fmt: skip
common_part = named(
    "common_part", "c", "c", _common(lambda ops, mix: odd_on_a_line(ops, mix) or tied(ops, mix)),
    needs=("psi_tilde_norm2",), meaning="1/4 on a line where balls do not tell h from 0, else 0",
)  # fmt: skip
common_if_odd = named(
    "common_if_odd", "c", "c", _common(is_odd),
    meaning="1/4 where the mixture is symmetric about 0, else 0",
)  # fmt: skip
common_if_odd_on_a_line = named(
    "common_if_odd_on_a_line", "c", "c", _common(odd_on_a_line),
    meaning="1/4 on a line where the mixture is symmetric about 0, else 0",
)  # fmt: skip
common_on_a_line = named(
    "common_on_a_line", "c", "c", _common(lambda ops, mix: mix.d == 1),
    meaning="1/4 on a line, else 0",
)  # fmt: skip
