"""The sheets of a packet: forms, ledgers and replies."""
