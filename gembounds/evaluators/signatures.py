"""What a population quantity takes and gives, by evaluator, for type checkers."""

from __future__ import annotations

from typing import Any, Literal, Protocol, overload

from gembounds.values.enclosure import Enclosure
from gembounds.values.estimates import Estimate, StatisticalInterval
from gembounds.values.mixture import Mixture

Result = Enclosure | Estimate | StatisticalInterval


class Quantity(Protocol):
    """A function of a mixture by any of the four evaluators."""

    __name__: str

    @overload
    def __call__(
        self, mix: Mixture, *, data: Mixture | None = None,
        evaluator: Literal["float64"] = "float64", rtol: float | None = None,
        max_nodes: int | None = None,
    ) -> Enclosure: ...  # fmt: skip
    @overload
    def __call__(
        self, mix: Mixture, *, data: Mixture | None = None, evaluator: Literal["arb"],
        bits: int | None = None, rtol: float | None = None, max_nodes: int | None = None,
    ) -> Enclosure: ...  # fmt: skip
    @overload
    def __call__(
        self,
        mix: Mixture,
        *,
        data: Mixture | None = None,
        evaluator: Literal["mpmath"],
        digits: int | None = None,
    ) -> Estimate: ...
    @overload
    def __call__(
        self, mix: Mixture, *, data: Mixture | None = None, evaluator: Literal["qmc"],
        samples: int | None = None, failure_probability: float | None = None,
        seed: int | None = None,
    ) -> StatisticalInterval: ...  # fmt: skip
    @overload
    def __call__(
        self, mix: Mixture, *, data: Mixture | None = None, evaluator: str, **options: Any
    ) -> Any: ...


class Pointwise(Protocol):
    """An elementary function of the parameters, by the evaluators that are not random."""

    __name__: str

    @overload
    def __call__(
        self, mix: Mixture, *, evaluator: Literal["float64"] = "float64"
    ) -> Enclosure: ...
    @overload
    def __call__(
        self, mix: Mixture, *, evaluator: Literal["arb"], bits: int | None = None
    ) -> Enclosure: ...
    @overload
    def __call__(
        self, mix: Mixture, *, evaluator: Literal["mpmath"], digits: int | None = None
    ) -> Estimate: ...
    @overload
    def __call__(self, mix: Mixture, *, evaluator: str, **options: Any) -> Any: ...


class PointwiseAt(Protocol):
    """The same at a place x."""

    __name__: str

    @overload
    def __call__(
        self, mix: Mixture, x: Any, *, evaluator: Literal["float64"] = "float64"
    ) -> Enclosure: ...
    @overload
    def __call__(
        self, mix: Mixture, x: Any, *, evaluator: Literal["arb"], bits: int | None = None
    ) -> Enclosure: ...
    @overload
    def __call__(
        self, mix: Mixture, x: Any, *, evaluator: Literal["mpmath"], digits: int | None = None
    ) -> Estimate: ...
    @overload
    def __call__(self, mix: Mixture, x: Any, *, evaluator: str, **options: Any) -> Any: ...
