"""In what circumstances a core is called with several calls: plain data.

A batch is a sequence of calls, ``(function, arguments)``. It is made one call after the other in
the main thread, or in another one, or in a forked process; or all at once, each in a thread of
its own. :mod:`gembounds.conform.process.batch` carries it out where the core runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gembounds.conform.process.batch import WHERE
from gembounds.conform.process.layouts import LAYOUTS
from gembounds.tools.errors import InputError

Batch = Sequence[tuple[str, tuple[Any, ...]]]


@dataclass(frozen=True)
class How:
    """``where``, one of ``WHERE``; ``layout``, one of ``LAYOUTS``; ``calls`` of the batch, one
    after the other."""

    where: str = "main"
    layout: str = "plain"
    calls: int = 1

    def to_json(self) -> dict[str, Any]:
        """What is not as usual."""
        return {k: v for k, v in asdict(self).items() if v != getattr(USUAL, k)}

    @staticmethod
    def from_json(data: Any) -> How:
        """Raises :class:`InputError` for anything that :meth:`to_json` does not write."""
        if not isinstance(data, Mapping) or set(data) - {"where", "layout", "calls"}:
            raise InputError(f"how is {data!r}: give an object of where, layout and calls")
        found = How(**data)
        for name, value, known in (
            ("where", found.where, WHERE),
            ("layout", found.layout, tuple(LAYOUTS)),
        ):
            if value not in known:
                raise InputError(f"{name} is {value!r}: give one of {', '.join(known)}")
        if not (type(found.calls) is int and found.calls > 0):
            raise InputError(f"calls is {found.calls!r}: give a positive integer")
        return found


USUAL = How()
