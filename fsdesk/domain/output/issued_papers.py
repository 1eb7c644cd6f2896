"""Papers that were issued: what they said and how they looked at that moment, for good."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - field types are read at run time

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum

# Names of a paper's parts: what it says, as JSON; a file of it goes by its ending.
CONTENT, PDF, WORD, XLSX = "content", ".pdf", ".docx", ".xlsx"


class Kept(LabelledEnum):
    """At what moment a paper was kept, and thus what it can be trusted to show."""

    ISSUED = "issued", "印发时留存"
    RECEIVED = "received", "收到时留存"
    # It was issued before the program kept papers: what it said then is not known for sure.
    UPGRADED = "upgraded", "按升级时的内容留存"

    @property
    def remark(self) -> str:
        """What is said beside a paper that was kept so."""
        return f"本件{self.label}，预览、打印和保存都是这一份，不随以后的修改变化。"


class IssuedPaper(Struct, frozen=True):
    """A paper as it was issued; nothing that changes later changes it.

    Attributes:
        subject: What it is of, such as ``letter/reminder/2026/1``.
        at: When it was kept, ISO text in UTC.
        parts: By name, the bytes of what it says and of each of its files.
    """

    subject: str
    kept: Kept
    at: str
    parts: Mapping[str, bytes]
