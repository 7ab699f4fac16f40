"""Claims of one's own about mixtures sum_i pi_i N(mu_i, I), decided.

    gembounds check examples/lemmas.py            all verdicts; false claims get a certificate
    gembounds check examples/lemmas.py:half       one of them
    gembounds verify examples/lemmas.certificates/half.json
    gembounds tightness examples/lemmas.py:loss   the best constant
    pytest examples/lemmas.py                     the same as tests

``psi_i(x)`` is the posterior of component i and ``psi~ = sum_i psi_i mu_i``; expectations are
over x ~ N(0, I_d), and L is the Kullback-Leibler divergence from N(0, I_d) to the mixture.
"""

import gembounds as gb
from gembounds.statements import (
    L, S, Y, at_k, const, diameter, displacement, distances, dot, equals, exp, expected_posterior,
    gradient_norm, gradient_norms, integer, largest, mean_square, moved, mu_max, n, norm, norms,
    overlaps, pi_max, pi_min, posterior, real, total, vector,
)  # fmt: skip
from gembounds.statements.theorems import JENSEN

# Ten lines would do: two sides, and what stands between them.
FIRST = (
    gb.Claim("energy", mean_square <= mu_max**2),
    gb.Claim("half", mean_square <= mu_max**2 / 2, expect="refuted"),
)

# A constant that could be otherwise has a name: `tightness` then looks for its best value. A
# false claim stays, and its repaired form says which one it replaces.
CONSTANTS = (
    gb.Claim("loss", L <= const("factor", "1/3") * Y, expect="refuted"),
    gb.Claim("loss-repaired", L <= const("factor", "1/2") * Y, form="repaired", repairs="loss"),
)

# `when` restricts where a statement is meant: one relation, or several that all hold.
CONDITIONS = (
    gb.Claim("one", equals(L, mu_max**2 / 2), when=equals(n, 1), expect="consistent"),
    gb.Claim("two", S <= diameter**2 / 2, when=equals(n, 2)),
    gb.Claim("three", S <= diameter**2 / 2, when=equals(n, 3), expect="refuted"),
    gb.Claim("far", Y >= 2, when=(L >= 1, pi_min >= const("least", "1/10"))),
)

# `norms`, `gradient_norms` and `expected_posterior` have an entry for each component i,
# `overlaps` and `distances` one for each pair i, k; a relation holds where it holds for all of
# them. `at_k` takes the second of a pair; `total`, `largest` and `smallest` make one number.
ENTRIES = (
    gb.Claim("gradients", gradient_norms <= expected_posterior * mu_max),
    gb.Claim("gradient", gradient_norm**2 <= mean_square),
    gb.Claim("overlaps", overlaps <= at_k(expected_posterior)),
    gb.Claim("sum", equals(total(overlaps), 1), expect="consistent"),
    gb.Claim("triangle", distances <= norms + at_k(norms)),
    gb.Claim("independent", overlaps <= pi_max**2, expect="refuted"),
)

# Parameters: a real number in an interval (ends are exact, None is no end), a whole number, a
# vector x of R^d, a displacement delta_i of every mean; `moved` is a quantity at mu + delta.
t = real("t", 0, 1)
k = integer("k", 1, 20)
x = vector("x")
delta = displacement("delta")
PARAMETERS = (
    gb.Claim("convex", exp(-t * mean_square) >= 1 - t * mean_square),
    gb.Claim("bernoulli", (1 + t) ** k >= 1 + k * t),
    gb.Claim("posterior", equals(total(posterior(x)), 1), expect="consistent"),
    gb.Claim("ball", dot(x, x) <= 1, when=norm(x) <= 1),
    gb.Claim("moves", moved(mu_max, delta) <= mu_max + largest(norm(delta))),
    gb.Claim("descends", moved(L, delta) <= L, when=norm(delta) <= 1, expect="refuted"),
)

# `proof` says why a statement is true on its whole domain, step by step: `by` names the claims and
# theorems that a step rests on, `shows` what of it can be decided at points. It is then *proved by
# hand (the file's own argument)*, if all is proved that it rests on and nothing of it is refuted.
ARGUED = (
    gb.Claim(
        "weighted",
        total(expected_posterior * norms**2) <= mu_max**2,
        proof=gb.Argument(gb.Step("Every |mu_i| is at most mu_max; the E psi_i add up to 1.")),
    ),
    gb.Claim(
        "energy-argued",
        mean_square <= mu_max**2,
        expect="proved",
        proof=gb.Argument(
            gb.Step(
                "|psi~|^2 <= sum_i psi_i |mu_i|^2 at every x, as |.|^2 is convex; take means.",
                by=JENSEN,
                shows=mean_square <= total(expected_posterior * norms**2),
            ),
            gb.Step("The right side is at most mu_max^2.", by="weighted"),
        ),
    ),
)

CLAIMS = FIRST + CONSTANTS + CONDITIONS + ENTRIES + PARAMETERS + ARGUED
