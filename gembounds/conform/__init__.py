"""Judge any core for this model: how many of its digits are right, and where it breaks.

    from gembounds.conform import run
    report = run("mymodule")             # or a module, or any object with the functions

A core is described in :mod:`gembounds.conform.protocol`; what is asked of it in
:mod:`gembounds.conform.checks`; how an error is measured in :mod:`gembounds.conform.tolerance`.
Nothing heavy is imported before something is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gembounds.conform.report import Report, Result
    from gembounds.conform.runner import run
    from gembounds.conform.testing import parameters, parametrize_with_checks

__all__ = ["Report", "Result", "parameters", "parametrize_with_checks", "run"]

_HOMES = {
    "Report": "report",
    "Result": "report",
    "parameters": "testing",
    "parametrize_with_checks": "testing",
    "run": "runner",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
