"""Claims that are swept in the tests: two one by one, for their domain has no ensemble."""

import gembounds as gb
from gembounds.statements import const, mean_square, mu_max, n, real
from gembounds.statements.domain import SEVERAL, Domain

ONE_BY_ONE = Domain("one by one", SEVERAL.test, SEVERAL.draw)

t = real("t", 0, 1)

CLAIMS = (
    gb.Claim("energy", mean_square <= mu_max**2, over=ONE_BY_ONE),
    gb.Claim("half", mean_square <= mu_max**2 / 2, expect="refuted"),
    gb.Claim("twice", mean_square <= 2 * mu_max**2, over=ONE_BY_ONE),
    gb.Claim("parabola", t * (1 - t) <= const("top", "1/4")),
    gb.Claim("many", mean_square <= mu_max**2 * (1 + t), when=n <= 4),
)
