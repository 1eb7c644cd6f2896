"""A believable year by the same services as real work, and the sample workspace."""
