"""Small widgets of the house, one to a file, which pages are built from."""
