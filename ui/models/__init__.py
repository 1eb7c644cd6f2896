"""Table models: what is shown in rows and columns, never a query."""
