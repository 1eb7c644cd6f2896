"""What writing workbooks costs, beside plain calls of the libraries that write them."""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING

from fsdesk.bench.ledgers import LEDGER, make_office
from fsdesk.bench.packets import benchmark_plan, write_packets
from fsdesk.bench.peers import PeerFailedError, program_environment, run_peer
from fsdesk.domain.periods import MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ROWS, ROUNDS = 40_000, 3


def measure_writing(
    scratch: Path, rows: int = ROWS, rounds: int = ROUNDS
) -> Mapping[str, float | str]:
    """Time a year of a unit's forms, and an export of many rows of a ledger.

    In turn with each a peer writes the same cells, in a process of its own: XlsxWriter the forms,
    openpyxl in write-only mode the rows. Times are of the processor.

    Returns:
        Median seconds of ``forms`` and ``export`` and of the peers; ``ratio_to_xlsxwriter`` should
        stay below 1.5, ``ratio_to_openpyxl`` below 2. ``export_peak_mb`` is the most memory that a
        process held which did nothing but the export; it should stay below 120. Why, where a peer
        failed.

    Raises:
        PeerFailedError: When the rows can't be written or exported.
    """
    make_office(scratch / "export-office", rows)
    exported = scratch / "export.xlsx"
    peaks: list[float] = []

    def export() -> float:
        told = json.loads(
            run_peer(
                *("export_ledger.py", scratch / "export-office", LEDGER, exported),
                environment=program_environment(),
            )
        )
        peaks.append(told["peak_mb"])
        return told["seconds"]

    forms = sorted(_forms(scratch))
    found = {
        **_beside("forms", lambda: _seconds(scratch), "xlsxwriter", forms, rounds),
        **_beside("export", export, "openpyxl", [exported], rounds),
    }
    return found | {"export_peak_mb": statistics.median(peaks)}


def _beside(
    what: str, ours: Callable[[], float], peer: str, files: list[Path], rounds: int
) -> dict[str, float | str]:
    """Time what is ours and in turn with it a peer that writes the cells of these files."""
    mine: list[float] = []
    others: list[float] = []
    failed: dict[str, float | str] = {}
    for _ in range(rounds):
        mine.append(ours())
        if not failed:
            try:
                others.append(float(run_peer(f"write_{peer}.py", *files)))
            except PeerFailedError as problem:
                failed[f"{peer}_failed"] = str(problem)
    median = statistics.median(mine)
    if failed:
        return {what: median, **failed}
    theirs = statistics.median(others)
    return {what: median, peer: theirs, f"ratio_to_{peer}": median / theirs}


def _forms(scratch: Path) -> list[Path]:
    return list(write_packets(benchmark_plan(MONTHS), MONTHS, scratch / "forms"))


def _seconds(scratch: Path) -> float:
    begun = time.process_time()
    _forms(scratch)
    return time.process_time() - begun
