"""Each check as a test of pytest, with a readable id.

    from gembounds.conform import parametrize_with_checks

    @parametrize_with_checks("mycore", expected_failures={"psi-far": "no log-sum-exp yet"})
    def test_core(check):
        check()

A check that fails fails the test with the message of the report; where the core itself
raised, :class:`CoreError`; points that the core declares itself not for are skipped tests, and so
is, once each, what it does not offer. Expected failures are strict: one that passes fails the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from gembounds.conform.checks import select
from gembounds.conform.core import Core, as_core
from gembounds.conform.report import Result
from gembounds.conform.runner import reasons_by_id, run_check


class CoreError(Exception):
    """The core raised while it was checked."""


class BoundCheck:
    """A check of one core; call it to run it. ``result`` is what it found."""

    def __init__(self, core: Core, name: str, quick: bool) -> None:
        self.core, self.name, self.quick = core, name, quick
        self.seed = 0
        self.result: Result | None = None

    def __call__(self) -> None:
        __tracebackhide__ = True
        (check,) = select([self.name])
        self.result = run_check(self.core, check, self.seed, self.quick, small=True)
        if self.result.status == "absent":
            pytest.skip(self.result.message)
        if self.result.status == "error":
            raise CoreError(f"{self.name}: {self.result.message}")
        if self.result.status == "failed":
            pytest.fail(f"{self.name}: {self.result.message}", pytrace=False)

    def __repr__(self) -> str:
        return f"<check {self.name} of {self.core.name}>"


def parameters(
    core: Any,
    *,
    expected_failures: Mapping[str, str] | None = None,
    only: Sequence[str] | str | None = None,
    quick: bool = False,
) -> list[Any]:
    """Parameters of pytest, one a check: for ``pytest_generate_tests``. Arguments as
    :func:`gembounds.conform.run`."""
    judged = as_core(core)
    chosen = select(only)
    reasons = reasons_by_id(judged, chosen, expected_failures)
    offered = [check for check in chosen if not check.unoffered(judged)]
    missing = dict.fromkeys(name for check in chosen for name in check.unoffered(judged))
    return [
        pytest.param(
            BoundCheck(judged, check.id, quick),
            id=check.id,
            marks=[pytest.mark.xfail(reason=reasons[check.id], strict=True)]
            if check.id in reasons else [],
        )
        for check in offered
    ] + [
        pytest.param(None, id=f"{name}-not-offered",
                     marks=pytest.mark.skip(reason=f"not offered: {name}"))
        for name in missing
    ]  # fmt: skip


def parametrize_with_checks(
    core: Any,
    *,
    expected_failures: Mapping[str, str] | None = None,
    only: Sequence[str] | str | None = None,
    quick: bool = False,
) -> pytest.MarkDecorator:
    """Decorator: the test takes an argument ``check`` and calls it.

    ``core`` is a module, an object or a spec (``"module:object"``). Raises
    :class:`gembounds.InputError` where it is no core, or an entry of ``expected_failures`` matches
    no check.
    """
    found = parameters(core, expected_failures=expected_failures, only=only, quick=quick)
    return pytest.mark.parametrize("check", found)
