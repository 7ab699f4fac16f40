"""Whole rows: both ends, witnesses that can be checked again, and the command."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gembounds.cli import main
from gembounds.points.point import Point
from gembounds.referee.tightness import recorded, run
from gembounds.referee.tightness.certify import Certified
from gembounds.referee.tightness.critical import Constant
from gembounds.statements import U, const, equals, library, mean_square, mu_max, n
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.tools.errors import InputError

FIELDS = {
    "claim", "constant", "claimed", "certified_lower", "certified_upper", "attained",
    "limit_estimate", "witness", "family", "seconds",
}  # fmt: skip

BEST = {
    ("lemma-17", "factor"): (1.0310527706603808, True),
    ("eq-26a", "probability"): (0.6170750774519738, True),
    ("lemma-19", "factor"): (0.25, True),
    ("lemma-20", "factor"): (0.25, False),
    ("eq-11a", "factor"): (1.4101080805695964, True),
    ("eq-33.1-sharpened", "factor"): (0.125, False),
    ("lemma-11", "denominator"): (4.0, False),
    ("lemma-12.2", "factor"): (1.0, False),
    ("lemma-18", "factor"): (1.0, True),
    ("theorem-14.1", "half"): (0.5, True),
}
"""The best constants, by arguments that stand in the claims' texts."""


@cache
def rows_of(claim: str | Claim) -> list[dict[str, Any]]:
    claim = library.get(claim) if isinstance(claim, str) else claim
    return [row.to_json() for row in run.rows_of_claim(claim, 0, True)]


def row_of(claim: str, name: str) -> dict[str, Any]:
    (row,) = (r for r in rows_of(claim) if r["constant"] == name)
    return row


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], dict[str, Any]]:
    return {(claim, name): row_of(claim, name) for claim, name in BEST}


@pytest.mark.parametrize("key", BEST)
def test_both_ends_meet_and_the_witness_is_within_one_per_cent(
    key: tuple[str, str], rows: dict[tuple[str, str], dict[str, Any]]
) -> None:
    row, (best, attained) = rows[key], BEST[key]
    assert set(row) >= FIELDS
    assert row["certified_lower"] <= row["certified_upper"]
    assert row["certified_lower"] == pytest.approx(best, rel=1e-10)
    assert row["certified_upper"] == pytest.approx(best, rel=1e-10)
    assert row["attained"] is attained
    assert float(Fraction(row["witness_value"])) == pytest.approx(best, rel=0.01)


@pytest.mark.parametrize("key", BEST)
def test_a_witness_refutes_what_is_beyond_it(
    key: tuple[str, str], rows: dict[tuple[str, str], dict[str, Any]]
) -> None:
    row = json.loads(json.dumps(rows[key]))
    claim = library.get(row["claim"])
    sign = 1 if row["stronger"] == "larger" else -1
    value = Fraction(row["witness_value"]) * (1 + sign * Fraction(1, 10**6))
    moved = claim.with_constants(**{row["constant"]: value})
    point = Point.from_json(row["witness"])
    assert decide(moved, point).outcome == "refuted"
    assert decide(claim, point).outcome == "holds"


def test_the_same_seed_gives_the_same_rows() -> None:
    rows = [run.rows_of_claim(library.get("lemma-19"), 4, True) for _ in range(2)]
    assert rows[0] == rows[1]  # but for the seconds, which do not count


def test_repaired_forms_stand_in_for_the_printed_ones() -> None:
    ids = {claim.id for claim in run.chosen(())}
    assert "eq-39c-repaired" in ids
    assert "eq-39c" not in ids
    assert "lemma-9.1" not in ids  # an equality
    assert [c.id for c in run.chosen(["eq-39c"])] == ["eq-39c"]
    statement = {c.id for c in run.chosen(["theorem-14"])}
    assert statement == {"theorem-14.1", "theorem-14.2"}


def test_bad_input_is_named() -> None:
    with pytest.raises(InputError, match="seed is -1"):
        run.run(["lemma-19"], seed=-1)
    with pytest.raises(InputError, match="unknown claim"):
        run.run(["lemma-99"])
    with pytest.raises(InputError, match=r"lemma-9\.1 is an equality"):
        run.run(["lemma-9.1"])
    with pytest.raises(InputError, match="eq-39 is a statement without constants"):
        run.run(["eq-39"])


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tightness", "lemma-17", "--quick", "--jobs", "1", "--json"]) == 0
    captured = capsys.readouterr()
    (row,) = json.loads(captured.out)
    assert row["claim"] == "lemma-17"
    assert set(row) >= FIELDS
    assert main(["tightness", "lemma-17", "--quick", "--jobs", "1"]) == 0
    assert "1.0310527707" in capsys.readouterr().out


@pytest.mark.parametrize(("lower", "status"), [(1.0, 0), (1.2, 1)])
def test_an_interval_that_left_the_recorded_one(
    lower: float,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = {
        "claim": "lemma-17", "constant": "factor", "certified_lower": lower,
        "certified_upper": 1.3, "statement": library.get("lemma-17").text,
        "paper": "xu-fazel-du-2024",
    }  # fmt: skip
    (tmp_path / "reports").mkdir()
    report = json.dumps({"claims": [{"tightness": [old]}]})
    (tmp_path / "reports" / "report.json").write_text(report)
    monkeypatch.chdir(tmp_path)
    assert main(["tightness", "lemma-17", "--quick", "--jobs", "1"]) == status
    assert ("disjoint from the recorded" in capsys.readouterr().err) == bool(status)


def test_a_report_that_is_none(tmp_path: Path) -> None:
    assert recorded.read(tmp_path) == {}
    (tmp_path / "report.json").write_text("[]")
    with pytest.raises(InputError, match="is no report"):
        recorded.read(tmp_path)


def test_a_row_carries_the_stronger_statements() -> None:
    row = row_of("theorem-2", "factor")
    assert [s["claim"] for s in row["sharpened"]] == ["theorem-2-sharpened"]
    assert "8 eta pi_min exp(-U(0))" in row["sharpened"][0]["statement"]


@pytest.mark.parametrize(
    "arguments",
    [["tightness", "lemma-99"], ["tightness", "--seed", "-1"], ["tightness", "--jobs", "0"]],
)
def test_the_command_refuses(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("gembounds: error: ")


def test_types_of_a_row(rows: dict[tuple[str, str], dict[str, Any]]) -> None:
    for row in rows.values():
        for name in ("claimed", "certified_lower", "certified_upper", "seconds"):
            assert type(row[name]) is float
        assert float(Fraction(row["claimed_exact"])) == row["claimed"]
        assert row["limit_estimate"] is None or type(row["limit_estimate"]) is float
        assert type(row["attained"]) is bool
        assert type(row["witness"]) is dict
        assert type(row["family"]) is str


def test_a_claim_that_no_constant_saves() -> None:
    row = row_of("eq-18c", "slope")
    assert row["certified_upper"] is None
    assert row["certified_lower"] > 1e50
    assert row["note"].startswith("Every value that was tried is refuted")
    assert row["attained"] is None


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        ("lemma-18", "rate"),
        ("lemma-18-sharpened", "rate"),
        ("eq-13.1", "decay"),
        ("eq-37", "factor"),
        ("eq-41", "factor"),
        ("eq-41-sharpened", "rate"),
        ("eq-18b.2", "mean"),
        ("lemma-20", "factor"),
    ],
)
def test_a_family_brings_the_witness_to_the_proof(claim: str, name: str) -> None:
    row = row_of(claim, name)
    assert row["attained"] is False
    assert float(Fraction(row["witness_value"])) == pytest.approx(row["certified_lower"], rel=0.01)
    assert row["certified_upper"] == pytest.approx(row["certified_lower"], rel=1e-3)


def test_lemma_17_is_tightest_in_seven_dimensions() -> None:
    row = row_of("lemma-17", "factor")
    assert row["witness"]["parameters"]["d"] == 7
    most = max(row["along"], key=lambda step: step["value"])
    assert most["at"] == 7.0
    assert most["value"] == pytest.approx(row["certified_lower"], rel=1e-10)


def test_a_family_that_is_not_the_worst_gives_no_limit() -> None:
    claim = library.get("lemma-11-sharpened")
    constant = Constant(claim, "exponent", -1, (False, True))
    worst = Certified(Fraction(14, 100), Point(), False)
    assert run._refuted(constant, worst, 0.125)
    assert not run._refuted(constant, worst, 0.14)
    assert not run._refuted(constant, worst, 0.15)
    assert not run._refuted(constant, worst, -1.0)


def test_nothing_of_a_statistical_statement_is_certified() -> None:
    row = row_of("section-5-statistical", "steepest")
    assert row["stronger"] == "smaller"
    assert row["certified_lower"] is row["certified_upper"] is row["attained"] is None
    assert row["witness"] is row["limit_estimate"] is None
    assert row["note"].startswith("A statistical statement")


def test_a_claim_of_ones_own_gets_a_factor_on_its_larger_side() -> None:
    small = Claim("small", mean_square <= 2 * mu_max**2)
    (row,) = rows_of(small)
    assert (row["constant"], row["claimed"], row["stronger"]) == ("factor", 1.0, "smaller")
    assert row["paper"] is None
    assert 0.5 - 1e-9 < row["certified_lower"] <= 0.5
    assert row["statement"] == "E|psi~|^2 <= 2 mu_max^2"
    large = Claim("large", 2 * mu_max**2 >= mean_square)
    (row,) = rows_of(large)
    assert (row["constant"], row["stronger"]) == ("factor", "smaller")
    assert 0.5 - 1e-9 < row["certified_lower"] <= 0.5
    named = Claim("named", mean_square <= const("two", 2) * mu_max**2, when=n >= 2)
    (row,) = rows_of(named)
    assert (row["constant"], row["attained"]) == ("two", None)  # 1 is not what is claimed
    assert 1 - 1e-9 < row["certified_lower"] <= 1
    with pytest.raises(InputError, match="equal is an equality"):
        rows_of(Claim("equal", equals(U, U)))


def test_a_file_of_claims(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine.py").write_text(
        "import gembounds as gb\nfrom gembounds.statements import U, mu_max, n, equals\n"
        "CLAIMS = (gb.Claim('longest', mu_max**2 <= U), gb.Claim('same', equals(U, U)))\n"
    )
    assert main(["tightness", "mine.py", "--quick", "--jobs", "1", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["claim"], row["paper"], row["constant"]) == ("longest", None, "factor")
    assert main(["tightness", "mine.py:same"]) == 2
    assert "same is an equality" in capsys.readouterr().err
