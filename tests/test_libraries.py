"""What was found of real libraries: pages are those of the records, and one is judged again."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from gembounds.conform import run
from gembounds.conform.core import load


@pytest.fixture(scope="module")
def pages() -> Any:
    return import_module("examples.libraries.pages")


def record(pages: Any, name: str) -> Any:
    return json.loads((pages.ROOT / "reports" / "libraries" / f"{name}.json").read_text())


def test_the_pages_are_what_the_records_say(pages: Any) -> None:
    made = pages.pages()
    assert len(made) == len(pages.NAMES) + 1 >= 7
    for place, text in made.items():
        assert place.read_text(encoding="utf-8") == text, "python -m examples.libraries.pages"


def test_each_issue_is_about_something_wrong(pages: Any) -> None:
    for name in pages.NAMES:
        found = record(pages, name)
        failed = {r["id"] for r in found["double"]["drawn"] if r["status"] == "failed"}
        assert bool(failed) == (pages.ISSUES / f"{name}.md").is_file(), (name, failed)
        assert {r["status"] for r in found["double"]["drawn"]} <= {"passed", "failed"}


def test_scikit_learn_again(pages: Any) -> None:
    """In this environment: the points along the shift are judged as is recorded, and the smallest
    witness is one again."""
    pytest.importorskip("sklearn")
    families = import_module("examples.libraries.along").families
    core, found = load("examples.libraries.sklearn_gm:double"), record(pages, "sklearn_gm")
    points = {(f, at): point for f, _, some in families() for at, point in some}
    rows = found["double"]["along"]
    assert {(r["family"], r["at"]) for r in rows} == {*points}
    for row in (r for r in rows if r["parameter"] == "shift"):
        point = points[row["family"], row["at"]]
        now = run(core, only=["log_prob-offset", "psi-offset"], at=point).results
        assert [r.status for r in now] == [r["status"] for r in row["found"]]
    (least,) = (r for r in found["double"]["drawn"] if r["id"] == "psi-offset")
    assert run(core, only="psi-offset", at=least["worst_point"]).results[0].status == "failed"
