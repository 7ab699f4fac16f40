"""The plugin of pytest that comes with the package: two options and a summary of digits.

It imports nothing but pytest, and does nothing in runs without checks of a core.
"""

from __future__ import annotations

from typing import Any

import pytest

RESULTS = pytest.StashKey[dict[str, list[Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gembounds", "conformance of numerical cores")
    group.addoption(
        "--gembounds-seed", type=int, default=0, metavar="N",
        help="seed of the points at which cores are checked (default 0)",
    )  # fmt: skip


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
        kept = item.config.stash.setdefault(RESULTS, {})
        kept.setdefault(check.core.name, []).append(check.result)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for core, results in config.stash.get(RESULTS, {}).items():
        terminalreporter.section(f"certified digits of {core}")
        functions: dict[str, list[Any]] = {}
        for result in results:
            if result.digits_worst is not None:
                functions.setdefault(result.function, []).append(result)
        for function, found in functions.items():
            worst = min(found, key=lambda r: r.digits_worst)
            terminalreporter.write_line(
                f"{function:16} {worst.digits_worst:5.1f} at worst ({worst.domain})"
            )
