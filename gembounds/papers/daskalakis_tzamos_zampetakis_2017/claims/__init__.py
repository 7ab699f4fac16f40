"""The statements, in our words, a file each."""
