"""Theorem 2 along trajectories of gradient EM: :func:`gembounds.rate.run.along`."""
