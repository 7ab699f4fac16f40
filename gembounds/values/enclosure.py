"""What evaluators prove: :class:`Enclosure`, intervals around the exact values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Self

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError
from gembounds.values.balls import array_ends, ball_widths, kept, restored
from gembounds.values.calculation import Found, Operand, calculated, contained, reduced
from gembounds.values.decimals import table, texts
from gembounds.values.numerals import exact_floats, shown
from gembounds.values.operators import Operators, operand_of
from gembounds.values.rule import NO_RULE as NO_RULE
from gembounds.values.rule import Rule as Rule

FloatArray = npt.NDArray[np.float64]
ObjectArray = npt.NDArray[np.object_]

SHOWN = 64
"""Entries that a repr, or a notebook, shows at most."""


@dataclass(frozen=True, eq=False)
class Enclosure(Operators):
    """Intervals that provably contain the exact values for the exact inputs.

    Attributes
    ----------
    lower, upper : float64 arrays (0-d for scalars)
        Ends, rounded outward; ``-inf <= lower <= value <= upper <= inf``. Kept as copies that
        cannot be written to.
    balls : object array of ``flint.arb`` or None
        The balls themselves, where the evaluator is ``arb``: they keep relative accuracy
        beyond float64's range. None for ``float64``.
    rule : Rule
        The trapezoidal rule behind the values.
    evaluator : str
    rests_on : str
        What the enclosure is proved from besides the exact inputs: a bound that a caller declared.
        What is calculated with it rests on that too. Empty for all else.

    Enclosures are numbers to calculate with: ``+ - * / **``, ``@``, ``abs``, ``sqrt``, ``exp``,
    ``log``, ``sum``, ``min``, ``max``, with other enclosures and exact numbers (int, float,
    Fraction, arrays of them), and by NumPy's functions of these names. Every result contains what
    the operation gives for all values in the operands, rounded outward; in balls too where all
    operands have them. Each operand is taken to be any of its values: ``e - e`` is not 0 but twice
    as wide as e, so write ``x * (x + 1)`` rather than ``x * x + x``. NaN ends say that there may
    be no value (a quotient by what may be 0, a root of what may be negative), and decide nothing.

    Comparisons (``< <= > >= == !=``) compare all entries and give a :class:`Truth`, whose
    ``bool()`` raises :class:`UndecidedError` where the enclosures overlap. ``x in e`` is
    containment. A shape that does not fit, ends that are none and an operation that certainly has
    no value raise :class:`InputError`; an estimate or a text is no operand (``TypeError``).
    """

    lower: FloatArray
    upper: FloatArray
    evaluator: str = "float64"
    rule: Rule = NO_RULE
    balls: Any = None
    rests_on: str = ""

    def __post_init__(self) -> None:
        lower, upper = exact_floats(self.lower, "lower"), exact_floats(self.upper, "upper")
        if lower.shape != upper.shape:
            raise InputError(f"lower has shape {lower.shape} and upper {upper.shape}: give one")
        none = ~(lower <= upper) & ~(np.isnan(lower) & np.isnan(upper))
        if none.any():
            low, high = lower[none][0], upper[none][0]
            raise InputError(f"[{low}, {high}] is no interval: give lower ends, then upper ones")
        self.__dict__.update(lower=_sealed(lower), upper=_sealed(upper))
        if self.balls is not None:
            self.__dict__.update(balls=_sealed(self.balls))

    @classmethod
    def proved(cls, lower: FloatArray, upper: FloatArray, rule: Rule = NO_RULE) -> Self:
        """Of arrays that the float64 evaluator made, knows to be ends, and gives away: neither
        checked nor copied."""
        made = object.__new__(cls)
        lower, upper = np.asarray(lower), np.asarray(upper)  # operations make scalars of 0-d ones
        lower.setflags(write=False)
        upper.setflags(write=False)
        made.__dict__.update(lower=lower, upper=upper, evaluator="float64", rule=rule, balls=None)
        return made

    def __getattr__(self, name: str) -> Any:
        """The ends of the balls that :func:`from_balls` was given, made where they are read."""
        within = self.__dict__.get("_within")
        if name not in ("lower", "upper") or within is None:
            raise AttributeError(f"an Enclosure has no attribute {name!r}")
        low, high = array_ends(self.balls)
        low, high = np.maximum(low, within[0]), np.minimum(high, within[1])
        self.__dict__.update(lower=_sealed(low), upper=_sealed(high))
        return self.__dict__[name]

    @property
    def shape(self) -> tuple[int, ...]:
        found: tuple[int, ...] = (self.lower if self.balls is None else self.balls).shape
        return found

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
            return ball_widths(self.balls)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            smallest = np.minimum(np.abs(self.lower), np.abs(self.upper))
            zero_inside = (self.lower <= 0) & (self.upper >= 0)
            ratio = (self.upper - self.lower) / np.where(zero_inside, 0.0, smallest)
        return np.asarray(np.where(self.upper == self.lower, 0.0, ratio))

    def contains(self, value: Any) -> bool:
        """Whether every entry of ``value`` (numbers, exactly, or enclosures) lies in its
        interval; ``value in enclosure`` is the same."""
        return contained(self._operand, _known(value))

    __contains__ = contains

    def meets(self, other: Any) -> npt.NDArray[np.bool_]:
        """Entrywise: False only where the intervals are certainly disjoint, which refutes
        equality."""
        low, high = _known(other).ends
        if self.shape != low.shape:
            raise InputError(f"shapes {self.shape} and {low.shape} differ: compare like values")
        return np.asarray(~((self.lower > high) | (low > self.upper)))

    def hull(self, other: Any) -> Enclosure:
        """The least intervals around both."""
        return self._together("hull", other)

    def intersection(self, other: Any) -> Enclosure:
        """What both enclose, where both enclose the same values.

        Raises :class:`InputError` where they are certainly disjoint: they do not.
        """
        return self._together("intersection", other)

    def minimum(self, other: Any) -> Enclosure:
        """The smaller of two, entry by entry."""
        return self._together("minimum", other)

    def maximum(self, other: Any) -> Enclosure:
        """The larger of two, entry by entry: ``e.maximum(0)`` where e is known to be >= 0."""
        return self._together("maximum", other)

    def sqrt(self) -> Enclosure:
        """The square root; NaN where the enclosure reaches below 0."""
        return self._calculated("sqrt", self)

    def exp(self) -> Enclosure:
        return self._calculated("exp", self)

    def log(self) -> Enclosure:
        """The natural logarithm, -inf at 0; NaN where the enclosure reaches below 0."""
        return self._calculated("log", self)

    def sum(self, axis: int | None = None) -> Enclosure:
        """The sum along ``axis``, of all entries by default."""
        return self._made(reduced("sum", self._operand, axis), self)

    def min(self, axis: int | None = None) -> Enclosure:
        """The smallest along ``axis``, of all entries by default."""
        return self._made(reduced("min", self._operand, axis), self)

    def max(self, axis: int | None = None) -> Enclosure:
        """The largest along ``axis``, of all entries by default."""
        return self._made(reduced("max", self._operand, axis), self)

    @property
    def T(self) -> Enclosure:
        """Transposed."""
        return self._with(lambda array: array.T)

    def __getitem__(self, key: Any) -> Enclosure:
        return self._with(lambda array: array[key])

    def __len__(self) -> int:
        return len(self.lower)

    def __iter__(self) -> Iterator[Enclosure]:
        return (self[k] for k in range(len(self)))

    def __bool__(self) -> NoReturn:
        raise TypeError("an enclosure is neither true nor false: compare it with something")

    if not TYPE_CHECKING:  # with it, type checkers believe that NumPy's operators give arrays

        def __array__(self, *_: Any, **__: Any) -> NoReturn:
            raise TypeError(
                "an enclosure is no array: take .mid, .lower or .upper, or calculate with it"
            )

    def __repr__(self) -> str:
        by = f"by {self.evaluator}{self.rests_on and f', if {self.rests_on}'}"
        if not self.shape:
            return f"<Enclosure [{float(self.lower)!r}, {float(self.upper)!r}] {by}>"
        numbers = f"\n{self}" if self.lower.size <= SHOWN else ""
        return f"<Enclosure {self.shape} {by}{numbers}>"

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, spec: str) -> str:
        """As many digits as are certain, the interval where none is; ``.6`` (or ``.6g``): six at
        most."""
        found = texts(self.lower, self.upper, self.balls, spec)
        return np.array2string(found, formatter={"all": str}) if self.shape else str(found)

    def _repr_html_(self) -> str | None:
        return table(self.lower, self.upper, self.balls) if self.lower.size <= SHOWN else None

    def __getstate__(self) -> dict[str, Any]:
        """With balls as whole numbers: flint's do not pickle."""
        state = {**self.__dict__, "lower": self.lower, "upper": self.upper}
        if self.balls is not None:
            state["balls"] = self.balls.shape, [kept(ball) for ball in self.balls.ravel()]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        balls = state["balls"]
        if balls is not None:
            array = np.empty(len(balls[1]), dtype=object)
            array[:] = [restored(one) for one in balls[1]]
            state = {**state, "balls": array.reshape(balls[0])}
        self.__dict__.update(state)
        self.__post_init__()

    @property
    def _operand(self) -> Operand:
        return Operand((self.lower, self.upper), self.balls)

    @classmethod
    def _made(cls, found: Found, *given: Any) -> Self:
        lower, upper, balls = found
        rests_on = " and ".join(dict.fromkeys(filter(None, map(_premise, given))))
        by = "float64" if balls is None else "arb"
        return cls(lower, upper, by, balls=balls, rests_on=rests_on)

    def _with(self, change: Callable[[Any], Any]) -> Enclosure:
        balls = None if self.balls is None else np.asarray(change(self.balls), dtype=object)
        lower, upper = np.asarray(change(self.lower)), np.asarray(change(self.upper))
        return Enclosure(lower, upper, self.evaluator, self.rule, balls, self.rests_on)

    def _together(self, name: str, other: Any) -> Enclosure:
        return self._made(calculated(name, self._operand, _known(other)), self, other)


def _sealed(array: Any) -> Any:
    kept = np.array(array)
    kept.flags.writeable = False
    return kept


def _premise(given: Any) -> str:
    return given.rests_on if isinstance(given, Enclosure) else ""


def _known(value: Any) -> Operand:
    operand = operand_of(value)
    if operand is None:
        raise InputError(f"{shown(value)} is no enclosure and no number: give one")
    return operand


def from_balls(
    balls: Any, rule: Rule = NO_RULE, within: tuple[float, float] = (-math.inf, math.inf)
) -> Enclosure:
    """An :class:`Enclosure` from nested lists (or an object array) of arb; the ends are cut to
    ``within``, where the values lie: a wide ball reaches a little past."""
    array = np.array(balls, dtype=object)
    array.setflags(write=False)
    made = object.__new__(Enclosure)
    made.__dict__.update(evaluator="arb", rule=rule, balls=array, _within=within)
    return made
