"""Plan files are YAML 1.2: a word is a word, and every fault has its line."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml.error import MarkedYAMLError, YAMLError

from fsdesk.documents.yaml_text import SameNameError, mapping_of


@pytest.mark.parametrize(
    "word", ["no", "on", "Yes", "12:30", "2026-02-30", "1_000", "0x", "=", "1.5.2", "完成"]
)
def test_what_only_older_yaml_takes_for_something_else_stays_a_text(word):
    assert mapping_of(f"a: {word}\n") == {"a": word}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("FALSE", False), ("~", None), ("", None), ("010", 10), ("0o17", 15),
        ("0x1f", 31), ("-3", -3), ("4.50", 4.5), (".5", 0.5), ("1e3", 1000.0),
        ("-.inf", -math.inf), ("'010'", "010"), ('"true"', "true"),
    ],
)  # fmt: skip
def test_numbers_and_truth_are_what_yaml_says(text, value):
    found = mapping_of(f"a: {text}\n")["a"]
    assert (found, type(found)) == (value, type(value))


def test_names_and_items_know_their_lines():
    found = mapping_of("first: 1\n\nlist:\n- a\n# note\n- b: 2\n  c: 3\n")
    assert found.lines == {"first": 1, "list": 3}
    assert found["list"].lines == [4, 6]
    assert found["list"][1].lines == {"b": 6, "c": 7}


def test_what_is_named_once_and_used_again_is_the_same():
    found = mapping_of("base: &base {a: 1, b: 2}\nown:\n  <<: *base\n  b: 3\n")
    assert found["own"] == {"a": 1, "b": 3}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 3),
        ("c: 1\na: &x\n  b: *x\n", 2),
        ("a: 1\nb: !!int zwei\n", 2),
        (f"a: 1\nb: {'9' * 5000}\n", 2),
        ("a: 1\n? [b]\n: 2\n", 2),
        ("a: [1,\n", 2),
    ],
)
def test_every_fault_is_told_with_its_line(text, line):
    with pytest.raises(MarkedYAMLError) as told:
        mapping_of(text)
    assert told.value.problem_mark.line + 1 == line


def test_equal_names_are_a_fault_of_their_own():
    with pytest.raises(SameNameError):
        mapping_of("a:\n  b: 1\n  b: 1\n")


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "a: " + "[" * 900, "{a: " * 900])
def test_levels_without_end_are_refused(text):
    with pytest.raises((YAMLError, RecursionError)):
        mapping_of(text)


@given(st.text())
def test_any_text_is_a_mapping_or_none_or_refused(text):
    try:
        found = mapping_of(text)
    except YAMLError:
        return
    assert found is None or isinstance(found, dict)
