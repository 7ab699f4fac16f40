"""Xu, Fazel, Du (NeurIPS 2024): the claims of the paper and what is theirs alone."""

from gembounds.statements.paper import Paper

PAPER = Paper(
    name="xu-fazel-du-2024",
    title="Toward Global Convergence of Gradient EM for Over-Parameterized Gaussian Mixture "
    "Models",
    authors="Weihang Xu, Maryam Fazel, Simon S. Du",
    where="NeurIPS 2024",
    claims="gembounds.papers.xu_fazel_du_2024.claims",
    reports="",
    commands=(
        "gembounds.papers.xu_fazel_du_2024.commands.figures",
        "gembounds.papers.xu_fazel_du_2024.commands.rate",
    ),
)
