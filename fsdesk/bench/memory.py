"""How much memory a process held at most."""

from __future__ import annotations

import sys
from pathlib import Path

_KIB = 1024
_STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Return the most memory that this process held so far, in megabytes.

    On Linux what getrusage tells of a process also counts what the one held that started it.
    """
    if _STATUS.exists():
        line = next(x for x in _STATUS.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / _KIB
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / _KIB / _KIB
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB / _KIB
