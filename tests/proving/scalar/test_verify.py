"""Certificates of proofs: whole ones are confirmed, and whatever is altered in one is caught."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import gembounds as gb
from gembounds.proving.record import digest
from gembounds.proving.splits import encode
from gembounds.referee.verify.proof import confirm_proof
from gembounds.statements import NUMBERS, const, exp, integer, real, sqrt
from gembounds.statements.claim import Claim
from tests.command_line import run

x, t, d = real("x", 0, 1), real("t"), integer("d", 1)
CLAIM = Claim("mine", x**2 * (1 - x) <= const("top", "0.1482"), over=NUMBERS)


def made(claim: Claim = CLAIM, **more: Any) -> dict[str, Any]:
    found = gb.prove(claim, **more).certificate
    assert found is not None
    whole: dict[str, Any] = json.loads(json.dumps(found))
    return whole


def altered(data: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> list[str]:
    """What is wrong with an altered certificate whose digest is right again."""
    other = copy.deepcopy(data)
    change(other)
    return confirm_proof({**other, "digest": digest(other)})


def test_a_digest_is_compared() -> None:
    data = made()
    assert confirm_proof(data) == [] and data["leaves"] > 2
    assert "digest" in confirm_proof({**data, "digest": "0" * 64})[0]


def set_at(*path: Any) -> Callable[[dict[str, Any]], None]:
    *keys, last, value = path

    def change(data: dict[str, Any]) -> None:
        inner: Any = data
        for key in keys:
            inner = inner[key]
        inner[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_at("constants", {}), set_at("statement", "0" * 64), set_at("kind", "other"),
        set_at("box", {"x": [0]}), set_at("starts", [1]), set_at("leaves", 99),
        set_at("covers", []), set_at("covers", 0, "tree", encode([-1], 1)),
        set_at("covers", 0, "tree", encode([0, -1, 0, 0, -1, -1, -1], 1)),
        set_at("covers", 0, "leaves", 0, []),
        set_at("covers", 0, "leaves", 0, [["goal", 0, ["zero"]]]),
        set_at("covers", 0, "leaves", 0, [["goal", 0, ["range"]]]),
        set_at("covers", 0, "leaves", 0, [["goal", 5, ["range"]]]),
        set_at("covers", 0, "leaves", 0, [["outside", 0]]),
        set_at("covers", 0, "leaves", 0, [["goal", 0, ["end", "x", 0, 1, [["zero"]]]]]),
        set_at("covers", 0, "leaves", 0, "nonsense"), set_at("covers", 0, "fixed", {"x": 1}),
        set_at("covers", 0, "variables", [{"name": "x", "low": "0", "high": "1/2"}]),
        set_at("covers", 0, "lemmas", ["growth"]), set_at("covers", 3), set_at("claim", 3),
        set_at("tree", "relation", 2, ["num", "3"]), set_at("tree", "over", "mixtures"),
        set_at("numbers", {}), set_at("facts", [["<=", ["num", "0"], ["num", "1"]]]),
    ],
)  # fmt: skip
def test_what_is_altered_is_caught(change: Callable[[dict[str, Any]], None]) -> None:
    assert altered(made(), change)


def test_a_proof_of_one_statement_is_none_of_a_stronger_one() -> None:
    data = made(Claim("mine", exp(x) <= 1 + Fraction("1.719") * x, over=NUMBERS))
    weak, strong = (gb.Claim("mine", exp(x) <= 1 + c * x, over=NUMBERS)
                    for c in (Fraction("1.719"), Fraction("1.718")))  # fmt: skip
    assert confirm_proof(made(weak)) == []
    from gembounds.proving.record import about

    assert confirm_proof({**data, **about(strong), "digest": digest({**data, **about(strong)})})


def test_no_whole_number_may_be_left_out() -> None:
    claim = gb.Claim("roots", sqrt(d + 1) - sqrt(d) <= 1 / (2 * sqrt(d)) - Fraction(1, 10**6),
                     d <= 3, over=NUMBERS)  # fmt: skip
    data = made(claim)
    assert confirm_proof(data) == [] and len(data["covers"]) == 3
    assert altered(data, lambda body: body["covers"].pop())
    assert altered(data, lambda body: body["covers"].reverse())


def test_a_running_whole_number_starts_where_the_ones_before_end() -> None:
    claim = gb.Claim("late", 1 + 1 / d >= (1 + Fraction(1, 10) / d) ** 2 + Fraction(1, 10) / d**9,
                     over=NUMBERS)  # fmt: skip
    data = made(claim)
    assert confirm_proof(data) == []
    assert altered(data, set_at("starts", [data["starts"][0] + 1]))


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "claims.py"
    file.write_text(
        "import gembounds as gb\nfrom gembounds.statements import NUMBERS, const, exp, real\n"
        "x, t = real('x', 0, 1), real('t')\nCLAIMS = (\n"
        "  gb.Claim('good', exp(x) <= 1 + 2 * x, over=NUMBERS),\n"
        "  gb.Claim('bad', exp(t) <= 1 + 2 * t, t >= 0, over=NUMBERS),\n"
        "  gb.Claim('open', exp(-t) < 1 / (1 + t), t >= 0, over=NUMBERS),\n)\n"
    )
    status, out, _ = run(capsys, "prove", f"{file}:good", "--json")
    result = json.loads(out)
    assert (status, result["verdict"], result["by"], result["undecided_volume"]) == (
        0, "proved", "arithmetic", 0,
    )  # fmt: skip
    place = Path(result["certificate"])
    assert run(capsys, "verify", str(place))[0] == 0
    place.write_text(place.read_text().replace('"range"', '"zero"'))
    assert run(capsys, "verify", str(place))[0] == 1
    status, out, _ = run(capsys, "prove", f"{file}:bad", "--json")
    assert status == 1 and json.loads(out)["witness"] is not None
    assert run(capsys, "prove", f"{file}:open", "--leaves", "5")[0] == 3
    assert run(capsys, "prove", "no-such")[0] == 2
