"""Both sides of claims over a batch, one module a family of claims; :mod:`.table` has them all.

A side function ``(batch, constants) -> (left, right)`` returns natural logarithms, (B,) or
(B, entries), NaN or infinite where a side is not positive or not resolved. It is written apart
from the claim's exact sides, in NumPy, and tests compare the two.
"""
