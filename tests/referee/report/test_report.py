"""The report: formulas that parse, pages that hold everything, drift that is seen."""

from __future__ import annotations

import copy
import json
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gembounds import InputError
from gembounds.cli import main
from gembounds.referee import check
from gembounds.referee.atlas import run as atlas
from gembounds.referee.report import drift, render
from gembounds.referee.report.gather import gather
from gembounds.referee.report.heatmap import SHADES, bounds_of, heatmap, shade_of
from gembounds.referee.report.histogram import histogram
from gembounds.referee.report.text import ends, interval, point, prose, rational
from gembounds.statements import library
from gembounds.statements.printing import mathml

IDS = ("lemma-17", "eq-39c", "eq-39c-repaired", "theorem-14.2", "eq-18c")
HOW = {"quick": True, "seed": 0, "atlas_points": 60}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    claims = library.select(IDS)
    results = check.run(claims=claims, points=40, jobs=1)
    constant = {
        "claim": "lemma-17", "paper": "xu-fazel-du-2024", "constant": "factor", "claimed": 5.0,
        "claimed_exact": "5", "certified_lower": 1.3, "slack": 3.57, "seconds": 1.0, "along":
        [{"size": "d", "at": 4.0, "value": 1.25},
                  {"size": "d", "at": 9.0, "value": 1.375}],
        "certified_upper": 1.4, "attained": True, "limit_estimate": None, "family": "d = 1",
        "witness": {"parameters": {"d": 1}}, "proof": None, "note": None,
    }  # fmt: skip
    found = atlas.run(60, claims=library.select(("lemma-17", "theorem-14.2")), jobs=1)
    return gather(claims, results, [constant], found, HOW)


def test_every_statement_is_a_well_formed_formula() -> None:
    for claim in library.select():
        text = mathml(claim.latex)
        letters = "".join(ET.fromstring(text).itertext())
        for digit in {c for c in claim.text if c.isdigit()}:
            assert digit in letters
        assert "\\" not in letters, f"{claim.id}: LaTeX that nothing reads: {letters}"
        assert "{" not in claim.text, f"{claim.id}: {claim.text}"


def test_formulas_have_their_structure() -> None:
    claims = library.collection("xu-fazel-du-2024")
    found = mathml(claims["lemma-11"].latex)
    assert "<msqrt><mrow><mi>d</mi></mrow></msqrt>" in found
    assert "<msub><mi>&#x003BC;</mi><mrow><mo>max</mo></mrow></msub>" in found
    assert "<msup>" in found and "&#x02265;" in found and "<mfrac>" in found


def test_the_data_say_what_was_found(data: dict[str, Any]) -> None:
    rows = {row["id"]: row for row in data["claims"]}
    assert rows["eq-39c"]["verdict"] == "refuted" and rows["eq-39c"]["witness"] is not None
    assert data["summary"]["refuted"] == ["eq-39c", "eq-18c"]  # in the order given
    assert [(s["severity"], s["claims"]) for s in data["summary"]["slips"]] == [
        ("constant", ["eq-39c"]),
        ("notation", ["eq-18c"]),
    ]
    assert rows["eq-18c"]["severity"] == "notation" and rows["lemma-17"]["slip"] is None
    assert rows["lemma-17"]["tightness"][0]["certified_upper"] == 1.4
    assert "seconds" not in rows["lemma-17"]["tightness"][0]
    assert rows["lemma-17"]["atlas"]["distribution"]["points"] >= 60
    assert data["summary"]["loosest"][0]["slack"] == 3.57
    json.dumps(data, allow_nan=False)


def test_the_page_holds_everything_and_is_the_same_twice(data: dict[str, Any]) -> None:
    page = render.html(data)
    assert page == render.html(copy.deepcopy(data))
    for row in data["claims"]:
        assert f'<details class="claim {row["form"]}" id="{row["id"]}" ' in page
    for slip in data["summary"]["slips"]:
        assert prose(slip["name"]) in page and prose(slip["why"][1:]) in page
        assert f'<span class="severity {slip["severity"]}">' in page
    assert page.count("<svg") == 13  # distributions, maps, slips, their claims, charts
    assert 'src="' not in page and 'href="http' not in page and "@import" not in page
    assert "[1.3, 1.4]" in page and "by d: 4: 1.25, 9: 1.375." in page


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
    [["--out", "no/where"], ["--seed", "-1"], ["--jobs", "0"], ["--against", "nothing.json"]],
)
def test_bad_options_are_one_line_and_nothing_is_written(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = [] if "--out" in words else ["--out", str(tmp_path)]
    assert main(["report", *words, *out]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_few_ratios_give_no_plot() -> None:
    few = {"points": 5, "low": 0.0, "high": 1.0, "counts": [5], "beyond": 0,
           "levels": {"0.5": 0.5}}  # fmt: skip
    assert histogram(few) is None
    many = {**few, "points": 50, "counts": [20, 30], "violations": 0,
            "levels": {"0": 0.0, "0.5": 0.5, "1": 1.0}}  # fmt: skip
    plot = histogram(many)
    assert plot is not None and ET.fromstring(plot).tag.endswith("svg")
    assert plot.count("h.9") == 2 and "violated" not in plot


def test_plots_say_what_is_violated() -> None:
    """Also where one ratio is 10^-80000: then it is no histogram, which would be one bar."""
    bars = {"points": 50, "low": -1.0, "high": 1.0, "counts": [20, 30], "beyond": 0,
            "violations": 20, "levels": {"0": -1.0, "0.5": 0.5, "1": 1.0}}  # fmt: skip
    far = {**bars, "low": -8e4, "counts": [1, 49],
           "levels": {"0": -8e4, "0.25": -50.0, "0.5": 0.5, "1": 0.9}}  # fmt: skip
    for found, marks in ((bars, {"0", "1"}), (far, {"\u22121e4", "\u221210"})):
        plot = histogram(found)
        assert plot is not None and "violated: 40 % of the configurations" in plot
        texts = {e.text for e in ET.fromstring(plot).iter() if e.tag.endswith("text")}
        assert marks <= texts, texts


def test_a_map_shows_violations_and_gaps_without_colour() -> None:
    found = {"x": "a", "y": "b", "xs": [1.0, 2.0], "ys": [1.0, 2.0],
             "values": [[0.0, 1.0], [None, -0.5]]}  # fmt: skip
    text = heatmap(found)
    ET.fromstring(text)
    crosses = [p for p in text.split("<path")[1:] if 'stroke-width="1.6"' in p]
    assert len(crosses) == 1 and crosses[0].count("M") == 1
    assert heatmap({**found, "values": [[None, None], [None, None]]}).count("h1.4") == 4


def test_shades_get_lighter_with_the_ratio() -> None:
    luminance = [
        0.2126 * int(c[1:3], 16) + 0.7152 * int(c[3:5], 16) + 0.0722 * int(c[5:], 16)
        for c in SHADES
    ]
    steps = [b - a for a, b in pairwise(luminance)]
    assert min(steps) > 10
    bounds = bounds_of([k / 100 for k in range(100)])
    assert [shade_of(x, bounds) for x in (0.0, 0.5, 0.999)] == [0, 4, 8]
    assert shade_of(3.0, bounds_of([3.0])) in range(9) and shade_of(3.0, []) == 4


def test_numbers_are_short_and_rounded_outward() -> None:
    def of(low: float | None, high: float | None) -> str:
        return interval({"certified_lower": low, "certified_upper": high})

    assert of(0.6170750774519738, 0.617075077451974) == "0.617075077452"
    assert of(1 / 3, 2 / 3) == "[0.33333, 0.66667]"
    assert of(None, 0.123456789) == "at most 0.12346"
    assert of(2.718281828, None) == "at least 2.7182"
    assert rational("1/3") == "1/3" and rational("12345678901234567/3") == "\u22484.1152e15"
    assert ends({"lower": "1*2^-1", "upper": "3*2^-2"}) == "[0.5, 0.75]"
    shown = point({"parameters": {"x": ["0"] * 50 + ["1"], "d": 51}})
    assert shown == "x = [0 \u00d750, 1]; d = 51"


def test_prose_is_set_and_escaped() -> None:
    text = prose(
        "By lemma-11 and :mod:`gembounds.values.rule`, mu_max^2 <= 2 & psi~ > pi.", {"lemma-11"}
    )
    assert (
        '<a href="#lemma-11">lemma-11</a>' in text and "<code>gembounds.values.rule</code>" in text
    )
    assert "\u03bc<sub>max</sub><sup>2</sup> \u2264 2 &amp; \u03c8\u0303 &gt; \u03c0." in text


def test_wide_formulas_scroll_in_their_own_box(data: dict[str, Any]) -> None:
    """MathML does not break a formula into lines, and the page is read on a phone too."""
    page = render.html(data)
    assert ".display { margin: .4rem 0; overflow-x: auto; }" in page
    shown = len(data["claims"]) + len(data["summary"]["slips"])
    assert page.count('<div class="display" tabindex="0"><math') == shown
