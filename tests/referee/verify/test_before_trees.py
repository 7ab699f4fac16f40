"""Certificates made before claims were trees are confirmed as points, every one of them whose
statement is still read as then: (17) is a sum since, and Lemma 15 and its steps have n >= 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from gembounds.proving.record import digest
from gembounds.referee.verify.confirm import confirm, read

KEPT = sorted(Path(__file__).with_name("before_trees").glob("*.json"))


def test_all_are_kept() -> None:
    assert len(KEPT) == 16


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_an_old_certificate_is_still_confirmed(path: Path) -> None:
    assert confirm(read(path)) == []


def test_one_with_another_point_is_not() -> None:
    data = read(next(path for path in KEPT if path.stem == "eq-39c"))
    data["point"] = {"parameters": {"d": 1}}
    data["digest"] = digest(data)
    assert confirm(data) != []
