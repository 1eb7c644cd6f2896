"""Where only the words tell whether a line goes on, the other reading is compared and told."""

from __future__ import annotations

import time

import pytest

from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.sources.text import read_text
from fsdesk.documents.plan_file import load_builtin_plan

KNOWN = Known(load_builtin_plan(2026).directory, year=2026)
TITLE = "2026年食品安全工作要点\n"


def read(text):
    return parse(read_text(TITLE + text, "文字"), KNOWN)


def told(parsed):
    """Return the lines at which a doubt about a line break is told."""
    return [parsed.text_of(doubt.span) for doubt in parsed.doubts if "断行" in doubt.remedy]


def answers(parsed):
    names = parsed.plan.directory
    return [[names.name(a.party) for a in task.assignments] for task in parsed.plan.tasks]


# A break that is no end of anything, in a document whose other lines are whole.
BROKEN = {
    "within a name behind 由": "一、监管\n新建快检点5个。\n以上工作由区\n市场监管局负责。\n",
    "before who leads": "一、监管\n上述项目由区民政局\n牵头负责。\n",
    "within a name under a label": (
        "一、监管\n1.整治\n严查违法。\n责任单位：区委\n办公室、区市场监管局\n二、服务\n"
        "2.培训\n开展培训。\n责任单位：区教育局\n"
    ),
    "behind a bracket in a heading": (
        "一、监管\n(1)对乡镇（街道）\n开展评议考核。\n责任单位：区市场监管局\n"
    ),
    "before a small heading's colon": (
        "一、监管\n由区教育局牵头。\n合格率达到98%。\n主要\n措施：\n（一）开展检查5次。\n"
    ),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_break_that_changes_who_does_what_is_told(text):
    parsed = read(text)

    assert told(parsed)


# Lines that end without an end mark, and yet are what they are.
WHOLE = {
    "headings over their text": (
        "一、监管\n1.整治行动\n严查违法，检查100家。（甲局负责）\n2.培训工作\n开展培训。（乙局负责）\n"
        "3.宣传工作\n开展宣传。（丙局负责）\n"
    ),
    "the only heading over a text": (
        "一、保障能力\n1.风险预警\n抽检和处置。抽检100批次。（甲局负责）\n召开会议。（乙局负责）\n"
    ),
    "a heading over who does it": "一、治理污染\n由区教育局牵头，区商务局配合。\n开展检查5次。\n",
    "paragraphs that each name who answers": (
        "加强粮食监测，监测样品120份。（区发改局负责）\n推进惠民服务，开展活动10场。（区民政局负责）\n"
    ),
    "labels under headings of many points": (
        "一、监管\n1.整治\n工作内容：严查违法。\n责任单位：区市场监管局\n完成时限：10月底\n"
        "2.培训\n工作内容：开展培训。\n责任单位：区教育局\n完成时限：长期\n"
    ),
    "known headings": "一、总体要求\n全面落实责任。\n二、监管\n1.整治。严查违法。（甲局负责）\n",
    "answers on lines of their own": (
        "一、就业\n开展就业政策宣传。\n区人社局牵头落实\n"
        "二、财政\n公开财政收支。\n区财政局、区税务局牵头落实\n"
        "三、统计\n公布统计公报。\n区统计局牵头落实\n"
    ),
}


def test_a_short_line_of_a_page_on_which_others_were_broken_too_may_go_on():
    """Three lines fill the page, by chance; within a bracket, shorter ones were broken as well."""
    text = (
        "石门县药品安全巩固提升行动工作方案。为巩固药品安全整治成果，特此制定本工作方案。一、严查违法行\n"
        "为（一）严打非法渠道购药，抽查药品经营企业150家，立案不少于20件。（县公安局牵头，县民政局\n"
        "、县医保局配合）（二）整治医疗美容用药，检查覆盖率100%。（县卫健局、县\n"
        "公安局按职责分工负责）二、加强源头防控（三）落实药品追溯制度，赋码药品扫码率达到100%。（县市\n"
        "场监管局负责）（四）开展过期\n药品回收，设置回收点30个。（县公安局负责，各乡\n镇配合）\n"
    )

    assert any("药品回收" in line for line in told(read(text)))


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_a_line_that_is_whole_is_not_doubted(text):
    assert told(read(text)) == []


def test_a_line_of_names_and_what_they_do_answers_for_what_stands_before_it():
    parsed = read(WHOLE["answers on lines of their own"])

    assert answers(parsed) == [["区人社局"], ["区财政局", "区税务局"], ["区统计局"]]


@pytest.mark.parametrize(
    "text",
    [
        "一、监管\n1.整治。严查违法100家。\n（区发改局、区民政局）\n",
        "一、监管\n1.整治。严查违法。\n牵头单位：区发改局；责任单位：\n区民政局\n",
        "一、监管\n1.整治。严查违法。〔责任单位：\n区发改局、区民政局〕\n",
    ],
)
def test_names_belong_to_what_stands_before_their_line(text):
    assert answers(read(text)) == [["区发改局", "区民政局"]]


@pytest.mark.parametrize("mark", ["1\n.", "(\n1)", "（\n1）", "1\n、", "任务\n一："])
def test_a_heading_s_mark_that_was_broken_is_whole(mark):
    text = f"第一部分 监管\n{mark}整治。严查违法。（甲局负责）\n"

    assert [point.title for point in read(text).plan.points] == ["整治"]


def test_a_long_document_of_unsure_breaks_is_compared_in_seconds():
    points = "".join(
        f"{at}.整治。严查违法{at}家，\n由区\n市场监管局负责查处。\n" for at in range(1, 900)
    )
    start = time.process_time()
    parsed = read("一、监管\n" + points)

    assert time.process_time() - start < 20
    assert parsed.doubts
