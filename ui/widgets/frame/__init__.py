"""The window's frame: what stays around every page."""
