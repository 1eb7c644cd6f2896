"""Workspaces on a PostgreSQL server: one schema of a database each."""
