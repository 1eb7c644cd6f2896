"""Recording achievements and evidence, undo, and locking."""
