"""填报: a unit's month."""
