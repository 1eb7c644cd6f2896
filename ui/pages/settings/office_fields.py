"""What the office says of itself: names, document numbers, contact; stored by its own button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.supervision.letters import LetterKind, number_word
from fsdesk.services.supervision import office_identity
from ui.pages.settings.rule_fields import form_of
from ui.theme import SPACE_M
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.fields import line_edit, named
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.services.supervision.office_identity import OfficeDetails
    from ui.desk import Desk

_PLACE = "office"  # where what is typed here is kept
_MOST = 9999
_WIDE, _WORD = 330, 200
_NAMES = (
    ("district", "所在地区", "如 某市某区、某市；红头、落款和各单位的表格都用它", "请填写全称"),
    ("name", "办公室全称", "红头和填报单位", ""),
    ("committee", "委员会全称", "挂牌督办以它的名义印发", ""),
    ("seal", "落款（印章）单位", "函件日期上方的单位，与印章一致", ""),
    ("signatory", "签发人", "工作通报版头的签发人；可以不填", ""),
    ("contact", "联系人", "函件和通报末尾的联系人", ""),
    ("phone", "联系电话", "", ""),
)


class OfficeFields(QWidget):
    """One form; what is left empty is derived, and stands there as a hint."""

    stored = Signal()

    def __init__(self, desk: Desk) -> None:
        """Build the fields."""
        super().__init__()
        self._desk, self._subject = desk, ""
        self.kept = KeptFields(desk.drafts, self)
        self.names = {
            field: self.kept.add(field, _wide(line_edit(name, hint)))
            for field, name, _, hint in _NAMES
        }
        self.words = {kind: self._word(kind) for kind in LetterKind}
        self.numbers = {kind: self._number(kind) for kind in LetterKind}
        self.save = button("保存名称和文号", self._save, icon="save")
        self.names["district"].editingFinished.connect(self._propose)
        rows: list[tuple[str, QWidget, str]] = [
            (name, self.names[field], note) for field, name, note, _ in _NAMES
        ]
        for kind in LetterKind:
            both = (self.words[kind], label("下一号", "muted"), self.numbers[kind])
            rows.append((f"{kind.label}代字", boxed(row_of(*both, spacing=-1)), ""))
        column_of(
            label("本办名称、文号和联系方式", "section"),
            label("用在函件、通报、表格和下发给各单位的文件上；没有填的按计划中的名称推算。"
                  "改动不影响已印发的文号。", "help", wrap=True),
            form_of(rows),
            row_of(self.save, (self.kept.note, 1), spacing=-1),
            spacing=SPACE_M,
            parent=self,
        )  # fmt: skip

    def _word(self, kind: LetterKind) -> QLineEdit:
        field = line_edit(f"{kind.label}代字")
        field.setFixedWidth(_WORD)
        return self.kept.add(f"word-{kind.value}", field)

    def _number(self, kind: LetterKind) -> QSpinBox:
        field = named(QSpinBox(), f"{kind.label}下一号")
        field.setRange(1, _MOST)
        return self.kept.add(f"next-{kind.value}", field)

    def refresh(self) -> None:
        """Load what is stored; what was typed and not stored stays."""
        self._desk.run(office_identity.details, self._show)

    def _show(self, found: OfficeDetails) -> None:
        told, issuer = found.told, found.issuer
        self.names["name"].setPlaceholderText(told.office_name(issuer))
        self.names["committee"].setPlaceholderText(told.committee_name(issuer))
        self.names["seal"].setPlaceholderText(told.seal_name(issuer))
        for kind, word in self.words.items():
            word.setPlaceholderText(number_word(kind, OfficeIdentity(), found.office))
        self._subject = found.subject
        values = {field: getattr(told, field) for field in self.names}
        values |= {f"word-{kind.value}": told.by_kind.get(kind.value, "") for kind in LetterKind}
        values |= {f"next-{kind.value}": found.next_numbers[kind] for kind in LetterKind}
        self.kept.show(_PLACE, values)

    def _propose(self) -> None:
        """Fill in the names that follow from the district, where none are typed."""
        proposed = OfficeIdentity(self.names["district"].text().strip()).proposed(self._subject)
        for field in ("name", "committee"):
            if not self.names[field].text().strip() and getattr(proposed, field):
                self.kept.fill({field: getattr(proposed, field)})

    def _save(self) -> None:
        words = {kind.value: field.text().strip() for kind, field in self.words.items()}
        typed = {field: edit.text().strip() for field, edit in self.names.items()}
        told = replace(OfficeIdentity(), **typed).with_words(words)
        numbers = {kind: field.value() for kind, field in self.numbers.items()}
        end = self.kept.handed_over()

        def stored(_none: object) -> None:
            end()
            self._desk.messages.info("名称和文号已保存，重新下发计划后各单位的表格也随之更新。")
            self.refresh()
            self.stored.emit()

        self._desk.run(lambda w: office_identity.save(w, told, numbers), stored)


def _wide(field: QLineEdit) -> QLineEdit:
    field.setFixedWidth(_WIDE)
    return field
