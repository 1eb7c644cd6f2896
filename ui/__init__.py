"""The window: pages, widgets and wiring; no rules, no database, no spreadsheets."""
