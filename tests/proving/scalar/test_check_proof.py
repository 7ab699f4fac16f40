"""The checker of the standard library: it confirms what is whole, and rejects what is not."""

from __future__ import annotations

import copy
import importlib
import json
import math
import random
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import gembounds as gb
from gembounds.proving.record import digest
from gembounds.proving.scalar.certificate import certificate
from gembounds.proving.scalar.problem import Problem
from gembounds.proving.scalar.search import Cover, Outcome
from gembounds.proving.splits import encode
from gembounds.referee.verify.proof import confirm_proof
from tests.proving.scalar.claims import FALSE, TRUE

FOLDER = Path(gb.__file__).resolve().parent.parent / "reports" / "proofs"
COMMITTED = sorted(FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def checker() -> Iterator[Any]:
    sys.path.insert(0, str(FOLDER))
    try:
        yield importlib.import_module("check_proof")
    finally:
        sys.path.remove(str(FOLDER))


def outcome(checker: Any, data: dict[str, Any]) -> str:
    try:
        checker.check(data, None, random.Random(0))
    except checker.OutOfReach:
        return "out of reach"
    except (checker.Rejected, checker.NoValue, ValueError, LookupError, TypeError,
            AttributeError):  # fmt: skip
        return "rejected"
    return "confirmed"


def test_committed_proofs(checker: Any) -> None:
    assert len(COMMITTED) >= 14
    for place in COMMITTED:
        assert confirm_proof(json.loads(place.read_text())) == [], place.stem
    found = {p.stem: outcome(checker, json.loads(p.read_text())) for p in COMMITTED}
    assert "rejected" not in found.values()
    assert {k for k, v in found.items() if v == "confirmed"} >= {
        "eq-10c.1", "eq-10c.2", "eq-10d.4", "eq-18c-repaired", "eq-28.4", "lemma-12-case-2.2",
        "lemma-12-case-2.3",
    }  # fmt: skip


@pytest.mark.parametrize("claim", TRUE, ids=lambda c: c.id)
def test_new_proofs(checker: Any, claim: gb.Claim) -> None:
    data = gb.prove(claim, leaves=400, seconds=20).certificate
    assert outcome(checker, json.loads(json.dumps(data))) != "rejected"


def altered(data: dict[str, Any], *path: Any) -> dict[str, Any]:
    other = copy.deepcopy(data)
    *keys, last, value = path
    inner: Any = other
    for key in keys:
        inner = inner[key]
    inner[last] = value
    other["statement"] = digest({key: other[key] for key in ("tree", "constants")})
    return {**other, "digest": digest(other)}


ZERO, RANGE = [["goal", 0, ["zero"]]], [["goal", 0, ["range"]]]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("lemma-12-case-2.2", ("tree", "relation", 2, ["num", "1000"])),
        ("lemma-12-case-2.2", ("tree", "relation", 0, "<=")),
        ("lemma-12-case-2.2", ("covers", 0, "tree", encode([-1], 1))),
        ("lemma-12-case-2.2", ("covers", 0, "leaves", 0, ZERO)),
        ("lemma-12-case-2.2", ("covers", 0, "leaves", 0, [["outside", 0]])),
        ("lemma-12-case-2.2", ("covers", [])),
        ("lemma-12-case-2.3", ("numbers", "U", "low", None)),
        ("lemma-12-case-2.3", ("facts", [])),
        ("eq-10c.1", ("tree", "when", [])),
        ("eq-10c.1", ("numbers", "c", "high", "bound", ["num", "1/4"])),
        ("eq-10c.2", ("numbers", "r", "low", "bound", ["num", "2"])),
        ("eq-10d.4", ("constants", "shrink", "199/100")),
        ("eq-10d.4", ("constants", "factor", "399/100")),
        ("eq-10d.4", ("starts", [2])),
        ("eq-10d.4", ("covers", 0, "leaves", 0, RANGE)),
        ("eq-18c-repaired", ("constants", "slope", "1")),
        ("eq-18c-repaired", ("covers", 0, "leaves", 0, ZERO)),
        ("eq-28.4", ("constants", "one", "99/100")),
    ],
)
def test_what_is_altered_is_rejected(checker: Any, name: str, path: tuple[Any, ...]) -> None:
    data = json.loads((FOLDER / f"{name}.json").read_text())
    assert outcome(checker, data) == "confirmed"
    assert outcome(checker, {**data, "digest": "0" * 64}) == "rejected"
    other = altered(data, *path)
    assert other != data and outcome(checker, other) == "rejected"


def test_a_weaker_proof_is_none_of_a_false_statement(checker: Any) -> None:
    """The proof of each true statement with the tree of each false one that has its numbers."""
    proofs = [json.loads(json.dumps(gb.prove(c, leaves=50, seconds=5).certificate))
              for c in TRUE[:6]]  # fmt: skip
    from gembounds.proving.record import about

    for data in filter(None, proofs):
        for claim in FALSE:
            body = {**data, **about(claim)}
            assert outcome(checker, {**body, "digest": digest(body)}) != "confirmed", claim.id


def one_leaf(claim: gb.Claim, goal: int) -> dict[str, Any]:
    """What would prove a statement if every cube were one leaf, by the range of a goal."""
    problem, starts = Problem(claim), []

    def start(_: Any, name: str) -> int:
        starts.append(problem.range_of(name)[0])
        return starts[-1]

    leaf = [["goal", goal, ["range"]]] * len(problem.cases)
    covers = [Cover(place, [-1], [leaf], Fraction(0)) for place in problem.layout(start)]
    made = certificate(problem, Outcome("proved", covers, starts))
    whole: dict[str, Any] = json.loads(json.dumps(made))
    return whole


@pytest.mark.parametrize("claim", FALSE, ids=lambda c: c.id)
def test_no_range_shows_a_false_statement(checker: Any, claim: gb.Claim) -> None:
    for goal in range(3):
        data = one_leaf(claim, goal)
        assert outcome(checker, data) != "confirmed" and confirm_proof(data)


def test_ends_of_exp_and_log_are_outward(checker: Any) -> None:
    from flint import arb, fmpq

    rng = random.Random(2)
    for _ in range(300):
        x = Fraction(rng.randrange(1, 10**6), rng.randrange(1, 10**3)) * Fraction(2) ** (
            rng.randrange(-40, 5)
        )
        for f, g in ((checker.log, "log"), (checker.exp, "exp"), (checker.root, "sqrt")):
            y = -x if g == "exp" and rng.random() < 0.5 else min(x, Fraction(500))
            low, high = f(y, False), f(y, True)
            true = getattr(arb(fmpq(y.numerator, y.denominator)), g)()
            assert arb(fmpq(low.numerator, low.denominator)) <= true.upper()
            assert arb(fmpq(high.numerator, high.denominator)) >= true.lower()
            size = max(abs(float(low)), 1e-300)
            assert float(high - low) <= 1e-25 * max(size, 1) or math.isinf(float(high))
