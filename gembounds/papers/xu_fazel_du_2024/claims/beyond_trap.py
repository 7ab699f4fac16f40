"""Beyond the paper: Theorem 2's form with the exponent 63/500, and a trap of two means on a line.

    theorem-2-exponent  L(t) <= (U0 / (4 b sigma_t))^(1/2),
                        b = exp(-63 U0/500) / (10^4 d (1 + 2 sqrt(d U0))^2),

from every start, U0 = U(0), for steps eta_s in (0, 2), sigma_t = sum_{s<t} eta_s (2 - eta_s): no
weights, no n. The printed bound follows: for eta <= 1 4b/U0 is more than its gamma, which has 16
U0 in the exponent.

    trap-pair  means M and 0 on the line, equal weights, M >= 6, steps of one size eta in (0, 1]:
               for t <= exp(M^2/8)/(eta M)
               .1  L(t) >= 0.68 (tau, the first t with less, is later),
               .2  mu_1(t) >= M - 2/M,   .3  0 <= -mu_2(t) <= 1/(10 M).

With U0 = M^2 the time is exp(U0/8) up to powers: twice the exponent of Theorem 7's start, with n
= 2 and d = 1. By theorem-2-exponent no trap with L >= 0.68 lasts longer than exp(63 U0/500),
powers aside; and the exponent of theorem-2-exponent is at least 1/8.

Evaluation of the trap: no step is run. The argument's induction gives an interval for a and c,
with Q in balls, for all steps up to t at once; a second pass starts from those intervals.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.arguments.beyond_em import EXPONENT, FAR_STAYS, TRAPPED
from gembounds.papers.xu_fazel_du_2024.arithmetic.trapped_pair import longest_length, pair_after
from gembounds.papers.xu_fazel_du_2024.claims.beyond_runs import GRADIENT_RUNS, loss_along, sigma
from gembounds.papers.xu_fazel_du_2024.claims.section_5_rate import not_run
from gembounds.papers.xu_fazel_du_2024.claims.step import U0
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, Domain, const, d, exp, integer, log, real, sqrt
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

SOURCE = "beyond the paper: exponents and traps"
LEVEL = Fraction(17, 25)
"""Of L, 0.68."""

LONG = Family(
    "longer and longer traps", "M", lambda quick: [
        (Fraction(m), Point(parameters={"M": Fraction(m), "eta": Fraction(1), "t": 0}))
        for m in (8, 32, 128, 512)],
    has_limit=False,
)  # fmt: skip

M, eta, t = real("M", 6), real("eta", 0, 1), integer("t", 0)


def _trapped(ops: Operations, point: Point) -> Any:
    """log tau: the proof's induction from below, theorem-2-exponent from above (sigma_t is at
    least eta t): where that bound is below 0.68, L is."""
    m, eta = ops.ball(point["M"]), ops.ball(point["eta"])
    bound = 2500 * m**2 * (1 + 2 * m) ** 2 * ops.exp(Fraction(63, 500) * point["M"] ** 2)
    most = (bound / ops.ball(LEVEL**2) + 1).log()
    least = longest_length(ops, point["M"], LEVEL)
    return ops.unknown() if least is None else least.log().union(most) - eta.log()


def _mean(k: int) -> Any:
    def value(ops: Operations, point: Point) -> Any:
        found = pair_after(ops, point["M"], ops.ball(point["eta"] * point["t"]))
        return ops.unknown() if found is None else found[k]

    return value


def _pairs() -> SearchStrategy[Point]:
    """M from 6 to 60, eta to 1, and t as shares of the time, the whole of it among them."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    sizes = st.one_of(st.just(Fraction(6)), st.integers(6, 12).map(Fraction),
                      st.integers(0, 54 * 16).map(lambda k: 6 + Fraction(k, 16)))  # fmt: skip
    return st.tuples(sizes, positive(Fraction(1), 9), positive(Fraction(1), 30)).map(_at)


def _at(drawn: tuple[Fraction, Fraction, Fraction]) -> Point:
    from flint import arb

    m, size, part = drawn
    time = ((arb(m.numerator) / m.denominator) ** 2 / 8).exp() * part.numerator
    time /= (
        arb((size * m * part.denominator).numerator) / (size * m * part.denominator).denominator
    )
    whole = time.lower().floor().unique_fmpz()
    return Point(parameters={"M": m, "eta": size, "t": max(0, int(whole or 0))})


WITHIN = (eta > 0, eta * M * t <= exp(M**2 / 8))
PAIRS = Domain(
    "pairs", NUMBERS.test, _pairs,
    text="from means M >= 6 and 0 on the line, of equal weights, eta <= 1",
)  # fmt: skip


def _mean_of(k: int, name: str, text: str, latex: str) -> Any:
    return named(name, text, latex, _mean(k), interval=not_run, mixture=False)


log_tau = named(
    "log_trap_of_two", "log tau", r"\log \tau", _trapped, interval=not_run, mixture=False,
    meaning="tau the first t with L(mu(t)) < 0.68",
)  # fmt: skip

CLAIMS = (
    Claim(
        "theorem-2-exponent",
        loss_along
        <= sqrt(
            const("denominator", 2500) * d * (1 + 2 * sqrt(d * U0)) ** 2 * U0
            * exp(const("exponent", "63/500") * U0) / sigma
        ),
        source=f"{SOURCE}; the form of Theorem 2", over=GRADIENT_RUNS, cost=2.0,
        proof=EXPONENT,
        best={
            "exponent": best("63/500", "theorem-2-exponent", limit="1/8",
                             note="At least 1/8 by trap-pair; the proof's 63/500 is "
                             "lemma-11-sharpened-exponent's."),
            "denominator": best(2500, "theorem-2-exponent",
                                note="A constant of lemma-11-sharpened-exponent, not best there; "
                                "and L is far less in the end."),
        },
    ),
    Claim(
        "trap-pair.1",
        log_tau >= const("rate", "1/8") * M**2 - log(const("factor", 1) * eta * M),
        eta > 0, source=SOURCE, over=PAIRS, words="tau the first t with L(mu(t)) < 0.68",
        proof=TRAPPED,
        best={
            "rate": best("1/8", "trap-pair", limit="63/500", family=LONG,
                         note="theorem-2-exponent ends every such trap by exp(63 M^2/500), "
                         "powers aside."),
            "factor": best("18/25", "trap-pair", family=LONG,
                           note="The proof's induction says nothing of what comes later, and "
                           "theorem-2-exponent has powers of M."),
        },
    ),
    Claim(
        "trap-pair.2",
        _mean_of(0, "trapped_far_mean", "mu_1(t)", r"\mu_1(t)") >= M - const("off", 2) / M,
        WITHIN, source=SOURCE, over=PAIRS,
        proof=FAR_STAYS,
        best={
            "off": best("36/25", "trap-pair", note="The proof takes Q at its largest all along."),
        },
    ),
    Claim(
        "trap-pair.3",
        _mean_of(1, "trapped_near_mean", "|mu_2(t)|", r"|\mu_2(t)|") <= 1 / (const("off", 10) * M),
        WITHIN, source=SOURCE, over=PAIRS,
        proof=FAR_STAYS,
        best={
            "off": best(10, "trap-pair",
                        note="At M = 6 the proof has 10.3; it takes Q at its largest all along."),
        },
    ),
)  # fmt: skip
