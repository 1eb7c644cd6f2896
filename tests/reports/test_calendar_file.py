"""Calendar files on systems without time zone tables, such as a packaged program on Windows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path

class NoTables:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "tzdata":
            raise ImportError(name)

sys.meta_path.insert(0, NoTables())
from fsdesk.domain.agenda.agenda import Event, EventKind
from fsdesk.reports.calendar_file import CalendarFacts, write_ics

day = date(2026, 4, 5)
event = Event("report/2026-03", EventKind.REPORT, "报送截止", day, day, "说明")
facts = CalendarFacts("日程", "scjg-2026", datetime(2026, 4, 1, tzinfo=UTC))
write_ics(Path(sys.argv[1]), [event], facts)
"""


def test_a_calendar_is_written_without_time_zone_tables(tmp_path):
    file = tmp_path / "agenda.ics"
    environment = {**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", CODE, str(file)], env=environment, check=True)
    text = file.read_text(encoding="utf-8")
    assert "DTSTAMP:20260401T000000Z" in text
    assert "DTSTART;VALUE=DATE:20260405" in text
    assert "UID:report-2026-03-scjg-2026@fsdesk" in text
    assert "TRIGGER:-PT15H" in text
