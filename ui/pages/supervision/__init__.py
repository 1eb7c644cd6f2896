"""督办 and 来函: letters on both sides."""
