"""The agenda, and the working days that it needs."""
