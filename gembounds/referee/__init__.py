"""Many points, results that are kept: checking, tightness, certificates and the report."""
