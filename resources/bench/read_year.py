"""The bare reading of a year: the rows that its figures are made of, as sqlite3 gives them.

FILE ROUNDS; prints seconds, the least of the rounds.
"""

from __future__ import annotations

import sqlite3
import sys
import time

QUERIES = (
    """SELECT item, unit, period, value, numerator, denominator, not_applicable
    FROM data_value WHERE leading""",
    "SELECT item, unit, period, status FROM milestone WHERE leading",
    "SELECT unit, period, state, made_at FROM submission",
)


def seconds(database: sqlite3.Connection) -> float:
    """Return how long it takes to read all rows once."""
    begun = time.perf_counter()
    for query in QUERIES:
        database.execute(query).fetchall()
    return time.perf_counter() - begun


with sqlite3.connect(sys.argv[1]) as opened:
    print(min(seconds(opened) for _ in range(int(sys.argv[2]))))  # noqa: T201 - the answer
