"""Step 2: what single lines are: headings, marks, titles."""
