"""The data behind each figure as CSV, and back: what is drawn is what the CSV holds.

Enclosures are rounded outward, other numbers to ``DIGITS`` significant digits.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.papers.xu_fazel_du_2024.experiments import FloatArray
from gembounds.papers.xu_fazel_du_2024.figures import plan, rates, statistical
from gembounds.papers.xu_fazel_du_2024.figures.units import Result
from gembounds.papers.xu_fazel_du_2024.figures.walks import joined
from gembounds.values.decimals import interval_text

DIGITS = 9
"""Of values without a bound of their error: far more than are known."""

Results = dict[str, list[Result]]
Row = dict[str, Any]


def table(figure: str, results: Results, size: plan.Size, seed: int) -> list[Row]:
    """The rows of a figure's CSV."""
    if figure == "fig1_right":
        return [
            {"weights": " ".join(map(str, weights)), "run": run + 1, **row}
            for k, weights in enumerate(experiments.WEIGHTS)
            for run in range(experiments.RUNS)
            for row in walk_rows(results, plan.right_name(k, run), "loss")
        ]
    if figure == "fig2_left":
        return bad_start_rows(results)
    if figure == "fig2_right":
        return statistical_rows(results, size, seed)
    if figure in plan.RATES:
        return rate_rows(figure, results)
    what = "loss" if figure == "fig1_left" else "distance"
    return [
        {"n": n, **row} for n in experiments.STUDENTS for row in walk_rows(results, f"n={n}", what)
    ]


def walk_rows(results: Results, name: str, what: str) -> list[Row]:
    """t, the certified ends, what they enclose (``apart``: the exact trajectory, this far from the
    states computed; ``step_error``: the states computed), Monte Carlo's value, how far it is off,
    its standard error (loss)."""
    sure = joined(results[f"fig1 {name}, certified"])
    drawn = joined(results[f"fig1 {name}, sampled"])
    found = []
    for k, t in enumerate(sure["t"]):
        low, high = sure[f"{what}_lower"][k], sure[f"{what}_upper"][k]
        row = {"t": t, **ends(low, high)}
        for name in ("apart", "step_error"):
            row[name] = number(sure[name][k] * 1.01, 3) if name in sure else ""
        row["monte_carlo"] = number(drawn[what][k])
        row["difference"] = number(drawn[what][k] - (low + high) / 2, 4)
        if what == "loss":
            row["standard_error"] = number(drawn["loss_error"][k], 4)
        found.append(row)
    return found


def bad_start_rows(results: Results) -> list[Row]:
    rows = [
        row for name, units in results.items() if name.startswith("fig2 left")
        for unit in units for row in unit["rows"]
    ]  # fmt: skip
    found = []
    for row in sorted(rows, key=lambda row: (row["constant"], row["d"])):
        new = {name: row[name] for name in ("constant", "d", "n")}
        tens = (row["ln_lower"] / math.log(10), row["ln_upper"] / math.log(10))
        new["log10_norm"] = number(sum(tens) / 2, 12)
        low, high = ends(row["ln_lower"], row["ln_upper"]).values()
        new |= {"ln_lower": low, "ln_upper": high, "ln_asymptote": number(row["ln_asymptote"])}
        for name in ("definition", "noise", "lemma_9", "lemma_9_error", "vanished"):
            new[name] = number(row[name])
        found.append(new)
    return found


def errors(results: Results, size: int) -> FloatArray:
    """The parametric errors of all runs at a sample size."""
    units = results[f"fig2 right, N={size}"]
    return np.array([row["error"] for unit in units for row in unit["rows"]])


def run_rows(results: Results, size: plan.Size) -> list[Row]:
    """fig2_right_runs.csv: every run, and the same by gradient EM alone where that was done."""
    found = []
    for n in size.sizes:
        alone = {
            row["run"]: row for unit in results.get(f"fig2 right, plain N={n}", [])
            for row in unit["rows"]
        }  # fmt: skip
        for unit in results[f"fig2 right, N={n}"]:
            for row in unit["rows"]:
                new = {"samples": n, "run": row["run"] + 1, "evaluations": row["evaluations"]}
                new |= {k: number(row[k]) for k in ("error", "gradient", "drift")}
                plain = alone.get(row["run"])
                new["plain_steps"] = "" if plain is None else plain["steps"]
                new["plain_gradient"] = "" if plain is None else number(plain["gradient"])
                new["plain_error"] = "" if plain is None else number(plain["error"])
                found.append(new)
    return found


def statistical_rows(results: Results, size: plan.Size, seed: int) -> list[Row]:
    limit = statistical.limit(seed)
    found = []
    for n in size.sizes:
        sample = errors(results, n)
        deviation = sample.std(ddof=1) / math.sqrt(len(sample))
        found.append(
            {"samples": n, "runs": len(sample), "mean_error": number(sample.mean()),
             "standard_error": number(deviation, 4), "median_error": number(np.median(sample)),
             "limit": number(limit * n**-0.25)}
        )  # fmt: skip
    return found


def rate_rows(figure: str, results: Results) -> list[Row]:
    """t, the certified ends of L for the exact trajectory, ``apart`` as above, what is proved from
    below and above (with restarts, from the start), log10 of Theorem 2's bound; "" for none."""
    found = []
    for row in rates.rows(plan.RATES[figure], results[figure][0]):
        kept = {k: number(v, 6) if math.isfinite(v) else "" for k, v in row.items()}
        found.append({**kept, "t": row["t"], **ends(row["lower"], row["upper"])})
    return found


def ends(low: float, high: float) -> dict[str, str]:
    lower, upper = interval_text(low, high)[1:-1].split(", ")
    return {"lower": lower, "upper": upper}


def number(x: Any, digits: int = DIGITS) -> str:
    return f"{float(x):.{digits}g}"


def to_csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def from_csv(text: str) -> list[Row]:
    """Rows with numbers as floats; other entries stay texts."""
    return [{k: _value(v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
