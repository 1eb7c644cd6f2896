"""What exists in fsdesk and the rules over it: plain Python, with the Structs of msgspec."""
