"""Certified population quantities of Gaussian mixtures, and the claims of a paper on them.

The names are loaded when they are first used: ``import gembounds`` alone costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from gembounds.dynamics.stationary.result import StationaryPoint
    from gembounds.dynamics.stationary.search import stationary
    from gembounds.evaluators.general.expect import expect
    from gembounds.evaluators.quantities import (
        U,
        expected_posterior,
        gradient,
        gradient_of_q,
        loss,
        mu_max,
        overlaps,
        pi_min,
        psi,
        psi_tilde_norm2,
    )
    from gembounds.referee.answer import check, decide, tightness
    from gembounds.referee.proving import prove
    from gembounds.referee.testing import parametrize_with_claims
    from gembounds.statements.argument import Argument, Step
    from gembounds.statements.claim import Claim
    from gembounds.statements.paper import Paper
    from gembounds.statements.theorems import Theorem
    from gembounds.tools.errors import InputError, RankError, UndecidedError
    from gembounds.values.enclosure import Enclosure
    from gembounds.values.estimates import Estimate, StatisticalInterval
    from gembounds.values.expressions import words
    from gembounds.values.mixture import Mixture

__all__ = [
    "Argument",
    "Claim",
    "Enclosure",
    "Estimate",
    "InputError",
    "Mixture",
    "Paper",
    "RankError",
    "StationaryPoint",
    "StatisticalInterval",
    "Step",
    "Theorem",
    "U",
    "UndecidedError",
    "__version__",
    "check",
    "decide",
    "expect",
    "expected_posterior",
    "gradient",
    "gradient_of_q",
    "loss",
    "mu_max",
    "overlaps",
    "parametrize_with_claims",
    "pi_min",
    "prove",
    "psi",
    "psi_tilde_norm2",
    "stationary",
    "tightness",
    "words",
]

_HOMES = {
    "values.enclosure": ("Enclosure",),
    "evaluators.general.expect": ("expect",),
    "values.expressions": ("words",),
    "values.estimates": ("Estimate", "StatisticalInterval"),
    "tools.errors": ("InputError", "RankError", "UndecidedError"),
    "values.mixture": ("Mixture",),
    "dynamics.stationary.result": ("StationaryPoint",),
    "dynamics.stationary.search": ("stationary",),
    "statements.argument": ("Argument", "Step"),
    "statements.claim": ("Claim",),
    "statements.paper": ("Paper",),
    "statements.theorems": ("Theorem",),
    "referee.answer": ("check", "decide", "tightness"),
    "referee.proving": ("prove",),
    "referee.testing": ("parametrize_with_claims",),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'gembounds' has no attribute {name!r}")
    if name == "__version__":
        from importlib.metadata import version

        return version("gembounds")
    from importlib import import_module

    home = next((m for m, names in _HOMES.items() if name in names), "evaluators.quantities")
    value = getattr(import_module(f"gembounds.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
