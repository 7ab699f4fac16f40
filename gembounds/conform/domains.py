"""Where cores are tried: named domains, each a strategy over mixtures, and their cases.

All are drawn with :mod:`gembounds.points.strategies`, then rounded to float64. The same seed draws
the same cases on every machine with the same Hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import ZERO_WEIGHTS
from gembounds.conform.protocol import AT, EXPECTATIONS, FUNCTIONS
from gembounds.conform.room import Room
from gembounds.points.point import Point
from gembounds.tools.errors import InputError
from gembounds.tools.seeds import seed_of
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

SCALES = tuple(map(Fraction, ("1/2", "1/4", "1", "1/3")))
SMALL = tuple(map(Fraction, ("1/4", "1/8")))
PLANE = tuple(map(Fraction, ("3", "2", "5")))
HUGE = tuple(map(Fraction, ("1000", "300000", "30")))
WIDE = tuple(map(Fraction, ("1/16", "1/20", "1/40")))
CLOSE = tuple(map(Fraction, ("1/100", "1/10000", "1/100000000")))
ANYWHERE = Room()
LARGE_D = 2000
"""Largest dimension (a choice: what a core is given stays below a megabyte)."""


@dataclass(frozen=True)
class Combined:
    """Drawn by :mod:`gembounds.conform.combined`, inside what the core declares."""

    of_psi: bool


@dataclass(frozen=True)
class Domain:
    """``name``, what it is in words, and a function that gives the strategy of its mixtures.
    ``certified``: the functions that are compared with enclosures there. ``case``: what is made of
    a point and a salt."""

    name: str
    text: str
    strategy: Callable[[], SearchStrategy[Mixture]] | Combined
    certified: tuple[str, ...] = FUNCTIONS
    case: Callable[[Point, int], Case] = Case.of

    def mixtures(self) -> SearchStrategy[Mixture]:
        """Raises :class:`InputError` where what a core declares must be known."""
        if isinstance(self.strategy, Combined):
            raise InputError(f"the points of {self.name!r} depend on the core: draw cases")
        return self.strategy()


def _mixtures(**options: Any) -> Callable[[], SearchStrategy[Mixture]]:
    def strategy() -> SearchStrategy[Mixture]:
        from gembounds.points.strategies import mixtures

        return mixtures(**options)

    return strategy


def _ordinary() -> SearchStrategy[Mixture]:
    from gembounds.points.strategies import mixtures

    space = mixtures(max_n=5, max_d=6, max_rank=3, norms=SMALL, smallest_weight=2)
    return mixtures(max_n=5, max_d=6, max_rank=2, norms=SCALES, smallest_weight=2) | space


def _far() -> SearchStrategy[Mixture]:
    """Means on a line with norms to 1e3, or in a plane with norms to 40 (the grid that certifies
    the values grows with the square)."""
    from gembounds.points.strategies import FAR, mixtures

    line = mixtures(max_rank=1, norms=FAR, max_d=8, smallest_weight=3)
    return line | mixtures(max_rank=2, norms=PLANE, max_d=4, max_n=4, smallest_weight=3)


def _generic() -> SearchStrategy[Mixture]:
    """Normal means with all their bits, so that float32 loses something."""
    from hypothesis import strategies as st

    def drawn(parts: tuple[int, int, int, float]) -> Mixture:
        key, n, d, scale = parts
        rng = np.random.default_rng(key)
        weights = rng.dirichlet(np.full(n, 3.0))
        plane = np.linalg.qr(rng.normal(size=(d, min(d, 3))))[0]
        means = scale * rng.normal(size=(n, plane.shape[1])) @ plane.T
        return Mixture(means, weights / weights.sum())

    whole = st.integers(0, 2**32 - 1)
    sizes = st.sampled_from((1.0, 0.5, 0.2))
    return st.tuples(whole, st.integers(2, 5), st.integers(1, 6), sizes).map(drawn)


def _tiny_weights() -> SearchStrategy[Mixture]:
    """Ordinary means, some weights from 1e-6 to 1e-300."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import TINY_WEIGHTS, mixtures

    @st.composite
    def drawn(draw: DrawFn) -> Mixture:
        mix = draw(mixtures(max_rank=2, norms=SCALES, max_d=5, max_n=5))
        parts = [Fraction(draw(st.integers(1, 9))) for _ in range(mix.n)]
        small = draw(st.sampled_from([e for e in TINY_WEIGHTS if e >= 6]))
        first = draw(st.integers(0, mix.n - 1))
        parts[first] = Fraction(1, 10**small)
        if mix.n > 2 and draw(st.booleans()):
            parts[first - 1] = Fraction(1, 10 ** draw(st.integers(6, small)))
        total = sum(parts, Fraction(0))
        return Mixture(mix.means, [float(p / total) for p in parts])

    return drawn()


def _some_absent(point: Point, salt: int) -> Case:
    """At least one weight set to 0, and not all."""
    case = Case.of(point, salt)
    rng, weights = case.rng("absent"), case.weights
    weights[rng.permutation(case.n)[: rng.integers(1, case.n)]] = 0.0
    return case.but(weights=weights / weights.sum())


def _with_offset(point: Point, salt: int) -> Case:
    """Means and x that share a vector of norm 10 to 1e8, as time stamps and coordinates do."""
    case = Case.of(point, salt)
    rng = case.rng("offset")
    shared = rng.choice([-1.0, 1.0], size=case.d) * 10.0 ** (1 + (salt % 8) * rng.random(case.d))
    places = case.means[rng.integers(case.n, size=6)] + rng.normal(size=(6, case.d))
    return case.but(means=case.means + shared, x=places + shared)


def _repeated() -> SearchStrategy[Mixture]:
    """Some means equal to each other, exactly; sometimes all of them."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import mixtures, weights

    @st.composite
    def drawn(draw: DrawFn) -> Mixture:
        mix = draw(mixtures(max_rank=2, norms=SCALES, max_d=5, min_n=2, max_n=4))
        rows = mix.means.tolist()
        for _ in range(draw(st.integers(1, 3))):
            rows.insert(draw(st.integers(0, len(rows))), rows[draw(st.integers(0, mix.n - 1))])
        return Mixture(rows, draw(weights(len(rows), 3)))

    return drawn()


def _near_coincident() -> SearchStrategy[Mixture]:
    """Means that differ by 1e-2 to 1e-8, near 0 or around a common vector of norm to 1e3."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import mixtures

    @st.composite
    def drawn(draw: DrawFn) -> Mixture:
        mix = draw(mixtures(max_rank=3, norms=CLOSE, max_d=6, smallest_weight=3))
        common = draw(st.sampled_from((0.0, 0.0, 1.0, -3.0, 0.125)))
        return Mixture(mix.means + common, mix.weights)

    return drawn()


def _high_d() -> SearchStrategy[Mixture]:
    """One direction spread over many coordinates, or many coordinates that are 0."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import mixtures

    @st.composite
    def drawn(draw: DrawFn) -> Mixture:
        mix = draw(mixtures(max_rank=3, norms=SMALL, max_d=3, max_n=5, smallest_weight=2))
        repeats = np.ones(mix.d, dtype=int)
        k = draw(st.integers(0, mix.d))
        extra = draw(st.integers(20, 60) | st.sampled_from((300, 1024, LARGE_D)))
        columns = mix.means.copy()
        if k == mix.d:
            columns = np.hstack([columns, np.zeros((mix.n, 1))])
            repeats = np.append(repeats, extra)
        else:
            repeats[k] = extra
            columns[:, k] *= 0.5 ** (extra.bit_length() // 2)
        return Mixture(np.repeat(columns, repeats, axis=1), mix.weights)

    return drawn()


def _mixed() -> SearchStrategy[Mixture]:
    """All of the small ones."""
    from hypothesis import strategies as st

    wanted = ("ordinary", "generic", "far", "tiny-weights", "repeated", "near-coincident")
    return st.one_of([BY_NAME[name].mixtures() for name in wanted])


def _extreme() -> SearchStrategy[Mixture]:
    """Norms to 1e6, weights to 1e-300: where formulas that are not stable overflow."""
    from gembounds.points.strategies import mixtures

    return mixtures(max_rank=1, norms=HUGE, max_d=5, max_n=6)


def _integers() -> SearchStrategy[Mixture]:
    """Means with integer entries to 3."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import weights

    entry = st.integers(-3, 3).map(float)
    sizes = st.tuples(st.integers(2, 4), st.integers(1, 3))
    return sizes.flatmap(
        lambda nd: st.builds(
            Mixture,
            st.lists(st.lists(entry, min_size=nd[1], max_size=nd[1]),
                     min_size=nd[0], max_size=nd[0]),
            weights(nd[0], 2),
        )
    )  # fmt: skip


DOMAINS = (
    Domain("ordinary", "2 to 5 components, norms about 1, any rank to 3, weights to 1e-2",
           _ordinary),
    Domain("generic", "normal means with full mantissas, random weights", _generic),
    Domain("far", "norms to 1000 on a line, to 40 in a plane", _far),
    Domain("tiny-weights", "weights down to 1e-300", _tiny_weights),
    Domain(ZERO_WEIGHTS, "some weights exactly 0", lambda: _ordinary() | _far(),
           case=_some_absent),
    Domain("offset", "means and x that share a vector, entries to 1e8", _generic, ("log_prob",),
           case=_with_offset),
    Domain("repeated", "components that share a mean exactly", _repeated),
    Domain("near-coincident", "means that differ by 1e-2 to 1e-8", _near_coincident),
    Domain("many", "6 to 10 components",
           _mixtures(min_n=6, max_n=10, max_d=6, max_rank=2, norms=SCALES, smallest_weight=2)),
    Domain("high-d", "dimension 20 to 2000, rank to 3", _high_d),
    Domain("high-rank", "rank to 4, norms to 1",
           _mixtures(min_n=5, max_n=6, max_d=6, max_rank=4, norms=WIDE, smallest_weight=2)),
    Domain("one-dimension", "d = 1",
           _mixtures(max_n=6, max_rank=1, max_d=1, norms=(*SCALES, Fraction(5)))),
    Domain("one-component", "n = 1: a Gaussian, everything known in closed form",
           _mixtures(min_n=1, max_n=1, max_d=6, norms=(*SCALES, Fraction(100)))),
    Domain("mixed", "any of the domains of few components and dimensions", _mixed, ()),
    Domain("integers", "small integer means", _integers, ()),
    Domain("extreme", "norms to 1e6, weights down to 1e-300", _extreme, ()),
    Domain("places", "n, d, rank, distance, weights, x, rows of x, threads and processes together",
           Combined(True), AT),
    Domain("combined", "n, d, rank, distance, weights, eta, threads and processes together",
           Combined(False), EXPECTATIONS),
)  # fmt: skip

BY_NAME = {domain.name: domain for domain in DOMAINS}

CLAIM = "points of "
"""What the name of a domain that belongs to a claim begins with."""


def points(name: str) -> SearchStrategy[Point]:
    """The strategy of the domain of that name."""
    if name.startswith(CLAIM):
        from gembounds.statements import library
        from gembounds.statements.drawing import points_of
        from gembounds.statements.operations import Operations

        claim = library.get(name.removeprefix(CLAIM))

        def inside(point: Point) -> bool:
            if point.mix.d > LARGE_D:
                return False
            ops = Operations()
            with ops.precision():
                return claim.inside(ops, Case.of(point, 0).point) is True

        return points_of(claim).filter(inside)
    return BY_NAME[name].mixtures().map(Point)


def cases(name: str, count: int, seed: int, room: Room = ANYWHERE) -> list[Case]:
    """``count`` cases of the domain ``name``, determined by ``seed`` (and, where they are drawn
    inside it, ``room``). With seed 0 the first is the simplest of the domain; other seeds leave
    that one out."""
    drawn = BY_NAME[name].strategy if name in BY_NAME else None
    if isinstance(drawn, Combined):
        from gembounds.conform import combined

        return combined.cases(room, count, seed, drawn.of_psi)
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    found: list[Case] = []
    of = BY_NAME[name].case if name in BY_NAME else Case.of
    key, skipped = seed_of(seed, name), int(seed > 0)

    @seeded(key)
    @settings(
        max_examples=count + skipped, database=None, derandomize=False, phases=[Phase.generate],
        deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(points(name))
    def each(point: Point) -> None:
        found.append(of(point, (key + len(found)) % 2**31))

    each()
    return found[skipped : count + skipped] or found[:count]
