"""The window: pages, widgets and wiring; no rules, no database, no spreadsheets."""

from ui.system.unread_sources import leave_unread

leave_unread()
