"""How a point moves in a search: along its numbers, to its limits, to short rationals.

Every distinct absolute value among the entries of the means is one variable, so is every
distinct weight and every distinct absolute value in a parameter: signs, zeros, ties, opposite
means and equal weights stay what they are. Multiplicities of equal columns and whole-number
parameters move by their own steps. Moves give exact points again, of short dyadic numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gembounds.points.joint import joined, parted
from gembounds.points.point import Point, repeated
from gembounds.values.columns import runs

ENTRIES = 16
"""Most entries that move alone (a choice: each costs an evaluation a round)."""

MANY = 20_000
"""Most n d that is moved: each point of a million entries takes a while to build."""


BITS = 20
"""Significant bits of a moved number (a choice: short and dyadic)."""

TINY, HUGE = Fraction(1, 10**9), Fraction(10**4)
"""Numbers are moved within these ends (a choice)."""

LIGHTEST = Fraction(1, 10**12)
"""And weights down to this one."""

INDICES = frozenset(("i", "j", "k", "imax"))
"""Whole numbers beside a mixture that are indices of its components, not numbers to move."""

MOST_DIMENSIONS = 10**6
"""Of a parameter d."""

LONGEST = 128
"""Equal columns of a mixture (a choice: the norms of the means grow with them)."""


@dataclass(frozen=True)
class Move:
    """``apply(point, factor)``: one number, or several together, multiplied by ``factor``.
    ``whole`` ones round to integers."""

    name: str
    apply: Callable[[Point, float], Point | None]
    whole: bool = False


def moves(point: Point, ties: bool = True) -> list[Move]:
    """All moves of a point; without ``ties`` also each entry of the means alone, zeros too."""
    out = [] if point.mixture is None else _lifted(point, _of_the_means(joined(point), ties))
    for name, value in point.parameters.items():
        if is_index(point, name):
            out += [
                Move(f"{name} is {k}", _index_mover(name, k), whole=True)
                for k in range(point.mix.n)
                if k != value
            ]
            continue
        if isinstance(value, int):
            out.append(Move(name, _whole_mover(name), whole=True))
            continue
        sizes = sorted(_sizes(value))
        if sizes:
            out.append(Move(name, _number_mover(name, None)))
        if len(sizes) > 1:
            out += [Move(f"{name} of size {k}", _number_mover(name, k))
                    for k in range(len(sizes))]  # fmt: skip
    return out


def _of_the_means(point: Point, ties: bool) -> list[Move]:
    out, blocks = [], runs(point.mix)
    if not ties:
        places = [(c, i) for c in range(len(blocks)) for i in range(point.mix.n)]
        out += [Move(f"entry {place}", _entry_mover(*place)) for place in places[:ENTRIES]]
    sizes = sorted({abs(x) for entries, _ in blocks for x in entries if x})
    if sizes:
        out.append(Move("all means", lambda p, f: _scaled_means(p, None, f)))
    if len(sizes) > 1:
        out += [Move(f"means of size {k}", _mean_mover(k)) for k in range(len(sizes))]
    shares = sorted(set(point.mix.exact_weights))
    if len(shares) > 1:
        out += [Move(f"weight {k}", _weight_mover(k)) for k in range(len(shares))]
    if not any(isinstance(v, tuple) for v in point.parameters.values()):
        out += [Move(f"d {k}", _length_mover(k), whole=True) for k in range(len(blocks))]
    return out


def _lifted(point: Point, of_both: list[Move]) -> list[Move]:
    """Moves of a mixture, of model and data together where the point has both."""
    if point.data is None:
        return of_both

    def lifted(move: Move) -> Move:
        def apply(p: Point, factor: float) -> Point | None:
            found = move.apply(joined(p), factor)
            return None if found is None else parted(found, p.mix.n)

        return Move(move.name, apply, move.whole)

    return list(map(lifted, of_both))


def single_weights(point: Point) -> list[Move]:
    """Each weight that has an equal alone, which :func:`moves` leaves tied."""
    if point.mixture is None:
        return []
    weights = joined(point).mix.exact_weights
    tied = [i for i, w in enumerate(weights[:ENTRIES]) if weights.count(w) > 1]
    return _lifted(point, [Move(f"weight of {i}", _weight_mover(i, alone=True)) for i in tied])


def is_index(point: Point, name: str) -> bool:
    """Whether a parameter is one of ``INDICES``."""
    whole = isinstance(point.parameters[name], int)
    return whole and point.mixture is not None and name in INDICES


def rounded(x: Fraction, bits: int = BITS) -> Fraction:
    """``x`` to ``bits`` significant bits."""
    if x == 0:
        return x
    shift = bits - (abs(x.numerator).bit_length() - x.denominator.bit_length())
    scale = Fraction(2) ** shift
    return Fraction(round(x * scale)) / scale


def _times(x: Fraction, factor: float) -> Fraction:
    moved = rounded(x * Fraction(factor))
    size = min(max(abs(moved), TINY), HUGE)
    return size if x > 0 else -size


def _mean_mover(k: int) -> Callable[[Point, float], Point | None]:
    return lambda point, factor: _scaled_means(point, k, factor)


def _scaled_means(point: Point, k: int | None, factor: float) -> Point | None:
    blocks = runs(point.mix)
    sizes = sorted({abs(x) for entries, _ in blocks for x in entries if x})
    if k is not None and k >= len(sizes):
        return None
    chosen = set(sizes) if k is None else {sizes[k]}
    columns = [
        [_times(x, factor) if abs(x) in chosen else x for x in entries] for entries, _ in blocks
    ]
    mixture = repeated(columns, [m for _, m in blocks], point.mix.exact_weights)
    return replace(point, mixture=mixture)


def _entry_mover(c: int, i: int) -> Callable[[Point, float], Point | None]:
    def move(point: Point, factor: float) -> Point | None:
        blocks = runs(point.mix)
        if c >= len(blocks) or i >= point.mix.n:
            return None
        columns = [list(entries) for entries, _ in blocks]
        x = columns[c][i]
        columns[c][i] = _times(x, factor) if x else rounded(
            Fraction(factor - 1) * largest_entry(point) / 8
        )  # fmt: skip
        mixture = repeated(columns, [m for _, m in blocks], point.mix.exact_weights)
        return Point(mixture, point.parameters)

    return move


def _weight_mover(k: int, alone: bool = False) -> Callable[[Point, float], Point | None]:
    def move(point: Point, factor: float) -> Point | None:
        weights = point.mix.exact_weights
        shares = sorted(set(weights))
        if k >= len(weights if alone else shares):
            return None
        changed = [
            _times(w, factor) if (i == k if alone else w == shares[k]) else w
            for i, w in enumerate(weights)
        ]
        total = sum(changed, Fraction(0))
        changed = [rounded(w / total) for w in changed]
        total = sum(changed, Fraction(0))
        if min(changed) < LIGHTEST:
            return None
        blocks = runs(point.mix)
        mixture = repeated(
            [e for e, _ in blocks], [m for _, m in blocks], [w / total for w in changed]
        )
        return replace(point, mixture=mixture)

    return move


def _length_mover(k: int) -> Callable[[Point, float], Point | None]:
    def move(point: Point, factor: float) -> Point | None:
        blocks = runs(point.mix)
        if k >= len(blocks):
            return None
        lengths = [m for _, m in blocks]
        lengths[k] = _whole(lengths[k], factor)
        if not 1 <= lengths[k] <= LONGEST:
            return None
        mixture = repeated([e for e, _ in blocks], lengths, point.mix.exact_weights)
        return replace(point, mixture=mixture)

    return move


def _whole_mover(name: str) -> Callable[[Point, float], Point | None]:
    def move(point: Point, factor: float) -> Point | None:
        value = _whole(point[name], factor)
        if not 0 <= value <= MOST_DIMENSIONS:
            return None
        return replace(point, parameters={**point.parameters, name: value})

    return move


def _index_mover(name: str, k: int) -> Callable[[Point, float], Point | None]:
    return lambda point, _: replace(point, parameters={**point.parameters, name: k})


def _whole(value: int, factor: float) -> int:
    """At least one more or one less."""
    moved = round(value * Fraction(factor))
    if moved == value:
        moved += 1 if factor > 1 else -1
    return moved


def _number_mover(name: str, k: int | None) -> Callable[[Point, float], Point | None]:
    def move(point: Point, factor: float) -> Point | None:
        value = point[name]
        sizes = sorted(_sizes(value))
        if k is not None and k >= len(sizes):
            return None
        chosen = set(sizes) if k is None else {sizes[k]}
        changed = mapped(value, lambda x: _times(x, factor) if abs(x) in chosen else x)
        return replace(point, parameters={**point.parameters, name: changed})

    return move


def _sizes(value: Any) -> set[Fraction]:
    if isinstance(value, tuple):
        return {x for v in value for x in _sizes(v)}
    return {abs(Fraction(value))} if value else set()


def mapped(value: Any, change: Callable[[Fraction], Fraction]) -> Any:
    if isinstance(value, tuple):
        return tuple(mapped(v, change) for v in value)
    return change(Fraction(value))


def movable(point: Point) -> bool:
    """Whether a search may start here: see ``MANY``."""
    return point.mixture is None or point.mixture.n * point.mixture.d <= MANY


def largest_entry(point: Point) -> Fraction:
    """The largest absolute entry of the means, at least 1."""
    if point.mixture is None:
        return Fraction(1)
    return max(Fraction(1), *(abs(x) for entries, _ in runs(point.mixture) for x in entries))
