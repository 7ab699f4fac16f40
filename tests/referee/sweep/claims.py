"""Claims that are swept in the tests: quick ones, one of them false."""

import gembounds as gb
from gembounds.statements import const, mean_square, mu_max, real

t = real("t", 0, 1)

CLAIMS = (
    gb.Claim("energy", mean_square <= mu_max**2),
    gb.Claim("half", mean_square <= mu_max**2 / 2, expect="refuted"),
    gb.Claim("parabola", t * (1 - t) <= const("top", "1/4")),
)
