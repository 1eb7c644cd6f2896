"""Packets as workbooks that people can fill by hand: writing, guarding, reading."""
