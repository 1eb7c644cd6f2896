"""Ledgers: declarations, rows in the grid, files, and figures computed from them."""
