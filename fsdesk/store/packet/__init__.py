"""Imports that can be undone, and signing keys in the database."""
