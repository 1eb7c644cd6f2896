"""Ledgers in the database: declarations, rows, queries."""
