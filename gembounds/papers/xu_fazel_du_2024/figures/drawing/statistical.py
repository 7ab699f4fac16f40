"""Figure 2, right: the parametric error after convergence against the sample size."""

from __future__ import annotations

from typing import Any

import numpy as np

from gembounds.referee.style import GREY, INK, LOOKS, column

Row = dict[str, Any]


def draw(rows: list[Row], runs: list[Row], fit: dict[str, Any]) -> Any:
    """``rows`` of fig2_right.csv, ``runs`` of fig2_right_runs.csv, ``fit`` of all sizes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 5.4), layout="constrained")
    axes = figure.subplots()
    blue, red, green = LOOKS
    n, mean = column(rows, "samples"), column(rows, "mean_error")
    axes.plot(column(runs, "samples"), column(runs, "error"), linestyle="", marker=".",
              markersize=2.5, color=GREY, alpha=0.5, label="a run")  # fmt: skip
    axes.errorbar(n, mean, yerr=2 * column(rows, "standard_error"), color=blue.color,
                  marker=blue.marker, capsize=3,
                  label=f"mean of {rows[0]['runs']:g} runs, two standard errors")  # fmt: skip
    middle = np.exp(np.log(n).mean())
    height = np.exp(np.log(mean).mean())
    axes.plot(n, height * (n / middle) ** -0.25, color=red.color, linestyle=red.dash,
              label=r"$N^{-1/4}$, for reference")  # fmt: skip
    axes.plot(n, np.exp(fit["intercept"]) * n ** fit["slope"], color=green.color,
              linestyle=green.dash, linewidth=2.2,
              label=f"regression: slope {fit['slope']:.4f} ± {fit['upper'] - fit['slope']:.4f}",
              )  # fmt: skip
    axes.plot(n, column(rows, "limit"), color=INK, linestyle="-.", linewidth=1,
              label="expected limit (heuristic)")  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(_decimal)
    axes.set_xlabel("number of samples N")
    axes.set_ylabel(r"parametric error $(\sum_i \pi_i |\mu_i|^2)^{1/2}$, in units of $\sigma$")
    axes.set_title("Figure 2, right: sample gradient EM, n = 5, d = 5, equal weights", loc="left")
    axes.legend(frameon=False)
    return figure


def _decimal(y: float, _: object) -> str:
    """1, 2, 3, 5 of each decade: more labels would overlap."""
    first = f"{y:.0e}"[0]
    return f"{y:g}" if first in "1235" else ""
