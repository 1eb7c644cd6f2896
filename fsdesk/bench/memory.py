"""How much memory a process holds, and held at most."""

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
        return _told("VmHWM")
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / _KIB / _KIB
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB / _KIB


def resident_mb() -> float:
    """Return the memory that this process holds now, in megabytes."""
    if _STATUS.exists():
        return _told("VmRSS")
    import psutil

    return psutil.Process().memory_info().rss / _KIB / _KIB


def _told(name: str) -> float:
    line = next(x for x in _STATUS.read_text().splitlines() if x.startswith(name))
    return int(line.split()[1]) / _KIB
