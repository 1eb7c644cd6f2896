"""对应关系: what of the own plan answers each item of the plan above; decided row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.ladder.matching import ItemKind, MatchState
from fsdesk.domain.status.lights import Light
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import passing
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.ladder.matching import Match
    from fsdesk.services.ladder.matching import MatchDesk

_LIGHTS = {
    MatchState.CHANGED: Light.RED,
    MatchState.PROPOSED: Light.YELLOW,
    MatchState.NOTHING_FOUND: Light.YELLOW,
    MatchState.CONFIRMED: Light.GREEN,
    MatchState.NO_PARTNER: Light.GREY,
}
_URGENT = list(_LIGHTS)
_KIND, _PARTNER, _STATE = 56, 330, 170
_PARTNERS = 420


class MatchesTab(QWidget):
    """Says by signals what a person decides."""

    decided = Signal(object)  # kind, upper code, own code ("" for none)
    proposed_confirmed = Signal(object)  # the matches that are proposed
    taken_back = Signal(object)  # kind, upper code
    hand_down_wanted = Signal(object)  # Match of a task

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._desk: MatchDesk | None = None
        self.model: RowsModel[Match] = RowsModel(_columns())
        self.table = ReportTable("ladder-matches", self.model, "对应关系", single=True)
        self.table.row_chosen.connect(self._show_match)
        self.count = label("", "muted")
        self.confirm_all = button("确认全部建议", self._confirm_all, icon="check")
        self.why = label("", "help", wrap=True)
        self.partners = passing(Choice("本级计划中的对应项", []))
        self.partners.setMinimumContentsLength(30)
        self.partners.setMaximumWidth(_PARTNERS)
        self.confirm = button("确认对应", self._confirm, icon="check")
        self.none = button("无对应，手工填报", self._say_none)
        self.back = button("撤销确定", self._take_back)
        self.hand_down = button("分解下达…", self._hand_down, icon="list-tree")
        self.hand_down.setToolTip("用这项上级任务在本级计划中新建任务，交本级单位落实")
        column_of(
            row_of((self.count, 1), self.confirm_all),
            (self.table, 1),
            self.why,
            row_of(
                label("对应本级", "muted"),
                (self.partners, 1),
                self.confirm,
                self.none,
                self.back,
                None,
                self.hand_down,
            ),
            margins=(0, SPACE_M, 0, 0),
            parent=self,
        )
        self._show_match(None)

    def show_desk(self, desk: MatchDesk) -> None:
        """Show both plans; the row that was chosen stays so."""
        self._desk = desk
        chosen = self.table.current_row()
        before = (chosen.upper.kind, chosen.upper.code) if chosen is not None else None
        self.model.set_rows(desk.matches)
        if not self.table.choose_rows(lambda m: (m.upper.kind, m.upper.code) == before):
            self.table.choose_first()
        settled = desk.count(MatchState.CONFIRMED, MatchState.NO_PARTNER)
        self.count.setText(
            f"《{desk.upper.title}》要求本单位的 {len(desk.matches)} 项，已确定 {settled} 项"
        )
        proposed = desk.count(MatchState.PROPOSED)
        self.confirm_all.setText(f"确认全部建议（{proposed}）" if proposed else "确认全部建议")
        self.confirm_all.setEnabled(proposed > 0)
        self._show_match(self.table.current_row())

    def _show_match(self, match: Match | None) -> None:
        desk = self._desk
        fits = desk.fitting(match.upper) if desk is not None and match is not None else ()
        entries = [(f"{each.code}　{each.name}", each.code) for each in fits]
        self.partners.set_entries([("请选择", ""), *entries])
        lower = match.lower if match is not None else None
        self.partners.set_value(lower.code if lower is not None else "")
        self.partners.setEnabled(bool(fits))
        for each in (self.confirm, self.none):
            each.setEnabled(match is not None)
        settled = (MatchState.CONFIRMED, MatchState.NO_PARTNER, MatchState.CHANGED)
        self.back.setEnabled(match is not None and match.state in settled)
        is_task = match is not None and match.upper.kind is ItemKind.TASK
        self.hand_down.setEnabled(is_task and match is not None and not match.holds)
        words = ""
        if match is not None:
            words = f"{match.upper.name}：{match.state.label}"
            words += f"，{match.why}" if match.why else ""
            if not fits:
                words += "。本级计划中没有同类的项，请手工填报，或把任务分解下达"
        self.why.setText(words)

    def _confirm_all(self) -> None:
        matches = self._desk.matches if self._desk is not None else ()
        self.proposed_confirmed.emit(tuple(m for m in matches if m.state is MatchState.PROPOSED))

    def _confirm(self) -> None:
        match, code = self.table.current_row(), str(self.partners.value or "")
        if match is not None and code:
            self.decided.emit((match.upper.kind, match.upper.code, code))

    def _say_none(self) -> None:
        match = self.table.current_row()
        if match is not None:
            self.decided.emit((match.upper.kind, match.upper.code, ""))

    def _take_back(self) -> None:
        match = self.table.current_row()
        if match is not None:
            self.taken_back.emit((match.upper.kind, match.upper.code))

    def _hand_down(self) -> None:
        match = self.table.current_row()
        if match is not None:
            self.hand_down_wanted.emit(match)


def _columns() -> Sequence[RowColumn[Match]]:
    def upper(match: Match) -> str:
        return f"{match.upper.code}　{match.upper.name}"

    def lower(match: Match) -> str:
        return f"{match.lower.code}　{match.lower.name}" if match.lower else "—"

    return (
        RowColumn("种类", lambda m: m.upper.kind.label, width=_KIND),
        RowColumn("上级计划", upper, stretch=True, tip=upper),
        RowColumn("本级计划", lower, width=_PARTNER, tip=lower),
        RowColumn("状态", lambda m: m.state.label, lambda m: _URGENT.index(m.state), width=_STATE,
                  light=lambda m: _LIGHTS[m.state]),
    )  # fmt: skip
