"""Exact input and interval output: mixtures, numbers, enclosures, and the quadrature rule's bound."""
