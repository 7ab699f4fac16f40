"""Daskalakis, Tzamos, Zampetakis (COLT 2017): EM of two balanced components, in our words.

The paper's text is not at hand: its statements stand here as we understand them, of the form
``stated``, and are decided, not believed.
"""

from gembounds.statements.paper import Paper

PAPER = Paper(
    name="daskalakis-tzamos-zampetakis-2017",
    title="Ten Steps of EM Suffice for Mixtures of Two Gaussians",
    authors="Constantinos Daskalakis, Christos Tzamos, Manolis Zampetakis",
    where="COLT 2017; statements in our words",
    claims="gembounds.papers.daskalakis_tzamos_zampetakis_2017.claims",
    order=("contraction", "best_factors", "factor", "steps"),
    asked="How fast does EM find the mean of two balanced components? The paper answers: a step "
    "shrinks the distance by exp(-min^2/2), and ten steps from infinity leave less than 1 % of "
    "error. The statements are in our words, not the paper's.",
    figures="gembounds.papers.daskalakis_tzamos_zampetakis_2017.figures",
    results={
        "contraction-line": ("contraction-line-best", "contraction-line-sharpened"),
        "contraction": ("contraction-best", "contraction-sharpened"),
        "factor-line": ("factor-line",),
        "factor": ("factor",),
        "ten-steps": ("ten-steps-sharpened", "error-falls"),
    },
)
