"""Outputs: tables, charts, bulletin, poster, evidence pack."""
