"""Expectations over whole boxes of means and weights: finite sums with exact ranges at a node."""
