"""The checker of proofs over boxes: standard library alone, one file after another a script of its
own."""
