"""Gradient EM and EM: trajectories with certified bounds."""
