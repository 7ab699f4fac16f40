"""Certified evaluation of statements over many configurations at once, in float64.

A scalar is an array of intervals (:mod:`gembounds.values.spans`), one for each configuration,
where single decisions have a ball: trees, domains and symbols are evaluated by the same code. What
that cannot do, because it asks for exact numbers, a branch that differs, or balls, raises, and the
claim is decided one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from gembounds.points.batch import Batch, FloatArray
from gembounds.statements.derived import Derived
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.rounding import down, gamma, up
from gembounds.values.spans import Spans, Varied

T = TypeVar("T")

RTOL = 1e-6
"""Relative error asked of population quantities (a choice: as single decisions do in float64)."""


NODES = 2**16
"""Most nodes of a grid (a choice: what asks for more is left to single decisions)."""


class Configurations:
    """A :class:`gembounds.points.batch.Batch` as single points are to those who evaluate: numbers
    are arrays of intervals, ``mix`` is itself. Whole numbers that are the same for all are whole
    numbers. Weights are the batch's over their sum, as in its points."""

    def __init__(self, batch: Batch, rtol: float = RTOL) -> None:
        self.batch, self.rtol = batch, rtol
        self._kept: dict[Any, Any] = {}

    data = None

    def __len__(self) -> int:
        return len(self.batch)

    @property
    def mix(self) -> Configurations:
        return self

    @property
    def mixture(self) -> Configurations | None:
        return None if self.batch.numbers_alone else self

    @property
    def n(self) -> int:
        return self.batch.n

    @property
    def d(self) -> int:
        return self.batch.d

    @cached_property
    def exact_means(self) -> list[list[Any]]:
        """mu_i, (n, d): 0 exactly where it is for all."""
        return [[_column(self.batch.means[:, i, k]) for k in range(self.d)] for i in range(self.n)]

    @cached_property
    def exact_weights(self) -> list[Spans]:
        shares = self.batch.weights
        total = np.sum(shares, axis=1)
        error = gamma(self.n) * total
        whole = Spans(total - 2 * error, total + 2 * error)
        return [Spans.of(np.ascontiguousarray(shares[:, i])) / whole for i in range(self.n)]

    @cached_property
    def parameters(self) -> dict[str, Any]:
        return {name: _entries(value) for name, value in self.batch.parameters.items()}

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    @cached_property
    def overlaps(self) -> BatchEnclosure:
        from gembounds import batch

        return batch.overlaps(
            self.batch.means, self.batch.weights, rtol=self.rtol, max_nodes=NODES
        )

    @cached_property
    def loss(self) -> BatchEnclosure:
        from gembounds import batch

        return batch.loss(self.batch.means, self.batch.weights, rtol=self.rtol, max_nodes=NODES)

    @cached_property
    def psi_tilde_norm2(self) -> BatchEnclosure:
        from gembounds.evaluators.float64.batch_sums import psi_tilde_norm2

        return psi_tilde_norm2(self.overlaps, self.batch.means)

    @property
    def slow(self) -> npt.NDArray[np.bool_]:
        """Whose quantities were evaluated one by one."""
        found = [self.__dict__[k].single for k in ("overlaps", "loss") if k in self.__dict__]
        slow: npt.NDArray[np.bool_] = np.logical_or.reduce(
            [np.zeros(len(self), dtype=bool), *found]
        )
        return slow

    def displaced(self, delta: FloatArray) -> Configurations:
        """Means moved by ``delta``; raises :class:`Varied` where a sum is rounded."""
        means = self.batch.means
        moved = means + delta
        part = moved - means
        if ((means - (moved - part)) + (delta - part)).any():
            raise Varied("a moved mean is no float64 number")
        found = Batch(moved, self.batch.weights, self.batch.parameters)
        return Configurations(found, self.rtol)


class ArrayOperations(Derived):
    """The arithmetic of arrays, for :func:`gembounds.statements.evaluate.evaluate`. Called with
    NumPy's floating-point errors ignored."""

    def ball(self, x: Any) -> Spans:
        return Spans.of(x)

    def exp(self, x: Any) -> Spans:
        return Spans.of(x).exp()

    def log(self, x: Any) -> Spans:
        return Spans.of(x).log()

    def sqrt(self, x: Any) -> Spans:
        return Spans.of(x).sqrt()

    def unknown(self, x: Any = None) -> Spans:
        """The root of ``x`` where there is one."""
        if x is None:
            return Spans(np.nan, np.nan)
        return Spans.of(x).sqrt().where(Spans.of(x).lower >= 0)

    def inverse_of_one_plus(self, x: Any) -> Spans:
        return 1 / (1 + Spans.of(x))

    def maximum(self, values: list[Any]) -> Any:
        if all(isinstance(v, (int, Fraction)) for v in values):
            return max(values)
        out = Spans.of(values[0])
        for value in values[1:]:
            out = out.max(value)
        return out

    def pi(self) -> Spans:
        return Spans(np.pi, np.nextafter(np.pi, 4))

    def has_value(self, x: Any) -> bool:
        return Spans.of(x).has_values

    def nonzero(self, x: Any) -> bool:
        x = Spans.of(x)
        return bool(((x.lower > 0) | (x.upper < 0)).all())

    def negative(self, x: Any) -> bool:
        return False  # then nothing is known of it

    def positive(self, x: Any) -> bool:
        return Spans.of(x) > 0

    def nonnegative(self, x: Any) -> bool:
        return bool((Spans.of(x).lower >= 0).all())

    def _shared(self, mix: Any, name: str, compute: Callable[[], T]) -> T:
        found: T = mix.kept(name, compute)
        return found

    def moved(self, point: Any, by: str) -> Any:
        delta = point.batch.parameters[by]
        return point.kept(f"moved by {by}", lambda: point.displaced(delta))

    def displaced(self, point: Any, delta: Any) -> Any:
        return self.moved(point, next(k for k, v in point.parameters.items() if _same(v, delta)))

    def over(self, data: Any) -> Any:
        if data is not None:
            raise TypeError("data are not taken in arrays")
        return self

    # -- mixtures --------------------------------------------------------------------------
    def coincident(self, mix: Any) -> bool:
        return False  # nowhere is that used to be exact

    def columns(self, mix: Any) -> list[tuple[tuple[Any, ...], int]]:
        """The columns of the means; those of which all are 0 are one."""
        found: list[tuple[tuple[Any, ...], int]] = mix.kept(
            "columns", lambda: _columns(mix.exact_means)
        )
        return found

    def gram(self, mix: Any) -> list[list[Any]]:
        return self._shared(
            mix, "gram", lambda: _sums(self.columns(mix), mix.n, lambda a, b: a * b)
        )

    def distances2(self, mix: Any) -> list[list[Any]]:
        def square(a: Any, b: Any) -> Any:
            return (Spans.of(a) - b) ** 2

        return self._shared(
            mix, "distances2", lambda: _sums(self.columns(mix), mix.n, square, same=False)
        )

    def rank(self, mix: Any) -> Spans:
        """Between 0 and what the number of means and of columns leaves."""
        some = sum(1 for e, _ in self.columns(mix) if any(x is not ZERO for x in e))
        return Spans(np.zeros(len(mix)), np.full(len(mix), float(min(mix.n - 1, some))))

    # -- population quantities -------------------------------------------------------------
    def loss(self, mix: Any) -> Spans:
        return Spans(mix.loss.lower, mix.loss.upper)

    def overlaps(self, mix: Any) -> list[list[Any]]:
        found = mix.overlaps
        return [
            [Spans(found.lower[:, i, k], found.upper[:, i, k]) for k in range(mix.n)]
            for i in range(mix.n)
        ]

    def psi_tilde_norm2(self, mix: Any) -> Spans:
        found = mix.psi_tilde_norm2
        return Spans(found.lower, found.upper)

    def gradient(self, mix: Any) -> list[list[Any]]:
        """sum_k P_ik mu_k over the columns, (n, columns)."""
        columns = self.columns(mix)

        def sums() -> list[list[Any]]:
            return [
                [_total(p * x for p, x in zip(row, column, strict=True)) for column, _ in columns]
                for row in self.overlaps(mix)
            ]

        return self._shared(mix, "gradient", sums)

    def psi(self, mix: Any, x: Any) -> list[Spans]:
        """psi_i(x) = 1 / sum_k exp(l_k - l_i), l_i = <x, mu_i> - |mu_i|^2/2 + log pi_i."""
        half = [Spans.of(s) * Fraction(1, 2) for s in self.norms2(mix)]
        logits = [
            _total(a * b for a, b in zip(mean, x, strict=True)) - s + w.log()
            for mean, s, w in zip(mix.exact_means, half, mix.exact_weights, strict=True)
        ]
        return [1 / _total((k - i).exp() for k in logits) for i in logits]


ZERO = Fraction(0)


def _column(values: FloatArray) -> Any:
    return Spans.of(np.ascontiguousarray(values)) if values.any() else ZERO


def _entries(value: Any) -> Any:
    value = np.asarray(value)
    if value.ndim > 1:
        return tuple(_entries(value[:, k]) for k in range(value.shape[1]))
    if value.dtype.kind in "iu":
        if value.size and (value == value[0]).all():
            return int(value[0])
        rounded = value.astype(np.float64)
        off = np.abs(rounded) >= 2.0**53
        return Spans(np.where(off, down(rounded), rounded), np.where(off, up(rounded), rounded))
    return _column(value)


def _columns(means: list[list[Any]]) -> list[tuple[tuple[Any, ...], int]]:
    """In order of appearance; all columns of zeros are one."""
    return list(Counter(zip(*means, strict=True)).items())


def _same(x: Any, y: Any) -> bool:
    """Whether both are tuples of tuples of the same objects."""
    return (
        isinstance(x, tuple) and isinstance(y, tuple) and len(x) == len(y)
        and all(a is b or _same(a, b) for a, b in zip(x, y, strict=True))
    )  # fmt: skip


def _sums(
    columns: list[tuple[tuple[Any, ...], int]], n: int, f: Callable[[Any, Any], Any],
    same: bool = True,
) -> list[list[Any]]:  # fmt: skip
    """Sums over the columns of ``f`` of entries i and k, (n, n); 0 for i = k unless ``same``."""
    out: list[list[Any]] = [[ZERO] * n for _ in range(n)]
    some = [e for e, _ in columns if any(x is not ZERO for x in e)]
    for i in range(n):
        for k in range(i + 1 if same else i):
            out[i][k] = out[k][i] = Spans.of(_total(f(e[i], e[k]) for e in some))
    return out


def _total(terms: Any) -> Any:
    found = ZERO
    for term in terms:
        found = term if found is ZERO else found + term
    return found
