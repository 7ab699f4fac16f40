"""A real browser, where there is one: Debian's chromium, or what playwright has installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

WIDTHS, SCHEMES = (400, 1400), ("light", "dark")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="the extra browser is missing")
    with sync_api.sync_playwright() as play:
        own = shutil.which("chromium") or shutil.which("google-chrome")
        try:
            found = play.chromium.launch(executable_path=own, args=["--no-sandbox"])
        except sync_api.Error as error:
            pytest.skip(f"no browser: apt-get install chromium ({str(error).splitlines()[0]})")
        yield found
        found.close()
