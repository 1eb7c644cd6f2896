"""The plan: looking at it, reading documents into it, editing it."""
