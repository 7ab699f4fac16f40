"""Files, processes, progress and errors: what any program needs, knowing nothing of mixtures."""
