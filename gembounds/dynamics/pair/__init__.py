"""The symmetric pair of Theorem 7's start: the force on it, its decay and its passage."""
