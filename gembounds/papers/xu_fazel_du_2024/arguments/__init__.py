"""Arguments for the paper's claims, where they would make the file of the claims too long."""
