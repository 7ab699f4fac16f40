"""Expectations over data that are a mixture: sums of those over N(0, I), by any evaluator."""
