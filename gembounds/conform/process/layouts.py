"""How the arrays that a core is given may lie in memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gembounds.conform.process.wire import Array


def _spread_out(array: Array) -> Array:
    """The same numbers, every second one of a larger array, in reverse order."""
    wide = np.full([2 * k for k in array.shape], np.nan)
    view = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    backwards = tuple(slice(None, None, -1) for _ in array.shape)
    view[...] = array[backwards]
    return view[backwards]


def _read_only(array: Array) -> Array:
    array.setflags(write=False)
    return array


LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "plain": lambda array: array,
    "Fortran-ordered": np.asfortranarray,
    "strided": _spread_out,
    "read-only": _read_only,
}
