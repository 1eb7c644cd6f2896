"""The ladder: a level's figures become what it reports to the level above it."""
