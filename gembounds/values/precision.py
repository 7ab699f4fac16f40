"""The working precision of ball arithmetic: set in one place, always restored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gembounds.tools.alone import ALONE


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Ball arithmetic at ``bits`` inside; the former precision afterwards.

    flint's precision is global to the process: other threads that would set it wait.
    """
    from flint import ctx  # here: listing claims needs no balls

    with ALONE:
        before = ctx.prec
        ctx.prec = bits
        try:
            yield
        finally:
            ctx.prec = before
