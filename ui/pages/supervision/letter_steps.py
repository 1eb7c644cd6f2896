"""Steps of several letters at once: what will happen is shown before, and can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fsdesk.domain.supervision.letters import Letter, LetterState
from fsdesk.services.supervision import follow_up, supervision, taking_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.supervision.amendments import Amendment
    from fsdesk.domain.supervision.letters import LetterDraft
    from ui.desk import Desk
    from ui.pages.supervision.letter_saving import LetterListRow

_MOST_LISTED = 10
_UNTIL = "在生成反馈包、打印或存为文件以前可以撤回；此后只能写明原因作废，文号保留。"


def listed(lines: Sequence[str]) -> str:
    """Put lines one below the other, the first of many, with how many more there are."""
    more = len(lines) - _MOST_LISTED
    return "\n".join([*lines[:_MOST_LISTED], *([f"另有 {more} 件"] if more > 0 else [])])


def place_of(key: str) -> str:
    """Return where what is typed for a letter or a draft is kept."""
    return f"supervision/{key}"


class LetterSteps(QObject):
    """Asks, does, tells, and offers the way back; `done` gives the keys of what it was done to."""

    done = Signal(tuple)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Keep the doors."""
        super().__init__(parent)
        self._desk = desk

    def issue(
        self,
        rows: Sequence[LetterListRow],
        store: Callable[[], object],
        stored: Callable[[], object],
    ) -> None:
        """Issue drafts after showing their numbers.

        `store` is done first, within the work: it stores what was typed into one of them; `stored`
        is called once that is done.
        """
        keys, names = [row.key for row in rows], {row.key: row.name for row in rows}

        def show(found: tuple[Letter, ...]) -> None:
            stored()
            lines = [
                f"{letter.document_number}　{names[key]}　回复期限 {letter.reply_by}"
                for key, letter in zip(keys, found, strict=True)
            ]
            what = "这份函件" if len(keys) == 1 else f" {len(keys)} 件函件"
            detail = f"{listed(lines)}\n印发后编定文号，正文不能再改；{_UNTIL}"
            if self._desk.messages.confirm(f"印发{what}？", "印发", detail):
                self._desk.run(lambda w: supervision.issue(w, keys), self._issued)
            else:
                self.done.emit(tuple(keys))

        def look() -> tuple[Letter, ...]:
            store()
            return supervision.would_issue(self._desk.workspace, keys)

        self._desk.runner.run(look, show)

    def _issued(self, letters: tuple[Letter, ...]) -> None:
        numbers = "、".join(letter.document_number for letter in letters)
        self._tell(
            f"已印发并编定文号：{numbers}，请生成反馈包发给单位。", "撤回印发", _keys(letters)
        )

    def withdraw(self, rows: Sequence[LetterListRow]) -> None:
        """Take drafts back with what was typed into them, and offer both again."""
        keys, kept = [row.key for row in rows], self._desk.drafts

        def done(gone: tuple[LetterDraft, ...]) -> None:
            typed = {place: it for key in keys for place, it in kept.under(place_of(key)).items()}
            for place in typed:
                kept.end(place)

            def bring_back() -> None:
                for place, it in typed.items():
                    kept.put(place, it.value, it.base)
                back = tuple(draft.key for draft in gone)
                self._desk.run(
                    lambda w: supervision.draft_again(w, gone), lambda _: self.done.emit(back)
                )

            self._desk.messages.info(
                f"已撤回拟稿 {len(gone)} 件，没有占用文号。", "恢复拟稿", bring_back
            )
            self.done.emit(())

        self._desk.run(lambda w: supervision.withdraw(w, *keys), done)

    def close(
        self, rows: Sequence[LetterListRow], proof: str, stored: Callable[[], object]
    ) -> None:
        """Strike letters off with one proof."""
        if len(rows) > 1:
            lines = [f"{row.number}　{row.name}" for row in rows]
            detail = f"{listed(lines)}\n办结依据：{proof}\n在生成反馈包以前可以撤回。"
            if not self._desk.messages.confirm(f"把 {len(rows)} 件函件销号？", "销号", detail):
                return
        keys = [row.key for row in rows]

        def done(letters: tuple[Letter, ...]) -> None:
            stored()
            numbers = "、".join(letter.document_number for letter in letters)
            self._tell(f"已销号：{numbers}。", "撤回销号", _keys(letters))

        self._desk.run(lambda w: follow_up.close_all(w, keys, proof), done)

    def take_back(self, keys: Sequence[str]) -> None:
        """Undo an issue or a closing that nobody outside knows of."""

        def done(found: tuple[Letter | LetterDraft, ...]) -> None:
            drafts = sum(not isinstance(each, Letter) for each in found)
            issued = f"已撤回印发 {drafts} 件，恢复为拟稿，文号可以再用。"
            self._desk.messages.info(issued if drafts else "销号已撤回。")
            self.done.emit(tuple(each.key for each in found))

        self._desk.run(lambda w: taking_back.take_back(w, keys), done)

    def void(self, row: LetterListRow, why: str, stored: Callable[[], object]) -> None:
        """Declare a letter void that left already."""
        detail = "文号保留并标明作废，不再督办，评议考核中的扣分取消；随下一个反馈包告知单位。"
        if self._desk.messages.confirm(f"作废{row.number}？", "作废", detail):
            self._openly(lambda: taking_back.void(self._desk.workspace, row.key, why), stored)

    def reopen(self, row: LetterListRow, why: str, stored: Callable[[], object]) -> None:
        """Open a letter again of whose closing the unit knows."""
        self._openly(lambda: taking_back.reopen(self._desk.workspace, row.key, why), stored)

    def correct(
        self,
        row: LetterListRow,
        words: str,
        stored: Callable[[], object],
        show: Callable[[str], object],
    ) -> None:
        """Put out a correction of a letter that left; `show` opens a paper by its key."""
        detail = f"{words}\n另发更正通知，日期为今天；原件不变。随下一个反馈包送单位。"
        if words.strip() and not self._desk.messages.confirm(f"更正{row.number}？", "更正", detail):
            return

        def done(made: Amendment) -> None:
            stored()
            self._desk.messages.info(
                f"{row.number}已另发更正通知，随反馈包送单位。",
                "预览和打印",
                lambda: show(made.key),
            )
            self.done.emit((row.key,))

        self._desk.run(lambda w: taking_back.correct(w, row.key, words), done)

    def _openly(self, job: Callable[[], Letter], stored: Callable[[], object]) -> None:
        def done(letter: Letter) -> None:
            stored()
            void = letter.state is LetterState.VOID
            words = "已作废" if void else "已撤销销号"
            self._desk.messages.info(f"{letter.document_number}{words}，随下一个反馈包告知单位。")
            self.done.emit((letter.key,))

        self._desk.runner.run(job, done)

    def _tell(self, words: str, verb: str, keys: tuple[str, ...]) -> None:
        self._desk.messages.info(words, verb, lambda: self.take_back(keys))
        self.done.emit(keys)


def _keys(letters: Sequence[Letter]) -> tuple[str, ...]:
    return tuple(letter.key for letter in letters)
