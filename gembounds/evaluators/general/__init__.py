"""Certified expectations of polynomials in psi, log psi, the log-density and x, in balls."""
