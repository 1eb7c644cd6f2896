"""Peer for a window with data: the barest one in a process that has matplotlib loaded.

Prints as JSON what the processor took for it, in seconds, and the most memory held, in megabytes;
the seconds are those of the window alone.
"""

from __future__ import annotations

import json
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from fsdesk.bench.memory import peak_mb

QUIET_MS = 100

application = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("食药安工作台"))
window.resize(1366, 728)
window.show()
QTimer.singleShot(QUIET_MS, application.quit)
application.exec()
seconds = time.process_time()

from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402 - the window comes first
from matplotlib.figure import Figure  # noqa: E402

FigureCanvasAgg(Figure()).draw()
print(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}))  # noqa: T201 - the answer
