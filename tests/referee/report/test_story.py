"""The report's first pages: slips with a picture, constants, chapters; the committed report."""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from gembounds import Claim, Mixture
from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.referee.report import render
from gembounds.referee.report.chart import chart
from gembounds.referee.report.lineplot import lineplot
from gembounds.referee.report.story import MOST, chapters, stories
from gembounds.referee.through import through
from gembounds.statements import L, Y, displacement, equals, integer, largest, moved, mu_max, norm
from gembounds.statements.chapter import Chapter, Chart
from gembounds.statements.paper import Paper, papers
from tests.rendered import places

delta, k = displacement("delta"), integer("k", 1, 20)

LINES: tuple[tuple[Claim, Point, str, float], ...] = (
    (Claim("means", L <= Y / 3), Point(Mixture([[1]])), "the means, in multiples", 1.0),
    (Claim("zero", equals(L, 1)), Point(Mixture([[0], [0]])), "the first weight", 0.5),
    (
        Claim("moved", moved(mu_max, delta) <= mu_max + largest(norm(delta)) / 2),
        Point(Mixture([[1]]), {"delta": ((1,),)}), "delta, in multiples", 1.0,
    ),
    (Claim("number", k**2 <= 50), Point(None, {"k": 8}), "k", 8.0),
)  # fmt: skip


@pytest.mark.parametrize(("claim", "point", "what", "here"), LINES, ids=lambda x: str(x)[:9])
def test_a_line_goes_through_its_point(claim: Claim, point: Point, what: str, here: float) -> None:
    line = through(claim, point)
    assert line is not None
    assert line.what.startswith(what) and line.here == here
    k = line.at.index(here)
    assert line.violated[k] and line.lhs[k] is not None and line.rhs[k] is not None
    assert not all(line.violated) or claim.sign == "==" or claim.id == "means"
    for ends in (*line.lhs, *line.rhs):
        assert ends is None or ends[0] <= ends[1]
    plot = ET.fromstring(lineplot(line.to_json()))
    texts = [e.text for e in plot.iter() if e.tag.endswith("text")]
    assert {"left side", "right side", "violated", "witness", line.what} <= set(texts)


def test_a_line_has_the_values_of_the_claim() -> None:
    line = through(LINES[0][0], LINES[0][1])
    assert line is not None
    for s, left, right in zip(line.at, line.lhs, line.rhs, strict=True):
        assert left is not None and left[0] <= s * s / 2 <= left[1]
        assert right is not None and right[0] <= s * s / 3 <= right[1]


def test_chapters_thin_their_charts_and_leave_out_what_is_not_there(tmp_path: Path) -> None:
    rows = "".join(f"{t},{1 / t},{t % 2},\n" for t in range(1, 2001))
    (tmp_path / "a.csv").write_text(f"t,y,kind,none\n{rows}")
    paper = Paper(name="p", title="P", claims="nowhere", chapters=(Chapter("C", "Words.", (
        Chart("a.csv", "t", {"y": "the curve", "none": "nothing"}, "step", "y", "", {"kind": "1"}),
        Chart("b.csv", "t", {"y": "y"}, "step", "y"),
    )),))  # fmt: skip
    ((found,),) = (c["charts"] for c in chapters(paper, tmp_path))
    curve, none = found["series"]
    assert none["points"] == [] and 20 < len(curve["points"]) <= MOST + 2
    assert all(x == pytest.approx(-y, abs=1e-4) for x, y in curve["points"])
    picture = ET.fromstring(chart(found))
    texts = {e.text for e in picture.iter() if e.tag.endswith("text")}
    assert {
        "the curve",
        "step",
        "y",
        "1",
        "1e\u22123" if "1e\u22123" in texts else "0.001",
    } <= texts
    assert chart({**found, "series": [none]}) == ""


@pytest.fixture(scope="module", params=places(), ids=lambda place: place.parent.name)
def committed(request: pytest.FixtureRequest) -> tuple[dict[str, Any], str, str]:
    """A committed report: its data, its page, and the page as Markdown."""
    place: Path = request.param
    html, text = (place.with_suffix(k).read_text(encoding="utf-8") for k in (".html", ".md"))
    return json.loads(place.read_text(encoding="utf-8")), html, text


def test_the_committed_page_is_what_its_data_give(
    committed: tuple[dict[str, Any], str, str],
) -> None:
    data, page, text = committed
    assert page == render.html(data), "python -m tests.rendered"
    assert text == render.markdown(data), "python -m tests.rendered"
    assert len(gzip.compress(page.encode(), 9)) < 250_000
    anchors = re.findall(r'\bid="([^"]+)"', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_the_story_tells_what_the_paper_has(committed: tuple[dict[str, Any], str, str]) -> None:
    data, page, _ = committed
    (story,) = stories(data)
    paper = papers()[story["source"]["paper"]]
    known = recorded.read(recorded.directory_of(paper)) or {}
    refuted = {k for k, v in known.items() if v["verdict"] == "refuted"}
    assert {r["id"] for r in story["refuted"]} == refuted
    assert [r["result"] for r in story["survives"]] == list(paper.results)
    assert {k for s in story["slips"] for k in s["claims"]} == refuted
    for slip in story["slips"]:
        assert slip["shown"]["witness"] and lineplot(slip["shown"]["line"]) in page
    assert story["asked"] == paper.asked and len(story["chapters"]) == len(paper.chapters)
