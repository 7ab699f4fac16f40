"""The process that a core runs in, what it is asked there, and how the judge watches over it."""
