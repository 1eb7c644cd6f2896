"""What a user can do, one verb a function; each opens one unit of work and commits once."""
