"""A point at which a core is tried: a mixture of float64 numbers, places x, a step, a number."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from gembounds.conform import given
from gembounds.conform.circumstances import USUAL, How
from gembounds.conform.protocol import AT, OVER, FloatArray
from gembounds.points.point import Point, mixture_from_json
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture

T = TypeVar("T")

KEYS = ("means", "columns", "repeats", "weights", "variances", "salt", "parameters", "x", "rows",
        "eta", "data", "how")  # fmt: skip
"""Of the JSON form."""

ETAS = (0.7, 1.0, 0.1)
"""Step sizes tried: the paper's 0.7 among them."""

SAMPLE = 40
"""Numbers in a sample that is drawn (a choice: a likelihood costs some milliseconds)."""

REACHES = (1.0, 1.0, 1.0, 3.0, 30.0)
"""Lengths of the normal vectors among the places x."""


class Case:
    """Means and weights that are float64 numbers, some weights perhaps 0; the places ``x``,
    repeated one after the other to ``rows`` rows; the step ``eta``; ``how`` the core is called.
    Places and step that are not given are drawn, like everything else at this point, by ``salt``.
    ``rank`` is a bound of the rank that whoever made the means knows."""

    def __init__(
        self, means: Any, weights: Any, salt: int, x: Any = None,
        parameters: Mapping[str, Any] | None = None, *, rows: int | None = None,
        eta: float | None = None, how: How = USUAL, rank: int | None = None,
        data: tuple[Any, Any] | None = None, variances: Any = None,
    ) -> None:  # fmt: skip
        self._means: FloatArray = np.array(means, dtype=np.float64)
        self._weights: FloatArray = np.array(weights, dtype=np.float64)
        self.mix, self.present = _present(self._means, self._weights)
        self.salt = salt
        self.n, self.d = len(self._weights), self.mix.d
        self._kept: dict[Any, Any] = {}
        self.given_x = None if x is None else np.array(x, dtype=np.float64)
        self.given_rows, self.how = rows, how
        self.given_eta = None if eta is None else float(eta)
        self._given_rank = rank
        self.given_data = None if data is None else _floats(data)
        self.given_variances = None if variances is None else given.variances(variances, self.n)
        self.point = Point(self.mix, dict(parameters or {}))

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """``make()``, computed once and kept with the case under ``key``."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast(T, self._kept[key])

    @property
    def means(self) -> FloatArray:
        """(n, d), a fresh copy each time: a core may spoil what it is given."""
        return self._means.copy()

    @property
    def weights(self) -> FloatArray:
        """(n,), a fresh copy; their sum is 1 up to rounding."""
        return self._weights.copy()

    @property
    def eta(self) -> float:
        return ETAS[self.salt % len(ETAS)] if self.given_eta is None else self.given_eta

    def rng(self, purpose: str) -> np.random.Generator:
        """Random numbers that depend on the salt and ``purpose`` alone."""
        return np.random.default_rng([self.salt, *purpose.encode()])

    @cached_property
    def places(self) -> FloatArray:
        """The different rows of x, (p, d): normal vectors, some long ones, a mean, and 0."""
        if self.given_x is not None:
            return self.given_x
        rng = self.rng("x")
        drawn = rng.normal(size=(len(REACHES), self.d)) * np.array(REACHES)[:, None]
        k = int(rng.integers(self.n))
        return np.vstack([drawn, self.means[k], np.zeros(self.d)])

    @property
    def rows(self) -> npt.NDArray[np.intp]:
        """Which of the places each row of x is, (m,)."""
        p = len(self.places)
        return np.arange(self.given_rows or p) % p

    @property
    def x(self) -> FloatArray:
        """(m, d), a fresh copy."""
        return np.asarray(self.places[self.rows])

    def arguments(self, function: str) -> tuple[Any, ...]:
        """What ``function`` of a core is called with here; fresh arrays."""
        if function in AT:
            return self.x, self.means, self.weights
        if function == "em_sample_step":
            return self.sample, self.means, self.weights, self.variances
        data = self.data if function in OVER else ()
        last = (self.eta,) if function.startswith("em_step") else ()
        return (self.means, self.weights, *data, *last)

    @property
    def variances(self) -> FloatArray:
        """Of the components where EM starts, (n,), a fresh copy: 1 if none are given."""
        found = self.given_variances
        return np.ones(self.n) if found is None else found.copy()

    @property
    def sample(self) -> FloatArray:
        """The sample of EM, (m, d), a fresh copy: the places that are given, else numbers around
        the means with spreads of their own, half as far out again."""
        if self.given_x is not None:
            return self.given_x.copy()
        rng = self.rng("sample")
        of = rng.integers(self.n, size=SAMPLE)
        spread = rng.choice([0.5, 1.0, 2.0], size=self.n)[of, None]
        return np.asarray(1.5 * self._means[of] + spread * rng.normal(size=(SAMPLE, self.d)))

    @property
    def data(self) -> tuple[FloatArray, FloatArray]:
        """Means (J, d) and weights (J,) of the data, fresh copies."""
        means, weights = self.kept("data", lambda: self.given_data or self._drawn_data())
        return means.copy(), weights.copy()

    def _drawn_data(self) -> tuple[FloatArray, FloatArray]:
        """The model itself, or up to three components: means of the model's, their averages, as
        far out as these, and 0."""
        rng = self.rng("data")
        if self.n <= 3 and rng.random() < 0.2:
            return np.array(self.mix.means), self._weights[self.present]
        count, top = int(rng.integers(1, 4)), float(self.norms.max())
        rows = []
        for kind in rng.integers(0, 4, size=count):
            if kind == 0:
                rows.append(self.means[rng.integers(self.n)])
            elif kind == 1:
                rows.append(rng.dirichlet(np.ones(self.n)) @ self.means)
            else:
                away = rng.normal(size=self.d)
                rows.append((kind - 2) * top * rng.random() * away / np.linalg.norm(away))
        return np.array(rows) + 0.0, np.asarray(0.8 * rng.dirichlet(np.ones(count)) + 0.2 / count)

    def size(self, which: str) -> float:
        """What ``which`` of the limits of a core is about."""
        if which == "max_n":
            return self.n
        if which == "max_d":
            return self.d
        if which == "max_rank":
            return self.rank
        if which == "max_norm":
            return float(self.norms.max())
        return float(self.weights.min())

    @cached_property
    def norms(self) -> FloatArray:
        """|mu_i|, (n,)."""
        return np.asarray(np.linalg.norm(self._means, axis=1))

    @property
    def whole(self) -> Mixture:
        """The means of all components, those of weight 0 too."""
        return self.mix if self.present.all() else Mixture(self._means)

    @cached_property
    def rank(self) -> int:
        """Exact rank of the differences of the means, or the bound that was given."""
        if self._given_rank is not None:
            return self._given_rank
        from gembounds.evaluators.reduction.exact import reduce_exactly

        return int(reduce_exactly(self.whole).rank)

    def to_json(self) -> dict[str, Any]:
        """Means and weights as floats (which JSON keeps), equal columns once where that is
        shorter, the salt, and what else was given."""
        from gembounds.values.columns import runs

        blocks = runs(self.whole)
        out: dict[str, Any] = {}
        if 2 * len(blocks) <= self.d and self.d > 8:
            out["columns"] = [[_short(float(x)) for x in entries] for entries, _ in blocks]
            out["repeats"] = [length for _, length in blocks]
        else:
            out["means"] = [[_short(x) for x in row] for row in self._means.tolist()]
        out["weights"] = [_short(w) for w in self.weights.tolist()]
        out["salt"] = self.salt
        if self.given_x is not None:
            out["x"] = [[_short(x) for x in row] for row in self.given_x.tolist()]
        if self.given_variances is not None:
            out["variances"] = [_short(v) for v in self.given_variances.tolist()]
        if self.given_data is not None:
            means, shares = self.given_data
            out["data"] = {"means": [[_short(x) for x in row] for row in means.tolist()],
                           "weights": [_short(w) for w in shares.tolist()]}  # fmt: skip
        for key, value in (("rows", self.given_rows), ("eta", self.given_eta)):
            if value is not None:
                out[key] = _short(float(value))
        if self.how != USUAL:
            out["how"] = self.how.to_json()
        return out | {k: v for k, v in self.point.to_json().items() if k == "parameters"}

    def __repr__(self) -> str:
        return json.dumps(self.to_json())

    @staticmethod
    def from_json(data: Any) -> Case:
        """The case that :meth:`to_json` wrote; raises :class:`InputError` for anything else."""
        if not isinstance(data, Mapping):
            raise InputError(f"a point is {data!r}: give an object with means and weights")
        unknown = sorted(set(data) - set(KEYS))
        if unknown:
            raise InputError(f"unknown key {unknown[0]!r}: a point has means, weights, salt")
        salt = data.get("salt", 0)
        if isinstance(salt, bool) or not isinstance(salt, int) or salt < 0:
            raise InputError(f"salt is {salt!r}: give an integer that is not negative")
        parameters = {"parameters": data.get("parameters", {})}
        weights = given.weights(data.get("weights"))
        some_0 = weights is not None and not weights.all()
        mix = mixture_from_json({**data, "weights": None} if some_0 else data)
        return Case(
            mix.means, mix.weights if weights is None else weights, salt,
            given.places(data.get("x"), mix.d),
            Point.from_json(parameters).parameters, rows=given.rows(data.get("rows")),
            eta=given.eta(data.get("eta")), how=How.from_json(data.get("how", {})),
            data=given.data(data.get("data"), mix.d), variances=data.get("variances"),
        )  # fmt: skip

    @staticmethod
    def of(point: Point, salt: int) -> Case:
        """The point with its mixture's numbers rounded to float64."""
        return Case(point.mix.means, point.mix.weights, salt, parameters=point.parameters)

    def but(self, **changed: Any) -> Case:
        """The same with some arguments of the constructor changed."""
        kept = {"means": self.means, "weights": self.weights, "salt": self.salt,
                "x": self.given_x, "parameters": self.point.parameters, "rows": self.given_rows,
                "eta": self.given_eta, "how": self.how, "data": self.given_data,
                "variances": self.given_variances}  # fmt: skip
        return Case(**{**kept, **changed})


def _present(means: FloatArray, weights: FloatArray) -> tuple[Mixture, npt.NDArray[np.bool_]]:
    """The mixture of the components whose weight is not 0, and which they are."""
    present = weights != 0
    if present.all():
        return Mixture(means, weights), present
    if len(weights) != len(means) or not present.any():
        raise InputError(f"weights are {weights.tolist()}: give one for each of {len(means)} "
                         "components, with sum 1")  # fmt: skip
    return Mixture(means[present], weights[present]), present


def _short(x: float) -> float | int:
    return int(x) if x.is_integer() and abs(x) < 1e15 else x


def _floats(data: tuple[Any, Any]) -> tuple[FloatArray, FloatArray]:
    means, weights = (np.array(x, dtype=np.float64) for x in data)
    return means, weights
