"""Figures of the year in the database: what was published."""
