"""What exists in fsdesk and the rules over it: plain Python and the standard library only."""
