"""What the user is told: three parts, details to copy, nothing that blocks without need."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget

from fsdesk.domain.findings import InputRejectedError, Place, error, reject
from fsdesk.unforeseen import UNEXPECTED
from tests.ui import looking
from ui.appearance import Mode
from ui.messages import Messages, report_of
from ui.widgets.frame.banner import Banner, BannerArea

PLACE = Place("3月.xlsx", "指标", "D7")


@pytest.fixture
def window(qtbot, theme):
    made = QWidget()
    made.resize(600, 400)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def area(window):
    return BannerArea(window)


@pytest.fixture
def messages(window, area):
    made = Messages(window)
    made.attach(window, area, lambda: "review")
    return made


def answer(word):
    """Press the button of that word in the dialog that will be open."""

    def press():
        box = QApplication.activeModalWidget()
        next(found for found in box.findChildren(QPushButton) if found.text() == word).click()

    QTimer.singleShot(0, press)


def test_one_finding_tells_what_where_and_what_to_do():
    report = report_of(reject("完成值“一百”不是数", "请填写数字", PLACE))
    assert report.what == "完成值“一百”不是数"
    assert report.where == "文件“3月.xlsx” 工作表“指标” 单元格 D7"
    assert report.remedy == "请填写数字"
    assert "D7" in report.details


def test_many_findings_are_listed_and_the_rest_counted():
    findings = [error(f"第 {number} 个", place=PLACE) for number in range(12)]
    report = report_of(InputRejectedError(*findings), "导入报送包")
    assert report.what.startswith("发现 12 个问题：")
    assert "另有 4 条" in report.what
    assert "第 11 个" in report.details
    assert report.where == "导入报送包"


def test_an_unforeseen_error_is_told_in_plain_words_with_the_traceback_to_copy(tmp_path):
    try:
        {}["x"]
    except KeyError as fault:
        report = report_of(fault, "打开计划", logs=tmp_path)
    assert (report.what, report.where) == (UNEXPECTED, "打开计划")
    (left,) = tmp_path.glob("crash-*.txt")
    assert str(left) in report.remedy
    assert "KeyError" in report.details
    assert "KeyError" not in report.what + report.remedy
    assert "KeyError" in left.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            FileNotFoundError(2, "No such file", "a.xlsx"),
            "不能读写文件“a.xlsx”：文件或文件夹不存在",
        ),
        (PermissionError(13, "denied", "a.xlsx"), "可能正被其他程序打开"),
        (FileExistsError(17, "exists", "a.xlsx"), "已有同名的文件"),
        (OSError(28, "No space left"), "磁盘已满"),
        (MemoryError(), "内存不足"),
    ],
)
def test_the_systems_errors_are_told_in_chinese(fault, words):
    assert words in report_of(fault).what


def test_an_error_shows_without_blocking_and_its_details_can_be_copied(messages, window):
    messages.error(reject("不是数", "请填写数字", PLACE))
    [box] = window.findChildren(QMessageBox)
    assert box.isVisible()
    assert box.text() == "不是数"
    assert "位置：文件“3月.xlsx”" in box.informativeText()
    copy = next(found for found in box.findChildren(QPushButton) if found.text() == "复制详情")
    copy.click()
    assert "InputRejectedError" in QGuiApplication.clipboard().text()
    assert box.isVisible()
    box.close()


def test_what_stands_while_the_colours_change_is_drawn_in_the_new_ones(messages, window, theme):
    messages.warn("有三个单位的文件没有签名。")
    messages.error(OSError("磁盘已满"))
    box = window.findChild(QMessageBox)
    for mode in (Mode.DARK, Mode.CONTRAST, Mode.LIGHT):
        theme.set_mode(mode)
        looking.settle()
        assert looking.left_in_old_colours(window) == looking.left_in_old_colours(box) == []
    box.close()


def test_a_question_is_answered_by_its_verb_or_not_at_all(messages):
    answer("覆盖")
    assert messages.ask("文件已存在", verbs=("覆盖", "另存一份")) == "覆盖"
    answer("取消")
    assert messages.ask("文件已存在", verbs=("覆盖", "另存一份")) is None


def test_enter_never_loses_anything(messages, qtbot):
    QTimer.singleShot(
        0, lambda: qtbot.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Return)
    )
    assert messages.confirm("删除这条台账？", "删除") is False
    answer("删除")
    assert messages.confirm("删除这条台账？", "删除") is True


def test_news_appears_in_the_window_and_its_action_closes_it(messages, area):
    done = []
    messages.info("已导出 3 月报送包。", "打开所在文件夹", lambda: done.append(True))
    [banner] = area.banners
    assert banner.text == "已导出 3 月报送包。"
    next(found for found in banner.findChildren(QPushButton)).click()
    assert done == [True]
    assert area.banners == []
    assert area.isHidden()


def test_news_goes_away_by_itself_and_a_warning_stays(messages, area, monkeypatch, qtbot):
    monkeypatch.setattr("ui.widgets.frame.banner.NOTICE_MS", 5)
    messages.warn("工作区在网络磁盘上。")
    messages.info("已保存。")
    qtbot.waitUntil(lambda: [banner.text for banner in area.banners] == ["工作区在网络磁盘上。"])


def test_the_same_news_stands_there_once_and_only_the_latest_three_remain(messages, area):
    messages.warn("一")
    messages.warn("一")
    assert len(area.banners) == 1
    for text in "二三四":
        messages.warn(text)
    assert {banner.text for banner in area.banners} == set("二三四")
    assert all(isinstance(banner, Banner) for banner in area.banners)


def test_without_a_window_news_is_only_logged(qapp, caplog):
    caplog.set_level("INFO")
    door = Messages()
    door.info("已保存。")
    door.warn("磁盘将满。")
    assert [record.getMessage() for record in caplog.records] == ["已保存。", "磁盘将满。"]


def test_later_news_of_a_page_takes_the_place_of_its_warning(messages, area, monkeypatch):
    messages.warn("退回时要写明原因。")
    messages.warn("程序上次没有正常结束。", cause="opened")
    monkeypatch.setattr("ui.widgets.frame.banner.SAME_STEP_S", 0.0)
    messages.info("已退回。")
    assert {banner.text for banner in area.banners} == {"已退回。", "程序上次没有正常结束。"}


def test_what_is_told_in_one_step_stays_together(messages, area):
    messages.info("已接收 3 个。")
    messages.warn("2 个没有接收。")
    assert len(area.banners) == 2


def test_a_warning_goes_when_its_cause_is_gone(messages, area):
    messages.warn("3月报送已逾期 2 天。", cause="due")
    messages.settle("due")
    assert area.banners == []


def test_a_new_message_takes_no_click_that_is_meant_for_what_it_covers(messages, area, qtbot):
    through = Qt.WidgetAttribute.WA_TransparentForMouseEvents
    messages.info("已保存。", "撤销", lambda: None)
    [banner] = area.banners
    assert banner.testAttribute(through)
    qtbot.waitUntil(lambda: not banner.testAttribute(through))


LONG = (
    "印发这份函件？",
    "3 个单位的报送包与本机已接收的内容不一致，仍要接收区市场监管局、区卫健局和光明街道的报送吗？",
    "文件“区市场监管局2026年11月食品药品安全重点工作进展情况（最终版）（2）.xlsx”已存在，要覆盖吗？",
    f"不能读写文件“{'report_2026-11_final' * 8}.xlsx”",
    "没有写明原因。" * 30,
)


@pytest.mark.parametrize("text", LONG)
def test_whatever_a_dialog_says_is_whole(messages, window, text):
    messages.error(text, f"导入“{text}”", f"请先处理“{text}”")
    [box] = window.findChildren(QMessageBox)
    assert cut_in(box) == []
    assert box.width() <= 600
    box.close()


def test_and_so_it_is_at_150_per_cent(only_theme):
    """Another process, since Qt takes the scale as it starts."""
    look = (
        "import sys; from PySide6.QtWidgets import QApplication, QMessageBox, QWidget;"
        "app = QApplication([]); from ui.fonts import install_font; install_font(app);"
        "from ui.appearance import Theme; theme = Theme(app);"
        "from tests.ui.test_messages import LONG, cut_in; from ui.messages import Messages;"
        "from ui.widgets.frame.banner import BannerArea;"
        "window = QWidget(); window.show(); door = Messages(window);"
        "door.attach(window, BannerArea(window));"
        "[door.error(text, text, text) for text in LONG];"
        "cut = [cut_in(box) for box in window.findChildren(QMessageBox)];"
        "sys.exit(str(cut) if any(cut) else 0)"
    )
    scaled = {**os.environ, "QT_SCALE_FACTOR": "1.5", "XDG_CONFIG_HOME": os.devnull}
    done = subprocess.run(
        [sys.executable, "-c", look], env=scaled, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def cut_in(box):
    """Give the texts of a dialog for which there is too little room."""
    QApplication.processEvents()
    labels = [it for it in box.findChildren(QLabel) if it.text()]
    return [
        it.text()
        for it in labels
        if it.height() < it.heightForWidth(it.width()) or it.sizeHint().width() > it.width()
        or it.geometry().right() > box.width()
    ]  # fmt: skip
