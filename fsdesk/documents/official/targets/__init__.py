"""Step 4: quantified targets, dates and deliverables of a clause."""
