"""What a check does with claims: the points that they share, the certificates."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from gembounds.evaluators import quantities
from gembounds.referee import check, recorded, tasks
from gembounds.referee.search import search_all
from gembounds.statements import SEVERAL, library, mean_square, mu_max, n, real
from gembounds.statements.claim import Claim
from gembounds.statements.drawing import drawing


def test_the_witness_that_was_confirmed_before_is_tried_before_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``verify`` takes seconds for each, and confirms no smaller one of this claim."""
    claim, tried = library.get("eq-17b"), []
    known = recorded.witness_of(claim)
    assert known is not None

    def confirm(proof: dict[str, Any]) -> list[str]:
        tried.append(proof["point"])
        return [] if proof["point"] == known.to_json() else ["not confirmed"]

    monkeypatch.setattr(tasks, "confirm", confirm)
    proof = tasks.certified((tasks.handle_of(claim), known, known))
    assert proof is not None and proof["point"] == known.to_json()
    assert len(tried) == 2 and tried[0] != tried[1]


ENERGY = Claim("energy", mean_square <= mu_max**2)
HALF = Claim("half", mean_square <= mu_max**2 / 2)
FEW = Claim("few", mean_square <= mu_max**2, n <= 3)
COSTLY = replace(ENERGY, id="costly", cost=2.0)


def test_claims_that_share_their_points_are_decided_as_each_is_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the others are, and where one has fewer points than the others: three shards, and
    one and a half."""
    monkeypatch.setattr(check, "POINTS", 3 * check.SHARD)

    def results(*claims: Claim) -> dict[str, Any]:
        found = check.run(claims=claims, jobs=1, evaluations=10)
        return {r["id"]: {**r, "seconds": 0} for r in found}

    together = results(HALF, FEW, ENERGY, COSTLY)
    assert together == results(COSTLY, ENERGY) | results(FEW) | results(HALF)
    assert together["energy"]["points"] == 3 * check.SHARD == 2 * together["costly"]["points"]


def test_what_is_evaluated_at_a_shared_point_serves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    evaluate = quantities.psi_tilde_norm2

    def counted(mix: Any, **options: Any) -> Any:
        asked.append((mix, options["max_nodes"], options.get("bits")))
        return evaluate(mix, **options)

    monkeypatch.setattr(quantities, "psi_tilde_norm2", counted)
    found = search_all([ENERGY, HALF, COSTLY], 30, 5)
    assert [f.decided for f in found] == [30] * 3
    assert len({(id(mix), *rest) for mix, *rest in asked}) == len(asked) >= 10


def test_other_conditions_and_parameters_are_other_points() -> None:
    t = real("t", 0, 1)
    claims = [ENERGY, FEW, replace(FEW, when=(n <= 4,)), replace(ENERGY, over=SEVERAL),
              Claim("t", t * mean_square <= mu_max**2)]  # fmt: skip
    assert len({drawing(c) for c in claims}) == len(claims)
    assert drawing(ENERGY) == drawing(HALF) == drawing(COSTLY)


def test_draws_do_not_depend_on_what_is_loaded() -> None:
    """Hypothesis would draw the numbers of a module that is loaded, now and then."""
    code = """if True:
        import sys, types
        from gembounds.referee.search import draw
        from gembounds.statements import library
        if len(sys.argv) > 1:
            sys.path.insert(0, sys.argv[1])
            import numbers_of_mine
        out = []
        draw(library.get("eq-26a"), 300, 1, lambda p: out.append(p["d"]))
        print(out)
    """
    with TemporaryDirectory() as folder:
        numbers = ", ".join(map(str, range(200, 300)))
        (Path(folder) / "numbers_of_mine.py").write_text(f"X = [{numbers}]\n")
        found = [
            subprocess.run([sys.executable, "-c", code, *more], capture_output=True, check=True)
            for more in ([], [folder])
        ]
    assert len(found[0].stdout) > 900 and found[0].stdout == found[1].stdout
