"""The proofs over boxes that are kept are those of the examples; a few of their pieces are
confirmed."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from gembounds.proving.boxes.workers import described
from gembounds.referee.verify.boxes.check import check
from tests.boxes import (
    FOLDER,
    MOST_LEAVES,
    PAGE,
    SAMPLE,
    TABLE,
    WHOLE,
    examples,
    page,
)  # fmt: skip

TABLE_ROWS = json.loads(TABLE.read_text())


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text() == page(TABLE_ROWS)


def test_every_proof_is_kept_or_large_and_confirmed() -> None:
    module = examples()
    assert {*TABLE_ROWS} <= {*module.BOXES, *module.SHARP}
    kept = {p.stem for p in FOLDER.glob("*.json")} - {TABLE.stem}
    assert kept == {k for k, row in TABLE_ROWS.items() if 0 < row["leaves"] <= MOST_LEAVES}
    for row in TABLE_ROWS.values():
        assert row["confirmed_leaves"] == (row["leaves"] if row["leaves"] <= WHOLE else SAMPLE)


@pytest.mark.parametrize("name", [k for k, r in TABLE_ROWS.items() if r["leaves"] <= MOST_LEAVES])
def test_a_proof_is_that_of_its_example(name: str) -> None:
    proof = json.loads((FOLDER / f"{name}.json").read_text())
    module, row = examples(), TABLE_ROWS[name]
    claim, *_, box = (module.BOXES | module.SHARP)[name]
    stated = {c.id: c for c in module.CLAIMS}[claim]
    stated = stated.with_constants(**{k: Fraction(x) for k, x in proof["constants"].items()})
    from gembounds.proving.boxes.box import Box
    from gembounds.proving.boxes.problem import Problem

    wanted = described(stated, Problem(stated, Box.from_json(box)).box)
    assert {k: proof[k] for k in wanted} == json.loads(json.dumps(wanted))
    assert proof["digest"] == row["digest"] and len(proof["leaves"]) == row["leaves"]
    assert check(proof, sample=6, seed=1) == []
