"""Exact input and interval output: mixtures, numbers, enclosures, the rule's bound."""
