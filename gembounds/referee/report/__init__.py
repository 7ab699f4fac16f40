"""Everything that was found, on one page: gathered, plotted and rendered."""
