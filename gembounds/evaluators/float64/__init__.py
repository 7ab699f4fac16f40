"""The float64 evaluator: vectorised sums with every rounding bounded."""
