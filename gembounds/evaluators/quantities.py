"""The population quantities of a mixture, by any evaluator.

    L(mu)      = KL(N(0, I) || p_mu) = -E log(p_mu(x) / p_0(x))
    grad_i L   = E[psi_i sum_k psi_k mu_k] = sum_k P_ik mu_k
    E|psi~|^2  = sum_ik P_ik <mu_i, mu_k>,     P_ik = E[psi_i psi_k]

with x ~ N(0, I_d) and psi the posteriors. Evaluators:

``float64``  an :class:`Enclosure`; ``rtol`` (1e-3 to 1e-13, default 1e-10) is the accuracy of
             the rule. Rounding adds to it: where that is much, the enclosure is wide; for an
             ``rtol`` below 5e-13 balls help where they are quick.
``arb``      an :class:`Enclosure` with balls; ``bits`` (default 128) relative bits, or ``rtol``
             with ``bits`` of working precision.
``mpmath``   an :class:`Estimate` of ``digits`` digits (default 30), span of differences r <= 2.
``qmc``      a :class:`StatisticalInterval`, any r; ``samples``, ``failure_probability``, ``seed``.

``max_nodes`` bounds the grid of the first two: where it is too small for the accuracy asked for,
the enclosure is wider. By default it keeps a call to ten seconds or so: 2^19 for ``arb``; for
``float64`` 2^28, but at most 2^35 over n (n + 1)/2, because nodes cost more for many components.
Where the differences of the means span more than 5 dimensions (``float64``) or 16 (``arb``),
:class:`RankError` is raised.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure, Estimate, StatisticalInterval, from_balls
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number

if TYPE_CHECKING:
    from types import ModuleType

Result = Enclosure | Estimate | StatisticalInterval

EVALUATORS = ("float64", "arb", "mpmath", "qmc")
DEFAULT_RTOL, MIN_RTOL, MAX_RTOL = 1e-10, 1e-13, 1e-3
DEFAULT_BITS, MAX_BITS = 128, 4096
DEFAULT_DIGITS, MAX_DIGITS = 30, 200
ARB_MAX_NODES = 2**19

RANGES = {
    "overlaps": (0.0, 1.0), "loss": (0.0, math.inf), "psi_tilde_norm2": (0.0, math.inf),
}  # fmt: skip
"""Where the values lie, whatever the mixture."""


def loss(mix: Mixture, **options: Any) -> Any:
    """L = KL(N(0, I) || mixture), a scalar >= 0.

    ``evaluator``, ``rtol``, ``bits``, ``digits``, ``max_nodes``, ``samples``,
    ``failure_probability``, ``seed``: see the module. For ``float64``, ``rtol`` is relative to
    sum pi_i |mu_i|^2 / 2 over the components near the origin, from which L is found by
    subtraction, and for tiny configurations to L itself.

    Raises :class:`InputError` for an option out of range and :class:`RankError` where the span
    of the differences is too large for the evaluator. Source: the paper's equation (4).
    """
    return _evaluate("loss", mix, **options)


def gradient(mix: Mixture, **options: Any) -> Any:
    """grad_i L = sum_k E[psi_i psi_k] mu_k, shape (n, d). Options and errors as :func:`loss`.

    Source: the paper's Lemma 9.
    """
    return _evaluate("gradient", mix, **options)


def psi_tilde_norm2(mix: Mixture, **options: Any) -> Any:
    """E|psi~|^2 = <grad L, mu>, psi~ = sum_i psi_i mu_i, a scalar >= 0.

    Options and errors as :func:`loss`. Source: the paper's Corollary 10.
    """
    return _evaluate("psi_tilde_norm2", mix, **options)


def overlaps(mix: Mixture, **options: Any) -> Any:
    """P_ik = E[psi_i psi_k], shape (n, n), symmetric, rows summing to E psi_i.

    Options and errors as :func:`loss`; for ``float64`` and ``arb`` each entry is accurate
    relative to itself, however small it is (within float64's range and ``max_nodes``).
    """
    return _evaluate("overlaps", mix, **options)


def gradient_of_q(mix: Mixture, *, bits: int | None = None, max_nodes: int | None = None) -> Any:
    """grad Q = E[psi_i (mu_i - x)], shape (n, d), from first moments, in balls.

    Equal to :func:`gradient` by the paper's Fact 1 and Lemma 9, evaluated by another formula.
    """
    bits, _, nodes = _arb_options(bits, None, max_nodes)
    from gembounds.evaluators.balls import quantities as balls

    return from_balls(*balls.gradient_of_q(mix, bits, bits, nodes))


def psi(mix: Mixture, x: Any, *, evaluator: str = "float64", bits: int | None = None,
        digits: int | None = None) -> Any:  # fmt: skip
    """The posterior psi_i(x), shape (n,); ``x`` has d numbers (float, int, Fraction, str).

    ``float64`` and ``arb`` give an :class:`Enclosure`, ``mpmath`` an :class:`Estimate`.
    Source: the paper's equation (2).
    """
    point = [exact_number(v, f"x[{j}]") for j, v in enumerate(_sequence(x))]
    if len(point) != mix.d:
        raise InputError(f"x has {len(point)} entries: the means have {mix.d} coordinates")
    if evaluator == "mpmath":
        return _reference().psi(mix, point, digits=_digits(digits))
    from gembounds.evaluators.balls.pointwise import posterior

    found = _pointwise(lambda: posterior(mix, point), evaluator, bits)
    return _within(found, 0.0, 1.0)


def U(mix: Mixture, *, evaluator: str = "float64", bits: int | None = None,
      digits: int | None = None) -> Any:  # fmt: skip
    """U = sum_i |mu_i|^2. Source: the paper's notation."""
    return _scalar("sum_of_squares", "U", mix, evaluator, bits, digits)


def mu_max(mix: Mixture, *, evaluator: str = "float64", bits: int | None = None,
           digits: int | None = None) -> Any:  # fmt: skip
    """mu_max = max_i |mu_i|. Source: the paper's notation."""
    return _scalar("largest_norm", "mu_max", mix, evaluator, bits, digits)


def pi_min(mix: Mixture, *, evaluator: str = "float64", bits: int | None = None,
           digits: int | None = None) -> Any:  # fmt: skip
    """pi_min = min_i pi_i. Source: the paper's notation."""
    return _scalar("smallest_weight", "pi_min", mix, evaluator, bits, digits)


def _scalar(
    in_balls: str, name: str, mix: Mixture, evaluator: str, bits: int | None, digits: int | None
) -> Any:
    if evaluator == "mpmath":
        return getattr(_reference(), name)(mix, digits=_digits(digits))
    from gembounds.evaluators.balls import pointwise

    return _pointwise(lambda: getattr(pointwise, in_balls)(mix), evaluator, bits)


def _pointwise(make: Callable[[], Any], evaluator: str, bits: int | None) -> Enclosure:
    """Exact rationals in, a few balls out: ``float64`` is the same, rounded outward."""
    from gembounds.values.precision import working_precision

    if evaluator not in ("float64", "arb"):
        raise _unknown(evaluator, ("float64", "arb", "mpmath"))
    bits = 80 if evaluator == "float64" else _arb_options(bits, None, None)[0]
    with working_precision(bits + 16):
        value = from_balls(make())
    if evaluator == "arb":
        return value
    return Enclosure(value.lower, value.upper, "float64")


def _evaluate(
    name: str,
    mix: Mixture,
    *,
    evaluator: str = "float64",
    rtol: float | None = None,
    bits: int | None = None,
    digits: int | None = None,
    max_nodes: int | None = None,
    samples: int | None = None,
    failure_probability: float | None = None,
    seed: int | None = None,
) -> Result:
    if not isinstance(mix, Mixture):
        raise InputError(f"mix is a {type(mix).__name__}: give a gembounds.Mixture")
    if evaluator == "float64":
        from gembounds.evaluators.float64 import quantities as core
        from gembounds.evaluators.float64.plan import default_nodes

        accuracy = DEFAULT_RTOL if rtol is None else _rtol(rtol, MIN_RTOL, MAX_RTOL)
        nodes = default_nodes(mix.n) if max_nodes is None else _nodes(max_nodes)
        found: Result = getattr(core, name)(mix, accuracy, nodes)
        return found
    if evaluator == "arb":
        from gembounds.evaluators.balls import quantities as balls

        accuracy_bits, precision, nodes = _arb_options(bits, rtol, max_nodes)
        ball = from_balls(*getattr(balls, name)(mix, accuracy_bits, precision, nodes))
        return _within(ball, *RANGES.get(name, (-math.inf, math.inf)))
    if evaluator == "mpmath":
        estimate: Result = getattr(_reference(), name)(mix, digits=_digits(digits))
        return estimate
    if evaluator == "qmc":
        from gembounds.evaluators import qmc

        given = {"samples": samples, "failure_probability": failure_probability, "seed": seed}
        chosen = {k: v for k, v in given.items() if v is not None}
        interval: Result = getattr(qmc, name)(mix, **chosen)
        return interval
    raise _unknown(evaluator, EVALUATORS)


def _within(found: Enclosure, least: float, most: float) -> Enclosure:
    """The ends cut to [least, most], where the values lie: a wide ball reaches a little past."""
    low = np.asarray(np.maximum(found.lower, least))
    high = np.asarray(np.minimum(found.upper, most))
    return replace(found, lower=low, upper=high)


def _unknown(evaluator: Any, known: tuple[str, ...]) -> InputError:
    return InputError(f"evaluator is {evaluator!r}: choose one of {', '.join(known)}")


def _rtol(rtol: Any, least: float, most: float) -> float:
    if isinstance(rtol, bool) or not isinstance(rtol, (int, float)) or not least <= rtol <= most:
        raise InputError(f"rtol is {rtol!r}: choose it from {least:g} to {most:g}")
    return float(rtol)


def _arb_options(
    bits: int | None, rtol: float | None, max_nodes: int | None
) -> tuple[int, int, int]:
    """Bits of accuracy, bits of working precision, and the node budget."""
    precision = _whole(bits, "bits", DEFAULT_BITS, 8, MAX_BITS)
    accuracy = precision
    if rtol is not None:
        accuracy = max(1, math.ceil(-math.log2(_rtol(rtol, 1e-300, 0.5))))
    return accuracy, precision, _nodes(max_nodes)


def _digits(digits: int | None) -> int:
    return _whole(digits, "digits", DEFAULT_DIGITS, 5, MAX_DIGITS)


def _nodes(max_nodes: int | None) -> int:
    return _whole(max_nodes, "max_nodes", ARB_MAX_NODES, 1, 2**40)


def _whole(value: Any, name: str, default: int, least: int, most: int) -> int:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} is {value!r}: choose a whole number from {least} to {most}")
    return value


def _sequence(x: Any) -> list[Any]:
    if isinstance(x, (str, bytes)) or not hasattr(x, "__iter__"):
        raise InputError(f"x is {x!r}: give a list of numbers")
    return list(x)


def _reference() -> ModuleType:
    from gembounds.evaluators import reference

    return reference
