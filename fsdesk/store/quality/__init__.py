"""Doubtful data in the database: the office's choices, rows that break a rule."""
