"""How loose each constant of each inequality is: both ends, witnesses, and limits."""
