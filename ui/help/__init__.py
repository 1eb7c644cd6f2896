"""What helps a newcomer: the handbook, the tour, the finder's commands, reminders."""
