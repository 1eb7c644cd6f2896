"""The same questions to a ledger's rows by bare sqlite3 and by pandas; FILE LEDGER, JSON out."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import statistics
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

file, ledger = sys.argv[1], sys.argv[2]
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
    found = {"sqlite3_group_by": median(lambda: database.execute(GROUPED, (ledger,)).fetchall())}
    if importlib.util.find_spec("pandas"):
        import pandas as pd

        query = "SELECT facet, unit FROM ledger_entry WHERE ledger = ?"
        frame = pd.read_sql_query(query, database, params=(ledger,))
        found["pandas_group_by"] = median(lambda: frame.groupby(["facet", "unit"]).size())
print(json.dumps(found))  # noqa: T201 - the answer
