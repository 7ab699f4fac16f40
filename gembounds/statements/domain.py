"""Where a statement is meant: membership that is certified, and drawing that reaches all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gembounds.points import batches
from gembounds.points.batches import Ensemble
from gembounds.points.point import Point
from gembounds.statements.conditions import Part, part
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Test = Callable[[Any, Point], Iterator[Part]]


@dataclass(frozen=True, eq=False)
class Domain:
    """A set of points.

    ``test(ops, point)`` yields its conditions, which a certificate shows one by one; ``draw()`` is
    a Hypothesis strategy of :class:`Point`, inside by construction and reaching the ends;
    ``ensemble`` draws batches for distributions, and ``mask(batch)`` says which of them are inside
    (all if None). ``text`` says what it is where the tests do not: "" for all mixtures. ``name``
    is what a certificate calls it. ``every()``, where the domain is finite, gives all its points:
    a claim that holds at each of them is proved. ``data(point)``, where model and data come
    together, is the mixture that expectations are over at a point: a function of its parameters
    and model, or what was drawn with them (``Point.data``). ``model(point)``, where points have
    numbers alone, is the model that they make.
    """

    name: str
    test: Test
    draw: Callable[[], SearchStrategy[Point]]
    ensemble: Ensemble | None = None
    mask: Callable[[Any], Any] | None = None
    text: str = ""
    every: Callable[[], Sequence[Point]] | None = None
    data: Callable[[Point], Mixture | None] | None = None
    model: Callable[[Point], Mixture] | None = None

    def parts(self, ops: Any, point: Point) -> Iterator[Part]:
        """The conditions in order, up to the first that is false."""
        for found in self.test(ops, point):
            yield found
            if found.holds is False:
                return


def at_least(least: int, rank: int | None = None) -> Test:
    """A mixture of at least that many components (weights are positive already), whose
    differences span at most ``rank`` dimensions."""

    def test(ops: Any, point: Point) -> Iterator[Part]:
        yield part(f"n >= {least}", 0 if point.mixture is None else point.mixture.n, ">=", least)
        if rank is not None:
            yield part(f"r <= {rank}", ops.rank(point.mix), "<=", rank)

    return test


def _opposite(ops: Any, point: Point) -> Iterator[Part]:
    yield part("n = 2", 0 if point.mixture is None else point.mixture.n, "==", 2)
    first, second = ops.means(point.mix)
    yield Part("mu_2 = -mu_1", all(a == -b for a, b in zip(first, second, strict=True)))


def _opposites() -> SearchStrategy[Point]:
    from gembounds.points.strategies import opposite_points

    return opposite_points()


def _nothing(ops: Any, point: Point) -> Iterator[Part]:
    yield from ()


def _numbers_alone() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    return st.just(Point())


def _mixtures(**options: Any) -> Callable[[], SearchStrategy[Point]]:
    def draw() -> SearchStrategy[Point]:
        from gembounds.points.strategies import points, points_of_all_ranks

        return points(**options) if "max_rank" in options else points_of_all_ranks(**options)

    return draw


def _pairs() -> SearchStrategy[Point]:
    from gembounds.points.strategies_data import pairs

    return pairs()


def drawn(point: Point) -> Mixture | None:
    return point.data


MIXTURES = Domain("mixtures", at_least(1), _mixtures(min_n=1), batches.PLAIN)
"""All mixtures, n >= 1 and d >= 1."""

SEVERAL = Domain("several", at_least(2), _mixtures(), batches.PLAIN)
"""All mixtures of two or more components: a paper's usual setting."""

LINES = Domain(
    "lines", at_least(2, 1), _mixtures(max_rank=1), batches.PLANE, text="means on a line"
)
"""Drawn with means on a line."""

PLANES = Domain(
    "planes", at_least(2, 2), _mixtures(max_rank=2), batches.PLANE, text="means in a plane"
)
"""Drawn with means in a plane."""

OPPOSITE = Domain("opposite", _opposite, _opposites, batches.OPPOSITE, text="two means mu and -mu")
"""Two components with opposite means, of any weights."""

NUMBERS = Domain("numbers", _nothing, _numbers_alone)
"""No mixture: a statement about parameters alone."""

PAIRS = Domain("pairs", at_least(1), _pairs, text="x ~ any mixture", data=drawn)
"""A model and the data, both any mixtures of one dimension."""


def family(
    name: str, model: Callable[[Point], Mixture],
    data: Callable[[Point], Mixture] | None = None, text: str = "",
) -> Domain:  # fmt: skip
    """The mixtures that ``model`` makes of a claim's parameters (``point["t"]``, exact), with the
    ``data`` that are made of them; numbers that make none are outside."""
    return Domain(name, _nothing, _numbers_alone, text=text, data=data, model=model)


READY = {
    domain.name: domain for domain in (MIXTURES, SEVERAL, LINES, PLANES, OPPOSITE, NUMBERS, PAIRS)
}
"""By name: those that a certificate of anybody's claim may name."""
