"""Tables as text: quotation marks swallow nothing and stay where somebody typed them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.delimited import join_table, split_table


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", []),
        ("a\t\n\nb", [["a", ""], [""], ["b"]]),
        ('"\tx\r\n2\ty\r\n', [['"', "x"], ["2", "y"]]),
        ('"\tx\r\n19"\ty\r\n', [['"', "x"], ['19"', "y"]]),
        ('"铁拳"\t甲', [['"铁拳"', "甲"]]),
        ('"铁拳"行动\t5"', [['"铁拳"行动', '5"']]),
        ('"一\n二"\t甲', [["一\n二", "甲"]]),
        ('"他说""好""\n走"\t甲', [['他说"好"\n走', "甲"]]),
    ],
)
def test_a_block_of_the_clipboard(text, cells):
    assert split_table(text, "\t", copied=True) == cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('"铁拳",甲\n', [["铁拳", "甲"]]),
        ('"""铁拳""",甲\n', [['"铁拳"', "甲"]]),
        ('"a,b",甲\n"一\n二",乙\n', [["a,b", "甲"], ["一\n二", "乙"]]),
        ('",甲\n1,乙\n', [['"', "甲"], ["1", "乙"]]),
        ('=""0012"",甲', [['=""0012""', "甲"]]),
        ('="0012",甲', [['="0012"', "甲"]]),
    ],
)
def test_a_text_file(text, cells):
    assert split_table(text, ",") == cells


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r"), max_size=6
) | st.sampled_from(['"', '"铁拳"', 'a"', '""', "一\n二", 'x"y'])


@given(
    st.lists(st.lists(TEXTS.filter(lambda t: "\t" not in t), min_size=2, max_size=2), max_size=4)
)
def test_what_is_copied_comes_back(rows):
    assert split_table(join_table(rows), "\t", copied=True) == rows
