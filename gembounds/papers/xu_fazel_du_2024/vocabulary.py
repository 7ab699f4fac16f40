"""Symbols of this paper's claims beyond the common ones, where more than one module needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gembounds.statements.tree import Expr, Symbol, call

TINY = 1e-250
"""Probabilities below this are taken from an asymptotic series (a choice)."""

HOME = "xu-fazel-du-2024"


def symbol(name: str, text: str, latex: str, of: Callable[..., Any], **more: Any) -> Symbol:
    """A symbol of this paper; fields as :class:`gembounds.statements.tree.Symbol`'s."""
    return Symbol(name, text, latex, of, home=HOME, **more)


def named(name: str, text: str, latex: str, of: Callable[..., Any], **more: Any) -> Expr:
    """A symbol without arguments, as an expression."""
    return call(symbol(name, text, latex, of, **more))


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
    meaning="x ~ N(0, I_d)",
)  # fmt: skip


def norm_survival(square: Any, d: Any) -> Expr:
    """Pr[|x|^2 >= square], x ~ N(0, I_d)."""
    return call(_SURVIVAL, square, d)
