"""Correcting what was read before it becomes a plan."""
