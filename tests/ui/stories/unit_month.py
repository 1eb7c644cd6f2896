"""A clerk at the unit's window, and a look at every sentence of it after each step."""

from __future__ import annotations

import re
from datetime import date

from fsdesk.domain.records.submissions import Direction
from tests.ui.hands import WAIT, Hands
from tests.ui.stories.truth import Truth, said_of

# What a screen of 1366×768 leaves at 100 %, and at 150 % in the window's own pixels.
SIZES = {"100%": (1366, 728), "150%": (910, 480)}
TODAY, RECORDING, EXCHANGE, INBOX = "Ctrl+1", "Ctrl+2", "Ctrl+5", "Ctrl+7"
MARCH = "2026-03"


class Clerk(Hands):
    """Somebody who works through a month; what the window says is compared with the truth."""

    def __init__(self, qtbot, program, monkeypatch, folder):
        super().__init__(qtbot, program, monkeypatch)
        self.folder, self.truth = folder, None

    # Steps

    def begin(self, packet, unit, today):
        """Set up an empty PC with the packet of the office."""
        start = self.window.page("start")
        self.wait(lambda: hasattr(start, "form"))
        self.give_file(packet)
        self.go_to(start.form.packet)
        self.press("Return")
        self.wait(lambda: self.window.current_key == "overview")
        self.truth = Truth(self.folder, unit, date.fromisoformat(today[:10]))
        self.truth.came(packet)

    def page(self, keys):
        self.press(keys)
        self.settle()
        wanted = self.window.navigation.keys[int(keys[-1]) - 1]
        assert self.window.current_key == wanted, (keys, self.window.current_key, _place(self.at))
        return self.window.page(wanted)

    def to_first_task(self):
        """From the list of what is due into the form; the cursor stands in what is empty."""
        self.page(TODAY)
        self.press("Home", "Return")
        self.wait(lambda: self.window.current_key == "recording")
        page = self.window.page("recording")
        return page.forms.views[page.tasks.code]

    def to_form(self):
        """The page 填报, and on it the form: after an export its outcome stands there."""
        page = self.page(RECORDING)
        if page._exporting:
            self.click(self.button("返回填报"))
        return page

    def attach(self, item, file):
        """Choose a file as evidence of an item of the task that is shown."""
        page = self.window.page("recording")
        self.give_file(file)
        add = page.forms.views[page.tasks.code].evidence[item].add
        self.go_to(add)
        self.press("Return")
        self.settle()

    def send(self, file):
        """Look at the page before the export and write the report by F9."""
        self.to_form()
        self.export(file)
        self.wait(file.is_file)
        self.settle()
        self.truth.left(file)

    def take(self, file, office_folder):
        """Take in what the office answers."""
        page = self.page(EXCHANGE)
        page.tabs.setCurrentIndex(0)
        self.give_file(file)
        self.go_to(page.incoming.zone)
        self.press("Return")
        self.wait(page.take.isEnabled)
        self.press("F9")
        self.settle()
        self.truth.office_answers(office_folder)

    # Looking

    def look(self):
        """Compare every sentence with the truth; where the clerk stood is where it goes on."""
        where = self.window.current_key
        exporting = where == "recording" and self.window.page("recording")._exporting
        self._look_at_frame()
        self._look_at_today()
        self._look_at_recording()
        self._look_at_letters()
        self._look_at_exchange()
        self._look_at_messages()
        self.window.open(where, enter=not exporting)
        self.settle()

    def _says_handed(self, text, place):
        wanted = self.truth.handed()
        assert all(word in text for word in wanted), (place, text, wanted)
        assert said_of(text) == said_of(wanted[0]), (place, text, wanted)

    def _look_at_frame(self):
        truth, strip = self.truth, self.window.status
        self._says_handed(strip.text, "strip")
        assert strip.export.isVisible() == bool(truth.unsent())
        assert ("意见未答复" in strip.text) <= bool(truth.open_opinions()), strip.text
        self._look_at_days(strip.text)
        badge = self.window.navigation.badge
        assert badge("exchange") == bool(truth.unsent())
        assert badge("recording") == len(truth.returned())
        replies = sum(each.kind == "reply" for each in truth.unsent())
        self.qtbot.waitUntil(
            lambda: badge("supervision") == truth.letters_waiting() + replies, timeout=WAIT
        )

    def _look_at_days(self, text):
        truth = self.truth
        there = truth.state(self.window.period) in {"submitted", "accepted", "reopened"}
        days = truth.days_left(self.window.period)
        words = f"还有 {days} 天" if days > 0 else f"已逾期 {-days} 天" if days else "今天截止"
        assert (words in text) != there, (text, words, there)
        assert ("截止" in text or "逾期" in text) != there, text

    def _look_at_today(self):
        truth, page = self.truth, self.page(TODAY)
        note = page.on_the_way.note
        self._says_handed(note.words.text(), "今日")
        assert note.export.isVisible() == bool(truth.unsent())
        assert page.returned.isVisible() == bool(truth.returned())
        words = page._due_words.text()
        state = truth.state(self.window.period)
        unsent = [each for each in truth.unsent() if each.period == self.window.period]
        assert ("已导出" in words) == (state in {"submitted", "accepted"}), (words, state)
        if unsent and state:
            assert "未导出" in words or "重新导出" in words, (words, unsent)
        done, asked = truth.filled(self.window.period)
        if "任务都已填写" in words:
            assert done == asked, (words, done, asked)
        assert ("退回" in words) <= bool(truth.returned()), words

    def _look_at_recording(self):
        truth, page = self.truth, self.page(RECORDING)
        period = self.window.period
        note, state = page.header._note.text(), truth.state(period)
        done, asked = truth.filled(period)
        told = re.search(r"已填 (\d+)/(\d+) 项", note)
        assert told, note
        assert (int(told[1]), int(told[2])) == (done, asked), (note, done, asked)
        unsent = sum(each.period == period for each in truth.unsent())
        told = re.search(r"未导出 (\d+) 项", note)
        assert (int(told[1]) if told else 0) == unsent, (note, unsent)
        assert ("已退回" in note) == (state == "returned"), note
        assert ("已接收" in note) == (state == "accepted"), note
        shown = sum(opinion.open for opinion in (page._form.opinions if page._form else ()))
        assert shown == truth.open_opinions(period)
        assert page.opinions.isVisible() == (
            not page._exporting and (state == "returned" or bool(page.opinions.rows))
        )

    def _look_at_letters(self):
        truth, page = self.truth, self.page(INBOX)
        note = page.header._note.text()
        count = len(truth.rows("SELECT 1 FROM letter"))
        if not count:
            return
        replies = sum(each.kind == "reply" for each in truth.unsent())
        assert note.startswith(f"共 {count} 件，待回复 {truth.letters_waiting()} 件"), note
        assert (f"未导出 {replies} 件" in note) == bool(replies), note

    def _look_at_exchange(self):
        truth, page = self.truth, self.page(EXCHANGE)
        self._says_handed(page.handover.words.text(), "交换")
        rows = {row.note.digest: row for row in page.history.rows.rows}
        for packet, _held in truth.sent:
            row = rows[packet.digest]
            there = packet.digest in truth.there
            assert (row.state.label == "尚无回执") == (not there), (row.name, row.state)
        sent = [row for row in rows.values() if row.note.direction is Direction.SENT]
        assert len(sent) == len(truth.sent)

    def _look_at_messages(self):
        for text in self.told:
            assert said_of(text) in ([], said_of(self.truth.handed()[0])), text


def _place(widget):
    """Where a widget stands, from the inside out."""
    names = []
    while widget is not None:
        names.append(f"{type(widget).__name__} {widget.accessibleName()} {widget.isVisible()}")
        widget = widget.parentWidget()
    return " < ".join(names)
