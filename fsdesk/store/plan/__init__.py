"""The plan and its history in the database."""
