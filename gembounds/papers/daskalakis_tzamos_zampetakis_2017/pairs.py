"""Two against two: the model 1/2 N(lambda, I) + 1/2 N(-lambda, I), data of the same form with mu.

A step of EM keeps that form, and lambda' = E[x tanh(<lambda, x>)], x ~ the data, or x ~ N(mu,
I): the integrand is even. In the words of the vocabulary lambda, mu and lambda' are ``means``,
``data_means`` and ``em_means``, of the first component and, with the other sign, of the
second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements import data_means, dot, em_means, means, minimum, norm, smallest
from gembounds.statements.conditions import Part, part
from gembounds.statements.domain import Domain, drawn
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

HOME = "daskalakis-tzamos-zampetakis-2017"

before, after = norm(means - data_means), norm(em_means - data_means)


def least(x: Any) -> Any:
    """min(|x|, <mu, x>/|x|)^2, x one of lambda, lambda': the same of both components."""
    return smallest(minimum(dot(x, x), dot(data_means, x)) ** 2 / dot(x, x))


def _pair(mix: Mixture | None, name: str) -> Iterator[Part]:
    yield part(f"{name}: two components", 0 if mix is None else mix.n, "==", 2)
    assert mix is not None
    first, second = mix.exact_means
    yield Part(f"{name}: opposite means", all(a == -b for a, b in zip(first, second, strict=True)))
    yield part(f"{name}: equal weights", mix.exact_weights[0], "==", Fraction(1, 2))


def _two_against_two(ops: Any, point: Point) -> Iterator[Part]:
    yield from _pair(point.mixture, "the model")
    yield from _pair(point.data, "the data")
    assert point.data is not None
    start, true = point.mix.exact_means[0], point.data.exact_means[0]
    yield part("<lambda, lambda> > 0", sum(x * x for x in start), ">", 0)
    along = sum((x * y for x, y in zip(start, true, strict=True)), Fraction(0))
    yield part("<mu, lambda> >= 0", along, ">=", 0)


def _on_a_line(ops: Any, point: Point) -> Iterator[Part]:
    yield from _two_against_two(ops, point)
    yield part("d = 1", point.mix.d, "==", 1)
    assert point.data is not None
    yield part("lambda > 0", point.mix.exact_means[0][0], ">", 0)
    yield part("mu > 0", point.data.exact_means[0][0], ">", 0)


def pair(start: Any, true: Any) -> Point:
    """The point with lambda and mu, vectors; on a line numbers."""
    rows = [x if isinstance(x, (list, tuple)) else [x] for x in (start, true)]
    model, data = (
        Mixture([[Fraction(x) for x in row], [-Fraction(x) for x in row]]) for row in rows
    )
    return Point(model, {}, data)


SIZES = tuple(
    map(
        Fraction,
        ["1", "1/2", "2", "1/4", "3", "1/8", "1/10", "1/100", "4", "6", "1/10000", "1/100000000"],
    )
)

NEAR = tuple(
    map(
        Fraction,
        [
            "1",
            "2",
            "1/2",
            "11/10",
            "9/10",
            "1001/1000",
            "999/1000",
            "100000001/100000000",
            "4",
            "1/4",
        ],
    )
)
"""lambda over mu, or the size of one over the other's."""


def _lines() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    sizes = st.sampled_from(SIZES) | st.integers(1, 64).map(lambda k: Fraction(k, 16))
    close = st.tuples(sizes, st.sampled_from(NEAR)).map(lambda t: (t[0] * t[1], t[0]))
    return (close | st.tuples(sizes, sizes)).map(lambda t: pair(*t))


def _vectors() -> SearchStrategy[Point]:
    """lambda along mu, orthogonal to it, or anywhere on its side, in up to 12 dimensions."""
    from hypothesis import strategies as st

    entries = st.sampled_from([Fraction(x) for x in (0, 1, -1, 2, -2, "1/2", "-1/3", 3)])

    def placed(drawn: Any) -> Point:
        true, start, kind, size, share = drawn
        square = sum(x * x for x in true)
        along = sum(x * y for x, y in zip(true, start, strict=True))
        if kind == 1 and square:  # orthogonal
            start = [y - along / square * x for x, y in zip(true, start, strict=True)]
        if kind == 2 or not any(start):  # along
            start = [share * x for x in true]
        if not any(start):
            start = [Fraction(1), *start[1:]]
        sign = -1 if sum(x * y for x, y in zip(true, start, strict=True)) < 0 else 1
        factor = share if kind == 3 else 1
        return pair([size * sign * factor * y for y in start], [size * x for x in true])

    def in_dimension(d: int) -> SearchStrategy[Point]:
        rows = st.lists(entries, min_size=d, max_size=d)
        size = st.sampled_from(SIZES[:8])
        return st.tuples(rows, rows, st.integers(0, 3), size, st.sampled_from(NEAR)).map(placed)

    return st.integers(1, 4).flatmap(in_dimension) | st.integers(1, 12).flatmap(in_dimension)


LINE = Domain(
    "two against two on a line", _on_a_line, _lines, data=drawn,
    text="x ~ N(mu, 1)/2 + N(-mu, 1)/2, means lambda and -lambda, lambda, mu > 0",
)  # fmt: skip
SPACE = Domain(
    "two against two", _two_against_two, _vectors, data=drawn,
    text="x ~ N(mu, I)/2 + N(-mu, I)/2, means lambda and -lambda != 0, <lambda, mu> >= 0",
)  # fmt: skip


def _products(point: Point) -> tuple[Fraction, Fraction, bool]:
    """|lambda|^2, <lambda, mu>, and whether one is a multiple of the other."""
    assert point.data is not None
    start, true = point.mix.exact_means[0], point.data.exact_means[0]
    square = sum((x * x for x in start), Fraction(0))
    along = sum((x * y for x, y in zip(start, true, strict=True)), Fraction(0))
    alike = all(square * y == along * x for x, y in zip(start, true, strict=True))
    return square, along, alike


def _moves(point: Point) -> bool:
    """False where m(lambda') is m(lambda) exactly, which no enclosure tells: lambda is orthogonal
    to mu and stays so, or is mu or further on its line and stays there."""
    square, along, alike = _products(point)
    return along > 0 and not (alike and square >= along)


def _apart(point: Point) -> bool:
    """False where lambda is the projection of mu on its line, where the best factor is met."""
    square, along, alike = _products(point)
    return alike or square != along


def _part_of(domain: Domain, which: Callable[[Point], bool], words: str) -> Domain:
    """The points of a domain without cases of equality."""

    def test(ops: Any, point: Point) -> Iterator[Part]:
        yield from domain.test(ops, point)
        yield Part(words, which(point))

    return Domain(
        f"{domain.name}, {words}", test, lambda: domain.draw().filter(which), data=drawn,
        text=f"{domain.text}, {words}",
    )  # fmt: skip


MOVING_LINE, MOVING_SPACE = (
    _part_of(domain, _moves, "lambda neither orthogonal to mu nor mu or beyond it on its line")
    for domain in (LINE, SPACE)
)
APART = _part_of(SPACE, _apart, "lambda not the projection of mu on its line, or mu")
