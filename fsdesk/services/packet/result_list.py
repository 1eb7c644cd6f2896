"""The list of what became of files, to copy, to keep and to send back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.services.packet.importing import Result

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fsdesk.services.packet.checking import CheckedPacket
    from fsdesk.services.packet.importing import ImportSummary


def result_rows(
    summary: ImportSummary, refused: Iterable[CheckedPacket]
) -> tuple[tuple[str, str, str], ...]:
    """Return result, file and explanation of each file, those that were not received first."""
    rows = [
        (
            Result.REJECTED.label,
            item.file.name,
            "；".join(str(finding).rstrip("。") for finding in item.findings),
        )
        for item in refused
    ]
    taken = sorted(summary.files, key=lambda it: it.result is not Result.REJECTED)
    return (*rows, *((i.result.label, i.file.name, i.message) for i in taken))


def save_results(file: Path, heading: str, rows: Iterable[tuple[str, str, str]]) -> None:
    """Write the list as a spreadsheet.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    from fsdesk.reports.tables.listing import write_listing  # openpyxl is needed from here on

    write_listing(file, heading, (("结果", 10.0), ("文件", 44.0), ("说明", 90.0)), rows)
