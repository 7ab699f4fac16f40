"""What a page must be like in a browser, at any width and in both schemes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def opened(browser: Any, page: Path, width: int, scheme: str, anchor: str = "") -> Any:
    """The page, with what its console said in ``said``."""
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab.said = []
    tab.on("console", lambda message: tab.said.append(message.text))
    tab.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.goto(f"{page.resolve().as_uri()}{anchor}")
    return tab


def faults(tab: Any) -> list[str]:
    """What axe-core finds (of any impact), what the console said, whether it scrolls sideways."""
    from axe_playwright_python.sync_playwright import Axe

    found = [f"console: {text}" for text in tab.said]
    wide, seen = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > seen:
        found.append(f"{wide} wide in a window of {seen}: {_widest(tab)}")
    for violation in Axe().run(tab).response["violations"]:
        nodes = violation["nodes"]
        where = nodes[0]["html"][:160]
        found.append(f"{violation['impact']}: {violation['help']} ({len(nodes)}): {where}")
    return found


def folded(tab: Any, opened: Sequence[str]) -> None:
    """Only these claims open, and of the others what is seen: one template makes them all, and
    axe-core walks over what is hidden, for half a minute."""
    tab.evaluate(
        "ids => { for (const id of ids) document.getElementById(id).open = true;"
        " for (const e of document.querySelectorAll('details.claim:not([open]) > :not(summary)'))"
        " e.remove(); }",
        list(opened),
    )


def _widest(tab: Any) -> Sequence[str]:
    found: Sequence[str] = tab.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > "
        "innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 90))"
    )
    return found
