"""The rate along one trajectory of gradient EM or EM proper, beside what is proved of it.

Of gradient EM, for every start and step sizes eta in (0, 2), with g = grad L(mu(t)), R(U) =
min(n, d) + min(2U, 3), gamma_t = 8 eta_t min(1, 2 - eta_t) pi_min exp(-U(0)) / R(U(0))^2 (the
sharpened forms of :mod:`gembounds.papers.xu_fazel_du_2024.claims.theorem_2` and its steps; for
eta > 1 with eta (2 - eta), by which L and U fall, in place of eta):

    (29)  U(mu(t)) <= U(0)
    (30)  1/L^2(mu(t+1)) >= gamma_t + 1/L^2(mu(t))
    (33)  L(mu(t+1)) - L(mu(t)) <= -(eta/2) min(1, 2 - eta) |g|^2
    (34)  |g| >= sqrt(8 pi_min) exp(-U(mu(t))/2) L^(3/2)(mu(t)) / R(U(mu(t)))
    (35)  L(mu(t+1)) <= L(mu(t)) - (gamma_t/2) L^3(mu(t))
    rate  L(mu(t)) <= 1/sqrt(sum of gamma_s over s < t)

and, for steps of at most 1, (30), (35) and the rate again with the paper's gamma, its constant
1/5120000^2 from the proof (:mod:`gembounds.papers.xu_fazel_du_2024.claims.step`); the paper claims
those for much smaller eta. Of both kinds the bounds of :mod:`.bounds`, t^(-2) from above, and from
below where that is proved. All values are enclosures of the exact trajectory's, so what is counted
as true or false is certain.

*What to expect of L.* Expanding in Hermite polynomials, L = |m|^2/2 + |M|_F^2/4 + O(|mu|^6) where
m = 0, m = sum_i pi_i mu_i, M = sum_i pi_i mu_i mu_i^T. m dies out at a linear rate. Then L is,
to leading order, homogeneous of degree 4 in mu, and not 0 where mu is not, since |M|_F >=
tr M/sqrt(r) and tr M = sum_i pi_i |mu_i|^2. Gradient flow of such a function has d|mu|^2/dt =
-8 L, hence |mu|^2 ~ 1/t: **L decreases as t^-2, sum_i pi_i |mu_i|^2 as t^-1**, for any n and
weights. For n = 2, mu_1 = pi_2 v, mu_2 = -pi_1 v leaves L = (pi_1 pi_2)^2 |v|^4/4 and dv/dt =
-(pi_1 pi_2)^2 |v|^2 v/(pi_1^2 + pi_2^2), so L^(-1/2) grows by 4 pi_1 pi_2 eta/(pi_1^2 + pi_2^2) a
step, 2 eta where the weights are equal: uneven weights change the factor, not the exponent. For
any n, where the differences of the means have rank n - 1, it grows by 4 eta/sqrt(c(pi))
(:mod:`gembounds.papers.xu_fazel_du_2024.claims.section_5_weights`). (With the two means tied,
mu_2 = -mu_1, uneven weights make m a multiple of mu_1, and the rate is linear; the paper's means
are free.) This is an expansion, not a proof: what is observed stands beside it. Of EM proper
L^(-1/2) grows by 4/sqrt(r) a step in the end, r the rank of the differences.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb

from gembounds.dynamics.trajectory.record import Trajectory
from gembounds.papers.xu_fazel_du_2024.rate.bounds import Bounds, Start
from gembounds.papers.xu_fazel_du_2024.rate.record import Rate
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture

RTOL = 1e-12
"""Of the enclosures: differences of L are small (a choice)."""

BITS = 128

DEFAULT_ETA = Fraction(7, 10)
"""The step size of the paper's experiments (Section 5)."""

LOSS_EXPONENT, DISTANCE_EXPONENT = -2.0, -1.0
"""Of t: what Theorem 2 proves for L, and what the expansion gives."""


LEAST_STEPS = 16

PLANE = 2
"""Rank of the differences up to which balls take the place of float64 (a choice: seconds)."""


def along(
    mix: Any,
    eta: Any = DEFAULT_ETA,
    steps: int = 400,
    *,
    kind: str = "gradient",
    evaluator: str | None = None,
    bits: int | None = None,
    progress: Any = None,
) -> Rate:
    """Run ``steps`` steps from ``mix``, of gradient EM or (``kind="em"``) of EM proper, and check
    at each what is proved.

    ``evaluator`` is "float64", or "arb" with ``bits``, which decides what float64 leaves open
    where hardly anything moves, at some hundred times the cost (:func:`gembounds.em.trajectory`).
    Without one it is float64, and arb where that loses the exact trajectory of means that differ
    in a plane at most.
    ``eta`` is one number in (0, 2), read exactly, or a list of such numbers, taken in turn; it
    does nothing for EM proper. 16 steps at least. Raises :class:`InputError` for other numbers,
    and where all means are 0, which L = 0 leaves nothing to say about.
    """
    from gembounds import em
    from gembounds.papers.xu_fazel_du_2024.rate.bounds import limit_of
    from gembounds.papers.xu_fazel_du_2024.rate.checks import checks, growth_of, paper_step
    from gembounds.papers.xu_fazel_du_2024.rate.fit import exponent
    from gembounds.values.numerals import shown
    from gembounds.values.precision import working_precision

    if not isinstance(mix, Mixture):
        raise InputError(f"mix is a {type(mix).__name__}: give a gembounds.Mixture")
    sizes = _sizes(eta) if kind == "gradient" else ()
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < LEAST_STEPS:
        raise InputError(f"steps is {shown(steps)}: give an integer of at least {LEAST_STEPS}")
    if not mix.means.any() and not any(any(row) for row in mix.exact_means):
        raise InputError("all means are 0, so that L = 0: start elsewhere")
    places = BITS if bits is None else bits
    etas = [sizes[t % len(sizes)] for t in range(steps)] if sizes else None

    def walk(by: str, **options: Any) -> Trajectory:
        return em.trajectory(
            mix, etas, steps, kind=kind, evaluator=by, progress=progress, **options
        )

    run = walk("arb", bits=places) if evaluator == "arb" else walk("float64", rtol=RTOL)
    lost = not math.isfinite(run.loss.upper[-1])
    if evaluator is None and lost and Start.of(mix).rank <= PLANE:
        run = walk("arb", bits=places)
    with working_precision(2 * places):
        expected, observed = growth_of(mix, run)
        bounds = _bounds(mix, run)
        return Rate(
            n=mix.n,
            d=mix.d,
            kind=kind,
            eta=sizes,
            losses=tuple(zip(run.loss.lower.tolist(), run.loss.upper.tolist(), strict=True)),
            bounds=bounds,
            limit=limit_of(mix, sizes, kind),
            checks=checks(mix, run, bounds),
            loss=exponent(run.loss, LOSS_EXPONENT),
            distance=exponent(run.parametric_distance, DISTANCE_EXPONENT),
            paper_eta_log10=paper_step(mix),
            growth=observed,
            expected_growth=expected,
        )


def _sizes(eta: Any) -> tuple[Fraction, ...]:
    from gembounds.values.numerals import exact_number, shown

    given = eta if isinstance(eta, (list, tuple)) else [eta]
    sizes = tuple(exact_number(x, "eta") for x in given)
    for size in sizes or [Fraction(0)]:
        if not 0 < size < 2:
            raise InputError(f"eta is {shown(size, quote=False)}: give step sizes in (0, 2)")
    return sizes


def paper_log10(mix: Mixture) -> float:
    """log10 of Theorem 2's gamma for a step size of 1."""
    from gembounds.papers.xu_fazel_du_2024.rate.checks import paper_gamma

    return float((paper_gamma(mix).log() / arb(10).log()).mid())


def _bounds(mix: Mixture, run: Trajectory) -> Bounds:
    """Bounds with restarts at states of the run."""
    from gembounds.papers.xu_fazel_du_2024.rate import bounds

    start, places = bounds.Start.of(mix), bounds.restarts(run.steps)
    total = run.U.lower, run.U.upper
    if run.kind == "em":
        widest = bounds.widest_of(run.means, run.distance_bound)
        return bounds.em_bounds(start, run.steps, widest, float(total[1][0]), places)
    paper = paper_log10(mix) if max(run.eta) <= 1 else None
    sizes = np.array([float(x) for x in run.eta])
    return bounds.gradient_bounds(start, sizes, total, places, paper)
