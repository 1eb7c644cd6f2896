"""How long the window's event loop ever stands still, heard by a heartbeat in the real window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fsdesk.bench.packets import benchmark_plan, write_packets
from fsdesk.bench.peers import program_environment, run_peer
from fsdesk.services.care import setup

if TYPE_CHECKING:
    from pathlib import Path

PACKETS, LEDGER_ROWS, SWITCHES = 200, 500, 200


def measure_latency(
    scratch: Path, packets: int = PACKETS, rows: int = LEDGER_ROWS, switches: int = SWITCHES
) -> dict[str, float]:
    """Drive the window through its heaviest work and listen to its event loop.

    Packets are taken, all charts drawn, the grid of all their ledger rows (``rows`` a packet) is
    scrolled, and the pages are switched, ``switches`` times.

    Returns:
        Longest pause in milliseconds by what was done; for the switches also the memory in
        megabytes that was not given back.

    Raises:
        PeerFailedError: When the window fails.
    """
    plan, files = benchmark_plan(packets), scratch / "latency-packets"
    for _file in write_packets(plan, packets, files, rows):
        pass
    office = scratch / "latency-office"
    setup.create_office(office, plan).close()
    environment = program_environment()
    told = run_peer("heartbeat.py", office, files, str(switches), environment=environment)
    return json.loads(told)
