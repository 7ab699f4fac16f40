"""Certificates checked again by arithmetic that the evaluators have no part in."""
