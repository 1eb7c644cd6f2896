"""Lists from elsewhere: opening them, finding their headers, reading and writing their rows."""
