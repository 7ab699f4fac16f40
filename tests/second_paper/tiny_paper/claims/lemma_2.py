"""Weights twice: pi_i^2 <= pi_i."""

from gembounds import Claim
from gembounds.statements import Y
from tiny_paper.symbols import twice_weighted

CLAIMS = (
    Claim("lemma-2", twice_weighted <= Y, source="Lemma 2"),
    Claim("theorem-13", twice_weighted >= 0, source="Theorem 13", uses=("lemma-2",)),
)
