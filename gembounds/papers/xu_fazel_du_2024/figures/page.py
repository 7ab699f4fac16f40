"""figures.md: each figure with its settings and numbers."""

from __future__ import annotations

from typing import Any

TITLES = {
    "fig1_left": "Figure 1, left: the loss",
    "fig1_middle": "Figure 1, middle: the parametric distance",
    "fig1_right": "Figure 1, right: weights",
    "fig2_left": "Figure 2, left: the bad start",
    "fig2_right": "Figure 2, right: sample gradient EM",
    "rate_gradient": "Beyond the paper: the rate of gradient EM",
    "rate_em": "Beyond the paper: the rate of EM proper",
}


def page(summaries: list[dict[str, Any]]) -> str:
    lines = [
        "# The paper's figures",
        "",
        "Made by `gembounds figures`. The data of each are in the .csv beside it, the same",
        "numbers for a machine in the .json. Lower and upper ends are certified; everything by",
        "Monte Carlo or on samples, and every fit, is an estimate.",
    ]
    for found in summaries:
        name = found["figure"]
        lines += ["", f"## {TITLES[name]}", "", f"![{name}]({name}.png)", "", "Settings:", ""]
        lines += [f"- {k}: {_text(v)}" for k, v in found["settings"].items()]
        lines += ["", "Numbers:", "", *_numbers(found["numbers"])]
        lines += ["", "Versions: " + _text(found["versions"])]
    return "\n".join(lines) + "\n"


def _numbers(numbers: Any) -> list[str]:
    if isinstance(numbers, dict):
        return [f"- {k}: {_text(v)}" for k, v in numbers.items()]
    names = list(numbers[0])
    rows = [[_text(row[name]) for name in names] for row in numbers]
    return [
        "| " + " | ".join(cells) + " |" for cells in [names, ["---"] * len(names), *rows]
    ]  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k}: {_text(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
