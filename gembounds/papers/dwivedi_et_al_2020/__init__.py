"""Dwivedi and others (Annals of Statistics 2020): two components fitted to one, in our words.

The paper's text is not at hand: its statements stand here as we understand them, of the form
``stated``, and are decided, not believed.
"""

from gembounds.statements.paper import Paper

PAPER = Paper(
    name="dwivedi-et-al-2020",
    title="Singularity, Misspecification and the Convergence Rate of EM",
    authors="Raaz Dwivedi, Nhat Ho, Koulik Khamaru, Martin J. Wainwright, Michael I. Jordan, "
    "Bin Yu",
    where="Annals of Statistics 48 (2020); statements in our words",
    claims="gembounds.papers.dwivedi_et_al_2020.claims",
    order=("step", "unbalanced", "balanced", "rate"),
    asked="What does EM do with two components where the data have one? The paper answers: with "
    "unequal weights it contracts; with equal ones it slows down, to t^(-1/2). The statements are "
    "in our words, not the paper's.",
    figures="gembounds.papers.dwivedi_et_al_2020.figures",
    results={
        "unbalanced": ("unbalanced-sharpened",),
        "balanced-upper": ("balanced-upper-sharpened",),
        "balanced-lower": ("balanced-lower-sharpened",),
        "rate-upper": ("rate-upper",),
        "rate-lower": ("rate-lower",),
    },
)
