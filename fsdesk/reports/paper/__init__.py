"""Pages as plain values: tables laid out and drawn, and PDF."""
