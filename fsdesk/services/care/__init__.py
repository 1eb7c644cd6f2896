"""Care: set-up, next year, backup, restore, verification, updates."""
