"""Doubtful data: rules, and what they find in typed values and ledgers."""
