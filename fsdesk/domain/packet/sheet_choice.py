"""Sheets of a packet that look like its own: a person says which of them are read."""

from __future__ import annotations

from msgspec import Struct

from fsdesk.domain.findings import Finding, FindingCode, InputRejectedError, Place, error


class SheetChoice(Struct, frozen=True):
    """What somebody chose; neither of both: only the packet's own sheets (不读副本).

    Attributes:
        merge: Read them all beside the packet's own (合并读取).
        only: Titles of those that are read in place of the packet's own (只读这一张).
    """

    merge: bool = False
    only: tuple[str, ...] = ()


class SheetCopy(Struct, frozen=True):
    """A sheet that looks like one of the packet's own, and says something else.

    Attributes:
        of: Title of the sheet that it looks like.
        rows: How many of its rows are filled.
        differing: How many of them say something that the other sheet does not.
        hidden: Whether people don't see it.
    """

    title: str
    of: str
    rows: int
    differing: int
    hidden: bool = False

    def __str__(self) -> str:
        """Name it with its rows."""
        return f"“{self.title}”（{'隐藏，' if self.hidden else ''}{self.rows} 行）"

    def asked(self, file: str) -> Finding:
        """Return what is told while nobody has said how it is to be read."""
        return error(
            f"工作表{self}像是“{self.of}”表，有 {self.differing} 行与“{self.of}”表不同，"
            "程序不替您选读哪一张",
            "请选择：合并读取（--all-sheets）、只读这一张（--sheet 工作表），"
            "或不读（--own-sheets，只读原有的表）；也可以请发件单位整理后重发",
            Place(file, self.title),
            FindingCode.SHEETS,
        )


class SheetTaken(Struct, frozen=True):
    """A sheet that was read, with the number of rows in which something is filled."""

    title: str
    rows: int

    def __str__(self) -> str:
        """Name it with its rows."""
        return f"“{self.title}”{self.rows} 行"


class CopiesError(InputRejectedError):
    """A packet with such sheets can't be taken, or not in the way that was chosen."""

    def __init__(self, copies: tuple[SheetCopy, ...], *findings: Finding) -> None:
        """Keep the sheets, so that something else can be chosen."""
        super().__init__(*findings)
        self.copies = copies
