"""The settings and numbers of each figure, from the rows of its CSV."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.papers.xu_fazel_du_2024.figures import fits, plan, rates, statistical
from gembounds.papers.xu_fazel_du_2024.figures.units import versions
from gembounds.papers.xu_fazel_du_2024.rate.bounds import limit_of
from gembounds.values.decimals import interval_text
from gembounds.values.mixture import Mixture

Row = dict[str, Any]
Tables = dict[str, list[Row]]

FIT_FROM = 1000
"""Sample sizes of the second fit of Figure 2, right: where the errors are small enough for the
law of small means (a choice)."""


def summary(figure: str, rows: list[Row], runs: list[Row], settings: Row) -> dict[str, Any]:
    """``figure``, ``settings``, ``numbers``, ``versions``; ``runs`` for fig2_right alone."""
    if figure == "fig2_left":
        numbers: Any = bad_start_fits(rows)
    elif figure == "fig2_right":
        numbers = statistical_fits(rows, runs, settings["seed"])
    elif figure in plan.RATES:
        numbers = rate_numbers(rows)
    else:
        numbers = walk_fits(rows, ("weights", "run") if figure == "fig1_right" else ("n",))
    used = {**versions(), "matplotlib": version("matplotlib")}
    return {"figure": figure, "settings": settings, "numbers": numbers, "versions": used}


def settings_of(figure: str, size: plan.Size, seed: int, quick: bool) -> Row:
    """What the paper gives and what is chosen."""
    found: Row = {"seed": seed, "quick": quick}
    if figure.startswith("fig1"):
        right = figure == "fig1_right"
        numbers = [len(experiments.WEIGHTS[0])] if right else list(experiments.STUDENTS)
        found |= {
            "d": experiments.DIMENSION, "eta": experiments.STEP_SIZE, "n": numbers,
            "samples": experiments.SAMPLES, "steps": size.right_steps if right else size.steps,
            "initial means (chosen)": "independent N(0, 1) entries"
            + ("; run k starts from the same means for all weights" if right else ""),
            "rtol of certified steps (chosen)": {str(n): plan.RTOL[n] for n in numbers},
            "enclosures are of": {
                str(n): "the exact trajectory" if n in plan.FOLLOWED else "the states computed"
                for n in numbers
            },
        }  # fmt: skip
        if right:
            found |= {"weights": [" ".join(map(str, w)) for w in experiments.WEIGHTS],
                      "runs": experiments.RUNS}  # fmt: skip
        else:
            found["weights, one Dirichlet draw each"] = {
                str(n): experiments.dirichlet_weights(n, seed).tolist() for n in numbers
            }
    elif figure in plan.RATES:
        kind = plan.RATES[figure]
        found |= {
            "means": [list(row) for row in rates.MEANS],
            "weights": list(rates.WEIGHTS),
            "kind": kind,
            "steps": size.rate_steps,
            "rtol (chosen)": rates.RTOL,
            "enclosures are of": "the exact trajectory",
        } | ({"eta": str(rates.ETA)} if kind == "gradient" else {})
    elif figure == "fig2_left":
        found |= {
            "constants c": list(experiments.BAD_STARTS), "samples": experiments.SAMPLES,
            "n (chosen)": experiments.BAD_START_STUDENTS, "d": list(size.dimensions),
            "exact asymptote": "|grad L| ~ sqrt(pi/(4(n-2))) exp(-c^2 d/8)",
        }  # fmt: skip
    else:
        found |= {
            "n": experiments.STATISTICAL_STUDENTS, "eta": experiments.STEP_SIZE,
            "weights": "equal", "d (chosen)": experiments.DIMENSION,
            "sample sizes (chosen)": list(size.sizes), "runs": size.runs,
            "initial means (chosen)": "independent N(0, 1) entries, drawn anew for each run",
            "parametric error": "sqrt(sum_i pi_i |mu_i|^2)",
            "convergence": f"{statistical.STEPS} steps of gradient EM, then L-BFGS on the "
            f"sample's L until no entry of its gradient is beyond {statistical.TOLERANCE:g}",
        }  # fmt: skip
    return found


def walk_fits(rows: list[Row], by: tuple[str, ...]) -> list[dict[str, Any]]:
    """For each walk: the slope of log value against log t over the last half and the last nine
    tenths of the steps, the last value's ends, the last step's ratio, Monte Carlo's error."""
    found = []
    for key in dict.fromkeys(tuple(row[name] for name in by) for row in rows):
        own = [row for row in rows if tuple(row[name] for name in by) == key]
        t = np.array([row["t"] for row in own])
        y = np.array([(row["lower"] + row["upper"]) / 2 for row in own])
        wrong = np.array([row["difference"] for row in own])
        new: dict[str, Any] = dict(zip(by, key, strict=True))
        for name, first in (("last half", t[-1] / 2), ("last nine tenths", t[-1] / 10)):
            part = (t >= first) & (t > 0)
            fit = fits.line(np.log(t[part]), np.log(y[part]))
            new[f"slope, {name}"] = round(fit["slope"], 4)
        new["last ratio y(t+1)/y(t)"] = float(f"{y[-1] / y[-2]:.8g}")
        new["last value"] = [own[-1]["lower"], own[-1]["upper"]]
        new["largest relative width"] = float(
            f"{max((row['upper'] - row['lower']) / row['upper'] for row in own):.3g}"
        )
        known = "apart" if own[0]["step_error"] == "" else "step_error"
        new["largest bound"] = f"{max(row[known] for row in own):.3g} ({known})"
        new["Monte Carlo: rms error, last half"] = float(
            f"{math.sqrt((wrong[t >= t[-1] / 2] ** 2).mean()):.4g}"
        )
        new["Monte Carlo: values <= 0"] = sum(row["monte_carlo"] <= 0 for row in own)
        found.append(new)
    return found


def bad_start_fits(rows: list[Row]) -> dict[str, dict[str, Any]]:
    """By constant: slope of ln |grad L| against d over all d and over the upper half; exact."""
    found = {}
    for c in dict.fromkeys(row["constant"] for row in rows):
        own = [row for row in rows if row["constant"] == c]
        d = np.array([row["d"] for row in own])
        y = np.array([(row["ln_lower"] + row["ln_upper"]) / 2 for row in own])
        upper = d >= d[-1] / 2
        fit = fits.line(d, y)
        beyond = [row for row in own if row["definition"] < 2 * row["noise"]]
        found[f"{c:g}"] = {
            "exact": -c * c / 8,
            "fitted_slope": round(fit["slope"], 6),
            "fitted_interval": [round(fit["lower"], 6), round(fit["upper"], 6)],
            "fitted_slope_upper_half": round(fits.line(d[upper], y[upper])["slope"], 6),
            "asymptote_over_value_at_largest_d": float(
                f"{math.exp(own[-1]['ln_asymptote'] - y[-1]):.6g}"
            ),
            "monte_carlo_is_noise_from_d": min((row["d"] for row in beyond), default=None),
            "sum_of_psi_psi_mu_off_by_half_from_d": min(
                (row["d"] for row in own if row["lemma_9"] < 0.5 * math.exp(row["ln_lower"])
                 or row["lemma_9"] > 2 * math.exp(row["ln_upper"])), default=None,
            ),
            "least_d_where_every_sample_underflows": min(
                (row["d"] for row in own if row["vanished"] == 1), default=None
            ),
        }  # fmt: skip
    return found


def statistical_fits(rows: list[Row], runs: list[Row], seed: int) -> dict[str, Any]:
    """The slope of log mean error against log N, over all sizes and from ``FIT_FROM``."""
    found: dict[str, Any] = {}
    for name, least in (("all sizes", 0), (f"N >= {FIT_FROM}", FIT_FROM)):
        own = [row for row in rows if row["samples"] >= least]
        if len(own) < 3:
            continue  # no interval from two points
        x = np.log([row["samples"] for row in own])
        y = np.log([row["mean_error"] for row in own])
        groups = [
            np.array([r["error"] for r in runs if r["samples"] == row["samples"]]) for row in own
        ]
        chance = fits.resampled(x, groups, seed)
        found[name] = {
            **{k: round(v, 6) for k, v in fits.line(x, y).items()},
            "interval by resampling runs": [round(v, 6) for v in chance.values()],
        }
    last = rows[-1]
    found["mean error over expected limit, largest N"] = float(
        f"{last['mean_error'] / last['limit']:.4g}"
    )
    alone = [row for row in runs if row["plain_error"] != ""]
    found["largest gradient norm at the end"] = max(row["gradient"] for row in runs)
    found["largest relative drift of the error in 10 more steps"] = max(
        row["drift"] for row in runs
    )
    found["runs compared with gradient EM alone"] = len(alone)
    found["largest relative difference of the error"] = max(
        (float(f"{abs(row['plain_error'] / row['error'] - 1):.3g}") for row in alone),
        default=None,
    )
    return found


def rate_numbers(rows: list[Row]) -> list[Row]:
    """What the table of the rate says, at each of its times."""
    return [
        {
            "t": int(row["t"]),
            "L": interval_text(row["lower"], row["upper"]),
            "t^2 L": f"{row['t'] ** 2 * (row['lower'] + row['upper']) / 2:.5g}",
            "proved from below": row["bound_below"],
            "proved from above": row["bound_above"],
            "from the start alone": row["bound_from_start"],
            "Theorem 2": "-" if row["log10_theorem_2"] == "" else f"10^{row['log10_theorem_2']}",
        }
        for row in rows
        if row["t"] in rates.TABLE
    ]


def steps_of_rate(rows: list[Row], kind: str) -> tuple[list[Row], float | None, str]:
    """What :func:`.drawing.rates.draw` takes."""
    mix = Mixture(rates.MEANS, rates.WEIGHTS)
    names = {"upper": "bound_above", "lower": "bound_below",
             "upper_from_start": "bound_from_start", "paper_log10": "log10_theorem_2"}  # fmt: skip
    steps = [
        {"t": row["t"], "loss": [row["lower"], row["upper"]],
         **{k: None if row[v] == "" else row[v] for k, v in names.items()}}
        for row in rows
    ]  # fmt: skip
    title = "EM" if kind == "em" else f"gradient EM, eta = {float(rates.ETA):g}"
    return steps, limit_of(mix, [rates.ETA], kind), f"{title}, n = {mix.n}, d = {mix.d}"
