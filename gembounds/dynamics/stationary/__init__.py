"""Stationary points of L over any data, certified: existence, uniqueness and what they are."""
