"""What lies in a database beside what its change log says: nothing is trusted, nothing fails."""
