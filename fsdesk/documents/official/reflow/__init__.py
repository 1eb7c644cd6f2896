"""Step 2: text as its writer meant it: what paper, copying and pasting did to it is undone."""
