"""Peer for a window with data: the barest one in a process that has matplotlib loaded.

Prints as JSON what the processor took for it, in seconds (of the window alone), and the
memory held in megabytes, at the end and at most.
"""

from __future__ import annotations

import json
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from fsdesk.bench.memory import peak_mb, resident_mb

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
told = {"seconds": seconds, "peak_mb": peak_mb(), "resident_mb": resident_mb()}
print(json.dumps(told))  # noqa: T201 - the answer
