"""The yearly plan: what it holds, how it is edited, revised and written down."""
