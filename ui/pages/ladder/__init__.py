"""取数: what the level above asks for, filled from the own aggregate."""
