"""Plans from outside: readable data files now, official documents later."""
