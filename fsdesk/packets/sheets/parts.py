"""What all sheets of a packet have in common: cells, paper and protection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from fsdesk.packets.limits import escaped

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROW = 3
HEADER_HEIGHT = 32  # points: two lines
_DANGEROUS = ("=", "+", "-", "@")


def put(target: Worksheet, row: int, column: int, value: Any, style: str) -> Cell:  # noqa: ANN401
    """Write a cell; a text that begins like a formula stays text for every program."""
    cell: Any = target.cell(row, column)
    cell.style = style
    cell.value = escaped(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(_DANGEROUS):
            cell.quotePrefix = True
    return cell


def set_up_page(target: Worksheet, last_column: str, last_row: int, *, header: bool) -> None:
    """Prepare a sheet for A4 landscape, as wide as the page, with page numbers.

    Args:
        target: The sheet.
        last_column: Letters of the last column to print.
        last_row: Last row to print.
        header: Whether the row of headers comes back on every page.
    """
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9  # A4
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.page_margins = PageMargins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)  # inches
    target.print_options.horizontalCentered = True
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}" if header else None
    footer = HeaderFooterItem()
    footer.center.text = "第 &P 页 共 &N 页"
    target.oddFooter = footer
    target.print_area = f"A1:{last_column}{max(last_row, 1)}"


def protect(target: Worksheet) -> None:
    """Only entries can be typed into; there is no password, and looking is free."""
    protection = target.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False
    protection.autoFilter = protection.sort = False
