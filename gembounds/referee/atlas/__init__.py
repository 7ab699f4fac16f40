"""How loose each inequality is over random configurations: distributions and maps of log ratios.

What is computed here is an *estimate*: both sides in float64, in logarithms, over whole batches
of configurations, population quantities from the certified evaluators. It decides nothing; tests
hold each batched side to the claim's own at drawn points (``tests/atlas``).
"""
