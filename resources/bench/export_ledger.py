"""Exports a ledger, FOLDER LEDGER FILE; prints seconds and the most memory held."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from fsdesk.bench.memory import peak_mb
from fsdesk.services.ledger import ledger_files
from fsdesk.workspace import open_workspace

folder, ledger, file = sys.argv[1:4]
with open_workspace(Path(folder)) as office:
    begun = time.process_time()
    ledger_files.export_ledger(office, ledger, Path(file), personal=True)
    seconds = time.process_time() - begun
print(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}))  # noqa: T201 - the answer
