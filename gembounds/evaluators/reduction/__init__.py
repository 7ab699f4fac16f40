"""From a mixture in R^d to coordinates in the span of its differences."""
