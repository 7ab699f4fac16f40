"""Ten steps from infinity: less than 1 % of error for every mu >= 1/2, and for which mu exactly.

lambda_1 = E|x|, x ~ N(mu, 1), is the limit of a step as its start grows; lambda_(t+1) = E[x
tanh(lambda_t x)]. In our words (lambda_10 - mu)/mu < 1/100 for every mu >= 1/2. It is true,
and true for mu >= 0.4872 and no less: the error falls as mu grows, so that one number decides
(0.00827... at 1/2), and where it passes 1/100 is enclosed by bisection (:mod:`..arithmetic`).
The figure ``steps`` has the same for other numbers of steps.

Proof that the error falls. With c = lambda/mu >= 1, z ~ N(0, 1), by addition theorems

    (lambda' - mu)/mu = exp(-mu^2/2) E[z^2 H(mu z)],    H(y) = sinh((c - 1) y)/(y cosh(c y)).

H falls in |y|: its logarithmic derivative is (c - 1) (coth u - 1/u) - c tanh(c y), u = (c - 1)
y > 0, and coth u - 1/u <= tanh u as sinh(2u) >= 2u. So for a fixed ratio c the next error
falls as mu grows, and it rises with c; the first, exp(-mu^2/2) E[z^2 exp(-mu |z|)/(mu |z|)],
falls too. By induction all do.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.daskalakis_tzamos_zampetakis_2017.pairs import HOME, LINE
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, const, em_means, integer, norm, real
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.statements.domain import Domain
from gembounds.statements.theorems import DOMINATED
from gembounds.statements.tree import Expr, Symbol, call
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

arithmetic = Later("gembounds.papers.daskalakis_tzamos_zampetakis_2017.arithmetic")

mu, t, more = real("mu", 0), integer("t", 1), real("more", 0)

_ERROR = Symbol(
    "error_after", "error({0}, {1})", r"\operatorname{{error}}({0}, {1})",
    lambda ops, point, steps, true: arithmetic.error_after(true, int(steps)), home=HOME,
    mixture=False, nonnegative=True,
    meaning="(lambda_t - mu)/mu after t steps from infinity, error(t, mu)",
)  # fmt: skip

_LIMIT = Symbol(
    "limit_step", "E|x|", r"\mathbb{E}|x|",
    lambda ops, point: _absolute(ops, point), home=HOME, nonnegative=True,
    meaning="x ~ N(mu, 1)",
)  # fmt: skip


def error(steps: Any, true: Any) -> Expr:
    """The relative error after ``steps`` steps from infinity, mu = ``true``."""
    return call(_ERROR, steps, true)


def _absolute(ops: Any, point: Point) -> Any:
    (true,) = point.data.exact_means[0]  # type: ignore[union-attr]
    return next(arithmetic.distances(true)) + ops.ball(true)


def _threshold() -> Any:
    """The threshold of ten steps as a ball."""
    from gembounds.evaluators.balls.radial import ball

    low, high = arithmetic.threshold(10, Fraction(1, 100))
    return ball(low).union(ball(high))


def _error_at_half() -> Any:
    return arithmetic.error_after(Fraction(1, 2), 10)


def _means(most: int) -> SearchStrategy[Any]:
    from hypothesis import strategies as st

    grid = st.integers(1, 16 * most).map(lambda k: Fraction(k, 16))
    return grid | st.sampled_from([Fraction(1, 10), Fraction(1, 3), Fraction(51, 100)])


def _from_half() -> SearchStrategy[Point]:
    return _means(5).map(lambda x: Point(None, {"mu": max(x, Fraction(1, 2))}))


def _beyond() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    tiny = st.sampled_from([Fraction(0), Fraction(1, 10**6), Fraction(1, 1000)])
    return (tiny | _means(4)).map(lambda x: Point(None, {"more": x}))


def _pairs() -> SearchStrategy[Point]:
    from hypothesis import strategies as st

    return st.builds(
        lambda x, y, k: Point(None, {"mu": x, "more": y, "t": k}),
        _means(3), st.sampled_from([Fraction(1, 1000), Fraction(1, 2)]) | _means(2),
        st.integers(1, 12),
    )  # fmt: skip


FROM_HALF = Domain("from one half", NUMBERS.test, _from_half, text="")
BEYOND = Domain("beyond the threshold", NUMBERS.test, _beyond, text="")
PAIRS_OF_MEANS = Domain("two means", NUMBERS.test, _pairs, text="")

SOURCE = "ten steps, in our words"
PERCENT = const("error", "1/100")
AT_HALF = Family(
    "mu = 1/2", "mu", lambda quick: [(Fraction(1), Point(None, {"mu": Fraction(1, 2)}))], False
)
AT_THRESHOLD = Family(
    "the threshold", "1", lambda quick: [(Fraction(1), Point(None, {"more": Fraction(0)}))], False
)


def _alone(claim_id: str, name: str, above: int, below: int) -> Claim:
    """Ten steps for mu = ``above``/``below`` alone."""
    point = Point(None, {"mu": Fraction(above, below)})
    return Claim(
        claim_id,
        error(10, mu) <= Fraction(1, 100),
        when=(below * mu >= above, below * mu <= above),
        source=SOURCE,
        over=Domain(
            name, NUMBERS.test, lambda: _from_half().map(lambda _: point), every=lambda: [point]
        ),
        form="auxiliary",
        min_points=1,
    )


def _largest_at(least: str, there: str) -> Argument:
    """Of ten steps for mu from ``least``, for which alone the claim ``there`` is."""
    return Argument(
        Step(f"The error falls as mu grows: it is largest at mu = {least}.", by="error-falls"),
        Step("There it is below 1/100.", by=there),
    )


CLAIMS = (
    Claim(
        "first-step",
        norm(em_means) <= call(_LIMIT),
        source="the step from infinity, in our words",
        over=LINE,
        proof=Argument(
            Step(
                "lambda' = E[x tanh(lambda x)] <= E|x|, as |tanh| < 1; it tends to that as lambda "
                "grows.",
                by=DOMINATED,
            ),
        ),
    ),
    Claim(
        "ten-steps",
        error(10, mu) <= PERCENT,
        when=2 * mu >= 1,
        source=SOURCE,
        over=FROM_HALF,
        cost=8,
        best={
            "error": best(_error_at_half, "ten-steps", sharp=True, attained=True, family=AT_HALF)
        },
        proof=_largest_at("1/2", "ten-steps-at-half"),
    ),
    _alone("ten-steps-at-half", "one half", 1, 2),
    Claim(
        "ten-steps-sharpened",
        error(10, const("least", "4872/10000") + more) <= Fraction(1, 100),
        source=SOURCE,
        over=BEYOND,
        form="sharpened",
        repairs="ten-steps",
        cost=8,
        best={
            "least": best(
                _threshold, "ten-steps-sharpened", sharp=True, attained=True, family=AT_THRESHOLD
            )
        },
        proof=_largest_at("4872/10000", "ten-steps-at-end"),
    ),
    _alone("ten-steps-at-end", "the end", 4872, 10000),
    Claim(
        "error-falls",
        error(t, mu + more) <= error(t, mu),
        when=mu > 0,
        source="how the error of t steps from infinity depends on mu, in our words",
        over=PAIRS_OF_MEANS,
        cost=8,
        proof=Argument(
            Step(
                "With c = lambda/mu >= 1, x = z of density exp(-mu^2/2) cosh(mu z) phi(z): "
                "(lambda' - mu)/mu = exp(-mu^2/2) E[z^2 H(mu z)], H(y) = sinh((c - 1) y)/(y "
                "cosh(c "
                "y)), since tanh(c y) cosh y - sinh y = sinh((c - 1) y)/cosh(c y)."
            ),
            Step(
                "H falls in y > 0: (log H)' = (c - 1)(coth u - 1/u) - c tanh(c y), u = (c - 1) "
                "y, and "
                "coth u - 1/u <= tanh u since sinh(2u) >= 2u. So at a fixed c the next error "
                "falls as "
                "mu grows; and it rises with c, as lambda' does with lambda."
            ),
            Step(
                "The first error is (E|x| - mu)/mu = exp(-mu^2/2) E[z^2 exp(-mu |z|)/(mu |z|)], "
                "which "
                "falls as mu grows. If error(t, .) falls, so does error(t + 1, .): a larger mu "
                "starts "
                "from a smaller c."
            ),
        ),
    ),
)
