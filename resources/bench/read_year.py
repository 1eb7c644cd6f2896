"""The bare reading of a year: the rows that its figures are made of, as the driver gives them.

FILE ROUNDS; prints seconds of the processor, the least of the rounds. In place of a file the words
that psycopg connects with; then seconds are by the clock, since a server's don't count here. As
before a page's first opening nothing is remembered: each round opens the file anew. Beside what
units recorded it reads what any reading must, to know what that is held against: the plan, the
rules, what was left out and published, the ledgers' declarations, which records have a second
version, and how long the change log is.
"""

from __future__ import annotations

import sqlite3
import sys
import time

QUERIES = (
    """SELECT item, unit, period, value, numerator, denominator, not_applicable
    FROM data_value WHERE "leading\"""",
    'SELECT item, unit, period, status FROM milestone WHERE "leading"',
    "SELECT unit, period, state, made_at FROM submission",
    "SELECT max(id) FROM change",
    "SELECT unit, period, reason FROM left_out",
    "SELECT id, period, at, who, occasion, change FROM published",
    *(
        f'SELECT DISTINCT item, unit, period FROM {table} WHERE NOT "leading"'  # noqa: S608 - ours
        for table in ("data_value", "milestone", "progress_report")
    ),
    *(
        f"SELECT * FROM {table}"  # noqa: S608 - ours
        for table in (
            *("plan", "plan_constant", "section", "point", "task", "assignment", "deliverable"),
            *("indicator", "target_share", "unit", "unit_group", "unit_group_member"),
            *("setting", "ledger"),
        )
    ),
)


def seconds_there(words: str) -> float:
    """Return how long it takes to read all rows once from a server, as of one moment."""
    import psycopg

    begun = time.perf_counter()
    with psycopg.connect(words) as database:
        for query in QUERIES:
            database.execute(query).fetchall()
    return time.perf_counter() - begun


def seconds(file: str) -> float:
    """Return how long it takes to read all rows once."""
    if "=" in file:
        return seconds_there(file)
    begun = time.process_time()
    database = sqlite3.connect(file)
    for query in QUERIES:
        database.execute(query).fetchall()
    database.close()
    return time.process_time() - begun


print(min(seconds(sys.argv[1]) for _ in range(int(sys.argv[2]))))  # noqa: T201 - the answer
