"""Making a witness short: fewest components, then dimensions, then digits.

Every step keeps a *certified* violation: a candidate is taken only if the claim is refuted
there, which includes that the point is certainly in the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gembounds.points.joint import joined, swapped, together
from gembounds.points.point import Point, repeated
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture

ATTEMPTS = 400
"""Most candidates tried (a choice: bounds the time, and is the same on every machine)."""

SMALL_INTEGERS = 64
"""Integers below this are tried one by one, so the smallest dimension is found."""

DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 100, 1000)
"""Denominators that a simpler number may have."""

ROUND = (1, 2)
"""Denominators that all numbers are rounded to at once: integers, then halves."""

HEAVY = 9
"""Times the weight of the others, where a heavy component is tried: 9/10 for n = 2."""

UNIT_FRACTIONS = tuple(Fraction(1, k) for k in (*range(2, 10), 10, 20, 50, 100, 1000, 10**6))

DIGIT = 10
"""Numbers of one digit, tried one by one, whatever the number was."""

Size = tuple[int, int, int, int, Fraction]


def shrink(point: Point, refuted: Callable[[Point], bool], attempts: int = ATTEMPTS) -> Point:
    """A smallest point that one more step does not improve; ``point`` if none is smaller."""
    best, left = point, attempts
    tried: set[str] = set()
    improved = True
    while improved and left > 0:
        improved = False
        for candidate in _candidates(best):
            if size(candidate) >= size(best) or (key := repr(candidate)) in tried:
                continue
            tried.add(key)
            left -= 1
            if refuted(candidate):
                best, improved = candidate, True
                break
            if left <= 0:
                break
    return best


def size(point: Point) -> Size:
    """What shrinking makes smaller: (n, d, characters of all numbers as they are written, sum of
    their denominators, sum of their absolute values)."""
    numbers = _numbers(tuple(point.parameters.values()))
    n, d = 0, 0
    named = point.parameters.get("d")
    if isinstance(named, int):
        d = named
    if point.mixture is not None:
        both = joined(point).mix
        n, d = both.n, both.d
        numbers += list(both.exact_weights)
        numbers += [x for entries, _ in runs(both) for x in entries]
    written = sum(len(str(x)) for x in numbers)
    denominators = sum(x.denominator for x in numbers)
    return n, d, written, denominators, sum(map(abs, numbers), Fraction(0))


def _numbers(value: Any) -> list[Fraction]:
    if isinstance(value, tuple):
        return [x for v in value for x in _numbers(v)]
    return [Fraction(value)]


def _candidates(point: Point) -> Iterator[Point]:
    if point.mixture is not None:
        yield from _fewer_components(point, point.mixture)
        if point.data is not None:
            yield from map(swapped, _fewer_components(swapped(point), point.data))
        yield from together(point, lambda p: _fewer_dimensions(p, p.mix))
        yield from together(point, lambda p: _of(p, _simple_mixtures(p.mix)))
    for name, value in point.parameters.items():
        for simpler in _simpler(value):
            yield replace(point, parameters={**point.parameters, name: simpler})
    if point.mixture is not None:
        yield from together(point, lambda p: _of(p, _simpler_mixtures(p.mix)))


def _of(point: Point, mixtures: Iterator[Mixture]) -> Iterator[Point]:
    return (Point(mixture, point.parameters) for mixture in mixtures)


def _fewer_components(point: Point, mix: Mixture) -> Iterator[Point]:
    if mix.n < 2:
        return
    blocks = runs(mix)
    repeats = [length for _, length in blocks]
    for i in range(mix.n):
        columns = [_without(entries, i) for entries, _ in blocks]
        rest = _without(mix.exact_weights, i)
        total = sum(rest, Fraction(0))
        parameters = {
            name: _without(value, i) if _has_rows(value, mix.n) else value
            for name, value in point.parameters.items()
        }
        for weights in (None, [w / total for w in rest]):
            yield Point(repeated(columns, repeats, weights), parameters, point.data)


def _fewer_dimensions(point: Point, mix: Mixture) -> Iterator[Point]:
    if mix.d < 2:
        return
    vectors = any(isinstance(value, tuple) for value in point.parameters.values())
    if vectors:
        columns = [(entries, 1) for entries, length in runs(mix) for _ in range(length)]
    else:
        columns = [(entries, length) for entries, length in runs(mix)]
    for k, (entries, length) in enumerate(columns):
        for shorter in sorted({0, 1, length // 2, length - 1} - {length}):
            changed = [*columns[:k], (entries, shorter), *columns[k + 1 :]]
            kept = [c for c in changed if c[1]]
            if not kept:
                continue
            parameters = {
                name: _drop_coordinate(value, k, mix) if vectors else value
                for name, value in point.parameters.items()
            }
            for weights in _simple_weights(mix):
                smaller = repeated([c for c, _ in kept], [m for _, m in kept], weights)
                yield Point(smaller, parameters)


def _simple_weights(mix: Mixture) -> Iterator[Sequence[Fraction] | None]:
    """The weights as they are, even ones, and one component far heavier than the others."""
    yield mix.exact_weights
    if len(set(mix.exact_weights)) > 1:
        yield None
    for heavy in range(mix.n):
        parts = [Fraction(HEAVY if i == heavy else 1) for i in range(mix.n)]
        yield [p / sum(parts) for p in parts]


def _simple_mixtures(mix: Mixture) -> Iterator[Mixture]:
    """Even weights, all means equal, all entries integers or halves, together and alone."""
    blocks = runs(mix)
    repeats = [length for _, length in blocks]
    columns = [list(entries) for entries, _ in blocks]
    for weights in (None, mix.exact_weights):
        for equal in (1, 0, 10):
            yield repeated([[equal] * mix.n for _ in columns], repeats, weights)
        for i in range(mix.n):
            yield repeated([[column[i]] * mix.n for column in columns], repeats, weights)
        for q in ROUND:
            rounded = [[Fraction(round(x * q), q) for x in column] for column in columns]
            yield repeated(rounded, repeats, weights)


def _simpler_mixtures(mix: Mixture) -> Iterator[Mixture]:
    blocks = runs(mix)
    columns = [list(entries) for entries, _ in blocks]
    repeats = [length for _, length in blocks]
    for k, column in enumerate(columns):
        for i, entry in enumerate(column):
            for simpler in _simpler(entry):
                changed = [*columns[:k], [*column[:i], simpler, *column[i + 1 :]]]
                yield repeated([*changed, *columns[k + 1 :]], repeats, mix.exact_weights)
    for denominator in DENOMINATORS:
        shares = [max(1, round(w * denominator)) for w in mix.exact_weights]
        yield repeated(columns, repeats, [Fraction(s, sum(shares)) for s in shares])


def _simpler(value: Any) -> Iterator[Any]:
    """Values of the same kind with fewer digits or nearer to 0, the simplest first."""
    if isinstance(value, tuple):
        for k, item in enumerate(value):
            for simpler in _simpler(item):
                yield (*value[:k], simpler, *value[k + 1 :])
    elif isinstance(value, int):
        yield from range(min(abs(value), SMALL_INTEGERS))
        if abs(value) > SMALL_INTEGERS:
            yield from (value // 10, value // 2, value - value // 8, value - 1)
    else:
        for k in range(DIGIT):
            yield from (Fraction(k), Fraction(-k))
        yield from UNIT_FRACTIONS
        for denominator in DENOMINATORS:
            yield Fraction(round(value * denominator), denominator)
        for denominator in DENOMINATORS[1:]:  # unit fractions near small numbers
            if value:
                yield Fraction(1, max(1, round(1 / value / denominator) * denominator))


def _without(items: Any, i: int) -> Any:
    return tuple(items[:i]) + tuple(items[i + 1 :])


def _has_rows(value: Any, n: int) -> bool:
    """Whether a parameter has a row for each component (see :class:`Point`)."""
    return isinstance(value, tuple) and len(value) == n and isinstance(value[0], tuple)


def _drop_coordinate(value: Any, k: int, mix: Mixture) -> Any:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return tuple(_without(row, k) for row in value)
    if isinstance(value, tuple) and len(value) == mix.d:
        return _without(value, k)
    return value
