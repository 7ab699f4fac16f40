"""The paper's figures: by Monte Carlo as the paper did, and by the certified core."""
