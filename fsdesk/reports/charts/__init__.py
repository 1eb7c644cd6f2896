"""Charts: bars, grids, the trend, and their pictures."""
