"""Peer for the export: writes the cells of a file in write-only mode; prints seconds."""

from __future__ import annotations

import io
import sys
import time

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

book = CalamineWorkbook.from_path(sys.argv[1])
rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
start = time.process_time()
plain = Workbook(write_only=True)
sheet = plain.create_sheet()
for row in rows:
    sheet.append(row)
plain.save(io.BytesIO())
print(time.process_time() - start)  # noqa: T201 - the answer
