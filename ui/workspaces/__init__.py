"""Which workspace the window shows: the first run, the way back in, and the menu to others."""
