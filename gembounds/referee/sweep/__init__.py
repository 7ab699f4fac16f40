"""Millions of configurations of claims, in chunks that any process can add to the same store."""
