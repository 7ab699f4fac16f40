"""A numerical core against the certified values: ``pytest properties/ --core MODULE[:OBJECT]``.

The core is that of ``--core``, else of the variable ``GEMBOUNDS_CORE``, else our own. A few points
for each check; with ``--hypothesis-profile=thorough`` as many as ``gembounds conform``.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from gembounds.conform import parameters
from gembounds.conform.testing import BoundCheck
from properties.conftest import POINTS

OWN = "gembounds.conform.own"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    core = metafunc.config.getoption("--core") or os.environ.get("GEMBOUNDS_CORE") or OWN
    quick = settings().max_examples <= POINTS
    metafunc.parametrize("check", parameters(core, quick=quick))


def test_core(check: BoundCheck) -> None:
    check()
