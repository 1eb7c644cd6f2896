"""Is a file that came in safe to read: limits and scans before any reader touches it."""
