"""Multiplies the rows of a ledger until there are as many as asked for; FILE LEDGER ROWS."""

from __future__ import annotations

import sqlite3
import sys

file, ledger, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
with sqlite3.connect(file) as database:
    names = [row[1] for row in database.execute("PRAGMA table_info(ledger_entry)")]
    copied = ", ".join(name for name in names if name not in ("n", "id", "key"))
    rows = "SELECT count(*) FROM ledger_entry WHERE ledger = ?"
    while (present := database.execute(rows, (ledger,)).fetchone()[0]) < wanted:
        # Ids and keys differ, all else is as in the rows that were written by the program.
        database.execute(
            f"INSERT INTO ledger_entry (id, key, {copied}) "  # noqa: S608 - names of our own table
            f"SELECT hex(randomblob(10)), key || n, {copied} FROM ledger_entry "
            "WHERE ledger = ? LIMIT ?",
            (ledger, wanted - present),
        )
