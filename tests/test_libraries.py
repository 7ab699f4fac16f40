"""What was found of real libraries: pages are those of the records, and one is judged again."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import pytest

ROWS = ("library", "function", "right")


@pytest.fixture(scope="module")
def pages() -> Any:
    return import_module("examples.libraries.pages")


def test_the_pages_are_what_the_records_say(pages: Any) -> None:
    made = pages.pages()
    assert len(made) == len(pages.NAMES) + 1 >= 7
    for place, text in made.items():
        assert place.read_text(encoding="utf-8") == text, "python -m examples.libraries.pages"
        assert "](" in text or place.stem in pages.NAMES


def test_each_issue_is_about_something_wrong(pages: Any) -> None:
    for name in pages.NAMES:
        text = (pages.ROOT / "docs" / "libraries" / f"{name}.md").read_text(encoding="utf-8")
        assert ("## The smallest witness" in text) == ((pages.ISSUES / f"{name}.md").is_file())


def test_exact_values_are_right() -> None:
    """At means where they can be written down."""
    asked = import_module("examples.libraries.asked")
    import numpy as np

    value, shares = asked.exact(np.array([[0.0], [0.0]]), np.array([0.25, 0.75]), [2.0])
    assert float(value.mid()) == pytest.approx(-2 - 0.5 * math.log(2 * math.pi), rel=1e-15)
    assert [float(s.mid()) for s in shares] == [0.25, 0.75]


def test_scikit_learn_again(pages: Any) -> None:
    """In this environment: the same values are wrong as are recorded."""
    pytest.importorskip("sklearn")
    asked, core = (import_module(f"examples.libraries.{m}") for m in ("asked", "sklearn_gm"))
    import json

    record = json.loads((pages.ROOT / "reports" / "libraries" / "sklearn_gm.json").read_text())
    now = {(r["family"], r["at"], r["function"]): r for r in asked.judged(core)}
    assert len(now) == len(record["asked"]) > 50
    for row in record["asked"]:
        found = now[row["family"], row["at"], row["function"]]
        assert found["right"] == row["right"]
        assert found["exact"] == row["exact"]
    assert any(not r["right"] for r in now.values())
