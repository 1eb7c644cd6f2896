"""Peer for the forms: writes every cell of some files with XlsxWriter; prints seconds."""

from __future__ import annotations

import io
import sys
import time

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

books = [CalamineWorkbook.from_path(name) for name in sys.argv[1:]]
forms = [
    {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }
    for book in books
]
start = time.process_time()
for form in forms:
    with Workbook(io.BytesIO()) as plain:
        # As in a form, a cell in which nothing stands has its look all the same.
        look = plain.add_format({"border": 1, "text_wrap": True})
        for name, rows in form.items():
            sheet = plain.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value == "":
                        sheet.write_blank(number, place, None, look)
                    elif isinstance(value, str):
                        sheet.write_string(number, place, value, look)
                    else:
                        sheet.write_number(number, place, value, look)
print(time.process_time() - start)  # noqa: T201 - the answer
