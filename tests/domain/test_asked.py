"""Questions as they are typed find the paragraphs that answer them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.handbook.asked import Answers, Passage

BOOK = (
    Passage("怎样报送？", "点“检查并导出”，把文件交给办公室。", 1),
    Passage("佐证材料", "佐证材料在事项下面点“添加附件”。", 2),
    Passage("", "解压到 U 盘，双击使用。", 3),
    Passage("怎样备份？", "程序每天自动备份，U 盘上另存一份；导出的文件不在备份里。", 4),
    Passage("忘记密码", "输入恢复码。", 5),
    Passage("数据的位置", "报送以后也在原处。", 6),
)


def found(typed, book=BOOK):
    return [each.place for each in Answers(book).find(typed)]


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("怎么报送", 1),  # other words that ask
        ("U盘", 3),  # blanks and case count nothing
        ("u 盘 解压", 3),
        ("ｕ盘 解压", 3),
        ("照片怎么加", 2),  # the book says it otherwise
        ("密码忘了怎么办", 5),
        ("怎么备份", 4),
        ("备份 导出", 4),
    ],
)
def test_the_best_comes_first(typed, best):
    assert found(typed)[0] == best


def test_what_holds_every_piece_comes_before_what_is_only_alike():
    book = (Passage("导出文件", "导出文件。", 1), Passage("", "把导出的文件" + "另存，" * 300, 2))
    assert found("导出的文件", book) == [2, 1]


def test_of_those_that_hold_it_the_one_with_it_in_the_title_comes_first():
    assert found("报送") == [1, 6]


def test_what_the_reader_is_not_told_comes_later():
    book = (Passage("怎样报送？", "甲", 1, weight=0.5), Passage("怎样报送？", "乙", 2))
    assert found("怎么报送", book) == [2, 1]


@pytest.mark.parametrize("typed", ["", "  ", "绝无此词", "怎么了吗", "？！", "食堂菜谱"])
def test_nothing_is_found_where_nothing_answers(typed):
    assert not found(typed)
    assert not found(typed, ())


@given(st.text())
def test_whatever_is_typed_is_searched(typed):
    assert len(set(found(typed))) == len(found(typed)) <= len(BOOK)
