"""Theorem 2 along trajectories of gradient EM:
:func:`gembounds.papers.xu_fazel_du_2024.rate.run.along`."""
