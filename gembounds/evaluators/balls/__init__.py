"""Certified ball arithmetic (python-flint) for population quantities and radial integrals."""
