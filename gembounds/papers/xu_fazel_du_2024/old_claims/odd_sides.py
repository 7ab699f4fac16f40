"""Sides made of E<g, xbar>^2 and E|g|^2, g(x) = psi~(x) - psi~(-x), xbar = x/|x|.

On a line xbar is 1 or -1, the two agree, and with h(x) = psi~(x) + psi~(-x),

    E|psi~|^2 = E|g|^2/4 + E|h|^2/4:

2 psi~(x) = g(x) + h(x), g is odd, h is even and x symmetric, so that E g h = 0. Where the mixture
is symmetric about 0 but for a weight w, E|psi~|^2 and E|g|^2/4 differ by about w^2, beyond the
bits of every rung for small w. Where balls of ``TIED`` bits do not tell the two apart, the sides
of E|psi~|^2 >= E<g, xbar>^2/4 are both given less E|g|^2/4: E|h|^2/4, a ball that begins at 0, and
0. With another constant on the right, that constant less 1/4 times E|g|^2 is left there.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import posterior_mean_square
from gembounds.points.point import Point
from gembounds.statements.legacy import Constants
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations

QUARTER = {"quarter": Fraction(1, 4)}

FIRST_BITS = 12
"""Relative bits of the odd part on the first rung (a choice: decides most points)."""

TIED = 32
"""Bits to which both sides are known where balls cannot tell them apart and the odd part is
taken from both (a choice: wider balls call for a finer rung)."""

NODES = 2**17
"""Most grid nodes for one side: keeps it below half a second (a choice)."""

COARSE_NODES = 2**12
"""The same for the first rung of an equality (a choice: tens of milliseconds)."""


def odd_value(ops: Operations, mix: Mixture, radial: bool, coarse: bool = False) -> Any:
    """E<g, xbar>^2 if ``radial``, else E|g|^2; exactly 0 where all means coincide. ``coarse``: on
    the first rung closed bounds where a grid would be large, which often refute an equality."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.odd_part import odd_radial, odd_square

    if ops.coincident(mix):
        return Fraction(0)
    bits = max(FIRST_BITS, ops.rung.bits // 2 - 20) if ops.rung.evaluator == "arb" else FIRST_BITS
    evaluate = odd_radial if radial else odd_square
    nodes = COARSE_NODES if coarse and ops.rung.evaluator == "float64" else NODES
    return mix.kept(f"odd part {radial} {bits} {nodes}", lambda: evaluate(mix, bits, nodes))


def quarter_of(radial: bool, coarse: bool = False) -> Any:
    """``quarter`` times E<g, xbar>^2 or E|g|^2, as :func:`odd_value`."""

    def side(ops: Operations, point: Point, constants: Constants) -> Any:
        value = odd_value(ops, point.mix, radial, coarse)
        if isinstance(value, Fraction):
            return value
        return ops.ball(constants["quarter"]) * value

    return side


def exact_quarter_of(radial: bool) -> Any:
    """The same with the printed constant, as a left side reads it."""
    side = quarter_of(radial)

    def exact(ops: Operations, point: Point, constants: Constants) -> Any:
        return side(ops, point, QUARTER)

    return exact


def tied(ops: Operations, point: Point) -> bool:
    """Whether d = 1, not all means coincide, and balls of E|psi~|^2 and E|g|^2/4, each known to
    ``TIED`` relative bits, overlap."""
    if point.mix.d > 1 or ops.coincident(point.mix) or ops.rung.evaluator == "float64":
        return False
    both = (side(ops, point, QUARTER) for side in (posterior_mean_square, quarter_of(True)))
    left, right = map(ops.ball, both)
    narrow = min(left.rel_accuracy_bits(), right.rel_accuracy_bits()) >= TIED
    return bool(narrow and left.overlaps(right))


def less_the_odd_part(ops: Operations, point: Point, constants: Constants) -> Any:
    """E|psi~|^2, less E|g|^2/4 where they are tied, hence E|h|^2/4 >= 0."""
    value = posterior_mean_square(ops, point, constants)
    if not tied(ops, point):
        return value
    rest = ops.ball(value) - quarter_of(True)(ops, point, QUARTER)
    return rest.union(ops.ball(0)).nonnegative_part()  # begins at 0 exactly


def odd_part_less_itself(quarter: Callable[[Constants], Fraction]) -> Any:
    """``quarter`` E<g, xbar>^2, less what :func:`less_the_odd_part` has taken from the left: on a
    line xbar is 1 or -1."""

    def side(ops: Operations, point: Point, constants: Constants) -> Any:
        share = quarter(constants)
        if tied(ops, point):
            share -= QUARTER["quarter"]
        return quarter_of(True)(ops, point, {"quarter": share}) if share else share

    return side
