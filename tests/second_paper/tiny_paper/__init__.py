"""A paper of two lemmas, installed beside gembounds."""

from gembounds.statements.paper import Paper

PAPER = Paper(
    name="tiny-2025",
    title="On two lemmas",
    authors="A. Author",
    where="a drawer, 2025",
    claims="tiny_paper.claims",
)
