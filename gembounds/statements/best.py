"""What is known about the best value of one constant of a claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point

BITS = 96


@dataclass(frozen=True)
class Proof:
    """``best`` holds everywhere, other constants as printed, by the argument that ``where`` names
    (the id of a claim whose docstring has it, or a sentence): a Fraction, or a function that
    returns a ball. It bounds the best value from the side opposite to a witness. Where ``sharp``
    the argument also shows that nothing beyond it holds, and both ends are proved; ``attained``
    tells whether at some point. A ``limit`` is weaker: no value beyond that one holds."""

    best: Fraction | Callable[[], Any]
    where: str
    sharp: bool = False
    attained: bool | None = None
    limit: Fraction | None = None

    def value(self) -> Any:
        """``best`` as a Fraction or a ball."""
        if isinstance(self.best, Fraction):
            return self.best
        from gembounds.values.precision import working_precision

        with working_precision(BITS):
            return self.best()

    def beyond(self, best: Any) -> Any:
        """The value beyond which none holds, None where the argument gives none."""
        return best if self.sharp else self.limit


@dataclass(frozen=True)
class Family:
    """Points along which a constant tends to its best value: ``points(quick)`` gives pairs (u,
    point) with u, the ``size``, growing; without ``has_limit`` nothing is extrapolated."""

    name: str
    size: str
    points: Callable[[bool], list[tuple[Fraction, Point]]]
    has_limit: bool = True


@dataclass(frozen=True)
class Best:
    """A proof, a family that tends to the best value, and a sentence on what stands between the
    two ends, where something does."""

    proof: Proof | None = None
    family: Family | None = None
    note: str | None = None


def best(
    value: Fraction | int | str | Callable[[], Any],
    where: str,
    *,
    sharp: bool = False,
    attained: bool | None = None,
    limit: int | str | None = None,
    family: Family | None = None,
    note: str | None = None,
) -> Best:
    """A proved value: see :class:`Proof` and :class:`Best`."""
    exact = value if callable(value) else Fraction(value)
    end = None if limit is None else Fraction(limit)
    return Best(Proof(exact, where, sharp, attained, end), family, note)
