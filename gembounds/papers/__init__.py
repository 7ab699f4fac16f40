"""Papers as packages of claims, each reached by its entry point alone."""
