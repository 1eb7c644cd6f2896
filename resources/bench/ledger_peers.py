"""The same question to a ledger's rows by sqlite3 or pandas; FILE LEDGER PEER, JSON out."""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

file, ledger, peer = sys.argv[1:4]
ROUNDS = 5
GROUPED = (
    "SELECT facet, unit, count(*) FROM ledger_entry "
    "WHERE ledger = ? AND state = 0 GROUP BY facet, unit"  # 0: the version that is shown
)


def median(job: Callable[[], object]) -> float:
    """Return the median seconds of a job."""
    times: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        job()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


with sqlite3.connect(file) as database:
    if peer == "pandas":
        import pandas as pd

        query = "SELECT facet, unit FROM ledger_entry WHERE ledger = ?"
        frame = pd.read_sql_query(query, database, params=(ledger,))
        seconds = median(lambda: frame.groupby(["facet", "unit"]).size())
    else:
        seconds = median(lambda: database.execute(GROUPED, (ledger,)).fetchall())
print(json.dumps({f"{peer}_group_by": seconds}))  # noqa: T201 - the answer
