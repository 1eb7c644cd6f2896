"""计划: the plan to read."""
