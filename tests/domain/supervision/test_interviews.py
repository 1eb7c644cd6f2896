"""The paragraph of a letter that says when, where and by whom a 约谈 is held."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.supervision.interviews import (
    Interview,
    interview_in,
    moment_in,
    moment_text,
    with_interview,
)

SETTLED = Interview("2026年6月3日9时30分", "三楼会议室", "区食药安办主任", "张三，0123-4567890")
WORDS = st.text("约谈室三楼张李0123-，（）", max_size=12)


def test_what_is_settled_stands_in_one_paragraph():
    assert SETTLED.line == (
        "约谈时间：2026年6月3日9时30分；约谈地点：三楼会议室；约谈人：区食药安办主任；"
        "联系人和电话：张三，0123-4567890。"
    )
    assert SETTLED.lacking == ()


def test_what_is_not_settled_is_named_and_leaves_room_in_the_letter():
    open_one = Interview(time="2026年6月3日9时", host="主任")
    assert open_one.lacking == ("约谈地点", "联系人和电话")
    assert "约谈地点：　　　　" in open_one.line


@given(st.builds(Interview, WORDS, WORDS, WORDS, WORDS))
def test_the_letter_s_text_gives_back_what_was_put_into_it(interview):
    body = with_interview("决定约谈：\n1.事项。\n约谈后仍未整改的，提请挂牌督办。", interview)
    assert interview_in(body) == interview
    assert with_interview(body, interview) == body
    # It stands before the last paragraph, and is replaced where it is.
    assert body.splitlines()[2] == interview.line
    assert with_interview(body, SETTLED).splitlines()[2] == SETTLED.line


def test_a_text_without_the_paragraph_has_no_interview():
    assert interview_in("决定约谈。\n时间另行通知。") is None
    assert with_interview("", SETTLED) == SETTLED.line


@given(st.datetimes(min_value=datetime(2020, 1, 1)))  # noqa: DTZ001 - where the office is
def test_a_moment_is_read_back_to_the_minute(moment):
    assert moment_in(moment_text(moment)) == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize("text", ["", "另行通知", "2026年13月1日9时", "2026年2月30日9时"])
def test_words_that_name_no_moment_are_none(text):
    assert moment_in(text) is None
