"""Equation (3): the step of population gradient EM.

    mu_i(t+1) = mu_i(t) - eta grad_{mu_i} Q(mu(t)|mu(t))
              = mu_i(t) - eta E[ psi_i(x|mu(t)) (mu_i(t) - x) ],       eta > 0,

x ~ N(0, I_d), Q(mu'|mu) = E[ sum_i -psi_i(x|mu) |x - mu'_i|^2 / 2 ]. The first equality defines
the step; the second is a statement, for every mixture, every i and every eta > 0.

With Q as printed, grad_{mu'_i} Q = E[psi_i (x - mu'_i)], so the two right sides step in opposite
directions: a slip of notation, the one of Fact 1. The second form is the algorithm that the paper
studies. Repaired: without the minus sign of Q.

Evaluation: on the left E[psi_i (mu_i - x)] = E[psi_i] mu_i - E[grad psi_i], from the overlaps
E[psi_i psi_k] by Stein's identity and (8); on the right from the first moments E[psi_i x]
themselves. Both are exact where all means coincide.
"""

from __future__ import annotations

from gembounds.papers.xu_fazel_du_2024.claims.fact_1 import (
    GRADIENT_OF_Q,
    PRINTED_Q,
    pull,
    sign_slip,
)
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import closed_form
from gembounds.papers.xu_fazel_du_2024.domains import GRADIENTS
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.statements import equals, mu_max, real
from gembounds.statements.argument import Argument, Step
from gembounds.statements.logic import flat

eta = real("eta", 0)
_means = named(
    "mean_entries", "mu_i", r"\mu_i", lambda ops, p: flat(ops.means(p.mix)), axes="*",
    meaning="the means",
)  # fmt: skip
_gradient_of_q = named(
    "gradient_of_q_by_overlaps", "grad_i Q(mu|mu)", r"\nabla_i Q(\mu|\mu)",
    lambda ops, p: [-x for x in flat(closed_form(ops, p.mix))], axes="*", needs=("gradient",),
    meaning=PRINTED_Q,
)  # fmt: skip
_pull = named(
    "expected_pull", "E[psi_i (mu_i - x)]", r"\mathbb{E}[\psi_i (\mu_i - x)]",
    lambda ops, p: flat(pull(ops, p.mix)), axes="*", meaning="from the first moments",
)  # fmt: skip

CLAIMS = sign_slip(
    "eq-3", lambda q: equals(_means - eta * q, _means - eta * _pull), _gradient_of_q,
    "(3), second equality", words="every i", when=eta > 0,
    over=GRADIENTS, scale=eta * mu_max, cost=4.0,
    proof=Argument(
        GRADIENT_OF_Q,
        Step("So mu_i + eta grad_i Q(mu|mu) = mu_i - eta E[psi_i (mu_i - x)]."),
    ),
)  # fmt: skip
