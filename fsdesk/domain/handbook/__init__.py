"""What the handbook is asked, and what in it answers."""
