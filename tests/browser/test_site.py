"""The site that ``make docs`` has built, in a real browser, and its links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.browser.conftest import SCHEMES, WIDTHS
from tests.browser.looked_at import faults, opened

SITE = Path(__file__).resolve().parents[2] / "build" / "docs"
built = pytest.mark.skipif(not SITE.is_dir(), reason="no build/docs: make docs first")

LOOKED_AT = ("index", "my-lemma", "words", "mathematics", "gallery/index", "proof-map")
"""Of each kind one: home, a tutorial, tables, formulas, lists, pictures."""


@built
@pytest.mark.parametrize("name", LOOKED_AT)
def test_nothing_is_in_the_way(browser: Any, name: str) -> None:
    for width, scheme in zip((*WIDTHS, WIDTHS[0]), (*SCHEMES, SCHEMES[1]), strict=True):
        tab = opened(browser, SITE / f"{name}.html", width, scheme)
        assert faults(tab) == [], (width, scheme)
        tab.close()


@built
def test_no_page_is_wider_than_a_telephone(browser: Any) -> None:
    tab = browser.new_page(viewport={"width": 400, "height": 800})
    wide = []
    for page in sorted(SITE.rglob("*.html")):
        if "files" not in page.relative_to(SITE).parts:
            tab.goto(page.as_uri(), wait_until="domcontentloaded")
            if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(str(page.relative_to(SITE)))
    tab.close()
    assert wide == []


@built
def test_every_link_within_the_site_leads_somewhere() -> None:
    anchors: dict[Path, set[str]] = {}

    def known(page: Path) -> set[str]:
        if page not in anchors:
            anchors[page] = set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8")))
        return anchors[page]

    lost = []
    for page in sorted(SITE.rglob("*.html")):
        for link in re.findall(r'<a [^>]*href="([^"]+)"', page.read_text(encoding="utf-8")):
            if re.match(r"\w+:", link):
                continue
            place, _, anchor = link.partition("#")
            target = (page.parent / unquote(place)).resolve() if place else page
            html = target.suffix == ".html"
            if not target.is_file() or (anchor and html and unquote(anchor) not in known(target)):
                lost.append((page.name, link))
    assert lost == []
