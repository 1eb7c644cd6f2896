"""The project's own benchmark: figures beside peers in the same run, as ratios."""
