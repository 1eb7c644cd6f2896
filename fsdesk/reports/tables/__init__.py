"""The tables that are printed and saved as spreadsheets."""
