"""Proofs by arithmetic: a statement over a box, by a cover whose leaves are certified each."""
