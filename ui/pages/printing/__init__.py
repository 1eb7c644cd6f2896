"""打印: every output, its preview and its files."""
