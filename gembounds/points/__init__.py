"""Configurations: where a statement is decided, and how they are drawn, moved and shrunk."""
