"""The numbers that nodes and sums are made of: mpmath's, or MPFR's where gmpy2 is installed.

Both are binary floating point at one precision with exponents of any size that occurs; MPFR
rounds as mpmath does and is about eight times faster. What goes in and what comes out is mpmath.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from mpmath import mp

from gembounds.evaluators.reference.precision import ObjectArray


class Arithmetic(Protocol):
    """One type of number; ``entered`` and ``left`` convert from mpf and to it, exactly."""

    def precision(self) -> Any:
        """A context manager that sets the type's precision to mpmath's."""

    def entered(self, array: ObjectArray) -> ObjectArray: ...

    def left(self, array: ObjectArray) -> ObjectArray: ...

    def dot(self, a: ObjectArray, b: ObjectArray) -> Any: ...

    def exp(self, array: ObjectArray) -> ObjectArray: ...

    def log(self, array: ObjectArray) -> ObjectArray: ...


class Mpmath:
    """mpf itself."""

    @contextmanager
    def precision(self) -> Iterator[None]:
        yield

    def entered(self, array: ObjectArray) -> ObjectArray:
        return array

    def left(self, array: ObjectArray) -> ObjectArray:
        return array

    def dot(self, a: ObjectArray, b: ObjectArray) -> Any:
        return mp.fdot(a, b)

    def exp(self, array: ObjectArray) -> ObjectArray:
        return np.asarray(np.frompyfunc(mp.exp, 1, 1)(array))

    def log(self, array: ObjectArray) -> ObjectArray:
        return np.asarray(np.frompyfunc(mp.log, 1, 1)(array))


class Mpfr:
    """MPFR numbers of gmpy2, in a context with the widest range of exponents."""

    def __init__(self, gmpy2: Any) -> None:
        self._gmpy2 = gmpy2
        self._enter = np.frompyfunc(self._from_mpf, 1, 1)
        self._leave = np.frompyfunc(self._to_mpf, 1, 1)
        self._exp = np.frompyfunc(gmpy2.exp, 1, 1)
        self._log = np.frompyfunc(gmpy2.log, 1, 1)

    def precision(self) -> Any:
        gmpy2 = self._gmpy2
        return gmpy2.context(
            precision=mp.prec, emin=gmpy2.get_emin_min(), emax=gmpy2.get_emax_max()
        )

    def _from_mpf(self, value: Any) -> Any:
        negative, mantissa, exponent, _ = value._mpf_
        shift = self._gmpy2.mul_2exp if exponent >= 0 else self._gmpy2.div_2exp
        return shift(self._gmpy2.mpfr(-mantissa if negative else mantissa), abs(exponent))

    def _to_mpf(self, value: Any) -> Any:
        if not self._gmpy2.is_finite(value):
            raise ArithmeticError(f"{value} in a sum: an exponent is beyond MPFR's range")
        mantissa, exponent = value.as_mantissa_exp()
        return mp.mpf((int(mantissa), int(exponent)))

    def entered(self, array: ObjectArray) -> ObjectArray:
        return np.asarray(self._enter(array))

    def left(self, array: ObjectArray) -> ObjectArray:
        return np.asarray(self._leave(array))

    def dot(self, a: ObjectArray, b: ObjectArray) -> Any:
        return np.dot(a, b)

    def exp(self, array: ObjectArray) -> ObjectArray:
        return np.asarray(self._exp(array))

    def log(self, array: ObjectArray) -> ObjectArray:
        return np.asarray(self._log(array))


@lru_cache(maxsize=1)
def fastest() -> Arithmetic:
    """:class:`Mpfr` if gmpy2 can be imported, else :class:`Mpmath`."""
    try:
        return Mpfr(importlib.import_module("gmpy2"))
    except ImportError:
        return Mpmath()
