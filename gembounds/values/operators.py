"""The operators of Python, and NumPy's functions of the same names, for what has operands."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self, cast

import numpy as np

from gembounds.values.calculation import (
    ELEMENTWISE,
    REDUCTIONS,
    Found,
    Operand,
    calculated,
    compare,
    exact_operand,
)
from gembounds.values.truth import Truth

SIGNS = {
    "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==",
    "not_equal": "!=",
}  # fmt: skip
"""By the names of NumPy's functions."""

INSTEAD = "use + - * / ** @, abs, sqrt, exp, log, sum, min, max; or .mid, .lower and .upper"


class Operators:
    """A mixin: ``+ - * / ** @``, ``abs`` and comparisons with its kind and with exact numbers."""

    @property
    @abstractmethod
    def _operand(self) -> Operand: ...

    @classmethod
    @abstractmethod
    def _made(cls, found: Found, *given: Any) -> Self:
        """What was ``found`` by calculating with ``given``."""

    def __add__(self, other: Any) -> Self:
        return self._calculated("add", self, other)

    def __radd__(self, other: Any) -> Self:
        return self._calculated("add", other, self)

    def __sub__(self, other: Any) -> Self:
        return self._calculated("subtract", self, other)

    def __rsub__(self, other: Any) -> Self:
        return self._calculated("subtract", other, self)

    def __mul__(self, other: Any) -> Self:
        return self._calculated("multiply", self, other)

    def __rmul__(self, other: Any) -> Self:
        return self._calculated("multiply", other, self)

    def __truediv__(self, other: Any) -> Self:
        return self._calculated("divide", self, other)

    def __rtruediv__(self, other: Any) -> Self:
        return self._calculated("divide", other, self)

    def __pow__(self, other: Any) -> Self:
        return self._calculated("power", self, other)

    def __rpow__(self, other: Any) -> Self:
        return self._calculated("power", other, self)

    def __matmul__(self, other: Any) -> Self:
        return self._calculated("matmul", self, other)

    def __rmatmul__(self, other: Any) -> Self:
        return self._calculated("matmul", other, self)

    def __neg__(self) -> Self:
        return self._calculated("negative", self)

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        return self._calculated("absolute", self)

    def __lt__(self, other: Any) -> Truth:
        return self._compared("<", self, other)

    def __le__(self, other: Any) -> Truth:
        return self._compared("<=", self, other)

    def __gt__(self, other: Any) -> Truth:
        return self._compared(">", self, other)

    def __ge__(self, other: Any) -> Truth:
        return self._compared(">=", self, other)

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return self._compared("==", self, other)

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return self._compared("!=", self, other)

    __hash__ = object.__hash__

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's operators and functions on enclosures, and on arrays and enclosures."""
        name = ufunc.__name__
        plain = method == "__call__" and not options
        if plain and all(operand_of(x) is not None for x in inputs):
            if name in SIGNS:
                return self._compared(SIGNS[name], *inputs)
            if name in ELEMENTWISE or name == "matmul":
                return self._calculated(name, *inputs)
        called = name if method == "__call__" else f"{name}.{method}"
        kinds = ", ".join([*(_called(x) for x in inputs), *(f"{key}=" for key in options)])
        raise TypeError(f"numpy.{called}({kinds}) is not for enclosures: {INSTEAD}")

    def __array_function__(self, function: Any, _: Any, given: Any, options: Any) -> Any:
        name = function.__name__.removeprefix("a")  # amin and amax, before NumPy 2
        if not given:
            given, options = (options["a"],), {k: v for k, v in options.items() if k != "a"}
        if name in REDUCTIONS and isinstance(given[0], Operators):
            return getattr(given[0], name)(*given[1:], **options)
        raise TypeError(f"numpy.{function.__name__} is not for enclosures: {INSTEAD}")

    @classmethod
    def _calculated(cls, name: str, *given: Any) -> Self:
        operands = []
        for one in given:
            operand = operand_of(one)
            if operand is None:
                return cast("Self", NotImplemented)
            operands.append(operand)
        return cls._made(calculated(name, *operands), *given)

    @staticmethod
    def _compared(sign: str, one: Any, other: Any) -> Truth:
        a, b = operand_of(one), operand_of(other)
        if a is None or b is None:
            return cast("Truth", NotImplemented)
        how = f"{_called(one)} {sign} {_called(other)}"
        if one is other and not np.isnan(a.ends[0]).any():  # one value, whatever it is
            return Truth(sign in ("==", "<=", ">="), sign in ("!=", "<", ">"), how)
        return compare(sign, a, b, how)


def operand_of(value: Any) -> Operand | None:
    """What can be calculated with: None for anything else."""
    return value._operand if isinstance(value, Operators) else exact_operand(value)


def _called(operand: Any) -> str:
    return "enclosure" if isinstance(operand, Operators) else type(operand).__name__
