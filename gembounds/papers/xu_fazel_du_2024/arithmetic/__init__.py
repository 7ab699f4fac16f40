"""Certified arithmetic that only claims of this paper need."""
