"""Points whose properties come together: n, d, rank, distances, weights, places, steps, calls.

Each property is an axis cut into strata; which strata meet is chosen by a covering design
(:mod:`gembounds.conform.design`), and within a stratum numbers are drawn, with a liking for those
at which code changes its way: powers of two and their neighbours, n = d. What a core declares cuts
the axes off at their ends, so that what is left is covered and not what happens to survive.

Means are X B + c: X (n, r) short numbers, B (r, d) powers of two or small integers, c a vector
that all share; short enough for X B to be exact, so that the rank is r in exact arithmetic.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.circumstances import How
from gembounds.conform.design import covering
from gembounds.conform.places import KINDS as PLACES
from gembounds.conform.places import drawn_places
from gembounds.conform.protocol import FloatArray
from gembounds.conform.room import Room
from gembounds.tools.seeds import seed_of

Rng = np.random.Generator
Span = tuple[float, float]

SIZES: tuple[Span, ...] = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 16), (17, 40))
DIMENSIONS: tuple[Span, ...] = ((1, 1), (2, 2), (3, 4), (5, 8), (9, 12), (13, 19), (20, 64),
                                (65, 300))  # fmt: skip
RANKS = (1, 1, 2, 2, 3)
DISTANCES: tuple[Span, ...] = ((1e-9, 1e-3), (1e-3, 0.1), (0.1, 1), (1, 4), (4, 10), (10, 20),
                               (20, 40), (40, 300))  # fmt: skip
SHARED = (0.0, 0.0, 0.0, 1.0, 10.0, 300.0)
"""Norms of what all means share."""

ROWS: tuple[Span, ...] = ((1, 1), (2, 9), (10, 100), (101, 600), (601, 1100), (1101, 5000),
                          (5001, 8300), (8301, 20000))  # fmt: skip
ETAS: tuple[Span, ...] = ((0, 0), (1e-12, 1e-3), (1e-3, 0.1), (0.1, 0.5), (0.5, 1), (1, 1),
                          (1, 2), (2, 50))  # fmt: skip

COST, LEAST = 8e6, 31
"""Nodes times n (n + 20)/2 that certifying overlaps may take, some hundredths of a second; and
nodes of the shortest axis (choices)."""

NUMBERS = 250_000
"""Numbers in x and in psi at most."""

LARGE_PSI = ((41, 130), (301, 2000))
"""Strata of n and d that psi, which takes no integral, has besides."""


def _shape(kind: str, n: int, r: int, rng: Rng) -> FloatArray:
    """The means before they are scaled, (n, r)."""
    x = rng.normal(size=(n, r))
    if kind == "lattice":
        x = rng.integers(-3, 4, size=(n, r)).astype(float)
    elif kind == "antipodal":
        x[n // 2 : 2 * (n // 2)] = -x[: n // 2]
    elif kind in ("groups", "near"):
        x = x[rng.integers(max(1, n // 2), size=n)]
        if kind == "near":
            x = x + 10.0 ** rng.uniform(-7, -2) * rng.normal(size=(n, r))
    elif kind == "negative":
        x = -np.abs(x)
    elif kind == "positive":
        x = np.abs(x)
    elif kind == "two far" and n > 1:
        x *= 0.02
        x[0, 0], x[1, 0] = 1.0, -1.0
    elif kind == "one away":
        x *= 0.05
        x[0] += 1.0
    elif kind == "zero":
        x[0] = 0.0
    return x


SHAPES = ("normal", "lattice", "antipodal", "groups", "near", "negative", "positive", "two far",
          "one away", "zero")  # fmt: skip


def _embedding(kind: str, r: int, d: int, rng: Rng) -> FloatArray:
    """B, (r, d): of rank r, rows about as long as 1."""
    b = np.zeros((r, d))
    if kind == "last":
        b[:, d - r :] = np.eye(r)
    elif kind == "some":
        b[:, np.sort(rng.permutation(d)[:r])] = np.eye(r)
    elif kind == "mixed":
        b = rng.integers(-2, 3, size=(r, d)).astype(float)
        b[:, rng.permutation(d)[:r]] = 3 * np.eye(r)
        b *= 2.0 ** -round(0.5 * math.log2(2 * d + 7))
    else:
        b[np.arange(d) % r, np.arange(d)] = rng.choice([-1.0, 1.0], size=d)
        b *= 2.0 ** -round(0.5 * math.log2(d / r))
    return b


EMBEDDINGS = ("some", "mixed", "last", "spread")


def _weights(kind: str, n: int, least: float, rng: Rng) -> FloatArray:
    w = rng.dirichlet(np.full(n, 3.0)) + 0.1 / n
    tiny = int(rng.integers(1, max(2, n // 2 + 1)))
    if kind == "even":
        w = np.ones(n)
    elif kind == "nearly even":
        w = 1 + 10.0 ** rng.uniform(-12, -3) * rng.normal(size=n)
    elif kind == "small":
        w[:tiny] = 10.0 ** rng.uniform(-6, -3, size=tiny)
    elif kind == "one tiny":
        w[0] = 10.0 ** rng.uniform(-15, -6)
    elif kind == "tiny":
        w[:tiny] = 10.0 ** -rng.choice([7.0, 9.0, 12.0, 20.0, 60.0, 300.0], size=tiny)
    elif kind == "heavy":
        w[0] = 10.0 ** rng.uniform(1, 9)
    elif kind == "halves":
        w = 2.0 ** -np.minimum(np.arange(1.0, n + 1), 50)
    w = rng.permutation(w / w.sum())
    for _ in range(3):
        w = np.maximum(w, 1.001 * min(least, 0.9 / n))
        w[np.argmax(w)] += 1 - w.sum()
    return np.asarray(w)


WEIGHTS = ("even", "uneven", "nearly even", "small", "one tiny", "tiny", "heavy", "halves")

HOWS = (
    How(),
    How(),
    How(calls=2),
    How(where="thread"),
    How(where="thread", layout="strided", calls=2),
    How(where="threads", calls=2),
    How(where="forked"),
    How(layout="Fortran-ordered"),
    How(layout="strided"),
    How(layout="read-only"),
)


def cases(room: Room, count: int, seed: int, of_psi: bool) -> list[Case]:
    """``count`` points inside ``room``, for psi or for the functions that are expectations."""
    sizes = [*SIZES, LARGE_PSI[0]] if of_psi else [*SIZES]
    dimensions = [*DIMENSIONS, LARGE_PSI[1]] if of_psi else [*DIMENSIONS]
    axes: dict[str, list[Any]] = {
        "n": _upto(sizes, room.max_n),
        "d": _upto(dimensions, room.max_d),
        "rank": [r for r in RANKS if r <= room.max_rank] or [0],
        "distance": _upto(DISTANCES, 2 * room.max_norm),
        "shape": [*SHAPES],
        "embedding": [*EMBEDDINGS],
        "weights": [*WEIGHTS],
        "shared": [c for c in SHARED if c < room.max_norm / 2],
        "how": [*HOWS],
        **({"rows": [*ROWS], "x": [*PLACES]} if of_psi else {"eta": [*ETAS]}),
    }
    rng = np.random.default_rng(seed_of(seed, "combined", of_psi))
    rows = covering([len(strata) for strata in axes.values()], count, rng)
    return [
        _case({a: s[k] for (a, s), k in zip(axes.items(), row, strict=True)}, room, rng)
        for row in rows
    ]


def _case(drawn: dict[str, Any], room: Room, rng: Rng) -> Case:
    d, n = _whole(drawn["d"], rng), _whole(drawn["n"], rng)
    if rng.random() < 0.1 and n <= room.max_d:
        d = n
    of_psi = "rows" in drawn
    r = int(min(drawn["rank"] if not of_psi else rng.integers(1, 12), d, room.max_rank))
    if not of_psi:
        r = min(r, int(math.log(2 * COST / n / (n + 20)) / math.log(LEAST + 1)))
    means = _means(drawn, n, d, r, room, rng)
    weights = _weights(drawn["weights"], n, room.min_weight, rng)
    salt, how = int(rng.integers(2**31)), drawn["how"]
    if not of_psi:
        return Case(means, weights, salt, eta=_number(drawn["eta"], rng), how=how, rank=r)
    m = max(1, min(_whole(drawn["rows"], rng), NUMBERS // (n + d)))
    x = drawn_places(drawn["x"], means, min(m, _distinct(n, d)), rng)
    return Case(means, weights, salt, x, rows=m, how=how, rank=r)


def _means(
    drawn: dict[str, Any], n: int, d: int, r: int, room: Room, rng: Rng
) -> FloatArray:  # fmt: skip
    if r == 0:
        means = np.zeros((n, d))
    else:
        x = _shape(drawn["shape"], n, r, rng)
        extent = np.ptp(x, axis=0)
        distance = _number(drawn["distance"], rng)
        if n > 1 and extent.max() > 0:
            if rng.random() < 0.5:
                x = x - 0.5 * (x.max(axis=0) + x.min(axis=0))
            order = np.argsort(-extent)
            x, extent = x[:, order], extent[order]
            x = x * (distance / extent[0])
        else:
            x = x * distance
        b = _embedding(drawn["embedding"], r, d, rng)
        if "rows" not in drawn:
            x = _affordable(x, b)
        longest = max(np.abs(x).max(), drawn["shared"] * 2.0**-16)
        quantum = 2.0 ** (math.floor(math.log2(longest or 1.0)) - 24)
        means = (np.round(x / quantum) * quantum) @ b
    if drawn["shared"]:
        c = rng.normal(size=d) if rng.random() < 0.5 else np.ones(d)
        c *= drawn["shared"] / np.linalg.norm(c)
        step = 2.0**-12
        means = means + np.round(c / step) * step
    longest = float(np.linalg.norm(means, axis=1).max())
    if longest > room.max_norm:
        means = means * 2.0 ** -math.ceil(math.log2(longest / room.max_norm))
    return np.asarray(means)


def _affordable(x: FloatArray, b: FloatArray) -> FloatArray:
    """``x`` with its axes, longest first, made shorter until a rule for X B has few enough nodes:
    the others before the first."""
    n, turned = len(x), np.linalg.cholesky(b @ b.T)
    for k in range(60):
        u = (x - x[0]) @ turned
        wide = np.ptp(u @ np.linalg.svd(u, full_matrices=False)[2].T, axis=0)
        nodes = np.maximum((wide + 17) * (wide + 2), LEAST)
        if np.prod(nodes) * n * (n + 20) / 2 <= COST:
            break
        first = 1 if k % 8 < 7 and x.shape[1] > 1 else 0
        x = np.hstack([x[:, :first], 0.7 * x[:, first:]])
    return x


def _upto(strata: Any, most: float) -> list[Span]:
    return [(low, min(high, most)) for low, high in strata if low <= most] or [(most, most)]


def _whole(span: Span, rng: Rng) -> int:
    """A whole number of the span, on a logarithmic scale; often a power of two, of ten, or next
    to one."""
    low, high = int(span[0]), int(span[1])
    if rng.random() < 0.4:
        round_numbers = [2**k for k in range(16)] + [10**k for k in range(5)] + [5000]
        near = [v for p in round_numbers for v in (p - 1, p, p + 1) if low <= v <= high]
        if near:
            return int(rng.choice(near))
    return min(high, int(math.exp(rng.uniform(math.log(low), math.log(high + 1)))))


def _number(span: Span, rng: Rng) -> float:
    low, high = span
    return low if low == high else float(np.exp(rng.uniform(math.log(low), math.log(high))))


def _distinct(n: int, d: int) -> int:
    """Different places at most: a prime number, so that they do not repeat with blocks."""
    return next(p for p in (61, 31, 13, 7) if p * n * d <= 40_000 or p == 7)
