"""The small widgets: what they say, what they emit, by real key and mouse events."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from fsdesk.domain.packet.handover import HandedOver, Handover, Thing, ThingKind
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.steps import Progress
from ui.appearance import Mode
from ui.tasks import State, TaskRunner
from ui.theme import LIGHT
from ui.widgets.choice import Choice
from ui.widgets.drop_zone import DropZone
from ui.widgets.empty_state import EmptyState
from ui.widgets.frame.status_strip import StatusStrip
from ui.widgets.lights import LightBadge
from ui.widgets.page_header import PageHeader
from ui.widgets.pictures.image_view import ImageView
from ui.widgets.pictures.pace_bar import PaceBar
from ui.widgets.search_field import SearchField
from ui.widgets.tile import Tile

pytestmark = pytest.mark.usefixtures("theme")


@pytest.fixture
def shown(qtbot):
    """Show a widget in a size and return it."""

    def show(widget, width=240, height=120):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show


def picture_of(widget):
    return widget.grab().toImage()


def ink_of(widget, colour):
    """Count the pixels of one colour."""
    image = picture_of(widget)
    wanted = QColor(colour)
    return sum(
        image.pixelColor(x, y) == wanted
        for x in range(image.width())
        for y in range(image.height())
    )


class TestLightBadge:
    @pytest.mark.parametrize("light", list(Light))
    def test_tells_the_light_by_word_colour_and_name(self, shown, light):
        badge = shown(LightBadge(light))
        assert badge.accessibleName() == f"亮灯：{light.label}"
        assert ink_of(badge, getattr(LIGHT, light.value)) > 5

    def test_shapes_differ_without_colour(self, shown):
        shapes = set()
        for light in Light:
            badge = LightBadge(light)
            badge.set_light(light, "同")
            image = picture_of(shown(badge)).copy(8, 0, 11, badge.height())
            ground = image.pixelColor(0, 0)
            shapes.add(
                tuple(
                    image.pixelColor(x, y) != ground
                    for x in range(image.width())
                    for y in range(image.height())
                )
            )
        assert len(shapes) == len(Light)

    def test_gives_its_reason_as_a_tip_and_room_for_longer_words(self):
        badge = LightBadge()
        narrow = badge.width()
        badge.set_light(Light.RED, "滞后 12.5 个百分点", "完成率 50%，序时进度 62.5%")
        assert badge.light is Light.RED
        assert badge.width() > narrow
        assert "序时进度" in badge.toolTip()


class TestPaceBar:
    def test_says_what_it_shows(self):
        bar = PaceBar(Measure.ATTAINMENT)
        bar.set_values(0.632, 0.75, Light.RED, Rules())
        assert bar.accessibleName() == "完成率 63.2%，序时进度 75.0%，滞后"

    def test_is_filled_as_far_as_reached_and_no_further(self, shown):
        bar = shown(PaceBar(Measure.ATTAINMENT), 202, 20)
        inks = []
        for reached in (None, 0.0, 0.5, 1.0, 1.4):
            bar.set_values(reached, 0.0, Light.GREEN, Rules())
            inks.append(ink_of(bar, LIGHT.green))
        assert inks[0] == inks[1] == 0
        assert 0 < inks[2] < inks[3] == inks[4]

    @pytest.mark.parametrize("pace", [0.0, 0.25, 1.0])
    def test_marks_the_pace_where_it_should_be(self, shown, pace):
        bar = shown(PaceBar(Measure.ATTAINMENT), 202, 20)
        bar.set_values(None, pace, Light.GREY, Rules())
        image = picture_of(bar)
        marked = [x for x in range(202) if image.pixelColor(x, 4) == QColor(LIGHT.text)]
        assert marked[0] == pytest.approx(1 + 198 * pace, abs=1)


class TestTile:
    def test_opens_by_mouse_enter_and_space(self, shown, qtbot):
        tile, opened = shown(Tile(Measure.OVERALL)), []
        tile.clicked.connect(lambda: opened.append(True))
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
        qtbot.keyClick(tile, Qt.Key.Key_Return)
        qtbot.keyClick(tile, Qt.Key.Key_Space)
        assert len(opened) == 3

    def test_reads_as_one_sentence_and_shows_its_light(self, shown):
        tile = shown(Tile(Measure.LAGGING_TASKS))
        assert ink_of(tile, LIGHT.red) == 0
        tile.set_values("5", "项", "滞后，较上月减少 2 项", Light.RED)
        assert tile.accessibleName() == "区级任务滞后：5项，滞后，较上月减少 2 项"
        assert ink_of(tile, LIGHT.red) > 50

    def test_shows_where_the_focus_is(self, shown):
        tile = shown(Tile(Measure.REPORTING_RATE))
        tile.clearFocus()
        before = ink_of(tile, LIGHT.accent)
        tile.setFocus()
        assert ink_of(tile, LIGHT.accent) > before + 100


class TestEmptyState:
    def test_offers_the_next_step(self, shown, qtbot):
        state = shown(EmptyState("inbox", "还没有报送包", "拖进来即可。", "选择文件"), 500, 400)
        with qtbot.waitSignal(state.next_step):
            qtbot.mouseClick(state.button, Qt.MouseButton.LeftButton)

    def test_without_a_verb_there_is_no_button(self, shown):
        state = shown(EmptyState("inbox", "没有滞后的任务", "都在进度上。"), 500, 400)
        assert not state.button.isVisible()
        state.set_texts("还没有数据", "先录入。", "去填报")
        assert state.button.isVisible()
        assert "还没有数据" in {found.text() for found in state.findChildren(QLabel)}

    def test_its_picture_follows_the_theme(self, shown, theme):
        state = shown(EmptyState("inbox", "空", "空"), 500, 400)
        picture = state.findChildren(QLabel)[0]
        before = picture.pixmap().toImage()
        theme.set_mode(Mode.DARK)
        assert picture.pixmap().toImage() != before


class TestDropZone:
    @pytest.fixture
    def zone(self, shown, tmp_path):
        chosen = [tmp_path / "选中.xlsx"]
        return shown(DropZone("拖到这里", "支持 .xlsx", lambda: chosen, [".xlsx"]), 400, 120)

    def drop(self, zone, *paths):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        copy = Qt.DropAction.CopyAction
        enter = QDragEnterEvent(QPoint(9, 9), copy, data, buttons, keys)
        QApplication.sendEvent(zone, enter)
        if enter.isAccepted():
            assert zone.property("over")
            QApplication.sendEvent(zone, QDropEvent(QPointF(9, 9), copy, data, buttons, keys))
        return enter.isAccepted()

    def test_takes_files_of_its_kind_and_folders(self, zone, qtbot, tmp_path):
        folder = tmp_path / "三月"
        folder.mkdir()
        wanted = [tmp_path / "甲.XLSX", folder]
        with qtbot.waitSignal(zone.paths_chosen) as got:
            assert self.drop(zone, wanted[0], tmp_path / "说明.docx", folder)
        assert got.args == [wanted]
        assert not zone.property("over")

    def test_refuses_what_it_cannot_take(self, zone, tmp_path):
        assert not self.drop(zone, tmp_path / "说明.docx")

    def test_lets_choose_by_click_enter_and_space(self, zone, qtbot, tmp_path):
        got = []
        zone.paths_chosen.connect(got.append)
        qtbot.mouseClick(zone, Qt.MouseButton.LeftButton)
        qtbot.keyClick(zone, Qt.Key.Key_Return)
        qtbot.keyClick(zone, Qt.Key.Key_Space)
        assert got == [[tmp_path / "选中.xlsx"]] * 3

    def test_says_nothing_when_the_user_cancels(self, shown, qtbot):
        zone = shown(DropZone("拖到这里", "", list))
        with qtbot.assertNotEmitted(zone.paths_chosen):
            qtbot.keyClick(zone, Qt.Key.Key_Return)


class TestImageView:
    def png(self, width, height):
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor("#ff0000"))
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        return bytes(buffer.data().data())

    def test_asks_for_a_picture_once_it_rests_in_a_size(self, qtbot):
        view = ImageView("各单位进度")
        qtbot.addWidget(view)
        asked = []
        view.wanted.connect(lambda size, ratio: asked.append((size, ratio)))
        view.resize(300, 200)
        view.show()
        view.resize(400, 250)
        qtbot.waitUntil(lambda: len(asked) == 1)
        assert asked == [(QSize(400, 250), 1.0)]
        view.ask_again()
        qtbot.waitUntil(lambda: len(asked) == 2)

    def test_shows_the_picture_undistorted(self, shown):
        view = shown(ImageView("图"), 400, 200)
        view.show_png(self.png(100, 100), "一个红色方块")
        assert view.has_picture
        assert view.accessibleDescription() == "一个红色方块"
        assert ink_of(view, "#ff0000") == pytest.approx(200 * 200, rel=0.03)

    def test_shows_why_there_is_no_picture(self, shown):
        view = shown(ImageView("图"), 400, 200)
        view.show_png(self.png(10, 10))
        view.show_text("本期还没有数据")
        assert not view.has_picture
        assert view.accessibleDescription() == "本期还没有数据"


class TestSearchField:
    def test_searches_when_typing_rests_and_at_once_by_enter(self, shown, qtbot):
        field = shown(SearchField("筛选任务"))
        with qtbot.waitSignal(field.searched) as got:
            qtbot.keyClicks(field, " abc ")
        assert got.args == ["abc"]
        field.setText("食堂")
        with qtbot.waitSignal(field.searched) as got:
            qtbot.keyClick(field, Qt.Key.Key_Return)
        assert got.args == ["食堂"]
        with qtbot.assertNotEmitted(field.searched):
            qtbot.keyClick(field, Qt.Key.Key_Return)

    def test_escape_empties_it(self, shown, qtbot):
        field = shown(SearchField("筛选任务"))
        field.setText("食堂")
        field.search_now()
        with qtbot.waitSignal(field.searched) as got:
            qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert got.args == [""]
        qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == ""


class TestChoice:
    @pytest.mark.parametrize("entries", [1, 2, 3, 5, 12, 18])
    def test_an_open_list_shows_its_last_entry_whole(self, shown, qtbot, entries):
        choice = shown(Choice("报告期", [(f"{month} 月", month) for month in range(entries)]))
        choice.showPopup()
        found = choice.view()
        qtbot.wait(10)
        last = found.visualRect(found.model().index(entries - 1, 0))
        assert found.viewport().rect().contains(last.bottomLeft())
        assert found.verticalScrollBar().maximum() == 0
        choice.hidePopup()

    def test_tells_only_what_the_user_chose(self, shown, qtbot):
        choice, got = shown(Choice("报告期", [("1 月", 1), ("2 月", 2)])), []
        choice.chosen.connect(got.append)
        choice.set_value(2)
        assert (choice.value, got) == (2, [])
        qtbot.keyClick(choice, Qt.Key.Key_Up)
        assert got == [1]

    def test_keeps_the_choice_among_other_entries(self):
        choice = Choice("报告期", [("1 月", 1), ("2 月", 2)])
        choice.set_value(2)
        choice.set_entries([("3 月", 3), ("2 月", 2)])
        assert choice.value == 2
        choice.set_value(99)
        assert choice.value == 2

    def test_the_wheel_changes_nothing(self, shown):
        choice = shown(Choice("报告期", [("1 月", 1), ("2 月", 2)]))
        choice.setFocus()
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(choice, turn)
        assert choice.value == 1


class TestPageHeader:
    def test_has_one_primary_button_at_the_right_of_the_quiet_ones(self, shown, qtbot):
        header, done = PageHeader("填报"), []
        header.set_primary("检查并导出", lambda: done.append("导出"), "file-up")
        header.add_quiet("复制上期", lambda: done.append("复制"))
        header.add_widget(SearchField("筛选"))
        header.set_note("共 12 项")
        shown(header, 800, 60)
        buttons = sorted(header.findChildren(QPushButton), key=lambda it: it.x())
        assert [button.text() for button in buttons] == ["复制上期", "检查并导出"]
        for button in buttons:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert done == ["复制", "导出"]


def stands(*states):
    key = "progress/T01-1/scj/2026-03"
    return HandedOver(tuple(Thing(ThingKind.RECORD, key, "", "2026-03", state) for state in states))


class TestStatusStrip:
    def test_says_what_is_saved_not_exported_and_due(self):
        strip = StatusStrip()
        assert strip.text == ""
        strip.set_saved(datetime(2026, 3, 5, 14, 32, tzinfo=UTC))
        strip.set_handed_over(stands(Handover.UNSENT, Handover.SENT))
        strip.set_due("3 月报送", 4)
        assert strip.text == "已保存 14:32 · 距 3 月报送截止还有 4 天 · 未导出：3月 1 项"

    def test_offers_to_export_what_no_packet_has_carried(self, shown, qtbot):
        strip = shown(StatusStrip(), 900, 34)
        assert not strip.export.isVisible()
        strip.set_handed_over(stands(Handover.UNSENT))
        with qtbot.waitSignal(strip.export_wanted):
            qtbot.mouseClick(strip.export, Qt.MouseButton.LeftButton)
        strip.set_handed_over(stands(Handover.SENT))
        assert not strip.export.isVisible()
        assert strip.text == "已导出，尚未收到回执"

    @pytest.mark.parametrize(
        ("days", "words"),
        [(0, "3 月报送今天截止"), (-3, "3 月报送已逾期 3 天"), (None, "还没有填报内容")],
    )
    def test_tells_the_day_itself_and_the_days_after(self, days, words):
        strip = StatusStrip()
        strip.set_saved(None)
        strip.set_handed_over(HandedOver())
        strip.set_due("3 月报送", days)
        assert words in strip.text

    def test_follows_titled_work_and_cancels_it(self, shown, qtbot):
        strip, runner = shown(StatusStrip(), 900, 34), TaskRunner(lambda *_: None)
        strip.follow(runner)
        cancel = next(it for it in strip.findChildren(QPushButton) if it.text() == "取消")
        assert not cancel.isVisible()

        def endless():
            while True:
                yield Progress(1, 4, "正在读取第 1 个文件")

        task = runner.run(endless, title="导入报送包")
        qtbot.waitUntil(
            lambda: "正在读取第 1 个文件" in {it.text() for it in strip.findChildren(QLabel)}
        )
        assert cancel.isVisible()
        with qtbot.waitSignal(runner.finished):
            qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
        assert task.state is State.CANCELLED
        assert not cancel.isVisible()
        runner.close()

    @pytest.mark.parametrize(
        ("elapsed", "words"), [(1, ""), (10, "约剩 30 秒"), (300, "约剩 15 分钟")]
    )
    def test_guesses_the_remaining_time_once_it_can(self, qtbot, monkeypatch, elapsed, words):
        strip, runner = StatusStrip(), TaskRunner(lambda *_: None)
        qtbot.addWidget(strip)
        task = runner.run(lambda: None, title="导入")
        runner.close()
        monkeypatch.setattr(
            "ui.widgets.frame.status_strip.time.monotonic", lambda: task.started + elapsed
        )
        strip.follow(runner)
        runner.started.emit(task)
        runner.progressed.emit(task, Progress(1, 4))
        shown = {it.text() for it in strip.findChildren(QLabel)}
        assert ("，".join(filter(None, ("导入", words)))) in shown
