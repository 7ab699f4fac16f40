"""The trap of Theorem 7: for how many steps some mean stays beyond 10 sqrt(d).

The start is n >= 3, equal weights, mu_1(0) = 12 sqrt(d) e_1 = -mu_2(0), the others 0. By
symmetry mu_1(t) = -mu_2(t) = a(t) e_1, the others stay 0, and a(t+1) = a(t) - eta F(a(t)). The
number of steps is tau, the first t with |a(t)| < 10 sqrt(d): some mean is as long as that for
every t < tau, and none at t = tau. Where tau is large, no step is run.

Let low = 10 sqrt(d), high = 12 sqrt(d), (1-c) H <= F <= H on [low, high] with H decreasing
(:mod:`gembounds.dynamics.pair.decay`), and G = int_low^high da/H(a). While a(t+1) >= low, a step
takes from G the part between a(t+1) and a(t), where 1/H lies between 1/H(a(t+1)) and 1/H(a(t)):

    eta >= that part >= (1-c) eta H(a(t))/H(a(t+1)) >= (1-c) eta (1 - log(H(a(t+1))/H(a(t)))).

The last step, cut off at low, takes less than eta. Summed, the logarithms telescope:

    G/eta < tau <= 1 + G/((1-c) eta) + log(H(low)/H(high)).

Small tau are found by running the steps in balls, so they are exact. The upper bound needs that
no step leads from beyond low to beyond -low, which eta H(low) < 2 low excludes (it allows eta to
about exp(12.5 d)); for a larger eta a run may tell, and where it cannot, there is no upper bound.

H(a) = exp(-a^2/8) (sqrt(pi/(8(n-2))) + O(1/a^2)) gives tau = exp(18 d) sqrt(8(n-2)/pi) /
(3 sqrt(d) eta) (1 + O(1/d)): the exponent is 12^2/8 = 18 a dimension, or U(0)/16, where the
theorem has 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.values.numerals import exact_number, shown

START, KEPT = 12, 10
"""|mu_1(0)| and the radius of the trap, in units of sqrt(d)."""

EXPONENT = Fraction(START**2, 8)
"""lim log(tau)/d."""

MAX_D, MAX_N = 10**6, 10**12
"""Largest d and n (choices: the integrals lose digits far beyond)."""

BITS = 128

WIDTH = 1e-4
"""Wanted relative width of G (a choice: a hundredth of what is promised)."""

EXACT_STEPS = 1500
"""Runs of up to about so many steps integrate every F anew; longer ones take it from cells."""

SLACK_SHARE = 200
"""Steps are run where G/eta is below so many times the slack of the bounds (a choice: 0.5 %)."""

ENVELOPES, STEPS = "monotone envelopes", "steps in balls"


@dataclass(frozen=True)
class Trap:
    """``log10_steps_lower <= log10(tau) <= log10_steps_upper``, rounded outward; the upper one is
    None where a step may lead from beyond 10 sqrt(d) to beyond -10 sqrt(d). ``log10_paper`` is
    exp(d)/(30 eta), ``steps`` is tau itself where a run determines it."""

    d: int
    n: int
    eta: Fraction
    log10_steps_lower: float
    log10_steps_upper: float | None
    log10_paper: float
    method: str
    steps: int | None


def trapped_steps(d: int, n: int, eta: Any) -> Trap:
    """Certified bounds of tau, within 1 % of each other; the argument is the module's.

    ``eta`` is any positive number, read exactly ("0.7" is seven tenths). Raises
    :class:`InputError` for d outside 1 to 10^6, n outside 3 to 10^12, or eta <= 0.
    """
    _check("d", d, 1, MAX_D)
    _check("n", n, 3, MAX_N)
    step = exact_number(eta, "eta")
    if step <= 0:
        raise InputError(f"eta is {shown(eta, quote=False)}: give a positive step size")
    from gembounds.values.precision import working_precision

    with working_precision(BITS):
        return _bounded(d, n, step)


def _check(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} is {shown(value)}: give an integer from {least} to {most}")


def _bounded(d: int, n: int, eta: Fraction) -> Trap:
    from flint import arb

    from gembounds.dynamics.pair.decay import PairDecay
    from gembounds.dynamics.pair.passage import Passage
    from gembounds.evaluators.balls.radial import ball
    from gembounds.values.balls import float_ends

    decay, step = PairDecay(n), ball(eta)
    low, high = KEPT * arb(d).sqrt(), START * arb(d).sqrt()
    if not decay.falls_beyond(low):
        raise InputError(f"n is {n}: too many for the argument at d = {d}; give fewer")
    passage = Passage(decay, low, high, WIDTH)
    slack = 1 + (decay.ceiling(low) / decay.ceiling(high)).log()
    least = passage.time / step
    most = least / (1 - decay.shortfall(low, high)) + slack
    steps = None
    if least > SLACK_SHARE * slack:
        how = ENVELOPES
        ends = least, most if step * decay.ceiling(low) < 2 * low else None
    else:
        how = STEPS
        cells = passage if least > EXACT_STEPS else None
        limit = int(float(most.upper())) + 2
        first, last = run(decay, low, high, step, limit, cells)
        ends = arb(first), None if last is None else arb(last)
        steps = first if first == last else None
    ten = arb(10).log()
    return Trap(
        d=d,
        n=n,
        eta=eta,
        log10_steps_lower=float_ends(ends[0].log() / ten)[0],
        log10_steps_upper=None if ends[1] is None else float_ends(ends[1].log() / ten)[1] + 0.0,
        log10_paper=float(((d - ball(30 * eta).log()) / ten).mid()),
        method=how,
        steps=steps,
    )


def run(
    decay: Any, low: Any, high: Any, step: Any, limit: int, passage: Any = None
) -> tuple[int, int | None]:
    """A lower and an upper bound of the first t with |a(t)| < low, from a(0) = high >= low.

    Every |a(t)| is enclosed by a ball, cut at ``low`` where it reaches below: what is below has
    ended. The upper bound is None where ``limit`` steps do not end all of it. ``passage`` gives
    the integrals from its cells, less exactly but faster.
    """
    from flint import arb

    a, first = high, None
    for t in range(limit + 1):
        if a < low:
            return (t if first is None else first), t
        if not a >= low:
            first = t if first is None else first
            a = arb(low.lower()).union(arb(a.upper()))
        integral = None if passage is None else passage.integral(a)
        a = abs(a - step * decay.force(a, integral))
    return (limit if first is None else first), None
