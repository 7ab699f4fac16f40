"""Statements as expression trees, claims made of them, and deciding a claim at a point.

    from gembounds.statements import mean_square, mu_max, exp, const
    relation = mean_square <= const("factor", 1) * mu_max**2

Scalars: ``L``, ``mean_square`` (E|psi~|^2), ``gradient_norm``, ``U``, ``S``, ``Y``, ``mu_max``,
``pi_min``, ``pi_max``, ``n``, ``d``, ``r``, ``diameter``. An entry a component: ``norms``, ``pi``,
``gradient_norms``, ``expected_posterior``, ``posterior(x)``; a pair: ``overlaps``, ``distances``.
Vectors: ``means``, ``em_means`` (those after a step of EM) and ``data_means``, of each component;
``data_mean(j)``, of one of the data's ``J``, whose weight is ``data_weight(j)``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gembounds.statements.domain import (
        LINES,
        MIXTURES,
        NUMBERS,
        OPPOSITE,
        PAIRS,
        PLANES,
        SEVERAL,
        Domain,
        family,
    )
    from gembounds.statements.tree import Expr, Relation
    from gembounds.statements.vocabulary import (
        J,
        L,
        S,
        U,
        Y,
        d,
        data_mean,
        data_means,
        data_weight,
        diameter,
        distances,
        em_means,
        expected_posterior,
        gradient_change,
        gradient_norm,
        gradient_norms,
        mean_square,
        means,
        mu_max,
        n,
        norms,
        overlaps,
        pi,
        pi_max,
        pi_min,
        posterior,
        r,
    )
    from gembounds.statements.words import (
        at_k,
        const,
        displacement,
        dot,
        equals,
        exp,
        integer,
        largest,
        log,
        maximum,
        minimum,
        moved,
        norm,
        real,
        smallest,
        sqrt,
        total,
        vector,
    )

__all__ = [
    "LINES", "MIXTURES", "NUMBERS", "OPPOSITE", "PAIRS", "PLANES", "SEVERAL", "Domain", "Expr",
    "J", "L", "Relation", "S", "U", "Y", "at_k", "const", "d", "data_mean", "data_means",
    "data_weight", "diameter", "displacement", "distances", "dot", "em_means", "equals", "exp",
    "expected_posterior", "family", "gradient_change", "gradient_norm", "gradient_norms",
    "integer", "largest", "log", "maximum", "mean_square", "means", "minimum", "moved", "mu_max",
    "n", "norm", "norms", "overlaps", "pi", "pi_max", "pi_min", "posterior", "r", "real",
    "smallest", "sqrt", "total", "vector",
]  # fmt: skip

_HOMES = {
    "domain": (
        "LINES", "MIXTURES", "NUMBERS", "OPPOSITE", "PAIRS", "PLANES", "SEVERAL", "Domain",
        "family",
    ),
    "tree": ("Expr", "Relation"),
    "words": (
        "at_k", "const", "displacement", "dot", "equals", "exp", "integer",
        "largest", "log", "maximum", "minimum", "moved", "norm", "real", "smallest", "sqrt",
        "total", "vector",
    ),
}  # fmt: skip
"""Where names are that are not in the vocabulary; loaded when they are used."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = next((m for m, names in _HOMES.items() if name in names), "vocabulary")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
