"""Symbols of this paper's claims beyond the common ones, where more than one module needs them."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.statements.tree import Expr, Symbol, call

TINY = 1e-250
"""Probabilities below this are taken from an asymptotic series (a choice)."""

HOME = "xu-fazel-du-2024"


def ball(x: Any) -> Any:
    """A number as a ball; the arithmetic is imported when it is first asked for."""
    from gembounds.evaluators.balls import radial

    return radial.ball(x)


def symbol(name: str, text: str, latex: str, of: Callable[..., Any], **more: Any) -> Symbol:
    """A symbol of this paper; fields as :class:`gembounds.statements.tree.Symbol`'s."""
    return Symbol(name, text, latex, of, home=HOME, **more)


def named(
    name: str, text: str, latex: str, of: Callable[..., Any], *arguments: Any, **more: Any
) -> Expr:
    """A symbol that occurs with these arguments alone, as an expression."""
    return call(symbol(name, text, latex, of, **more), *arguments)


def _survival(batch: Any, square: Any, d: Any) -> Any:
    import numpy as np
    from scipy.special import gammaincc

    from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import log_upper_gamma
    from gembounds.statements.logs import LogArray

    half, square = LogArray.of(d).value / 2, LogArray.of(square).value / 2
    share = gammaincc(half, square)
    log = np.where(share > TINY, np.log(share), log_upper_gamma(half, square))
    return LogArray(np.ones_like(log), log)


_SURVIVAL = symbol(
    "norm_survival", "Pr[|x|^2 >= {0}]", r"\Pr[|x|^2 \ge {0}]",
    lambda ops, p, square, d: ops.norm_survival(square, int(d)), estimate=_survival, mixture=False,
    meaning="x ~ N(0, I_d)", function="norm_survival",
)  # fmt: skip


def norm_survival(square: Any, d: Any) -> Expr:
    """Pr[|x|^2 >= square], x ~ N(0, I_d)."""
    return call(_SURVIVAL, square, d)


circle = named(
    "circle", "pi", r"\pi", lambda ops, p: ops.pi(), estimate=lambda b: math.pi, mixture=False,
    meaning="half the circumference of the unit circle", function="circle",
)  # fmt: skip


def _stacked(batch: Any, *parts: Any) -> Any:
    import numpy as np

    from gembounds.statements.logs import LogArray

    logs = [LogArray.of(x) for x in parts]
    signs, sizes = ([getattr(x, part) for x in logs] for part in ("sign", "log"))
    return LogArray(*(np.stack(np.broadcast_arrays(*x), 1) for x in (signs, sizes)))


_BOTH = symbol(
    "both", "({0}; {1})", r"\left({0};\, {1}\right)", lambda ops, p, *parts: list(parts), axes="*",
    estimate=_stacked, mixture=False, meaning="two entries of a statement", function="list",
)  # fmt: skip


def both(x: Any, y: Any) -> Expr:
    """Two entries of one side: the relation is meant for each."""
    return call(_BOTH, x, y)


def radial_mean(batch: Any, d: Any, values: Callable[[Any], Any]) -> Any:
    """The mean of ``values`` of |x|, x ~ N(0, I_d), over a batch: the nodes are the last axis."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.chi import average, law
    from gembounds.statements.logs import LogArray

    r, weights = batch.kept("law of |x|", lambda: law(LogArray.of(d).value))
    return average(weights, values(r))


def _exp_norm(k: int) -> Symbol:
    def estimate(batch: Any, c: Any, d: Any) -> Any:
        import numpy as np

        from gembounds.statements.logs import LogArray

        rate = LogArray.of(c).value[..., None]
        return radial_mean(batch, d, lambda r: r**k * np.exp(rate * r))

    return symbol(
        f"exp_norm_{k}" if k else "exp_norm", f"E[{'|x| ' if k else ''}exp({{0}} |x|)]",
        rf"\mathbb{{E}}[{'|x| ' if k else ''}\exp({{0}} |x|)]",
        lambda ops, p, c, d: ops.exp_norm(c, int(d), k), estimate=estimate, mixture=False,
        meaning="x ~ N(0, I_d)", function=f"exp_norm:{k}",
    )  # fmt: skip


_EXP_NORM = _exp_norm(0), _exp_norm(1)


def exp_norm(c: Any, d: Any, k: int = 0) -> Expr:
    """E[|x|^k exp(c |x|)], x ~ N(0, I_d), k = 0 or 1."""
    return call(_EXP_NORM[k], c, d)


means = named(
    "means", "mu_i", r"\mu_i", lambda ops, p: p.mix.exact_means, axes="ic",
    estimate=lambda b: b.means, meaning="the means",
)  # fmt: skip


def direction(ops: Any, point: Point) -> list[Fraction]:
    """v = mu_j, or mu_j - mu_k, over the distinct columns."""
    means = ops.means(point.mix)
    j, k = point["j"], point["k"]
    if k < 0:
        row: list[Fraction] = means[j]
        return row
    return [a - b for a, b in zip(means[j], means[k], strict=True)]
