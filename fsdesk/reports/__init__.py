"""Reports: tables, pages, charts, spreadsheets and letters, made from plain domain values."""
