"""Says over a published month that its figures are those published, and what differs now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from fsdesk.domain.names import file_name
from fsdesk.domain.periods import Period
from fsdesk.services.output import published_papers
from fsdesk.services.status import published
from ui.files import KINDS
from ui.pages.status.published_differences import DifferencesDialog
from ui.theme import SPACE_M, SPACE_XS, set_role
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.status.published import Publication, PublishedDifference
    from fsdesk.services.output.published_papers import PublishedPaper
    from fsdesk.workspace import Workspace
    from ui.desk import Desk


class _Found(Struct, frozen=True):
    """What is published of a period, what differs now, and the papers that were published."""

    period: Period
    publication: Publication | None
    differences: tuple[PublishedDifference, ...] = ()
    papers: tuple[PublishedPaper, ...] = ()


class PublishedBanner(QFrame):
    """Hidden over a period that is not published; a page takes its figures by `desk`."""

    # Other figures are wanted: those of now, or those that were published.
    switched = Signal()
    # A publication was revoked.
    revoked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Begin without a period."""
        super().__init__(parent)
        set_role(self, "notice")
        self._desk, self._period, self._latest = desk, "", False
        self._concerned = True
        self._found: _Found | None = None
        self.words = label("", wrap=True)
        self.look = button("查看", self._look, "link")
        self.switch = button("", self._switch, "link")
        margins = (SPACE_M, SPACE_XS, SPACE_XS, SPACE_XS)
        row_of((self.words, 1), self.look, self.switch, margins=margins, parent=self)
        self.hide()

    @property
    def desk(self) -> Desk:
        """The desk over the figures that are wanted."""
        return (
            replace(self._desk, workspace=self._desk.workspace.latest)
            if self._latest
            else self._desk
        )

    def show_period(self, period: str) -> None:
        """Tell of a period; another one begins with what was published of it."""
        if period != self._period:
            self._period, self._latest = period, False
            self.hide()
        if self._desk.is_office:
            wanted = Period.parse(period)
            self._desk.run(lambda w: _found(w, wanted), self._show)

    def concern(self, concerned: bool) -> None:  # noqa: FBT001
        """Be shown only over what shows a period's figures."""
        self._concerned = concerned
        self._appear()

    def _appear(self) -> None:
        found = self._found
        if found is None or str(found.period) != self._period:
            self.hide()
        else:
            self.setVisible(self._concerned and found.publication is not None)

    def _show(self, found: _Found) -> None:
        if str(found.period) != self._period:
            return
        self._found = found
        self._appear()
        if found.publication is None:
            self._latest = False
            return
        count = len(found.differences)
        differs = f"现在的数据与发布时有 {count} 处不同" if count else "现在的数据与发布时相同"
        this = "本月" if found.period.length == 1 else "本期"
        if self._latest:
            words = f"以下为最新数据，不是{found.publication}的数字。{differs}。"
        else:
            words = f"{this}数字已于{found.publication}，以下为发布时的数字。{differs}。"
        self.words.setText(words)
        self.setAccessibleName(words)
        self.switch.setText("看发布的数字" if self._latest else "按最新数据看")

    def _switch(self) -> None:
        self._latest = not self._latest
        self.switched.emit()

    def _look(self) -> None:
        found = self._found
        if found is None or found.publication is None:
            return
        dialog = DifferencesDialog(self, str(found.publication), found.differences, found.papers)
        dialog.revoke_wanted.connect(self._revoke)
        dialog.open_wanted.connect(self._open_paper)
        dialog.save_wanted.connect(self._save_paper)
        dialog.open()

    def _open_paper(self, paper: PublishedPaper) -> None:
        """Open a copy of the PDF as it was published."""
        files = self._desk.files
        file = files.passing / file_name(f"{paper.name}.pdf")
        self._desk.run(
            lambda w: published_papers.write(w, paper, file), lambda _: files.launch(file)
        )

    def _save_paper(self, paper: PublishedPaper) -> None:
        files, kinds = self._desk.files, tuple(KINDS[ending] for ending in paper.endings)
        file = files.save("另存原件", f"{paper.name}{paper.endings[0]}", kinds, "reports")
        if file is None:
            return
        target = file if file.suffix else file.with_suffix(paper.endings[0])
        self._desk.run(
            lambda w: published_papers.write(w, paper, target),
            lambda _: self._desk.tell_written(f"已保存：{target.name}", target),
        )

    def _revoke(self) -> None:
        period = Period.parse(self._period)
        detail = (
            "以后查看本期以最新数据为准；此前还发布过的，以那一次为准。变更记录中保留这次发布。"
        )
        if self._desk.messages.ask(f"撤销{period.label}最近一次发布吗？", detail, ("撤销发布",)):
            self._desk.run(lambda w: published.revoke(w, period), lambda _: self.revoked.emit())


def _found(workspace: Workspace, period: Period) -> _Found:
    publication = published.published(workspace, period)
    if publication is None:
        return _Found(period, None)
    differences = published.differences(workspace, period)
    return _Found(period, publication, differences, published_papers.listed(workspace, period))
