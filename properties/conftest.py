"""Profiles of the property tests: how many points a claim is decided at.

``dev`` (default) and ``ci`` draw the same number of points from a fixed seed;
``pytest properties/ --hypothesis-profile=thorough`` draws 100 times as many, and
``--hypothesis-seed=N`` draws others.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

POINTS = 60
SEED = 1
"""Not the default seed of ``gembounds check``: other points than it decides at."""

settings.register_profile("dev", max_examples=POINTS, deadline=None, database=None)
settings.register_profile("ci", max_examples=POINTS, deadline=None, database=None)
settings.register_profile("thorough", max_examples=100 * POINTS, deadline=None, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--core", metavar="MODULE[:OBJECT]",
        help="the core that test_core.py judges (default: GEMBOUNDS_CORE, or our own)",
    )  # fmt: skip


@pytest.fixture
def points() -> int:
    """Points to decide a claim at, by the profile."""
    return int(settings().max_examples)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed given with ``--hypothesis-seed``, or the fixed one."""
    given = request.config.getoption("--hypothesis-seed", default=None)
    return SEED if given in (None, "random") else int(given)
