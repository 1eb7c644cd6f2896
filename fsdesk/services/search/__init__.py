"""What the window's search finds."""
