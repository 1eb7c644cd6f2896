"""The aggregate, and opening its figures."""
