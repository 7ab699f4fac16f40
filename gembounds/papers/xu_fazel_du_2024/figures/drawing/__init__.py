"""The figures, drawn from the rows of their CSV files."""
