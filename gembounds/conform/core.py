"""A core to judge: what it declares, and the line to the process in which it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from gembounds.conform.circumstances import Batch, How
from gembounds.conform.process.handle import PLAIN, Call, Handle, Unruly
from gembounds.conform.protocol import (
    ALL,
    DECLARATIONS,
    DEFAULT_RTOL,
    DEFAULT_SECONDS,
    UNIT_ROUNDOFF,
    Broken,
    Declared,
    FloatArray,
    Outside,
    Wrong,
    checked,
    expected_shape,
    means_and_weights,
)
from gembounds.tools.errors import InputError

START = 120.0
"""Seconds that importing a core may take (a choice: large libraries from a slow disk)."""

FORK = (
    " (an object is judged in a fork of this process, which libraries with threads of their own "
    "do not survive: give MODULE:OBJECT)"
)

SLIGHT = 1e-9
"""Relative to a limit, how far beyond it counts as at it: rotations round."""

GIVEN_UP = 3
"""Calls of a function beyond its time after which a run does without it: a check would wait for
each of them."""


@dataclass(frozen=True)
class Seen:
    """What came of a call: its ``value``, or in ``odd`` what was returned instead; the arguments
    ``after`` it; what was ``warned``; which ``settings`` changed, in words; the ``states`` of the
    global generators; whether the value ``shares`` memory with the arguments."""

    function: str
    arrays: list[FloatArray]
    odd: str
    warned: tuple[str, ...] = ()
    settings: str = ""
    states: dict[str, str] = field(default_factory=dict)
    shares: bool = False

    @property
    def value(self) -> FloatArray:
        """Raises :class:`Wrong` where it is not made of real numbers."""
        if self.odd:
            raise Wrong(f"{self.function} returned {self.odd}: expected real numbers")
        return np.asarray(self.arrays[0], dtype=np.float64)

    @property
    def after(self) -> list[FloatArray]:
        return self.arrays if self.odd else self.arrays[1:]


class Core:
    """The core ``core`` (a spec, or an object) by the name ``name``.

    ``patience``: seconds that a call may take, whatever is declared; ``at_import``: what else it
    did as it was imported. Raises :class:`InputError` where it is no core or is not imported.
    """

    def __init__(
        self, core: Any, name: str, spec: str | None, patience: float | None = None
    ) -> None:
        self.name, self.spec, self.imported = name, spec, isinstance(core, str)
        self.patience = patience
        self._slow: dict[str, int] = {}
        names = {"functions": ALL, "declarations": DECLARATIONS}
        self._handle = Handle(core, names, START)
        try:
            told, wrote = self._handle.meet()
        except Unruly as unruly:
            raise InputError(f"core {name!r}: as it is imported it {unruly}") from None
        if "refused" in told:
            raise InputError(told["refused"])
        self.at_import = told["touched"] or (
            f"wrote to the standard streams: {wrote!r}" if wrote else ""
        )
        self.declared = Declared.read(name, told)
        self.functions = self.declared.functions

    def close(self) -> None:
        """End its process; it is started again when it is needed."""
        self._handle.close()

    # -- declarations ----------------------------------------------------------------------
    @property
    def dtype(self) -> str:
        return self.declared.dtype

    @property
    def unit(self) -> float:
        """The unit roundoff of its arithmetic."""
        return UNIT_ROUNDOFF[self.dtype]

    def _number(self, what: str, function: str) -> float | None:
        return self.declared.values.get(what, {}).get(function)

    def rtol(self, function: str) -> float:
        found = self._number("rtol", function)
        return DEFAULT_RTOL[self.dtype] if found is None else found

    def atol(self, function: str) -> float:
        return self._number("atol", function) or 0.0

    def samples(self, function: str) -> float | None:
        """Samples behind a value of ``function``; None: it is not random."""
        return self._number("samples", function)

    def seconds(self, function: str) -> float:
        return self.patience or self._number("seconds", function) or DEFAULT_SECONDS

    def limit(self, which: str, function: str) -> float | None:
        """The declared limit ``which`` (one of ``LIMITS``) for ``function``, or None."""
        return self._number(which, function)

    # -- calls -----------------------------------------------------------------------------
    def see(self, function: str, *arguments: Any, how: Call = PLAIN) -> Seen:
        """Calls ``function``. Raises :class:`Broken` where it raises, :class:`Unruly` where it
        does anything else but return, and :class:`Outside` where it is not to be called."""
        self._stay_inside(function, *arguments)
        return self._asked(
            function, lambda seconds: self._handle.call(function, arguments, how, seconds)
        )

    def several(self, batch: Batch, how: How) -> list[FloatArray]:
        """The values of each call of ``batch``, made as ``how`` says, (``how.calls``, ...) each.
        Raises as :meth:`call` does."""
        for function, arguments in batch:
            self._stay_inside(function, *arguments)
        names = list(dict.fromkeys(function for function, _ in batch))
        found = self._asked(
            " or ".join(names),
            lambda seconds: self._handle.batch(batch, asdict(how), seconds),
            max(names, key=self.seconds),
        )
        if found.odd:
            raise Wrong(f"{found.function} returned {found.odd}: expected real numbers")
        return [
            np.stack([checked(function, v, expected_shape(function, *arguments)) for v in values])
            for (function, arguments), values in zip(batch, found.arrays, strict=True)
        ]

    def _asked(
        self, function: str, ask: Callable[[float], Any], timed: str | None = None
    ) -> Seen:  # fmt: skip
        """What comes of asking for ``function`` within the time of ``timed``."""
        slow, seconds = self._slow, self.seconds(timed or function)
        if slow.get(function, 0) >= GIVEN_UP:
            raise Unruly(f"{function} is not called any more: {GIVEN_UP} times it gave no answer "
                         f"within {seconds:g} s")  # fmt: skip
        try:
            told, arrays, wrote = ask(seconds)
        except Unruly as unruly:
            if unruly.slow:
                slow[function] = slow.get(function, 0) + 1
            fork = FORK if unruly.slow and not self.imported else ""
            raise Unruly(f"{function} {unruly}{fork}", unruly.final) from None
        try:
            return self._read(function, told, arrays, wrote)
        except (KeyError, TypeError):
            self.close()
            raise Unruly(f"{function} wrote into the line to the judge") from None

    def _read(self, function: str, told: Any, arrays: list[Any], wrote: str) -> Seen:
        if told["touched"]:
            self.close()  # what it left behind is not for the next check
            raise Unruly(f"{function} {told['touched']}")
        if "ended" in told:
            raise Unruly(f"{function} raised {told['ended']}", final=False)
        if wrote:
            raise Unruly(f"{function} {_wrote(wrote)}", final=False)
        if "raised" in told:
            raise Broken(f"{function} raised {told['raised']}")
        if not (told["odd"] or arrays):
            raise KeyError
        return Seen(
            function, arrays, str(told["odd"]), tuple(map(str, told["warned"])),
            str(told["settings"]), dict(told.get("states", {})), bool(told["shares"]),
        )  # fmt: skip

    def _stay_inside(self, function: str, *arguments: Any) -> None:
        """All limits but that of the rank, which rounding changes."""
        means, weights = means_and_weights(function, arguments)
        n, d = means.shape
        found = {"max_n": n, "max_d": d, "max_norm": np.max(np.linalg.norm(means, axis=1)),
                 "min_weight": -np.min(weights)}  # fmt: skip
        for which, value in found.items():
            limit = self.limit(which, function)
            sign = -1 if which == "min_weight" else 1
            if limit is not None and value > sign * limit + SLIGHT * abs(limit):
                raise Outside(f"{which} = {limit:g}")

    def call(self, function: str, *arguments: Any, how: Call = PLAIN) -> FloatArray:
        """The value as a new float64 array of the shape that the protocol gives.

        Raises :class:`Wrong` too, for another shape or kind and for numbers that are not finite.
        """
        found = self.see(function, *arguments, how=how)
        return checked(function, found.value, expected_shape(function, *arguments))

    def again(self, function: str) -> FloatArray:
        """What the last call with ``keep`` returned, as it is now."""
        told, arrays, _ = self._handle.ask({"do": "again"}, self.seconds(function))
        return Seen(function, arrays, told["odd"]).value

    def spoil(self, function: str) -> bool:
        """Whether NaN could be written into it, which is done."""
        return bool(self._handle.ask({"do": "spoil"}, self.seconds(function))[0]["able"])


def _wrote(text: str) -> str:
    return f"wrote to the standard streams: {text!r}" if text else ""


def load(spec: str, seconds: float | None = None) -> Core:
    """The core ``MODULE``, ``MODULE:OBJECT`` or ``FILE.py[:OBJECT]``, in a fresh interpreter.

    The current directory is searched first. A class is instantiated without arguments. Raises
    :class:`InputError` where there is no such module or object, or where it is no core.
    """
    return Core(spec, spec, spec, seconds)


def as_core(core: Any, seconds: float | None = None) -> Core:
    """``core`` as a :class:`Core`: a spec is loaded, anything else is judged as it is in a fork of
    this process (a class: its instance without arguments)."""
    if isinstance(core, Core):
        return core
    if isinstance(core, str):
        return load(core, seconds)
    if isinstance(core, ModuleType):
        return Core(core, core.__name__, core.__name__, seconds)
    name = str(getattr(core, "__name__", None) or type(core).__qualname__)
    return Core(core, name, None, seconds)
