"""The sub-commands of ``gembounds``, one module each."""
