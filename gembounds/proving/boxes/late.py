"""Jets that are made where they are asked for, and roots among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.ranges import Range

PARTS = ("at", "over", "slope", "slopes", "bend", "err", "known")


class Late(Jet):
    """A jet that is made where it is asked for."""

    def __init__(self, made: Callable[[], Jet]) -> None:
        self._made = made

    def __getattr__(self, name: str) -> Any:
        if name not in PARTS:
            raise AttributeError(name)
        found = self._made()
        for part in PARTS:
            setattr(self, part, getattr(found, part))
        return getattr(self, name)


class Rooted(Late):
    """The square root of a jet that is >= 0, taken where it is asked for; even powers need
    none. ``of``: what it is the size of, where ``root`` is that."""

    def __init__(
        self, square: Jet, root: Callable[[], Jet] | None = None, of: Jet | None = None
    ) -> None:
        super().__init__(square.sqrt if root is None else root)
        self._square, self._of = square, of

    @property
    def all(self) -> Range:
        """Of a size, without the branch."""
        return super().all if self._of is None else self._of.all.absolute()

    def __pow__(self, k: int) -> Jet:
        return self._square ** (k // 2) if k % 2 == 0 else super().__pow__(k)

    def square(self) -> Jet:
        return self._square
