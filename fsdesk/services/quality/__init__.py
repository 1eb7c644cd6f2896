"""Doubtful data, and the rules that find it."""
