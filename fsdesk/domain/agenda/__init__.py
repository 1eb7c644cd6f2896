"""The year's agenda, and working days."""
