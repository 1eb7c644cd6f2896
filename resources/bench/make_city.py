"""Makes a province's slice of so many districts; prints what it took of the processor as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from fsdesk.demo.city import make_city, slice_of
from fsdesk.domain.steps import run_through

out, districts, units, months = Path(sys.argv[1]), *map(int, sys.argv[2:5])
begun = time.process_time()
made = run_through(make_city(out, slice_of(districts, units, months)))
seconds = time.process_time() - begun
told = {"packets": made.packets, "differences": len(made.differences), "seconds": seconds}
print(json.dumps(told))  # noqa: T201 - the answer
