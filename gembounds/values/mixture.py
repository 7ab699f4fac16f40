"""The mixture: exact, immutable, validated."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, MappingView, Sequence, Set
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown
from gembounds.values.rounding import LIBM, U

FloatArray = npt.NDArray[np.float64]
T = TypeVar("T")

WEIGHT_SUM_TOLERANCE = Fraction(1, 10**9)
"""Weights whose sum is this close to 1 are divided by their sum, exactly."""


class Mixture:
    """A mixture ``p(x) = sum_i pi_i phi(x | mu_i, I_d)`` with exact rational parameters.

    Parameters
    ----------
    means : (n, d) array-like, n >= 1, d >= 1
        Entries: float (the dyadic rational that it is), int, ``Fraction`` or str
        (``"1/3"``, ``"0.1"`` meaning one tenth, ``"1e-400"``).
    weights : (n,) array-like of the same kinds of number, or None for equal weights
        Positive. If their sum is within 1e-9 of 1 they are divided by it, exactly.

    Attributes
    ----------
    means, weights : read-only float64 arrays, the parameters rounded to nearest
    means_error : float
        Relative error of each entry of ``means`` (0 when all are exact); an entry that
        underflows errs by at most ``rounding.TINY`` besides.
    exact_means, exact_weights : tuples of ``Fraction``
    log_weights, log_weights_error : float64 arrays, log pi_i and a bound on its error

    Raises
    ------
    InputError
        Ragged or empty means, entries that are not finite numbers, weights of the wrong
        length, not positive, or with a sum too far from 1.
    """

    means: FloatArray
    means_error: float
    n: int
    d: int
    _given_weights: FloatArray | tuple[Fraction, ...] | None

    def __init__(self, means: Any, weights: Any = None) -> None:
        array = _float_matrix(means)
        error = 0.0
        fields = self.__dict__
        if array is None:
            fields["exact_means"] = rows = _exact_matrix(means)
            array, error = _rounded(rows)
        array.setflags(write=False)
        n, d = array.shape
        fields.update(means=array, means_error=error, n=n, d=d)
        fields["_given_weights"] = _checked_weights(weights, n)
        if weights is None:
            fields["weights"], fields["log_weights"] = _equal(n)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Mixture is immutable: make a new one instead of setting {name}")

    @cached_property
    def exact_means(self) -> tuple[tuple[Fraction, ...], ...]:
        return tuple(tuple(map(Fraction, row)) for row in self.means.tolist())

    @cached_property
    def exact_weights(self) -> tuple[Fraction, ...]:
        given = self._given_weights
        if given is None:
            return (Fraction(1, self.n),) * self.n
        exact = [Fraction(w) for w in given]
        total = sum(exact, Fraction(0))
        return tuple(w / total for w in exact)

    @property
    def equal_weights(self) -> bool:
        """Whether the weights were left out: all are 1/n exactly."""
        return self._given_weights is None

    @cached_property
    def weights(self) -> FloatArray:
        given = self._given_weights
        if isinstance(given, np.ndarray):
            out = given / math.fsum(given)  # relative error: U of fsum, U of the division
        else:
            out = np.array([float(w) for w in self.exact_weights])
        out.setflags(write=False)
        return out

    @cached_property
    def log_weights(self) -> FloatArray:
        if self.weights.min() > 1e-290:
            out = np.log(self.weights)
        else:
            out = np.array([_log_fraction(w) for w in self.exact_weights])
        out.setflags(write=False)
        return out

    @cached_property
    def log_weights_error(self) -> FloatArray:
        """Bound on |log_weights - log pi|: ``3 U`` from the weight itself, then the logarithm."""
        out: FloatArray = 4 * U + 2 * LIBM * np.abs(self.log_weights)
        out.setflags(write=False)
        return out

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """``make()``, computed once and kept with the mixture under ``key``."""
        store: dict[Hashable, Any] = self.__dict__.setdefault("_kept", {})
        if key not in store:
            store[key] = make()
        return cast(T, store[key])

    def moved(self, means: FloatArray) -> Mixture:
        """The mixture of ``means``, a finite float64 (n, d) array that the caller gives away, with
        the weights of this one and what was computed of them."""
        other = object.__new__(Mixture)
        means.setflags(write=False)
        fields = other.__dict__
        fields.update(means=means, means_error=0.0, n=self.n, d=means.shape[1])
        fields["_given_weights"] = self._given_weights
        for name in ("exact_weights", "weights", "log_weights", "log_weights_error"):
            fields[name] = getattr(self, name)
        return other

    def __reduce__(self) -> tuple[type[Mixture], tuple[Any, Any]]:
        means = self.__dict__.get("exact_means", self.means)
        return Mixture, (means, self._given_weights)

    def __repr__(self) -> str:
        return f"Mixture(n={self.n}, d={self.d})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mixture):
            return NotImplemented
        same = self.means.shape == other.means.shape and bool(np.all(self.means == other.means))
        if same and (self.means_error or other.means_error):  # rounded: compare what they mean
            same = self.exact_means == other.exact_means
        return same and self.exact_weights == other.exact_weights

    def __hash__(self) -> int:
        return hash(((self.means + 0.0).tobytes(), self.exact_weights))  # -0.0 is 0.0


@lru_cache(maxsize=64)
def _equal(n: int) -> tuple[FloatArray, FloatArray]:
    """Equal weights and their logarithms, shared by all mixtures of n components."""
    weight = 1.0 / n
    out = np.full(n, weight), np.full(n, math.log(weight))
    for x in out:
        x.setflags(write=False)
    return out


def _float_matrix(means: Any) -> FloatArray | None:
    """``means`` as a new float64 matrix if that loses nothing, else None (the exact path)."""
    _check_masked(means, "means")
    if isinstance(means, np.ndarray):
        kind = means.dtype.kind
        small = kind in "iu" and means.size and int(np.abs(means).max()) <= 2**53
        if not (small or (kind == "f" and means.dtype.itemsize <= 8)):
            return None
        out = np.array(means, dtype=np.float64, order="C")
    else:
        if not _lists_of_floats(means):
            return None
        try:
            out = np.array(means, dtype=np.float64)
        except ValueError:  # ragged rows: the exact path names the row
            return None
    if out.ndim != 2 or 0 in out.shape:
        return None
    if not (math.isfinite(np.vdot(out, out)) or np.isfinite(out).all()):
        i, k = np.argwhere(~np.isfinite(out))[0]
        raise InputError(f"means[{i}][{k}] is {out[i, k]}: every entry must be a finite number")
    return out


def _lists_of_floats(rows: Any) -> bool:
    """Lists or tuples only: looking into an iterator would use it up."""
    return type(rows) in (list, tuple) and all(
        type(row) in (list, tuple) and all(type(x) is float for x in row) for row in rows
    )


def _exact_matrix(means: Any) -> tuple[tuple[Fraction, ...], ...]:
    rows = []
    for i, row in enumerate(listed(means, "means", "a list of n rows of d numbers")):
        entries = listed(row, f"means[{i}]", "a row of d numbers")
        rows.append(tuple(exact_number(x, f"means[{i}][{k}]") for k, x in enumerate(entries)))
        if len(rows[i]) != len(rows[0]):
            raise InputError(
                f"means[{i}] has {len(rows[i])} entries where means[0] has {len(rows[0])}: "
                "give every row the same length"
            )
    if not rows:
        raise InputError("means is empty: give at least one row")
    if not rows[0]:
        raise InputError("means[0] is empty: give every row at least one entry")
    return tuple(rows)


def _sequence(value: Any) -> bool:
    """Whether a value has items in an order of its own: text has none that are numbers, a set no
    order, and the items of a table (a dict, a data frame) are its keys."""
    if getattr(value, "shape", None) == ():  # it iterates in name only
        return False
    no = (str, bytes, bytearray, memoryview, Set, MappingView)
    return hasattr(value, "__iter__") and not (isinstance(value, no) or hasattr(value, "keys"))


def listed(value: Any, name: str, wanted: str) -> Sequence[Any]:
    """The items of a sequence; :class:`InputError`, which says what is ``wanted``, for others."""
    _check_masked(value, name)
    if not _sequence(value):
        raise InputError(f"{name} is {shown(value)}: give {wanted}")
    return list(value)


def _check_masked(value: Any, name: str) -> None:
    if isinstance(value, np.ma.MaskedArray):
        raise InputError(f"{name} is a masked array: give one without a mask, such as .filled(0)")


def _rounded(rows: tuple[tuple[Fraction, ...], ...]) -> tuple[FloatArray, float]:
    try:
        out = np.array([[float(x) for x in row] for row in rows])
    except OverflowError:
        i, k = next(
            (i, k)
            for i, row in enumerate(rows)
            for k, x in enumerate(row)
            if abs(x) >= Fraction(2) ** 1024 - Fraction(2) ** 970
        )
        raise InputError(
            f"means[{i}][{k}] is beyond the range of float64 (about 1.8e308): "
            "give a smaller number"
        ) from None
    exact = all(
        Fraction(f) == x
        for fs, row in zip(out.tolist(), rows, strict=True)
        for f, x in zip(fs, row, strict=True)
    )
    return out, 0.0 if exact else U


def _checked_weights(weights: Any, n: int) -> FloatArray | tuple[Fraction, ...] | None:
    """The weights as given and validated: an array (floats), Fractions, or None (equal)."""
    if weights is None:
        return None
    _check_masked(weights, "weights")
    given: FloatArray | tuple[Fraction, ...]
    if isinstance(weights, np.ndarray) and weights.dtype == np.float64 and weights.ndim == 1:
        given = weights.copy()
    elif type(weights) in (list, tuple) and all(type(w) is float for w in weights):
        given = np.array(weights, dtype=np.float64)
    else:
        weights = listed(weights, "weights", "a list of n positive numbers")
        given = tuple(exact_number(w, f"weights[{i}]") for i, w in enumerate(weights))
    if len(given) != n:
        raise InputError(f"weights has {len(given)} entries for {n} means: give one a mean")
    if isinstance(given, np.ndarray):
        given.setflags(write=False)
        if not given.min() > 0 or not given.max() < math.inf:
            i = int(np.argmin((given > 0) & (given < math.inf)))
            raise InputError(f"weights[{i}] is {given[i]}: weights must be positive and finite")
        # fsum overflows on weights near the end of float64's range: they are summed exactly
        near = given.max() < 2.0 and abs(math.fsum(given) - 1.0) <= 0.99e-9
        if not near:
            _check_sum(sum(map(Fraction, given.tolist()), Fraction(0)))
        return given
    for i, w in enumerate(given):
        if w <= 0:
            raise InputError(f"weights[{i}] is {shown(weights[i])}: weights must be positive")
    _check_sum(sum(given, Fraction(0)))
    return given


def _check_sum(total: Fraction) -> None:
    if abs(total - 1) > WEIGHT_SUM_TOLERANCE:
        try:
            text = repr(float(total))
        except OverflowError:
            text = "more than 1e308"
        raise InputError(
            f"weights sum to {text}: they must sum to 1 within 1e-9; divide by the sum"
        )


def _log_fraction(x: Fraction) -> float:
    """log x for a positive rational, relative error below ``LIBM`` (balls, 64 bits to spare)."""
    from flint import arb, fmpq

    from gembounds.values.precision import working_precision

    with working_precision(128):
        return float(arb(fmpq(x.numerator, x.denominator)).log().mid())
