"""How the work of a ladder grows with the number of its districts: all packets, all levels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fsdesk.bench.peers import program_environment, run_peer

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

from fsdesk.domain.steps import Progress

UNITS, MONTHS = 20, 3


def measure_city(
    scratch: Path, sizes: Sequence[int], units: int = UNITS, months: int = MONTHS
) -> Generator[Progress, None, dict[str, dict[str, float]]]:
    """Make a slice of each size, each in a process of its own.

    Return by size how many reports were sent, the processor's seconds for all of it (making the
    workspaces, filling, sending, taking, adding up a second time) and for each report.
    """
    found: dict[str, dict[str, float]] = {}
    for done, size in enumerate(sizes):
        yield Progress(done, len(sizes), f"正在测量 {size} 个区逐级报送")
        words = map(str, (size, units, months))
        place = scratch / f"city-{size}"
        told = json.loads(
            run_peer("make_city.py", place, *words, environment=program_environment())
        )
        found[f"districts_{size}"] = told | {"per_packet": told["seconds"] / told["packets"]}
    yield Progress(len(sizes), len(sizes), "测量完成")
    return found
