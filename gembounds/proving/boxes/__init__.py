"""Proofs over boxes of means, weights and parameters."""
