"""What the evaluators return: enclosures, estimates and statistical intervals.

Three types that never mix: only an :class:`Enclosure` is a proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError, UndecidedError

FloatArray = npt.NDArray[np.float64]
ObjectArray = npt.NDArray[np.object_]


class Truth:
    """True, false or unknown: what comparing enclosures gives.

    ``bool()`` of an unknown raises :class:`UndecidedError`.
    """

    __slots__ = ("certainly_false", "certainly_true", "how")

    def __init__(self, certainly_true: bool, certainly_false: bool, how: str) -> None:
        self.certainly_true = certainly_true
        self.certainly_false = certainly_false
        self.how = how

    def __bool__(self) -> bool:
        if self.certainly_true:
            return True
        if self.certainly_false:
            return False
        raise UndecidedError(
            f"{self.how} is undecided: the enclosures overlap; ask for a smaller rtol or more "
            "bits, or use .certainly_true and .certainly_false"
        )

    def __repr__(self) -> str:
        word = "true" if self.certainly_true else "false" if self.certainly_false else "unknown"
        return f"<Truth {word}: {self.how}>"


@dataclass(frozen=True)
class Rule:
    """The quadrature rule behind a value: one entry per coordinate of the reduced space.

    ``step`` h, ``count`` K (nodes k h, abs(k) <= K), ``error`` rho (bound of the rule's error
    relative to the integral), ``halfwidth`` a of the strip that proves it.
    """

    step: tuple[float, ...] = ()
    count: tuple[int, ...] = ()
    error: tuple[float, ...] = ()
    halfwidth: tuple[float, ...] = ()

    @property
    def nodes(self) -> int:
        total = 1
        for k in self.count:
            total *= 2 * k + 1
        return total


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Intervals that provably contain the exact values for the exact inputs.

    Attributes
    ----------
    lower, upper : float64 arrays (0-d for scalars)
        Ends, rounded outward; ``-inf <= lower <= value <= upper <= inf``.
    balls : object array of ``flint.arb`` or None
        The balls themselves, where the evaluator is ``arb``: they keep relative accuracy
        beyond float64's range. None for ``float64``.
    rule : Rule
        The trapezoidal rule behind the values.
    evaluator : str

    Comparisons (``<``, ``<=``, ``>``, ``>=``) with enclosures or numbers compare all entries
    and give a :class:`Truth`; ``==`` is not a comparison of values.
    """

    lower: FloatArray
    upper: FloatArray
    evaluator: str = "float64"
    rule: Rule = field(default_factory=Rule)
    balls: ObjectArray | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.lower.shape

    @property
    def mid(self) -> FloatArray:
        """A finite float64 inside: near the middle, if both ends are finite."""
        largest = np.finfo(np.float64).max
        low, high = np.maximum(self.lower, -largest), np.minimum(self.upper, largest)
        return np.asarray(np.clip(0.5 * low + 0.5 * high, self.lower, self.upper))

    @property
    def rad(self) -> FloatArray:
        """Radius about ``mid``: ``[mid - rad, mid + rad]`` contains the interval."""
        mid = self.mid
        with np.errstate(over="ignore", invalid="ignore"):
            wide = np.nextafter(np.maximum(self.upper - mid, mid - self.lower), np.inf)
        return np.asarray(np.where(self.upper == self.lower, 0.0, wide))

    @property
    def relative_width(self) -> FloatArray:
        """``(upper - lower) / min(abs(lower), abs(upper))``; inf where 0 is inside, 0 if exact.

        Taken from the balls where there are any. For reading, not a bound.
        """
        if self.balls is not None:
            return _ball_widths(self.balls)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            smallest = np.minimum(np.abs(self.lower), np.abs(self.upper))
            zero_inside = (self.lower <= 0) & (self.upper >= 0)
            ratio = (self.upper - self.lower) / np.where(zero_inside, 0.0, smallest)
        return np.asarray(np.where(self.upper == self.lower, 0.0, ratio))

    def contains(self, value: Any) -> bool:
        """Whether every entry of ``value`` (numbers, compared exactly) lies in its interval."""
        value = _exact_operand(value)
        return bool(np.all((self.lower <= value) & (value <= self.upper)))

    def meets(self, other: Enclosure) -> npt.NDArray[np.bool_]:
        """Entrywise: False only where the intervals are certainly disjoint, which refutes
        equality."""
        if self.shape != other.shape:
            raise InputError(f"shapes {self.shape} and {other.shape} differ: compare like values")
        return np.asarray(~((self.lower > other.upper) | (other.lower > self.upper)))

    def __getitem__(self, key: Any) -> Enclosure:
        balls = None if self.balls is None else np.asarray(self.balls[key], dtype=object)
        lower, upper = np.asarray(self.lower[key]), np.asarray(self.upper[key])
        return Enclosure(lower, upper, self.evaluator, self.rule, balls)

    def _compare(self, other: Any, sign: str) -> Truth:
        low, high = (
            (other.lower, other.upper)
            if isinstance(other, Enclosure)
            else (_exact_operand(other),) * 2
        )
        a, b, c, d = (self.lower, self.upper, low, high)
        if sign[0] == ">":
            a, b, c, d = c, d, a, b
        strict = len(sign) == 1
        true = np.all(b < c) if strict else np.all(b <= c)
        false = np.any(a >= d) if strict else np.any(a > d)
        return Truth(bool(true), bool(false), f"enclosure {sign} {type(other).__name__}")

    def __lt__(self, other: Any) -> Truth:
        return self._compare(other, "<")

    def __le__(self, other: Any) -> Truth:
        return self._compare(other, "<=")

    def __gt__(self, other: Any) -> Truth:
        return self._compare(other, ">")

    def __ge__(self, other: Any) -> Truth:
        return self._compare(other, ">=")

    def __repr__(self) -> str:
        if self.shape:
            return f"<Enclosure {self.shape} by {self.evaluator}>"
        return f"<Enclosure [{float(self.lower)!r}, {float(self.upper)!r}] by {self.evaluator}>"


@dataclass(frozen=True, eq=False)
class Estimate:
    """Numbers of which ``digits`` digits are believed. Never evidence: it decides nothing.

    ``values`` is an object array of ``mpmath.mpf`` (0-d for scalars).
    """

    values: ObjectArray
    digits: int
    evaluator: str = "mpmath"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    @property
    def mid(self) -> FloatArray:
        """The values rounded to float64."""
        return np.asarray(self.values, dtype=np.float64)

    def __getitem__(self, key: Any) -> Estimate:
        return replace(self, values=np.asarray(self.values[key], dtype=object))


@dataclass(frozen=True, eq=False)
class StatisticalInterval:
    """Intervals that contain *all* the values at once except with ``failure_probability``.

    The probability is over the random shifts or scrambles drawn from ``seed``. Not an
    enclosure: it decides no claim.
    """

    lower: FloatArray
    upper: FloatArray
    estimate: FloatArray
    failure_probability: float
    samples: int
    seed: int
    evaluator: str = "qmc"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.lower.shape

    def __getitem__(self, key: Any) -> StatisticalInterval:
        return replace(
            self,
            lower=np.asarray(self.lower[key]),
            upper=np.asarray(self.upper[key]),
            estimate=np.asarray(self.estimate[key]),
        )


def _exact_operand(value: Any) -> Any:
    """``value`` for comparing with float64: what NumPy would round first, as Python numbers."""
    if isinstance(value, (float, np.floating)):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "fO":
        return value
    whole = np.frompyfunc(lambda x: int(x) if isinstance(x, np.integer) else x, 1, 1)
    return np.asarray(whole(np.array(value, dtype=object)), dtype=object)


def float_ends(ball: Any) -> tuple[float, float]:
    """The ends of an arb ball as float64, rounded outward (infinite beyond the range)."""
    return _float_below(ball.lower()), -_float_below((-ball).lower())


def _float_below(point: Any) -> float:
    """The largest float64 not above an exact arb ``point`` whose radius may be nonzero."""
    value = float(point.mid())
    if value != value:
        return -np.inf
    # arb.lower() is exact at its precision; float() rounds to nearest: step down if it rose
    exact = point.mid()
    from flint import arb

    if np.isinf(value):
        return float(np.finfo(np.float64).max) if value > 0 and exact.is_finite() else -np.inf
    below = value if arb(value) <= exact else float(np.nextafter(value, -np.inf))
    return below if point.rad().is_zero() else float(np.nextafter(below, -np.inf))


def from_balls(balls: Any, rule: Rule | None = None) -> Enclosure:
    """An :class:`Enclosure` from nested lists (or an object array) of arb."""
    array = np.array(balls, dtype=object)
    distinct = {id(b): b for b in array.ravel()}  # equal coordinates share one ball
    known = {key: float_ends(b) for key, b in distinct.items()}
    ends = [known[id(b)] for b in array.ravel()]
    lower = np.array([e[0] for e in ends], dtype=np.float64).reshape(array.shape)
    upper = np.array([e[1] for e in ends], dtype=np.float64).reshape(array.shape)
    return Enclosure(lower, upper, "arb", rule or Rule(), array)


def exact_interval(ball: Any) -> tuple[Fraction, Fraction]:
    """The ends of an arb ball as exact rationals (``mid - rad``, ``mid + rad``)."""
    mid, rad = _fraction(ball.mid()), _fraction(ball.rad())
    return mid - rad, mid + rad


def _fraction(point: Any) -> Fraction:
    mantissa, exponent = point.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _ball_widths(balls: ObjectArray) -> FloatArray:
    def width(ball: Any) -> float:
        if ball.rad().is_zero():
            return 0.0
        smallest = ball.abs_lower()
        return float((2 * ball.rad() / smallest).mid()) if smallest > 0 else np.inf

    flat = [width(b) for b in balls.ravel()]
    return cast(FloatArray, np.array(flat, dtype=np.float64).reshape(balls.shape))
