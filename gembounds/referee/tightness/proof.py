"""One proof about a best constant: the value, where the argument stands, what else it shows.

``best`` is a value that holds everywhere, other constants as printed, so it bounds the best
constant from the side opposite to a witness. Where ``sharp`` is true the argument also shows that
nothing beyond it holds, and both ends are proved; ``attained`` tells whether at some point. A
``limit`` is weaker: no value beyond that one holds, by the argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.precision import working_precision

BITS = 96


@dataclass(frozen=True)
class Proof:
    """``best``: a Fraction, or a function that returns a ball; ``where`` the argument is (the id
    of a claim whose text has it, or a sentence)."""

    best: Fraction | Callable[[], Any]
    where: str
    sharp: bool = False
    attained: bool | None = None
    limit: Fraction | None = None

    def value(self) -> Any:
        """``best`` as a Fraction or a ball."""
        return self.best if isinstance(self.best, Fraction) else self.best()

    def beyond(self, best: Any) -> Any:
        """The value beyond which none holds, None where the argument gives none."""
        return best if self.sharp else self.limit


def in_balls(make: Callable[[], Any]) -> Callable[[], Any]:
    def value() -> Any:
        with working_precision(BITS):
            return make()

    return value


def of(
    where: str,
    best: Fraction | int | str,
    sharp: bool = False,
    attained: bool | None = None,
    limit: int | str | None = None,
) -> Proof:
    """A proof with a rational ``best``."""
    end = None if limit is None else Fraction(limit)
    return Proof(Fraction(best), where, sharp, attained, end)
