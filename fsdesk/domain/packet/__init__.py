"""What travels between PCs: packets, what the office hands down, seals, updates."""
