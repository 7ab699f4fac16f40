"""The report: formulas that parse, pages that hold everything, drift that is seen."""

from __future__ import annotations

import copy
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from gembounds import InputError, check
from gembounds.atlas import log_ratios, quantiles
from gembounds.claims import registry
from gembounds.cli import main
from gembounds.report import drift, render
from gembounds.report.formulas import mathml
from gembounds.report.gather import gather
from gembounds.report.plots import histogram

IDS = ("lemma-17", "eq-39c", "eq-39c-repaired", "theorem-14.2", "eq-18c")


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    results = check.run(IDS, points=40, jobs=1)
    constant = {
        "claim": "lemma-17", "constant": "factor", "claimed": "5", "certified_lower": 1.3,
        "certified_upper": 1.4, "attained": True, "limit_estimate": None, "family": "d = 1",
        "witness": {"parameters": {"d": 1}}, "proof": None, "note": None,
    }  # fmt: skip
    ratios = {"lemma-17": log_ratios(registry.get("lemma-17"), 60, 3)}
    return gather(results, [constant], ratios)


def test_every_statement_is_a_well_formed_formula() -> None:
    for claim in registry.select():
        text = mathml(claim.text)
        root = ET.fromstring(f"<p>{text}</p>".replace("&#160;", " "))
        letters = "".join(root.itertext())
        for digit in {c for c in claim.text if c.isdigit()}:
            assert digit in letters


def test_formulas_have_their_structure() -> None:
    assert "<msqrt><mrow><mi>d</mi></mrow></msqrt>" in mathml("5 sqrt(d) c")
    assert "<msub><mi>\u03bc</mi><mi>max</mi></msub>" in mathml("mu_max")
    assert "<msup>" in mathml("x^2") and "\u2264" in mathml("a <= b")


def test_the_data_say_what_was_found(data: dict[str, Any]) -> None:
    rows = {row["id"]: row for row in data["claims"]}
    assert rows["eq-39c"]["verdict"] == "refuted" and rows["eq-39c"]["witness"] is not None
    assert data["summary"]["refuted"] == ["eq-39c", "eq-18c"]  # in the order given
    assert rows["lemma-17"]["tightness"][0]["certified_upper"] == 1.4
    assert len(rows["lemma-17"]["ratios"]) >= 50
    json.dumps(data, allow_nan=False)


def test_the_page_holds_everything_and_is_the_same_twice(data: dict[str, Any]) -> None:
    page = render.html(data)
    assert page == render.html(copy.deepcopy(data))
    for row in data["claims"]:
        assert f'<section id="{row["id"]}">' in page
    assert page.count("<svg") == 1  # lemma-17's distribution
    assert "<script" not in page and 'src="http' not in page and "@import" not in page
    assert "[1.3, 1.4]" in page


def test_markdown_has_one_row_a_claim(data: dict[str, Any]) -> None:
    text = render.markdown(data)
    for row in data["claims"]:
        assert sum(line.startswith(f"| {row['id']} |") for line in text.splitlines()) == 1


def test_drift_sees_verdicts_and_disjoint_intervals(data: dict[str, Any]) -> None:
    assert drift.differences(data, data) == []
    changed = copy.deepcopy(data)
    rows = {row["id"]: row for row in changed["claims"]}
    rows["eq-39c"]["verdict"] = "holds"
    rows["lemma-17"]["tightness"][0].update(certified_lower=1.5, certified_upper=1.6)
    changed["claims"] = [row for row in changed["claims"] if row["id"] != "theorem-14.2"]
    lines = drift.differences(data, changed)
    assert len(lines) == 3
    assert any("refuted before, holds now" in line for line in lines)
    assert any("disjoint" in line for line in lines)


def test_drift_refuses_what_is_no_report(tmp_path: Path) -> None:
    for text in ("", "[]", "{}"):
        path = tmp_path / "old.json"
        path.write_text(text)
        with pytest.raises(InputError):
            drift.load(path)
    with pytest.raises(InputError, match="no such file"):
        drift.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    "words",
    [["--out", "nowhere"], ["--seed", "-1"], ["--jobs", "0"], ["--against", "nothing.json"]],
)
def test_bad_options_are_one_line_and_nothing_is_written(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = [] if "--out" in words else ["--out", str(tmp_path)]
    assert main(["report", *words, *out]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_few_or_infinite_ratios_give_no_plot() -> None:
    assert histogram([1.0] * 5, None) is None
    assert histogram([float("inf")] * 50, None) is None
    assert quantiles([], [0.5]) == [] and quantiles([3.0, 1.0, 2.0], [0.0, 0.5, 1.0]) == [1, 2, 3]
