"""Step 1: files of every kind as paragraphs and tables in order."""
