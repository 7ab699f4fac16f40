"""The committed report in a real browser: what is seen first, filters, links, print."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SCHEMES, WIDTHS
from tests.browser.looked_at import faults, folded, opened

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "reports" / "report.html"
DATA = json.loads((ROOT / "reports" / "report.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_is_in_the_way(browser: Any, width: int, scheme: str) -> None:
    tab = opened(browser, PAGE, width, scheme)
    folded(tab, ("eq-39c", "lemma-11", "theorem-13", "lemma-17-sharpened", "lemma-12.2"))
    assert faults(tab) == []
    tab.close()


def test_what_survives_and_the_slips_are_seen_first(browser: Any) -> None:
    """On a telephone, within three screens; the first paper's."""
    tab = opened(browser, PAGE, 400, "light")
    bottom = "e => e.getBoundingClientRect().bottom + scrollY"
    assert tab.locator(".survives").first.evaluate(bottom) < 3 * 800
    index = tab.locator("ol.index").first
    assert index.evaluate(bottom) < 3 * 800
    home = DATA["sources"][0]["paper"]
    rows = [r for r in DATA["survives"] if r["paper"] == home]
    assert tab.locator(".survives").first.locator("tbody tr").count() == len(rows) > 10
    own = {r["slip"] for r in DATA["claims"] if r["paper"] == home and r["slip"]}
    assert index.locator("li").count() == len(own) > 8
    tab.close()


def test_claims_are_found_sorted_and_opened(browser: Any) -> None:
    tab = opened(browser, PAGE, 1400, "light", "#eq-39c")
    assert tab.locator("#eq-39c[open]").count() == 1  # a link opens what it leads to
    shown = tab.locator(".list details.claim:not([hidden])")
    everything = len(DATA["claims"])
    assert shown.count() == everything
    for name, key in (("verdict", "refuted"), ("severity", "substance")):
        tab.select_option(f"[id='at:{name}']", key)
        assert shown.count() == sum(r[name] == key for r in DATA["claims"]) < everything
        tab.select_option(f"[id='at:{name}']", "")
    tab.fill("[id='at:find']", "popoviciu")
    assert 0 < shown.count() < everything / 4
    assert tab.locator("[id='at:count']").inner_text() == f"{shown.count()} of {everything}"
    tab.fill("[id='at:find']", "no such thing")
    assert shown.count() == 0 and tab.locator(".list h3:not([hidden])").count() == 0
    tab.fill("[id='at:find']", "")
    tab.select_option("[id='at:sort']", "slack")
    slacks = shown.evaluate_all("es => es.map(e => Number(e.dataset.slack || -1))")
    assert slacks == sorted(slacks, reverse=True) and slacks[0] > 1e6
    tab.select_option("[id='at:sort']", "")
    assert [*shown.evaluate_all("es => es.slice(0, 2).map(e => e.id)")] != []
    contents = tab.locator("nav")
    tab.evaluate("scrollTo(0, 9000)")
    assert contents.is_visible() and contents.bounding_box()["y"] == 0
    assert tab.said == []
    tab.close()


def test_without_a_script_everything_is_there(browser: Any) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 400, "height": 800}
    )
    tab = context.new_page()
    tab.goto(PAGE.as_uri())
    assert not tab.locator(".tools").is_visible()
    tab.locator("#lemma-17 > summary").click()
    assert tab.locator("#lemma-17 ol").is_visible() or tab.locator("#lemma-17 math").is_visible()
    context.close()


def test_it_is_printed_on_few_pages(browser: Any) -> None:
    tab = opened(browser, PAGE, 1400, "light")
    printed = tab.pdf(format="A4")
    assert 3 < len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) < 15
    tab.close()
