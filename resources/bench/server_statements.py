"""How many statements each page asks of a server when nothing is remembered; FOLDER.

Prints them as JSON, with the seconds of a round trip: a statement that does nothing.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from sqlalchemy import event

from fsdesk.bench.readings import pages_of
from fsdesk.workspace import open_workspace

TRIPS = 300
asked: list[str] = []


def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
    """Note a statement."""
    asked.append(statement)


found: dict[str, float] = {}
with open_workspace(Path(sys.argv[1]), write=False) as office:
    with office.reading() as session:
        begun = time.perf_counter()
        for _ in range(TRIPS):
            session.connection().exec_driver_sql("SELECT 1").scalar()
        found["round_trip"] = (time.perf_counter() - begun) / TRIPS
    event.listen(office.engine, "before_cursor_execute", note)
    for page, opening in pages_of(office).items():
        office.engine.dispose()
        asked.clear()
        opening()
        found[page] = len(asked)
print(json.dumps(found))  # noqa: T201 - the answer
