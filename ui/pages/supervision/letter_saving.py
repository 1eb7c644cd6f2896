"""Letters as rows of the register, and saving them as files."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the type of a field
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.output.kinds import REGISTER
from fsdesk.services.output import reporting
from fsdesk.services.supervision import letter_files
from ui.files import EXCEL, PDF, WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from fsdesk.domain.packet.directives import LetterNotice
    from fsdesk.domain.periods import Period
    from fsdesk.domain.supervision.letters import LetterDraft
    from ui.desk import Desk

_PURPOSE = "letters"


class LetterListRow(Struct, frozen=True):
    """A draft or an issued letter, as one row.

    Attributes:
        kept: How it was kept as it was issued, in words; empty for a draft.
    """

    draft: LetterDraft | None
    notice: LetterNotice | None
    name: str
    today: date
    kept: str = ""

    @property
    def key(self) -> str:
        """Key of the draft or the letter."""
        if self.draft:
            return self.draft.key
        return self.notice.letter.key if self.notice else ""

    @property
    def number(self) -> str:
        """Document number; drafts have none."""
        return self.notice.letter.document_number if self.notice else "（拟稿，未编号）"

    @property
    def kind(self) -> str:
        """Which of the four."""
        paper = self.notice.letter if self.notice else self.draft
        return paper.kind.label if paper else ""

    @property
    def state(self) -> str:
        """The word for its state."""
        return self.notice.letter.state.label if self.notice else "拟稿"

    @property
    def body(self) -> str:
        """Its text."""
        if self.draft:
            return self.draft.body
        return self.notice.text if self.notice else ""

    @property
    def reply_by(self) -> date:
        """Last day for the reply."""
        paper = self.notice.letter if self.notice else self.draft
        return paper.reply_by if paper else self.today

    @property
    def left(self) -> str:
        """How many days are left, in words; nothing when nobody waits."""
        if self.notice is None or not self.notice.letter.open or self.notice.letter.reply:
            return ""
        days = (self.reply_by - self.today).days
        return f"还有 {days} 天" if days >= 0 else f"逾期 {-days} 天"


class LetterSaving:
    """Asks where to, writes in the background, and says that it was done."""

    def __init__(self, desk: Desk) -> None:
        """Keep the doors."""
        self._desk = desk

    def save_one(self, paper: object) -> None:
        """Save a letter or a draft."""
        if not isinstance(paper, LetterListRow):
            return
        name = f"{paper.name}-{paper.number}.docx"
        file = self._desk.files.save("保存函件", name, (WORD, PDF), _PURPOSE)
        if file is not None:
            workspace, key = self._desk.workspace, paper.key
            self._write(lambda: letter_files.write_letter(workspace, key, file), "函件", file)

    def save_open(self, papers: Iterable[LetterListRow]) -> None:
        """Save every issued letter that is open into a folder, as Word file and PDF."""
        letters = [paper.notice.letter for paper in papers if paper.notice]
        keys = [letter.key for letter in letters if letter.open]
        if not keys:
            self._desk.messages.info("没有在办的函件。")
            return
        folder = self._desk.files.folder("选择函件的保存文件夹", _PURPOSE)
        if folder is not None:
            workspace = self._desk.workspace
            self._write(
                lambda: letter_files.write_letters(workspace, keys, folder),
                f" {len(keys)} 件函件",
                folder,
            )

    def save_register(self, period: Period) -> None:
        """Save the register as a spreadsheet or a PDF."""
        kinds = (EXCEL, PDF)
        file = self._desk.files.save("导出督办登记簿", "督办登记簿.xlsx", kinds, _PURPOSE)
        if file is not None:
            workspace, kind = self._desk.workspace, REGISTER
            self._write(
                lambda: reporting.write_table(workspace, kind, period, file), "登记簿", file
            )

    def _write(self, job: Callable[[], object], what: str, place: Path) -> None:
        self._desk.runner.run(
            job, lambda _done: self._desk.tell_written(f"已保存{what}。", place), title="正在保存"
        )
