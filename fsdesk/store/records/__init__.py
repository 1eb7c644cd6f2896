"""Records, their evidence and their submissions in the database."""
