"""Beyond the paper: the limits of t^2 L, for EM proper and for gradient EM.

As t to infinity, from every start,

    EM proper, D0 > 0:                            t^2 L(t) to r/16, whatever the weights;
    gradient EM, one step size eta in (0, 2):     limsup t^2 L(t) <= R / (16 pi_min^2 eta^2
                                                                    (1 - eta pi_max/2)^2),

r the rank of the differences of the means, R = min(n - 1, d). A limit is decided at no point: what
is enclosed, with EM proper and with eta = 1, is L along 1,000 steps from eight starts, and for
500 <= t <= 1000

    limit-em        1 - 40/t <= 16 t^2 L(t)/r <= 1 + 40/t,
    limit-gradient  t^2 L(t) <= R / (16 pi_min^2 (1 - pi_max/2)^2).

In what follows m = mu_max <= 1, C is any constant that depends on the weights alone, O(m^k) at
most C m^k, b = sum_i pi_i mu_i, nu_i = mu_i - b, S = Cov_pi(mu), Y, U, F, g as elsewhere.

*Near 0.* For means lambda mu the posterior mean over lambda is b at lambda = 0, where its
derivative is Sx, and its second derivative is O(m^3 (1 + |x|)^2). So psi~ = b + Sx + rho with
E|rho|^2 = O(m^6); in the same way psi_i = pi_i (1 + <x, nu_i> + rho_i), E rho_i^2 = O(m^4), E
psi_i = pi_i + O(m^2). Hence F = |b|^2 + |S|^2 + O(|b| m^3 + m^5), and from the integral of
F(exp(-s) mu) over s >= 0 L = |b|^2/2 + |S|^2/4 + O(|b| m^3 + m^5). With tr S = Y - |b|^2 and
|S|^2 >= (tr S)^2/r: where b = O(m^3), |S|^2 >= m^4/C, and L = (|S|^2/4) (1 + O(m)), F = 4L (1 +
O(m)).

*EM proper.* By rate-em-upper and loss-from-below Y^2 <= C L <= C/t^2, and D^2 <= 2Y/pi_min, m <=
D: m = O(t^(-1/2)), and the sum of m^3 over t is finite. sum_i E[psi_i] M_i = 0 gives b = O(m^3)
from t = 1 on, m falling slowly (em-distances.2). Let q_k = E psi_k. E[psi_i psi_k]/E psi_i - q_k
= pi_k (<nu_i, nu_k> + eps_ik), eps = O(m^3), with row sums 0, so that but for a vector common to
all

    M_i = (I - S) nu_i - sum_k pi_k eps_ik nu_k,

and along any v the last sum is O(m^3) (v^T S v)^(1/2), by Cauchy's inequality. So S' = S^(1/2) (I
- 2S + Delta) S^(1/2), Delta = O(m^3), on the span of the differences, which a step keeps, with
its dimension r: inverted, X = S^(-1) has (1 - C m^3) X + 2 I <= X' <= (1 + C m^3) X + 2 I. As the
sum of m^3 is finite, X/(2t) to I. So |S|^2 ~ r/(4 t^2), and L ~ r/(16 t^2).

*Gradient EM.* L to 0 (rate-gradient-1), so m to 0 (loss-from-below). g_i = E[psi_i psi~] = pi_i b
+ O(m^3). Let s2 = sum_i pi_i^2 < 1: b' = (1 - eta s2) b + O(m^3), and v_i = mu_i - (pi_i/s2) b,
for which sum_i pi_i v_i = 0, changes by O(m^3); let V = max |v_i|, so that m <= V + C|b|. If |b|
>= V at all late t, |b'| <= (|1 - eta s2| + C|b|^2) |b|: all of it dies out at a linear rate, and
t^2 L to 0. Else |b| < V at some late t; q = |b|/V then has q' <= (|1 - eta s2| q + C V^2)/(1 - C
V^2), and stays below 1, and as V^2 falls by a factor of 1 - C V^2 at most in a step, q = O(V^2)
in the end: b = O(m^3). From there on F = 4L (1 + O(m)); W = Y (1 + O(m)) <= F + sqrt(R F) gives
pi_min U <= Y <= sqrt(R F) (1 + O(m)); so |g|^2 >= F^2/U >= 8 pi_min L^(3/2) R^(-1/2) (1 - O(m)).
Along a step Hess L <= max_i E psi_i = pi_max + O(m^2), so L falls by eta (1 - eta pi_max/2 -
O(m^2)) |g|^2 at least, and L^(-1/2), convex in L, grows by 4 pi_min eta (1 - eta pi_max/2)
R^(-1/2) (1 - o(1)) at least.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from gembounds.papers.xu_fazel_du_2024.claims.section_5_rate import not_run, runs
from gembounds.papers.xu_fazel_du_2024.vocabulary import both, named
from gembounds.points.point import Point
from gembounds.statements import const, integer
from gembounds.statements.best import Best
from gembounds.statements.claim import Claim
from gembounds.values.mixture import Mixture

SOURCE = "beyond the paper: limits"
FIRST, LAST = 500, 1000
RTOL = 1e-12
NOTE = "The claim is about eight starts and the times that were run: the worst of them."

_STARTS: tuple[tuple[Any, Any], ...] = (
    ([[1], [-1]], None),
    ([["1/2", 2], [1, 1]], ["1/3", "2/3"]),
    ([[2], [-2], [0]], None),
    ([[1, 0], ["-1/2", "0.866"], ["-1/2", "-0.866"]], None),
    ([["1/2"], [1], ["3/2"], [2]], None),
    ([[1, 0], [1, 0], [0, 2], [-1, -1]], None),
    ([[3], [0]], ["1/20", "19/20"]),
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], ["1/2", "1/3", "1/6"]),
)


@lru_cache(maxsize=len(_STARTS))
def start_of(number: int) -> Mixture:
    """A start by its number."""
    return Mixture(*_STARTS[number])


@lru_cache(maxsize=2 * len(_STARTS))
def losses(number: int, kind: str) -> Any:
    """L along ``LAST`` steps, enclosed."""
    from gembounds import em

    eta = 1 if kind == "gradient" else None
    return em.trajectory(start_of(number), eta, LAST, kind=kind, rtol=RTOL).loss


def _loss(kind: str) -> Any:
    def value(ops: Any, point: Point, *run: Any) -> Any:
        from gembounds.statements.operations import interval_ball

        found = losses(point["start"], kind)[point["t"]]
        return interval_ball(float(found.lower), float(found.upper))

    return value


def _limit(ops: Any, point: Point, number: int) -> Fraction:
    mix = start_of(int(number))
    least, most = min(mix.exact_weights), max(mix.exact_weights)
    return min(mix.n - 1, mix.d) / (16 * least**2 * (1 - most / 2) ** 2)


def _rank(ops: Any, point: Point, number: int) -> int:
    return int(ops.rank(start_of(int(number))))


start, t = integer("start", 0, len(_STARTS) - 1), integer("t", FIRST, LAST)
RUNS = runs(start=(0, len(_STARTS) - 1), t=(FIRST, LAST))
loss, loss_em = (
    named(f"long_run_{kind}", "L(mu(t))", r"L(\mu(t))", _loss(kind), start, t, interval=not_run,
          mixture=False)
    for kind in ("gradient", "em")
)  # fmt: skip
rank = named("rank_of_start", "r", "r", _rank, start, mixture=False,
             meaning="the rank of the differences of the start")  # fmt: skip
limit = named(
    "limit_of_gradient_em", "R/(16 pi_min^2 (1 - pi_max/2)^2)",
    r"\frac{R}{16 \pi_{\min}^2 (1 - \pi_{\max}/2)^2}", _limit, start, mixture=False,
    meaning="R = min(n - 1, d)",
)  # fmt: skip
scaled = 16 * t**2 * loss_em / rank
off = const("K", 40) / t

CLAIMS = (
    Claim(
        "limit-em", both(scaled, 1 - off) <= both(1 + off, scaled),
        source=SOURCE, over=RUNS, cost=8.0, min_points=30,
        words="EM proper from eight starts, 500 <= t <= 1000",
        best={"K": Best(note=NOTE)},
        uses=("rate-em-upper", "loss-from-below", "em-distances"),
    ),
    Claim(
        "limit-gradient", t**2 * loss <= const("factor", 1) * limit,
        source=SOURCE, over=RUNS, cost=8.0, min_points=30,
        words="gradient EM from eight starts, eta = 1, 500 <= t <= 1000",
        best={"factor": Best(note=NOTE)},
        uses=("rate-gradient-1", "loss-from-below"),
    ),
)  # fmt: skip
