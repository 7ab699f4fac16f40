"""The figures: factors of a step, errors and numbers of steps against mu, all certified."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.papers.daskalakis_tzamos_zampetakis_2017 import arithmetic
from gembounds.referee.curves import Chart, Curve, Figures, Point, at, curve
from gembounds.values.precision import working_precision

BITS = 96
PERCENT = Fraction(1, 100)


def _grid(low: int, high: int, parts: int, quick: bool) -> list[Fraction]:
    """From low/parts to high, by 1/parts; every fourth if quick."""
    return [Fraction(k, parts) for k in range(low, high * parts + 1, 4 if quick else 1)]


def factors(quick: bool) -> Chart:
    """What a step leaves of the distance, by m = min(lambda, <mu, lambda>/|lambda|)."""

    def stated(m: Fraction) -> Any:
        return (-(ball(m) ** 2) / 2).exp()

    xs = _grid(0, 4, 32, quick)
    curves = [
        curve("stated: exp(-m^2/2)", xs, stated, BITS, stated=True),
        curve("best in R^d", xs, lambda m: stated(m) * arithmetic.sech_means(m)[0], BITS),
        curve("best on a line", xs, lambda m: stated(m) * arithmetic.sech_means(m)[1], BITS),
    ]
    return Chart("The factor of a step", "m", "factor", curves, log_y=True)


def errors(quick: bool) -> Chart:
    """The relative error after steps from infinity."""
    xs = _grid(8, 2, 64, quick)
    shown = {t: f"{t} step{'s' if t > 1 else ''}" for t in (1, 3, 10)}

    def after(t: int) -> Callable[[Fraction], Any]:
        return lambda mu: arithmetic.error_after(mu, t)

    curves = [curve(name, xs, after(t), BITS) for t, name in shown.items()]
    with working_precision(BITS):
        half = at(Fraction(1, 2), arithmetic.error_after(Fraction(1, 2), 10))
    numbers = {"error after ten steps, mu = 1/2": list(half[1:])}
    return Chart(
        "Errors from infinity", "mu", "(lambda_t - mu)/mu", curves, log_y=True, numbers=numbers
    )


def steps(quick: bool) -> Chart:
    """How many steps from infinity leave 1 %: t of them for mu from the t-th threshold on."""
    most = 12 if quick else 40
    ends = {t: arithmetic.threshold(t, PERCENT) for t in range(1, most + 1)}
    points: list[Point] = [(float(low), t - 0.0, t + 0.0) for t, (low, _) in ends.items()]
    points.sort()
    # on [threshold(t), threshold(t - 1)) it takes t
    numbers = {f"threshold of {t} steps": [float(x) for x in ends[t]] for t in ends}
    last = (3.0, 1.0, 1.0)
    return Chart(
        "Steps from infinity that leave less than 1 %", "mu", "steps",
        [Curve("steps", [*points, last], steps=True)], numbers=numbers,
    )  # fmt: skip


figures = Figures(
    "Ten steps of EM: figures",
    {"ten_factors": factors, "ten_errors": errors, "ten_steps": steps},
)

NAMES = tuple(figures.charts)
