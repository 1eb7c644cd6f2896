"""Outputs as plain values: pages, drawn charts, how a table is arranged, how figures are worded."""
