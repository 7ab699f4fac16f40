"""Time of a core's functions as a ratio to our own core's, in one run on one machine."""

from __future__ import annotations

import time

from gembounds.conform.circumstances import How
from gembounds.conform.core import Core, load
from gembounds.conform.process.handle import Unruly
from gembounds.conform.protocol import AT, OVER, Broken, Outside, Wrong

OWN = "gembounds.conform.own"

TURNS, CALLS, ENOUGH = 5, 8, 0.2
"""Turns, of which the quickest counts, calls in each, and seconds of calls after which
there is no other turn (choices)."""

MEANS, WEIGHTS = [[-1.0, 0.0], [0.5, 0.0], [1.5, 0.0]], [0.25, 0.25, 0.5]


def speed(core: Core) -> dict[str, float]:
    """By function; what raises or is not for these means is left out."""
    import numpy as np

    means, weights, x = np.array(MEANS), np.array(WEIGHTS), np.linspace(-2, 2, 200).reshape(100, 2)
    arguments = {**dict.fromkeys(AT, (x, means, weights)), "em_step": (means, weights, 0.7)}
    own = load(OWN)
    found = {}
    try:
        for function in (f for f in core.functions if f in own.functions):
            given = arguments.get(function.removesuffix("_over"), (means, weights))
            if function in OVER:
                given = (*given[:2], means[:2], weights[:2] / weights[:2].sum(), *given[2:])
            least: dict[str, float] = {}
            spent = 0.0
            for _ in range(TURNS):
                for one in (core, own):
                    began = time.perf_counter()
                    one.several([(function, given)], How(calls=CALLS))
                    took = time.perf_counter() - began
                    least[one.name] = min(took, least.get(one.name, took))
                    spent += took
                if spent > ENOUGH:
                    break
            found[function] = least[core.name] / least[own.name]
    except (Broken, Outside, Wrong, Unruly):
        return found
    finally:
        own.close()
    return found
