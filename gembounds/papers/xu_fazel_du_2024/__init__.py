"""Xu, Fazel, Du (NeurIPS 2024): the claims of the paper and what is theirs alone."""

from gembounds.papers.xu_fazel_du_2024.chapters import ASKED, CHAPTERS
from gembounds.papers.xu_fazel_du_2024.slips import REMARKS
from gembounds.statements.paper import Paper

PAPER = Paper(
    name="xu-fazel-du-2024",
    title="Toward Global Convergence of Gradient EM for Over-Parameterized Gaussian Mixture "
    "Models",
    authors="Weihang Xu, Maryam Fazel, Simon S. Du",
    where="NeurIPS 2024",
    claims="gembounds.papers.xu_fazel_du_2024.claims",
    reports="",
    figures="gembounds.papers.xu_fazel_du_2024.figures.run",
    commands=("gembounds.papers.xu_fazel_du_2024.commands.rate",),
    remarks=REMARKS,
    asked=ASKED,
    chapters=CHAPTERS,
    results={
        "theorem-2": ("theorem-2-sharpened", "rate-gradient-1", "rate-gradient-2"),
        "theorem-7": ("theorem-7-sharpened", "trap-pair.2"),
        "theorem-13": ("theorem-13-sharpened", "eq-32-sharpened"),
        "theorem-14": ("theorem-14.1", "loss-by-mean-square"),
        "fact-1": ("fact-1-repaired",),
        "remark-4": ("theorem-7-sharpened", "trap-pair.1"),
        "lemma-9": ("lemma-9.1-repaired", "lemma-9.2-repaired"),
        "corollary-10": ("corollary-10.1-repaired", "corollary-10.2-repaired"),
        "lemma-11": ("lemma-11-sharpened", "mean-square-eighth"),
        "lemma-12": ("lemma-12.1-repaired", "lemma-12.2-sharpened"),
        "lemma-15": ("lemma-15-sharpened",),
        "lemma-16": ("lemma-16",),
        "lemma-17": ("lemma-17-sharpened",),
        "lemma-18": ("lemma-18-sharpened",),
        "lemma-19": ("lemma-19-sharpened",),
        "lemma-20": ("lemma-20",),
    },
)
