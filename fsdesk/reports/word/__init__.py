"""Word files: letters, the bulletin, the breakdown of the plan."""
