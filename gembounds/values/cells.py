"""Dyadic intervals that do not depend on how a number was enclosed.

The cell of a number v != 0 at ``bits`` bits has as its ends neighbouring odd multiples of
u = 2^(E - bits), E = floor(log2(361 |v| / 256)). Two enclosures of the same number, however they
were computed, give the same cell as soon as both are narrow enough: so one evaluator can confirm
every digit of what another one wrote down. Odd multiples, and 361/256, keep short dyadic numbers
away from the ends, where narrow is not enough.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

LEAN = Fraction(361, 256)
"""A number near sqrt(2), far from powers of two (a choice)."""

MOST_BITS = 40
"""Bits of the finest cells (a choice: twelve decimal digits)."""


MOST_EXPONENT = 2**20
"""Of the ends of a cell that is read, in powers of 2 (a choice: beyond what is written)."""


class Cell(NamedTuple):
    """From ``lower`` to ``lower + 2`` (both odd), in units of 2^exponent."""

    lower: int
    exponent: int

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        unit = Fraction(2) ** self.exponent
        return self.lower * unit, (self.lower + 2) * unit

    def texts(self) -> dict[str, str]:
        """The ends as ``"m*2^e"``."""
        return {
            "lower": f"{self.lower}*2^{self.exponent}",
            "upper": f"{self.lower + 2}*2^{self.exponent}",
        }


def cell(lower: Fraction, upper: Fraction, bits: int) -> Cell | None:
    """The cell at ``bits`` bits of every number in [lower, upper]; None if they differ."""
    if lower <= 0 <= upper:
        return None
    first, second = (_cell(x, bits) for x in (lower, upper))
    return first if first == second else None


def _cell(x: Fraction, bits: int) -> Cell:
    exponent = floor_log2(abs(x) * LEAN) - bits
    multiple = (x / Fraction(2) ** exponent + 1) / 2
    return Cell(2 * (multiple.numerator // multiple.denominator) - 1, exponent)


def floor_log2(x: Fraction) -> int:
    """floor(log2(x)) for x > 0."""
    e = x.numerator.bit_length() - x.denominator.bit_length()
    return e if Fraction(2) ** e <= x else e - 1


def read_cell(lower: str, upper: str) -> Cell | None:
    """The cell that :meth:`Cell.texts` wrote; None if these are not the ends of one."""
    try:
        mantissas = [int(end.partition("*2^")[0]) for end in (lower, upper)]
        exponents = [int(end.partition("*2^")[2]) for end in (lower, upper)]
    except ValueError:
        return None
    if abs(exponents[0]) > MOST_EXPONENT:
        return None
    found = Cell(mantissas[0], exponents[0])
    same = found.texts() == {"lower": lower, "upper": upper}
    return found if same and mantissas[0] % 2 else None
