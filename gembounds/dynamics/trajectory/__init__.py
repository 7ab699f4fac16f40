"""Population gradient EM along a trajectory: steps, running bounds, records."""
