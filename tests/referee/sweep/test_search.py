"""What a chunk finds: corners of measure 1e-6, the same ones each time."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.points.batch import Batch
from gembounds.points.point import Point
from gembounds.referee.optimise import Margins
from gembounds.referee.sweep import chunk, many, plan
from gembounds.referee.sweep.balance import balanced
from gembounds.referee.sweep.draws import batches, gridded
from gembounds.referee.sweep.mutate import Pools, mutated, row_at
from gembounds.referee.sweep.run import certificates
from gembounds.referee.sweep.singly import evolved, singly
from gembounds.referee.sweep.tally import Found, Tally, point_of
from gembounds.statements import (
    PAIRS,
    const,
    data_means,
    displacement,
    equals,
    integer,
    largest,
    library,
    mean_square,
    mu_max,
    norm,
    pi_min,
    real,
)
from gembounds.statements.decide import decide
from gembounds.statements.many import REFUTED, Singly, decide_many
from gembounds.statements.paper import papers

t, u, k = real("t", 0, 1), real("u", -1, 1), integer("k", 1, 10**6)
small = const("small", "1/1000000")

CORNERS = [
    gb.Claim("numbers", (t - const("a", "37/113")) ** 2 + (u + const("b", "9/71")) ** 2 >= small),
    gb.Claim("whole", (t - const("a", "1/7")) ** 2 + (k - 2024) ** 2 / 10**6 >= small),
    gb.Claim("mixtures", (mu_max - const("a", "7/5")) ** 2 + (pi_min - const("b", "1/7")) ** 2
             >= small),
    gb.Claim("shell", (mu_max - const("a", "23/17")) ** 2 - const("depth", "1/100000000000") >= 0),
    gb.Claim("product", (t - const("a", "3/7")) * (t - const("b", "3000001/7000000")) >= 0),
    gb.Claim("averages", mean_square <= mu_max**2 * (
        1 + 1000 * (pi_min - const("p", "1/5")) ** 2 + 1000 * (mu_max - 1) ** 2
        - const("depth", "1/1000"))),
]  # fmt: skip


def chunks(claim: Any, size: int, count: int) -> Tally:
    """The tally of the last of ``count`` rounds, and of all that is refuted before."""
    tally, starts = Tally(), list[Found]()
    for round_ in range(count):
        one = Tally()
        many.Many(one, claim, size, partial(chunk.single, one, claim)).run(round_, starts)
        tally.merge(one)
        starts = tally.nearest
        if tally.refuted:
            break
    return tally


@pytest.mark.parametrize("claim", CORNERS, ids=lambda c: c.id)
def test_a_corner_of_measure_a_millionth_is_found(claim: Any) -> None:
    first = chunks(claim, 6000, 4)
    assert first.refuted
    witness = point_of(first.refuted[0].point)
    assert decide(claim, witness).outcome == "refuted"
    drawn = Counter[int]()
    for batch in batches(claim, np.random.default_rng(0), 6000):
        found = decide_many(claim, batch)
        drawn.update(found.outcomes.tolist())
    assert drawn[REFUTED] == 0  # it takes more than drawing


def test_a_corner_is_found_one_by_one_in_model_and_data() -> None:
    """Of measure 1e-4: there are a hundredth of the points."""
    claim = gb.Claim("both", (largest(norm(data_means)) - const("a", "7/5")) ** 2
                     + (mu_max - 1) ** 2 >= const("small", "1/10000"), data=PAIRS)  # fmt: skip
    tally, starts = Tally(), list[Found]()
    for k in range(8):
        one = Tally()
        singly(one, claim, 40, k, k, starts, partial(chunk.single, one, claim))
        tally.merge(one)
        starts = tally.nearest
    assert tally.outcomes["single"] == 320 and tally.refuted
    refuted = point_of(tally.refuted[0].point)
    assert refuted.data is not None and decide(claim, refuted).outcome == "refuted"


def test_what_is_subtracted_beside_zero_is_added_on_the_other_side() -> None:
    x = real("x", 0, 1)
    for relation, wanted in (
        (mu_max - pi_min + 1 - x >= 0, "mu_max + 1 >= pi_min + x"),
        (0 < -(x - 2) - pi_min, "2 > x + pi_min"),
        (mu_max - x >= pi_min, "mu_max - x >= pi_min"),
        (-2 - x <= 0, "-2 - x <= 0"),
        (equals(mu_max - x, 0), "mu_max - x = 0"),
    ):
        assert balanced(gb.Claim("c", relation)).relation.text == wanted
    decided = gb.Claim("c", x <= 1, decided_by=x - 1 <= 0, identity="the same")
    found = balanced(decided)
    assert found.relation is decided.relation and found.decided.text == "x <= 1"


def test_a_batch_that_arrays_cannot_decide_goes_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(*_: Any) -> Any:
        raise Singly("for the test")

    monkeypatch.setattr(many, "decide_many", refuses)
    tally = Tally()
    claim = gb.Claim("energy", mean_square <= mu_max**2)
    many.Many(tally, claim, 34, partial(chunk.single, tally, claim)).run(0, [])
    assert tally.outcomes["single"] == tally.decided == 34


def test_what_is_open_alone_may_be_no_case_for_arrays() -> None:
    """Where k is 2 for all, it is exact, and a side has no value."""
    claim = gb.Claim("pole", mean_square / (integer("k", 0, 5) - 2) ** 2 >= 0)
    tally = Tally()
    batch = Batch(np.ones((3, 2, 1)), np.full((3, 2), 0.5), {"k": np.array([1, 2, 2])})
    many.Many(tally, claim, 3, partial(chunk.single, tally, claim)).take(batch)
    assert (tally.outcomes["holds"], tally.outcomes["undefined"]) == (1, 2)


def test_a_certificate_of_what_a_claim_was_is_replaced(tmp_path: Path) -> None:
    point = Point(gb.Mixture([[1]])).to_json()
    found = {"claims": [{"id": "share", "paper": "", "refuted": [{"point": point}]}]}
    for share in (2, 3, 3):
        claim = gb.Claim("share", mean_square <= mu_max**2 / share)
        proofs = certificates([claim], found, tmp_path)
        assert proofs["", "share"][1]["statement"] == claim.text


def test_certificates_of_claims_of_one_id_are_apart(tmp_path: Path) -> None:
    claims = list[Any]()
    for name, share in (("a.py", 2), ("b.py", 3)):
        (tmp_path / name).write_text(
            "import gembounds as gb\nfrom gembounds.statements import mean_square, mu_max\n"
            f'CLAIMS = (gb.Claim("c", mean_square <= mu_max**2 / {share}),)\n'
        )
        claims += library.collection(str(tmp_path / name)).values()
    point = Point(gb.Mixture([[1]])).to_json()
    found = {"claims": [{"id": "c", "paper": name, "refuted": [{"point": point}]}
                        for name in ("a.py", "b.py")]}  # fmt: skip
    proofs = certificates(claims, found, tmp_path / "out")
    assert [proofs[name, "c"][1]["statement"] for name in ("a.py", "b.py")] == [
        claim.text for claim in claims
    ]
    names = sorted(p.name for p in (tmp_path / "out" / "certificates").iterdir())
    assert names == ["a.py-c.json", "b.py-c.json"]


def test_mutations_keep_shapes_kinds_and_ends() -> None:
    claim = gb.Claim("moved", mu_max * t <= k, when=mu_max <= displacement_size())
    rng = np.random.default_rng(3)
    batch = next(iter(batches(claim, rng, 17 * 40)))
    pools = Pools()
    pools.add(np.arange(len(batch), dtype=float), batch, range(len(batch)))
    _, pool = pools.choose(rng)
    found = gridded(claim, mutated(claim, rng, pool, 500))
    assert found.means.shape[0] == 500 and found["k"].dtype.kind == "i"
    assert (found["t"] >= 0).all() and (found["t"] <= 1).all() and (found["k"] >= 1).all()
    assert np.allclose(found.weights.sum(axis=1), 1) and (found.weights > 0).all()
    moved = found.means + found["delta"]
    assert ((moved - found.means) == found["delta"]).all()  # sums are exact
    assert len(np.unique(found.means)) > 100


def test_mutations_that_are_no_parents_come_to_an_end() -> None:
    """Means on a line in six dimensions: nearly all of them leave it for more than three."""
    claim = gb.Claim("energy", mean_square <= mu_max**2)
    line = Point(gb.Mixture([[(i + 1) * (j + 1) for j in range(6)] for i in range(6)]))
    ends, tried = evolved(claim, [Found.of(0.5, 0.1, line)], 200, 1, Margins(claim))
    assert len(ends) > 0 and 0 < tried < 200


def test_tables_of_costs_are_of_claims_that_are_there() -> None:
    for name in papers():
        found = plan.table(name)
        assert set(found) <= set(library.collection(name)) and all(x > 0 for x in found.values())
    assert len(plan.table("xu-fazel-du-2024")) > 100


def displacement_size() -> Any:
    return 10 + largest(norm(displacement("delta")))


def test_rows_of_points() -> None:
    point = Batch(np.ones((1, 2, 1)), np.full((1, 2), 0.5), {"k": np.array([3])}).point(0)
    row = row_at(point)
    assert row is not None and row["k"].dtype.kind == "i" and row["means"].shape == (2, 1)
    assert row_at(gb_point(rank=4)) is None
    for far in (2**70, Fraction(10**400), (Fraction(10**400),)):
        assert row_at(Point(parameters={"far": far})) is None


def gb_point(rank: int) -> Any:
    return Point(gb.Mixture(np.eye(rank + 1)))
