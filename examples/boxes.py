"""Lemmas about boxes of mixtures, proved leaf by leaf: python -m tests.boxes does all of it.

gembounds prove examples/boxes.py:energy --box BOX.json
"""

from typing import Any

import gembounds as gb
from gembounds.statements import (
    L,
    S,
    at_k,
    const,
    d,
    displacement,
    exp,
    gradient_change,
    largest,
    mean_square,
    mu_max,
    norm,
    sqrt,
)


def energy(name: str, least: str, plus: int = 1, most: int | None = None) -> gb.Claim:
    """E|psi~|^2 >= exp(-mu_max^2/2) S^2 / (4 (1 + S)) away from 0."""
    when = (mu_max >= gb_number(least), *(() if most is None else (mu_max <= most,)))
    return gb.Claim(name, mean_square >= exp(-(mu_max**2) / 2) * S**2 / (4 * (plus + S)), when)


def gb_number(text: str) -> Any:
    from fractions import Fraction

    return Fraction(text)


def smooth() -> gb.Claim:
    """|grad_i L(mu + delta) - grad_i L(mu)| <= factor mu_max (sqrt(d) + mu_max + D/2) D + D, D =
    max_k |delta_k|: theorem-13-sharpened, for which a factor of 77/100 is proved by hand."""
    delta = displacement("delta")
    size = largest(at_k(norm(delta)))
    slope = const("factor", "77/100") * mu_max * (sqrt(d) + mu_max + size / 2)
    return gb.Claim("change", gradient_change(delta) <= slope * size + size)


CLAIMS = (
    energy("energy", "1/10"),
    energy("energy-light", "1/10"),
    energy("energy-plane", "1/5", plus=2, most=2),
    gb.Claim("loss", L <= const("factor", "3/5") * mean_square),
    gb.Claim("ratio", L <= const("factor", 30) * mean_square),
    smooth(),
)


def line(m: str, n: int = 2) -> list[Any]:
    return [[[f"-{m}", m]] for _ in range(n)]


BOXES: dict[str, tuple[str, dict[str, Any]]] = {
    "energy": ("energy", {"means": line("3"), "weights": [["1/20", "19/20"], None]}),
    "energy-light": (
        "energy-light",
        {"means": line("3"), "weights": [["1/10000", "9999/10000"], None]},
    ),
    "energy-plane": (
        "energy-plane",
        {"means": [[["-2", "2"]] * 2] * 2, "weights": [["1/10", "9/10"], None]},
    ),
    "loss": ("loss", {"means": line("1"), "weights": [["1/20", "19/20"], None]}),
}
"""By name: a claim, and the box on which it is proved."""

MOVED = {"parameters": {"delta": [[["-1/6", "1/6"]]] * 2}}

SHARP: dict[str, tuple[str, float, dict[str, Any]]] = {
    **{f"ratio-{m}": ("ratio", 1e-3, {"means": line(m)}) for m in "12346"},
    **{
        f"ratio-{m}-weights": (
            "ratio", 1e-3, {"means": line(m), "weights": [["1/100", "99/100"], None]},
        )
        for m in "12346"
    },
    **{
        f"ratio-{m}-three": (
            "ratio", 1e-2, {"means": line(m, 3), "weights": [["1/10", "4/5"]] * 3},
        )
        for m in "12"
    },
    "change": ("change", 1e-3, {"means": line("2"), **MOVED}),
    "change-narrow": ("change", 5e-5, {"means": line("2"), **MOVED}),
    "change-weights": (
        "change", 1e-2, {"means": line("2"), "weights": [["1/100", "99/100"], None], **MOVED},
    ),
}  # fmt: skip
"""By name: a claim, how far apart the ends of its constant may be, and the box."""
