"""Claims, a module a lemma."""
