"""``gembounds.expect``: certified expectations of what is written in words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.evaluators.data.components import checked_data, translations
from gembounds.evaluators.options import DEFAULT_RTOL, arb_options, rtol_of, used, whole
from gembounds.tools.errors import InputError, RankError
from gembounds.values.enclosure import Enclosure, from_balls
from gembounds.values.expression_text import read_expression
from gembounds.values.expressions import MOST_DEGREE, Polynomial, polynomial, words
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number, shown

if TYPE_CHECKING:
    from gembounds.evaluators.general.raised import Part

EVALUATORS = ("float64", "arb")

MAX_RANK = 3
"""Of the differences of the means: grids beyond are out of reach."""

FLOAT_NODES = 2**22
"""By default, of sums in float64: a second or two (a choice)."""

MOST_TINY, TINY_SPREAD = 2, 1e-6
"""So many more dimensions may be so narrow: what rounding makes of means in a plane (a choice)."""


def expect(
    f: Any, mix: Mixture, *, data: Mixture | None = None, evaluator: str = "float64",
    rtol: float | None = None, atol: Any = None, bits: int | None = None,
    max_nodes: int | None = None, bound: tuple[Any, int] | None = None, strip: Any = None,
) -> Enclosure:  # fmt: skip
    """E f(psi, log psi, log p, x), x ~ N(0, I) or distributed as ``data``.

    Parameters
    ----------
    f : expression, text, function, or a nested list of these
        A polynomial in ``psi, x, log_density, entropy = gembounds.words`` and ``psi[i].log()``:
        the posteriors of ``mix`` at x, the coordinates of x, log p(x) of ``mix``, the entropy of
        the posterior. Or text, ``"psi[0]*log(psi[1])"``; or a function of psi and x that makes
        one, ``lambda psi, x: psi[0] * x[0]``. A list gives an array of its shape, from one grid.
    mix, data : Mixture
        The differences of the means of ``mix`` span at most three dimensions.
    evaluator : {"float64", "arb"}
        The second by balls alone; the first sums in float64, rounding bounded, where that is
        accurate enough, and gives ends.
    rtol : float, for float64 (1e-13 to 1e-3, default 1e-10) and arb (1e-300 to 0.5)
        Relative radius that is tried for, each entry by itself. Where an expectation is 0 no
        enclosure has it; what is reached is the enclosure.
    atol : number
        Radius that suffices whatever ``rtol``; by default none.
    bits : int, for arb (8 to 4096, default 128)
    max_nodes : int
        Largest grid (default 2^19, in float64 2^22); where it is too small the enclosure is wider.
    bound : (C, k), a number and a whole number
        f is then any function of psi and x, lists of ``flint.acb``, that gives one, real for real
        x; where d is above three, of psi alone, x being empty. It is *declared* to be analytic,
        with |f| <= C (1 + |x|)^k, where |Im x| <= ``strip``. Random points of the strip try to
        refute that; the enclosure rests on it, and says so in ``rests_on``.
    strip : number, less than pi over the largest |mu_i - mu_k|
        By default 2 over it, and at most 2: every |psi_i| is below 1.86 there.

    Raises
    ------
    InputError
        For what cannot be certified, by name: quotients, powers that are no whole numbers from 0
        on, logarithms of what may vanish, indices that the mixture does not have; for a declared
        bound that a point refutes.
    RankError
        Where the differences of the means span more than three dimensions.
    """
    from flint import fmpq

    from gembounds.evaluators.general.raised import Raised
    from gembounds.values.precision import working_precision

    _check_isotropic(mix, "mix")
    _check_isotropic(data, "data")
    level, precision, nodes = _options(evaluator, rtol, bits, max_nodes)
    least = Fraction(0) if atol is None else exact_number(atol, "atol")
    if least < 0:
        raise InputError(f"atol is {atol}: give a number that is not negative")
    components = checked_data(mix.d, data)
    shape: tuple[int, ...] = ()
    rests_on = ""
    if bound is None:
        if strip is not None:
            raise InputError("strip does nothing without bound: leave it out, or give both")
        shape, parts = _polynomials(f, mix, components.mix)
    else:
        parts, rests_on = _declared(f, mix, components.mix, bound, strip)
    weights = [fmpq(w.numerator, w.denominator) for w in components.mix.exact_weights]
    raised = Raised(
        parts, weights, level, fmpq(least.numerator, least.denominator), nodes,
        float_nodes=0 if evaluator == "arb" else nodes if max_nodes else FLOAT_NODES,
    )  # fmt: skip
    raised.run()
    with working_precision(precision + 32):
        array = np.empty(len(raised.balls), dtype=object)
        array[:] = raised.balls
        value = from_balls(array.reshape(shape), raised.rule)
    signs, rule = np.array(raised.signs).reshape(shape), raised.rule
    low = np.where(signs > 0, np.maximum(value.lower, 0.0), value.lower)
    high = np.where(signs < 0, np.minimum(value.upper, 0.0), value.upper)
    balls = value.balls if evaluator == "arb" else None
    return Enclosure(low, high, evaluator, rule, balls, rests_on)


def _polynomials(f: Any, mix: Mixture, data: Mixture) -> tuple[tuple[int, ...], list[Part]]:
    """The shape, and a part for each component of the data."""
    from gembounds.evaluators.general.frame import frame
    from gembounds.evaluators.general.integrate import PolynomialPart

    shape, fs = _expressions(f, mix)
    _check_rank(mix)
    used_x = {j for one in fs for kind, j in one.variables() if kind == "x"}
    return shape, [
        PolynomialPart(fs, frame(one, {k: data.exact_means[j][k] for k in used_x}))
        for j, one in enumerate(translations(mix, data))
    ]


def _declared(
    f: Any, mix: Mixture, data: Mixture, bound: Any, strip: Any
) -> tuple[list[Part], str]:
    """A part for each component of the data, and what they rest on."""
    from gembounds.evaluators.general.declared import Declared, DeclaredPart, checked_strip
    from gembounds.evaluators.general.trial import try_to_refute
    from gembounds.evaluators.general.view import View

    if not callable(f) or isinstance(f, Polynomial):
        raise InputError("bound is for a function f(psi, x): leave it out, or give a function")
    _check_rank(mix)
    if not isinstance(bound, (tuple, list)) or len(bound) != 2:
        raise InputError(f"bound is {shown(bound)}: give (C, k) with |f| <= C (1 + |x|)^k")
    constant = exact_number(bound[0], "the bound's C")
    if constant <= 0:
        raise InputError(f"the bound's C is {shown(bound[0])}: give a positive number")
    power = whole(bound[1], "the bound's k", 0, 0, MOST_DEGREE)
    found = Declared(f, constant, power, checked_strip(mix, strip))
    views = [
        View(one, centre)
        for one, centre in zip(translations(mix, data), data.exact_means, strict=True)
    ]
    try_to_refute(found, views)
    return [DeclaredPart(found, view) for view in views], str(found)


def _check_rank(mix: Mixture) -> None:
    from gembounds.evaluators.reduction.exact import exact_rank, reduce_exactly
    from gembounds.values.precision import working_precision

    rank = exact_rank(mix)
    if rank > MAX_RANK and rank <= MAX_RANK + MOST_TINY:
        with working_precision(64):
            rank = sum(not x < TINY_SPREAD for x in reduce_exactly(mix).spreads())
    if rank > MAX_RANK:
        raise RankError(
            f"the means span {rank} dimensions after reduction: expectations of expressions and "
            f"functions are certified up to {MAX_RANK}"
        )


def _options(
    evaluator: str, rtol: float | None, bits: int | None, max_nodes: int | None
) -> tuple[int, int, int]:
    used(evaluator, {"bits": bits, "rtol": rtol, "max_nodes": max_nodes}, EVALUATORS)
    if evaluator == "float64":
        return arb_options(
            64, rtol_of(DEFAULT_RTOL if rtol is None else rtol, 1e-13, 1e-3), max_nodes
        )
    return arb_options(bits, rtol, max_nodes)


def _check_isotropic(mix: Any, name: str) -> None:
    """One line for models of other libraries, which have covariances of their own."""
    if isinstance(mix, Mixture) or (mix is None and name == "data"):
        return
    if hasattr(mix, "covariances_") or hasattr(mix, "covariances"):
        raise InputError(
            f"{name} is a {type(mix).__name__} with covariances: where they are unequal nothing "
            "is certified; with the same one S everywhere give Mixture(means @ S^(-1/2), weights)"
        )
    raise InputError(f"{name} is a {type(mix).__name__}: give a gembounds.Mixture")


def _expressions(f: Any, mix: Mixture) -> tuple[tuple[int, ...], list[Polynomial]]:
    """The shape and the entries."""
    from gembounds.evaluators.general.expand import prepared

    shape, entries = _entries(f)
    out = []
    for entry in entries:
        one = _expression(entry)
        for kind, index in one.variables():
            most, what = (mix.d, "coordinates") if kind == "x" else (mix.n, "components")
            if index >= most:
                name = "x" if kind == "x" else "psi"
                raise InputError(f"{name}[{index}]: the model has {most} {what}, from 0 on")
        out.append(prepared(one, mix.n))
    return shape, out


def _entries(f: Any) -> tuple[tuple[int, ...], list[Any]]:
    if isinstance(f, np.ndarray):
        f = f.tolist()
    if not isinstance(f, (list, tuple)):
        return (), [f]
    inner = [_entries(one) for one in f]
    if not inner or any(shape != inner[0][0] for shape, _ in inner):
        raise InputError("f is a list that is empty, or whose entries have different shapes")
    return (len(inner), *inner[0][0]), [e for _, entries in inner for e in entries]


def _expression(f: Any) -> Polynomial:
    if isinstance(f, str):
        return read_expression(f)
    if callable(f):
        try:
            f = f(words.psi, words.x)
        except (TypeError, AttributeError) as error:
            raise InputError(
                f"f fails on words ({error}): write it with + - * / ** and .log(), or declare a "
                "bound for another function"
            ) from None
        if isinstance(f, (list, tuple, np.ndarray)):
            raise InputError("f gives a list: give a list of functions")
    return polynomial(f)
