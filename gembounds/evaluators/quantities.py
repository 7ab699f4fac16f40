"""The population quantities of a mixture, by any evaluator.

    L(mu)      = KL(N(0, I) || p_mu) = -E log(p_mu(x) / p_0(x))
    grad_i L   = E[psi_i sum_k psi_k mu_k] = sum_k P_ik mu_k
    E|psi~|^2  = sum_ik P_ik <mu_i, mu_k>,     P_ik = E[psi_i psi_k]

with x ~ N(0, I_d) and psi the posteriors; with ``data=`` a mixture, x is distributed so, and L is
KL(data || mixture) (:mod:`gembounds.evaluators.data`). ``help(gembounds.loss)`` has the evaluators
and options.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from gembounds.evaluators.options import (
    DEFAULT_RTOL,
    MAX_RTOL,
    MIN_RTOL,
    arb_options,
    digits_of,
    nodes_of,
    rtol_of,
    used,
)
from gembounds.evaluators.signatures import Pointwise, PointwiseAt, Quantity, Result
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure, from_balls
from gembounds.values.estimates import Estimate
from gembounds.values.mixture import Mixture, listed
from gembounds.values.numerals import exact_number

if TYPE_CHECKING:
    from types import ModuleType

RANGES = {
    "overlaps": (0.0, 1.0), "loss": (0.0, math.inf), "psi_tilde_norm2": (0.0, math.inf),
    "expected_posterior": (0.0, 1.0),
}  # fmt: skip
"""Where the values lie, whatever the mixture."""

OPTIONS = """

    Parameters
    ----------
    mix : Mixture
    data : Mixture or None
        What x is distributed as, of the same d; None: N(0, I).
    evaluator : {"float64", "arb", "mpmath", "qmc"}
        The first two give an :class:`Enclosure`, ``mpmath`` an :class:`Estimate`, ``qmc`` a
        :class:`StatisticalInterval`.
    rtol : float, for float64 (1e-13 to 1e-3, default 1e-10) and arb (1e-300 to 0.5)
        Relative accuracy of the quadrature rule; by float64, balls help below 5e-13 where they
        are quick. Rounding adds to it, and for the loss by
        float64 it is relative to sum pi_i |mu_i|^2 / 2 over the components near the origin, from
        which L is found by subtraction, and for tiny configurations to L itself. Over data,
        L is a difference: balls keep its relative accuracy, float64 may give 0 for its lower end.
    bits : int, for arb (8 to 4096, default 128)
        Relative bits; with ``rtol``, of the working precision alone.
    digits : int, for mpmath (5 to 200, default 30)
    max_nodes : int, for float64 and arb
        Largest grid; where it is too small for the accuracy, the enclosure is wider. By default
        it keeps a call to ten seconds or so: 2^19 for arb; for float64 2^28, at most 2^35 over
        n (n + 1) / 2. Over data, of each component's grid.
    samples, failure_probability, seed : int, float, int, for qmc (``samples`` a component of the
        data)

    Raises
    ------
    InputError
        For an option out of range or one that the evaluator ignores, and for data of another d.
    RankError
        Where the differences of the means span more than 5 dimensions (float64), 16 (arb) or 2
        (mpmath).
"""

POINTWISE_OPTIONS = """

    ``evaluator``: "float64" and "arb" (``bits``, 8 to 4096, default 128) give an
    :class:`Enclosure`, "mpmath" (``digits``, 5 to 200, default 30) an :class:`Estimate`. Raises
    :class:`InputError` for an option out of range or one that the evaluator ignores.
"""

PLACES = {
    "float64": "float64.quantities", "arb": "balls.quantities", "mpmath": "reference",
    "qmc": "qmc",
}  # fmt: skip
"""Where the evaluators are; below ``data`` the rooms' names are modules."""

POINTWISE_EVALUATORS = ("float64", "arb", "mpmath")


def _quantity(described: Callable[[], None]) -> Quantity:
    """The function that the name and docstring of ``described`` are about."""
    name = described.__name__

    def found(
        mix: Mixture, *, data: Mixture | None = None, evaluator: str = "float64",
        rtol: float | None = None, bits: int | None = None, digits: int | None = None,
        max_nodes: int | None = None, samples: int | None = None,
        failure_probability: float | None = None, seed: int | None = None,
    ) -> Result:  # fmt: skip
        given = {
            "rtol": rtol, "bits": bits, "digits": digits, "max_nodes": max_nodes,
            "samples": samples, "failure_probability": failure_probability, "seed": seed,
        }  # fmt: skip
        return _evaluate(name, mix, data, evaluator, given)

    return cast("Quantity", _named(found, described, OPTIONS))


def _parameter(in_balls: str) -> Callable[[Callable[[], None]], Pointwise]:
    """The same for a function of the parameters; ``in_balls`` is its name among the balls."""

    def made(described: Callable[[], None]) -> Pointwise:
        name = described.__name__

        def found(
            mix: Mixture, *, evaluator: str = "float64", bits: int | None = None,
            digits: int | None = None,
        ) -> Enclosure | Estimate:  # fmt: skip
            from gembounds.evaluators.balls import pointwise

            _check_mixture(mix)
            return _pointwise(
                evaluator, bits, digits,
                lambda: getattr(pointwise, in_balls)(mix),
                lambda most: getattr(_module("reference"), name)(mix, digits=most),
            )  # fmt: skip

        return cast("Pointwise", _named(found, described, POINTWISE_OPTIONS))

    return made


def _named(function: Any, described: Callable[..., Any], options: str) -> Any:
    function.__name__ = function.__qualname__ = described.__name__
    function.__doc__ = (described.__doc__ or "").rstrip() + options
    return function


@_quantity
def loss() -> None:
    """L = KL(N(0, I) || mixture), or KL(data || mixture), a scalar >= 0.

    0 exactly where the data are the mixture. Source: the paper's equation (4)."""


@_quantity
def gradient() -> None:
    """grad_i L = E[psi_i (mu_i - x)], shape (n, d); over N(0, I) sum_k E[psi_i psi_k] mu_k.

    Source: the paper's Lemma 9."""


@_quantity
def psi_tilde_norm2() -> None:
    """E|psi~|^2, psi~ = sum_i psi_i mu_i, a scalar >= 0; over N(0, I) it is <grad L, mu>.

    Source: the paper's Corollary 10.
    """


@_quantity
def overlaps() -> None:
    """P_ik = E[psi_i psi_k], shape (n, n), symmetric, rows summing to E psi_i.

    By float64 and arb each entry is accurate relative to itself, however small it is (within
    float64's range and ``max_nodes``). Source: the paper's Lemma 9.
    """


@_quantity
def expected_posterior() -> None:
    """E psi_i = sum_k P_ik, shape (n,): the weights after a step of EM that moves them too.

    By float64 and arb each entry is accurate relative to itself."""


@_parameter("sum_of_squares")
def U() -> None:
    """U = sum_i |mu_i|^2, a scalar. Source: the paper's notation."""


@_parameter("largest_norm")
def mu_max() -> None:
    """mu_max = max_i |mu_i|, a scalar. Source: the paper's notation."""


@_parameter("smallest_weight")
def pi_min() -> None:
    """pi_min = min_i pi_i, a scalar. Source: the paper's notation."""


def gradient_of_q(
    mix: Mixture, *, bits: int | None = None, max_nodes: int | None = None
) -> Enclosure:
    """grad Q = E[psi_i (mu_i - x)], shape (n, d), from first moments, in balls.

    Equal to :func:`gradient` by the paper's Fact 1 and Lemma 9, evaluated by another formula.
    """
    _check_mixture(mix)
    bits, _, nodes = arb_options(bits, None, max_nodes)
    from gembounds.evaluators.balls import quantities as balls

    return from_balls(*balls.gradient_of_q(mix, bits, bits, nodes))


def _at(function: Callable[..., Any]) -> PointwiseAt:
    return cast("PointwiseAt", _named(function, function, POINTWISE_OPTIONS))


@_at
def psi(
    mix: Mixture, x: Any, *, evaluator: str = "float64", bits: int | None = None,
    digits: int | None = None,
) -> Enclosure | Estimate:  # fmt: skip
    """psi_i(x) = pi_i p_i(x) / sum_k pi_k p_k(x), p_k the density of N(mu_k, I), shape (n,).

    ``x`` has d numbers (float, int, Fraction, str); :class:`InputError` for another number of
    them. Source: the paper's equation (2)."""
    _check_mixture(mix)
    point = [
        exact_number(v, f"x[{j}]") for j, v in enumerate(listed(x, "x", "a list of d numbers"))
    ]
    if len(point) != mix.d:
        raise InputError(f"x has {len(point)} entries: the means have {mix.d} coordinates")
    from gembounds.evaluators.balls.pointwise import posterior

    return _pointwise(
        evaluator, bits, digits, lambda: posterior(mix, point),
        lambda most: _module("reference").psi(mix, point, digits=most), (0.0, 1.0),
    )  # fmt: skip


def _pointwise(
    evaluator: str, bits: int | None, digits: int | None, in_balls: Callable[[], Any],
    in_digits: Callable[[int], Estimate], within: tuple[float, float] = (-math.inf, math.inf),
) -> Enclosure | Estimate:  # fmt: skip
    """Exact rationals in, a few balls out: ``float64`` is the same, rounded outward."""
    from gembounds.values.precision import working_precision

    used(evaluator, {"bits": bits, "digits": digits}, POINTWISE_EVALUATORS)
    if evaluator == "mpmath":
        return in_digits(digits_of(digits))
    precision = 80 if evaluator == "float64" else arb_options(bits)[0]
    with working_precision(precision + 16):
        value = from_balls(in_balls(), within=within)
    if evaluator == "arb":
        return value
    return Enclosure(value.lower, value.upper, "float64")


def _evaluate(
    name: str, mix: Mixture, data: Mixture | None, evaluator: str, given: dict[str, Any]
) -> Result:
    _check_mixture(mix)
    settings = _settings(mix, evaluator, used(evaluator, given))
    components = None
    if data is not None or name == "expected_posterior":
        from gembounds.evaluators.data.components import checked_data

        components = checked_data(mix.d, data)
    if components is None or (components.at_origin and name != "expected_posterior"):
        found: Any = getattr(_module(PLACES[evaluator]), name)(mix, **settings)
    else:
        over = _module(f"data.{PLACES[evaluator].split('.')[0]}")
        found = over.evaluate(name, mix, components, **settings)
    if evaluator == "arb":
        balls, rule = found
        found = from_balls(balls, rule, RANGES.get(name, (-math.inf, math.inf)))
    return cast("Result", found)


def _settings(mix: Mixture, evaluator: str, options: dict[str, Any]) -> dict[str, Any]:
    """What the evaluator's functions take."""
    if evaluator == "float64":
        accuracy = rtol_of(options.get("rtol", DEFAULT_RTOL), MIN_RTOL, MAX_RTOL)
        most = options.get("max_nodes")
        return {
            "rtol": accuracy,
            "max_nodes": _usual_nodes(mix.n) if most is None else nodes_of(most),
        }
    if evaluator == "arb":
        bits, precision, nodes = arb_options(**options)
        return {"bits": bits, "precision": precision, "max_nodes": nodes}
    if evaluator == "mpmath":
        return {"digits": digits_of(options.get("digits"))}
    return options


def _check_mixture(mix: Any) -> None:
    if not isinstance(mix, Mixture):
        raise InputError(f"mix is a {type(mix).__name__}: give a gembounds.Mixture")


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"gembounds.evaluators.{name}")


@cache
def _usual_nodes(n: int) -> int:
    from gembounds.evaluators.float64.plan import default_nodes

    return default_nodes(n)
