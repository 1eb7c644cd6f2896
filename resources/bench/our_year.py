"""The program's window on a workspace with data: what it cost, and holds, once it is quiet.

Run as `our_year.py FOLDER`; prints as JSON the seconds that the processor was busy until the first
page showed its figures, and until it was quiet with its chart drawn; and the memory held in
megabytes once all was loaded, and at most.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from fsdesk.bench.memory import peak_mb, resident_mb
from ui.app import Program
from ui.start import make_application

LOOK_MS, QUIET_LOOKS = 5, 20
# Until the pages' modules are loaded and the database was looked through for damage.
LOADED_MS = 6000

application = make_application()
program = Program(application, Path(sys.argv[1]), None)
program.window.resize(1366, 728)
program.window.show()
program.open()


def wait(milliseconds: int) -> None:
    """Let the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


quiet, figures = 0, [0.0]  # when they were shown
watched = False
while quiet < QUIET_LOOKS:
    wait(LOOK_MS)
    if not watched and program.window.current_key != "start":
        shown = program.window.page("overview").matrix_model.modelReset
        shown.connect(lambda: figures.append(time.process_time()))
        watched = True
    quiet = 0 if program.runner.busy else quiet + 1
seconds = time.process_time()
if program.window.current_key == "start":
    sys.exit("not opened")
wait(LOADED_MS)
while program.runner.busy:
    wait(LOOK_MS)
told = {
    "figures_seconds": figures[-1],
    "seconds": seconds,
    "peak_mb": peak_mb(),
    "resident_mb": resident_mb(),
}
print(json.dumps(told))  # noqa: T201 - the answer
program.window.close()
