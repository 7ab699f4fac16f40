"""What a core is: plain functions of plain arrays. No import of gembounds is needed to write one.

A core is a module, or any object, with some of these; what it lacks is reported as not offered.
``means`` is a float64 array (n, d), ``weights`` (n,), positive with sum 1 (up to rounding), x has
at least one row; x ~ N(0, I_d), psi the posteriors of the mixture.

    psi(x, means, weights)            x (m, d)  ->  (m, n)     psi_i(x) for each row
    loss(means, weights)                        ->  scalar     L = KL(N(0, I) || mixture)
    gradient(means, weights)                    ->  (n, d)     grad_i L = sum_k E[psi_i psi_k] mu_k
    psi_tilde_norm2(means, weights)             ->  scalar     E |sum_i psi_i mu_i|^2
    overlaps(means, weights)                    ->  (n, n)     E[psi_i psi_k]
    em_step(means, weights, eta)                ->  (n, d)     means - eta * gradient
    log_prob(x, means, weights)       x (m, d)  ->  (m,)       log sum_i w_i N(x; mu_i, I)

and EM on a sample x, of spherical components N(mu_i, v_i I), ``variances`` (n,) the v_i:

    em_sample_step(x, means, weights, variances)  x (m, d)  ->  (n, d + 2)
        one step of the core's own EM; row i is the mean, the weight and the variance of component
        i after it (variances that are held or tied come back so: a start has variances of 1)

and, over data x ~ sum_j w_j N(a_j, I), ``data_means`` (J, d) the a_j and ``data_weights`` (J,):

    loss_over(means, weights, data_means, data_weights)         KL(data || mixture)
    gradient_over(means, weights, data_means, data_weights)     E[psi_i (mu_i - x)]
    psi_tilde_norm2_over(...), overlaps_over(...)               as above, E over the data
    em_step_over(means, weights, data_means, data_weights, eta) means - eta * gradient_over

What comes back may be anything that ``numpy.asarray`` takes (arrays of NumPy, JAX, PyTorch on the
CPU, lists). Besides, a core may declare, as attributes:

``rtol``      relative error that it promises, a number or a dict by function (1e-10 by default,
              1e-4 for float32); relative to what: :mod:`gembounds.conform.tolerance`
``atol``      absolute error that it may have besides, a number or a dict by function (0)
``dtype``     ``"float64"`` (default) or ``"float32"``: the arithmetic that it works in. ``psi``
              and ``log_prob`` are then asked at float32 numbers exactly
``samples``   independent samples behind each value, a number or a dict by function: the values
              are averages over them, and judged as such (not over data)
``seconds``   that a call may take, a number or a dict by function (30 by default)
``max_rank``, ``max_n``, ``max_d``, ``max_norm``, ``min_weight``
              where it may be used, each a number or a dict by function: rank of the differences
              of the means, number of components, dimension, largest |mu_i|, smallest weight.
              Points outside are not tried, and the report counts them as left out.
              ``min_weight = 0`` says that weights of exactly 0 may be given: a component that is
              absent, whose posterior is 0. Who does not say so is not asked.

What is nearly one of these names and none of them (``rtoll``, ``Dtype``) is refused; names that
begin with an underscore or are all capitals are the core's own.

A core runs in a process of its own (:mod:`gembounds.conform.process`): what it returns is all
that reaches the judge.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError

FloatArray = npt.NDArray[np.float64]

EXPECTATIONS = ("loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step")

FUNCTIONS = ("psi", *EXPECTATIONS, "log_prob")

OVER = tuple(f"{f}_over" for f in EXPECTATIONS)
"""Over data."""

AT = ("psi", "log_prob")
"""Those at places."""

FIRST_X = (*AT, "em_sample_step")
"""Those whose first argument is x."""

ALL = (*FUNCTIONS, *OVER, "em_sample_step")

DEFAULT_RTOL = {"float64": 1e-10, "float32": 1e-4}
UNIT_ROUNDOFF = {"float64": 2.0**-53, "float32": 2.0**-24}
DEFAULT_SECONDS, LONGEST = 30.0, 86400.0
LIMITS = ("max_rank", "max_n", "max_d", "max_norm", "min_weight")

NUMBERS: dict[str, tuple[Callable[[float], bool], str]] = {
    "rtol": (lambda v: 0 < v < 1, "a number in (0, 1)"),
    "atol": (lambda v: 0 <= v < math.inf, "a number that is not negative"),
    "samples": (lambda v: v >= 1, "at least 1"),
    "seconds": (lambda v: 0 < v <= LONGEST, "a positive number, a day at most"),
    **dict.fromkeys(LIMITS, (lambda v: not math.isnan(v), "a number")),
}
"""Declarations that are a number or numbers by function: which, in code and in words."""

DECLARATIONS = (*NUMBERS, "dtype")

NEAR = 0.86
"""Likeness (``difflib``) from which a name counts as a misspelt declaration: one letter wrong in
four. ``tol`` and ``max_k`` are below."""


class Wrong(AssertionError):
    """The core answered, and the answer cannot be right: its shape, its kind, not finite."""


class Broken(Exception):
    """The core raised; the message is its exception on one line."""


class Outside(Exception):
    """A point that a check makes of another is beyond what the core declares; the message is the
    limit."""


@dataclass(frozen=True)
class Declared:
    """What the core ``name`` has and declares, checked: raises :class:`InputError` for what cannot
    be meant. ``values`` by declaration and function; ``misspelt``: for functions that it lacks,
    and for declarations, what it has under nearly that name."""

    functions: tuple[str, ...]
    dtype: str = "float64"
    values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    misspelt: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def read(name: str, told: Mapping[str, Any]) -> Declared:
        """From what its process tells (:mod:`gembounds.conform.process.serve`)."""
        functions = tuple(f for f in ALL if f in told["functions"])
        if not functions:
            raise InputError(
                f"{name} is no core: it has none of the functions {', '.join(FUNCTIONS)}"
            )
        found = told["declared"]
        _refuse_misspelt(name, told["values"])
        dtype = "float64" if found["dtype"] is None else found["dtype"]
        if dtype not in UNIT_ROUNDOFF:
            raise InputError(f"{name}: dtype is {_said(dtype)}: declare float64 or float32")
        values = {what: _by_function(name, what, found[what], functions) for what in NUMBERS}
        if not isinstance(found["samples"], Mapping):  # these are random only if a dict says so
            for function in FIRST_X:
                values["samples"].pop(function, None)
        misspelt = _near_functions(functions, told["callables"])
        capitals = {v.lower(): v for v in told["values"] if v.isupper()}
        misspelt |= {n: v for n, v in capitals.items() if n in DECLARATIONS and not found[n]}
        return Declared(functions, dtype, values, misspelt)


def _by_function(name: str, what: str, found: Any, functions: Sequence[str]) -> dict[str, float]:
    """A declaration for each of ``functions`` that it is made for."""
    by = dict.fromkeys(functions, found)
    if isinstance(found, Mapping) and "by" in found:
        by = found["by"]
        for key in by:
            if key not in ALL:
                near = difflib.get_close_matches(key, ALL, n=1)
                hint = f"did you mean {near[0]}?" if near else (
                    f"the functions are {', '.join(ALL)}")  # fmt: skip
                raise InputError(f"{name}: {what} is declared for {key!r}: {hint}")
    fits, words = NUMBERS[what]
    for value in by.values():
        if value is not None and not (isinstance(value, float) and fits(value)):
            kind = "" if isinstance(value, float) else " or a dict by function"
            raise InputError(f"{name}: {what} is {_said(value)}: declare {words}{kind}")
    return {f: by[f] for f in functions if by.get(f) is not None}


def _refuse_misspelt(name: str, public: Sequence[str]) -> None:
    for one in public:
        if one in DECLARATIONS or one in ALL or one.isupper():
            continue
        near = difflib.get_close_matches(one.lower(), DECLARATIONS, n=1, cutoff=NEAR)
        if near:
            raise InputError(
                f"{name}: {one} is no declaration: did you mean {near[0]}? "
                f"(what is the core's own may be called _{one})"
            )


def _near_functions(functions: Sequence[str], callables: Sequence[str]) -> dict[str, str]:
    names = [n for n in callables if n not in ALL]
    near = {f: difflib.get_close_matches(f, names, n=1, cutoff=0.8) for f in ALL}
    return {f: found[0] for f, found in near.items() if found and f not in functions}


def _said(value: Any) -> str:
    return str(value["odd"]) if isinstance(value, Mapping) and "odd" in value else repr(value)


def expected_shape(function: str, *arguments: Any) -> tuple[int, ...]:
    """The shape that the protocol gives for these arguments."""
    n, d = np.shape(means_and_weights(function, arguments)[0])
    if function == "em_sample_step":
        return n, d + 2
    if function in AT:
        m = np.shape(arguments[0])[0]
        return (m, n) if function == "psi" else (m,)
    base = function.removesuffix("_over")
    return {"overlaps": (n, n), "gradient": (n, d), "em_step": (n, d)}.get(base, ())


def means_and_weights(function: str, arguments: Sequence[Any]) -> Sequence[Any]:
    """These two of the arguments of a function."""
    return arguments[1:3] if function in FIRST_X else arguments[:2]


def checked(function: str, value: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """``value``, of ``shape`` and finite; else :class:`Wrong`."""
    if value.shape != shape:
        raise Wrong(f"{function} returned shape {value.shape}: expected {shape}")
    if not np.isfinite(value).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(value))[0])
        place = f"[{', '.join(map(str, where))}]" if where else ""
        raise Wrong(f"{function}{place} is {value[where]}: expected a finite number")
    return value
