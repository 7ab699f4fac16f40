"""Sub-commands that come with the paper."""
