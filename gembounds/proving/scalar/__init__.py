"""Statements about numbers proved over whole domains: exact algebra, ranges of terms, covers."""
