"""Step 3: who answers for what: brackets, names, columns of tables."""
