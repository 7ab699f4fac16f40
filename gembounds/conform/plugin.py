"""The plugin of pytest that comes with the package: two options and a summary of digits.

It imports nothing but pytest, and does nothing in runs without checks of a core.
"""

from __future__ import annotations

import secrets
from typing import Any

import pytest

PROPERTY = "certified digits"
"""Of a test's report: core, function, domain, digits at worst. Reports come from the workers of
pytest-xdist as well."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gembounds", "conformance of numerical cores")
    group.addoption(
        "--gembounds-seed", type=int, metavar="N",
        help="seed of the points at which cores are checked (default: another one each time)",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """One seed a run: the workers of pytest-xdist are given the options as they are here."""
    if config.option.gembounds_seed is None:
        config.option.gembounds_seed = secrets.randbelow(10**6)


def _check_of(item: pytest.Item) -> Any:
    found = getattr(item, "callspec", None)
    check = None if found is None else found.params.get("check")
    return check if type(check).__name__ == "BoundCheck" else None


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    check = _check_of(item)
    if check is not None:
        check.seed = item.config.getoption("--gembounds-seed")
    yield
    if check is not None and check.result is not None:
        found = check.result
        if found.digits_worst is not None:
            value = [check.core.name, found.function, found.domain, found.digits_worst]
            item.user_properties.append((PROPERTY, value))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    cores: dict[str, dict[str, tuple[float, str]]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == PROPERTY and getattr(report, "when", "") == "call":
                    core, function, domain, digits = value
                    worst = cores.setdefault(core, {})
                    worst[function] = min(worst.get(function, (digits, domain)), (digits, domain))
    for core, functions in cores.items():
        terminalreporter.section(f"certified digits of {core}")
        seed = terminalreporter.config.option.gembounds_seed
        terminalreporter.write_line(f"--gembounds-seed {seed} draws the same points")
        for function, (digits, domain) in functions.items():
            terminalreporter.write_line(f"{function:16} {digits:5.1f} at worst ({domain})")
