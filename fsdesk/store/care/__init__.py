"""Care: databases as files: copied, checked, read without trust, put back, sealed in archives."""
