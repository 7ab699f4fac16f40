"""The map of the proofs: each claim that uses or is used, clickable, coloured by what is known."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

from gembounds.referee.report.proofmap import BORDER, FILL, proofmap


def row(name: str, *uses: str, verdict: str = "proved", **more: Any) -> dict[str, Any]:
    return {"id": name, "uses": list(uses), "statement": name.split(".")[0].replace("-", "_"),
            "verdict": verdict, "standing": "sound", "carried_by": [], "open": [],
            "repairs": None, **more}  # fmt: skip


ROWS = [
    row("theorem-1", "lemma-2", "lemma-3.1", standing="affected", carried_by=["theorem-1"]),
    row("lemma-2", "lemma-3"),
    row("lemma-3.1"),
    row("lemma-3.2", verdict="refuted", standing="refuted", open=["lemma-3.2"]),
    row("alone"),
]


def test_boxes_lines_and_colours() -> None:
    text = proofmap(ROWS)
    narrow, wide = (ET.fromstring(s) for s in re.findall(r"<svg xmlns.*?</svg>", text))

    def boxes(svg: ET.Element) -> dict[str, tuple[str, str, str]]:
        out = {}
        for a in (e for e in svg if e.tag.endswith("}a")):
            rect, label = a
            out[str(label.text)] = (a.attrib["href"], rect.attrib["stroke"], rect.attrib["fill"])
        return out

    assert boxes(wide) == {
        "theorem-1": ("#theorem-1", BORDER["true"], FILL["carried"]),
        "lemma-2": ("#lemma-2", BORDER["true"], FILL["sound"]),
        "lemma-3.1": ("#lemma-3.1", BORDER["true"], FILL["sound"]),
        "lemma-3.2": ("#lemma-3.2", BORDER["refuted"], FILL["broken"]),
    }
    assert boxes(narrow)["Lemma 3"] == ("#lemma-3.1", BORDER["refuted"], FILL["broken"])
    paths = [next(e.attrib["d"] for e in s if e.tag.endswith("}path")) for s in (narrow, wide)]
    assert [p.count("M") for p in paths] == [3, 4]
    tops = {str(a[1].text): float(a[0].attrib["y"]) for a in narrow if a.tag.endswith("}a")}
    assert tops["Theorem 1"] < tops["Lemma 2"] < tops["Lemma 3"]


def test_no_uses_no_map_and_circles_between_statements_end() -> None:
    assert proofmap([row("a"), row("b")]) == ""
    circle = [row("a.1", "b.1"), row("b.1"), row("b.2", "a.2"), row("a.2")]
    assert proofmap(circle).count("<rect") == 4 + 2 + 4  # legend, statements, claims
