"""The commands of the contract: thin, each parses, calls a service and prints."""
