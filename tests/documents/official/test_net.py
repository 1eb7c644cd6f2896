"""Nothing that a document says is silently missing: it is in the draft, or a doubt at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.sources.text import read_text
from fsdesk.domain.findings import InputRejectedError
from tests.documents.official.corpus_files import CORPUS
from tests.plans import YEAR, small_plan

KNOWN = Known(small_plan().directory, ours=True, year=YEAR)
TEXTS = [
    (CORPUS / f"{name}.txt").read_text(encoding="utf-8")
    for name in (
        "county_2024",
        "drugs_lines_2025",
        "by_whom_2026",
        "nested_2026",
        "run_together_2024",
    )
]
# What is put in, and whether it counts wherever it stands or only where a task is.
WHO = (
    "（区林业局负责）",
    "〔区林业局牵头，区水利局配合〕",
    "[责任单位：区林业局、区水利局]",
    "（区林业局、区水利局按职责分工负责）",
    "责任单位：区林业局、区水利局。",
)
GOALS = ("，全年不少于37批次。", "，覆盖率达到37%。", "，新建37家。", "，于7月底前完成。")
CUTS = "。；\n"


def places(text):
    """Return where a sentence ends: what is put in there is a part of nothing else."""
    return [at + 1 for at, character in enumerate(text) if character in CUTS]


def read(text):
    return parse(read_text(text, "plan.txt"), KNOWN)


def found_at(parsed, words):
    """Return whether any of some words, wherever they stand, is in the draft or in a doubt."""
    spans = [
        *parsed.assignment_spans.values(),
        *(doubt.span for doubt in parsed.doubts),
        *(
            span
            for code, where in parsed.spans.items()
            for span in where
            if not code.startswith("T")
        ),
    ]
    for line in parsed.lines:
        at = line.text.find(words)
        if at >= 0:
            end = at + len(words)
            return any(s.line == line.number and s.start < end and at < s.end for s in spans)
    return False


@given(st.sampled_from(TEXTS), st.sampled_from(WHO), st.data())
def test_who_answers_is_in_the_draft_or_in_a_doubt(text, words, data):
    at = data.draw(st.sampled_from(places(text)))
    try:
        parsed = read(text[:at] + words + text[at:])
    except InputRejectedError:
        return
    assert found_at(parsed, words)
    for name in ("区林业局", "区水利局"):
        assert name not in words or found_at(parsed, name)


@given(st.sampled_from(TEXTS), st.sampled_from(GOALS), st.data())
def test_what_a_task_must_reach_is_in_the_draft_or_in_a_doubt(text, words, data):
    inside = [at for at in places(text) if text[at - 1] in "。；" and text[at - 2] not in "）)]〕"]
    at = data.draw(st.sampled_from(inside)) - 1
    try:
        parsed = read(text[:at] + words + text[at + 1 :])
    except InputRejectedError:
        return
    in_task = any(words.strip("，。") in text for text in (task.text for task in parsed.plan.tasks))
    assert not in_task or found_at(parsed, words)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("3.开展专项检查，", "没有列入任何任务"),
        ("（区林业局负责）", "没有读入任何任务"),
        ("区林业局、区水利局分别牵头落实", "没有读入任何任务"),
    ],
)
def test_what_stands_in_no_task_is_told(line, told):
    """A table without a head that the reader knows, and a line within it."""
    text = (
        "2026年食品安全工作要点\n一、压实责任\n1.开展抽检。（区市场监管局负责）\n"
        f"附表\n甲\t乙\t丙\n{line}说明文字若干\t其他说明\t更多说明\n"
    )
    parsed = read(text)
    assert any(told in doubt.message for doubt in parsed.doubts) or found_at(parsed, line)


def test_what_a_heading_asks_for_is_read_or_told():
    """A heading that is a sentence takes its goals with it, wherever its task's text begins."""
    parsed = read(
        "2026年食品安全工作要点\n一、压实责任\n"
        "1.推进提升，改造小餐饮37家，于7月底前完成。（区林业局、区水利局负责；各所落实）\n"
        "2.开展监督抽查，结案率为100%。（区林业局，区水利局）\n"
        "二、改造小作坊38家\n1.开展抽检。（区市场监管局负责）\n"
    )
    for words in ("37家", "7月底前", "100%", "38家"):
        assert found_at(parsed, words), words


def test_a_bracket_of_nothing_but_names_behind_a_heading_says_who_answers():
    parsed = read(
        "2026年食品安全工作要点\n一、压实责任\n"
        "1.开展监督抽查，结案率为100%。〔区林业局、区水利局〕\n2.开展抽检。（区市场监管局负责）\n"
    )
    task = parsed.plan.tasks[0]

    names = [parsed.plan.directory.name(assignment.party) for assignment in task.assignments]
    assert names == ["区林业局", "区水利局"]
    assert [indicator.target_text for indicator in task.indicators] == ["=100%"]


def test_several_dates_in_one_label_are_told():
    parsed = read(
        "2026年食品安全工作要点\n一、压实责任\n1.改造市场。责任单位：区林业局；"
        "完成时限：3月底前完成设计，6月底前开工，11月底前完工。\n"
    )
    assert any("几个日期" in doubt.message for doubt in parsed.warnings)


def test_a_doubt_about_a_target_in_a_column_is_told():
    parsed = read(
        "2026年食品安全工作要点\n序号\t主要任务\t目标要求\t责任单位\n"
        "1\t开展抽检\t满意度达到85\t区林业局\n2\t开展培训\t培训3期\t区水利局\n"
    )
    assert any("没有写明计量单位" in doubt.message for doubt in parsed.warnings)


def test_a_line_of_its_own_is_told_however_short_it_is():
    text = "2026年食品安全工作要点\n一、监管\n1.整治。严查违法。（区市场监管局负责）\n"
    parsed = read(f"{text}工作\n2.抽检。开展抽检。（区市场监管局负责）\n")

    assert len(parsed.plan.tasks) == 2
    assert found_at(parsed, "工作\n".strip()) or any(d.text == "工作" for d in parsed.doubts)
