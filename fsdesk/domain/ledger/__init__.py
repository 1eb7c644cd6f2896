"""Ledgers (台账): declarations, rows, filters, and formulas over them."""
