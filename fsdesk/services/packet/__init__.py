"""Packets out and in: issue, export, check, import, undo, conflicts, review, keys."""
