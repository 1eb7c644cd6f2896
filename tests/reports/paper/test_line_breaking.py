from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fsdesk.reports.paper.line_breaking import NOT_AT_END, NOT_AT_START, break_lines

TEXTS = st.text(alphabet="抽检批次任务，。、；：）」”（「“1900.5%≥abcT04-—… \n", max_size=80)


def characters(text):
    return len(text)


def test_punctuation_stays_with_the_character_before_it():
    assert break_lines("完成食品抽检，整改到位。", 6, characters) == (
        "完成食品抽",
        "检，整改到",
        "位。",
    )


def test_an_opening_bracket_goes_to_the_next_line():
    assert break_lines("食品抽检（农产品）", 5, characters) == ("食品抽检", "（农产品）")


def test_numbers_with_their_signs_and_codes_stay_whole():
    assert break_lines("目标≥1900批次", 6, characters) == ("目标", "≥1900批", "次")
    assert break_lines("任务编码T04-1", 7, characters) == ("任务编码", "T04-1")


def test_a_new_line_always_breaks_and_an_empty_text_is_one_empty_line():
    assert break_lines("一\n\n二", 10, characters) == ("一", "", "二")
    assert break_lines("", 10, characters) == ("",)


@given(TEXTS, st.integers(1, 30))
def test_no_character_is_lost_and_no_line_is_too_wide(text, width):
    lines = break_lines(text, width, characters)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert all(len(line) <= width for line in lines)


@given(
    st.lists(
        st.sampled_from(["抽", "检，", "（食）", "“药”。", "批次；", "12%", "Ab", "…"]), max_size=30
    ).map("".join),
    st.integers(12, 30),
)
def test_no_line_begins_or_ends_with_what_may_not(text, width):
    # Runs such as 12%Ab12% may be wider than a line and are cut then: leave these out.
    if any(run > width for run in unbreakable(text)):
        return
    lines = break_lines(text, width, characters)
    assert not [line for line in lines[1:] if line[0] in NOT_AT_START]
    assert not [line for line in lines[:-1] if line[-1] in NOT_AT_END]


def unbreakable(text):
    """Give upper bounds for the lengths of what can't be broken: all between Chinese letters."""
    run = 0
    for char in text:
        run = 2 if char in "抽检食药批次" else run + 1
        yield run + 1
