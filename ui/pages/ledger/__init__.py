"""台账: the grid, its import, its declarations."""
