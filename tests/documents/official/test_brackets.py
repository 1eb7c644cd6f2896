"""What stands in a bracket: names, remarks, deadlines, groups and tails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdesk.documents.official.answers.closers import groups
from fsdesk.documents.official.answers.responsible import read_phrase
from fsdesk.documents.official.sources.passage import plain
from fsdesk.domain.findings import Severity
from fsdesk.domain.plan.plan import Role
from fsdesk.services.plan_document.plan_documents import read_pasted

WORDS = {Role.LEAD: "牵头", Role.SOLE: "负责", Role.SHARED: "分工", Role.SUPPORT: "配合"}
# Each bracket with those who answer; a question mark where the words don't say how.
FIRST_LEADS = [
    "责任单位：区市场监管局、区教育局，列第一位的为牵头单位，下同",
    "责任单位：区市场监管局、区教育局；排在首位的为牵头单位，以下同",
    "责任单位：区市场监管局、区教育局。排名第一的单位为牵头单位",
    "责任单位：区市场监管局、区教育局（列第一位者为牵头单位，下同）",
    "责任单位：区市场监管局、区教育局【首位为牵头单位】",
    "责任单位（排第一的为牵头单位，下同）：区市场监管局、区教育局",
    "区市场监管局、区教育局，第一个为牵头单位，下同",
    "区市场监管局、区教育局负责，位列第1位的为牵头单位",
    "★区市场监管局、区教育局，带★的为牵头单位",
    "责任单位：区市场监管局＊、区教育局，标＊的为牵头单位，下同",
]
SAID = {
    "责任单位：区市场监管局、区教育局、区卫健局，前两位为牵头单位": (
        "区市场监管局:牵头 区教育局:牵头 区卫健局:分工"
    ),
    "责任单位：区市场监管局★、区教育局": "区市场监管局:牵头? 区教育局:分工",
    "责任单位：区市场监管局、区教育局，排名不分先后": "区市场监管局:负责 区教育局:负责",
    "区市场监管局、区教育局按职责分工负责，下同": "区市场监管局:分工 区教育局:分工",
    "区市场监管局牵头，区检察院、区法院依法履职": "区市场监管局:牵头 区检察院:分工 区法院:分工",
    "区市场监管局负责落实，区食药安办督促指导": "区市场监管局:负责 区食药安办:配合",
    "区食药安办督促指导，各街道具体落实": "区食药安办:配合 各街道:负责",
    "区法院、区检察院依法履行职责": "区法院:分工 区检察院:分工",
    "区卫健局、区教育局根据职能分工各司其职": "区卫健局:分工 区教育局:分工",
    "区市场监管局具体牵头实施，其他成员单位积极参与": "区市场监管局:牵头 其他成员单位:配合",
    "区食安办负责统筹协调，各成员单位按职责落实": "区食安办:牵头 各成员单位:分工",
    "由区教育局负责，区市场监管局给予技术支持": "区教育局:负责 区市场监管局:配合",
    "区市场监管局会同区公安分局负责": "区市场监管局:牵头 区公安分局:配合",
    "各有关部门和单位按职责分工负责": "各有关部门和单位:分工",
    "区市场监管局牵头，各有关部门及单位配合": "区市场监管局:牵头 各有关部门及单位:配合",
    "区教育局、区卫健局等有关部门和各镇街按照职责分工负责": (
        "区教育局:分工 区卫健局:分工 各镇街:分工"
    ),
    "各镇（街道）、各有关单位分别负责": "各镇(街道):分工 各有关单位:分工",
    "各县（市、区）人民政府结合实际抓好落实": "各县(市、区)人民政府:负责",
    "区级各有关部门、各镇人民政府结合实际，分别负责": "区级各有关部门:分工 各镇人民政府:分工",
    "各镇街党（工）委、政府（办事处）负责": "各镇街党(工)委、政府(办事处):负责",
    "区市场监管局，区教育局；区卫健局和区商务局及区民政局与区司法局负责": (
        "区市场监管局:负责 区教育局:负责 区卫健局:负责 区商务局:负责 区民政局:负责 区司法局:负责"
    ),
    "省市场监管局、省公安厅等省级相关部门及各地区按职责分工负责": (
        "省市场监管局:分工 省公安厅:分工 各地区:分工"
    ),
    "区教育局、区公安分局等区政府有关部门和相关街道负责": (
        "区教育局:负责 区公安分局:负责 相关街道:负责"
    ),
    "团中央、共青团区委、农商银行某支行按职责分工负责": (
        "团中央:分工 共青团区委:分工 农商银行某支行:分工"
    ),
    "责任单位：区交通局、区教育局 项目责任人：张三 配合单位：区财政局": (
        "区交通局:负责 区教育局:负责 区财政局:配合"
    ),
    "牵头领导：张三；责任单位：区交通局": "区交通局:负责",
    "区市场监管局负责，区法院做实释法说理": "区市场监管局:负责 区法院:负责?",
    "区财政局保障经费，区教育局负责": "区财政局:负责? 区教育局:负责",
    "区公安分局依法严厉打击，区市场监管局配合": "区公安分局:负责? 区市场监管局:配合",
}
DUES = {
    "区教育局负责，6月底完成": ("区教育局:负责", "6月底完成"),
    "区教育局6月底前完成": ("区教育局:负责", "6月底前完成"),
    "6月底前，区教育局负责": ("区教育局:负责", "6月底前"),
    "责任单位：区教育局，2026年10月底前完成": ("区教育局:负责", "2026年10月底前完成"),
    "完成时限：6月底前，区教育局负责": ("区教育局:负责", "6月底前"),
    "区教育局、区卫健局负责，7-9月": ("区教育局:负责 区卫健局:负责", "7-9月"),
    "区教育局负责，全年": ("区教育局:负责", "全年"),
    "区教育局负责，长期坚持": ("区教育局:负责", "长期坚持"),
}


def said(phrase):
    return " ".join(
        f"{one.name}:{WORDS[one.role]}{'' if one.stated else '?'}" for one in phrase.named
    )


def in_bracket(words):
    ((_, _, (closer,)),) = groups(plain(f"做好甲事。（{words}）"))
    return closer.phrase


@pytest.mark.parametrize("words", FIRST_LEADS)
def test_the_first_or_the_marked_one_leads_and_no_unit_is_made_of_the_remark(words):
    assert said(in_bracket(words)) == "区市场监管局:牵头 区教育局:分工"


@pytest.mark.parametrize("words", SAID)
def test_names_and_tails_are_told_apart(words):
    assert said(in_bracket(words)) == SAID[words]


@pytest.mark.parametrize("words", DUES)
def test_a_deadline_among_the_names_is_no_unit(words):
    phrase = in_bracket(words)

    assert (said(phrase), phrase.due) == DUES[words]
    assert plain(words)[phrase.due_start :].startswith(phrase.due)


UNITS = ["区市场监管局", "区教育局", "区发改局(农业农村局)", "区委宣传部", "区法院", "各街道",
         "各有关部门和单位", "各县(市、区)人民政府", "钱江海关办事处", "区食药安办"]  # fmt: skip
TAILS = {
    "负责": Role.SOLE, "牵头": Role.LEAD, "配合": Role.SUPPORT, "按职责分工负责": Role.SHARED,
    "依法履职": Role.SHARED, "督促指导": Role.SUPPORT, "分别负责": Role.SHARED,
    "参与": Role.SUPPORT,
    "结合实际抓好落实": Role.SOLE, "牵头抓总": Role.LEAD, "具体实施": Role.SOLE,
    "做实释法说理": None, "保障经费": None,
}  # fmt: skip


@st.composite
def brackets(draw):
    """A bracket made from the grammar, with what was put in."""
    names = draw(st.permutations(UNITS))[: draw(st.integers(1, 6))]
    parts, put, at = [], {}, 0
    while at < len(names):
        count = draw(st.integers(1, len(names) - at))
        tail = draw(st.sampled_from(sorted(TAILS)))
        listed = draw(st.sampled_from(["、", "，", "；"])).join(names[at : at + count])
        parts.append(listed + tail)
        role = TAILS[tail]
        put |= dict.fromkeys(names[at : at + count], role)
        at += count
    due = draw(st.sampled_from(["", "6月底前完成", "12月底前", "7-9月", "全年"]))
    if due:
        parts.insert(draw(st.sampled_from([0, len(parts)])), due)
    remark = draw(st.sampled_from(["", "下同", "以下同"]))
    return (
        draw(st.sampled_from(["，", "；"])).join([*parts, *([remark] if remark else [])]),
        put,
        due,
    )


@settings(deadline=None)
@given(brackets())
def test_what_was_put_into_a_bracket_is_read_or_left_open(made):
    words, put, due = made
    phrase = read_phrase(plain(words))

    assert [one.name for one in phrase.named] == list(put)
    assert phrase.due == due
    for one in phrase.named:
        assert not one.stated or put[one.name] is one.role, words


def document(*lines):
    return read_pasted("\n".join(["2026年滨江区食品安全工作要点", "一、重点任务", *lines]))


def who(parsed):
    names = parsed.plan.directory
    return [
        " ".join(f"{names.name(a.party)}:{WORDS[a.role]}" for a in task.assignments)
        for task in parsed.plan.tasks
    ]


def told(parsed, words):
    return [doubt for doubt in parsed.doubts if words in doubt.message]


def test_the_same_below_holds_until_something_else_is_said():
    parsed = document(
        "1.压实责任。开展整治。（责任单位：区市场监管局、区教育局，列第一位的为牵头单位，下同）",
        "2.加强宣传。组织活动。（责任单位：区卫健局、区教育局）",
        "3.加强执法。查办案件。（区公安分局负责，区法院依法履职）",
        "4.做好服务。帮扶企业。（责任单位：区市场监管局、区商务局，排名不分先后，下同）",
        "5.做好保障。落实经费。（责任单位：区市场监管局、区商务局）",
    )

    assert who(parsed) == [
        "区市场监管局:牵头 区教育局:分工",
        "区卫健局:牵头 区教育局:分工",
        "区公安分局:负责 区法院:分工",
        "区市场监管局:负责 区商务局:负责",
        "区市场监管局:负责 区商务局:负责",
    ]
    assert told(parsed, "以下各项相同")
    assert not parsed.new_parties


def test_without_the_same_below_a_remark_holds_for_its_bracket():
    parsed = document(
        "1.压实责任。开展整治。（责任单位：区市场监管局、区教育局，列第一位的为牵头单位）",
        "2.加强宣传。组织活动。（责任单位：区卫健局、区教育局）",
    )

    assert who(parsed) == ["区市场监管局:牵头 区教育局:分工", "区卫健局:负责 区教育局:负责"]
    assert told(parsed, "其他各项没有这样写")


def test_a_remark_in_the_text_holds_for_the_whole_document():
    parsed = document(
        "1.压实责任。开展整治。（责任单位：区市场监管局、区教育局）",
        "注：各项任务中列第一位的责任单位为牵头单位。",
    )

    assert who(parsed) == ["区市场监管局:牵头 区教育局:分工"]


def test_a_mark_is_explained_once_for_all():
    parsed = document(
        "1.压实责任。开展整治。（区教育局、★区市场监管局，带★的为牵头单位，下同）",
        "2.加强宣传。组织活动。（区教育局、★区卫健局）",
    )

    assert who(parsed) == ["区教育局:分工 区市场监管局:牵头", "区教育局:分工 区卫健局:牵头"]


def test_a_mark_that_nobody_explains_is_doubted():
    parsed = document("1.压实责任。开展整治。（责任单位：★区市场监管局、区教育局）")

    (doubt,) = told(parsed, "没有说明它的意思")
    assert doubt.text == "区市场监管局"


def test_the_same_as_above_takes_who_answered_above():
    parsed = document(
        "1.压实责任。开展整治。（责任单位：区市场监管局、区教育局）",
        "2.加强宣传。组织活动。（责任单位同上）",
    )

    assert who(parsed)[0] == who(parsed)[1]
    assert told(parsed, "同上")


def test_an_unknown_tail_keeps_the_name_and_doubts_the_role():
    parsed = document("1.压实责任。开展整治。（区市场监管局负责，区法院做实释法说理）")

    (doubt,) = told(parsed, "看不出如何负责")
    assert (doubt.text, doubt.level) == ("区法院", Severity.WARNING)
    assert "做实释法说理" in doubt.message


def test_a_remark_of_which_nothing_was_taken_is_told():
    parsed = document("1.压实责任。开展整治。（责任单位：区教育局。均涉及各街道，不再列出）")

    (doubt,) = told(parsed, "没有列入责任分工")
    assert "各街道" in doubt.text


def test_a_sentence_about_another_body_is_a_task_of_its_own():
    parsed = document(
        "（一）由区教育局负责，区卫健局配合，加快基地建设。区卫健局做好风险监测工作。",
        "（二）区公安分局负责打击犯罪；区市场监管局要做好案件移送。",
    )

    assert who(parsed) == [
        "区教育局:负责 区卫健局:配合",
        "区卫健局:负责",
        "区公安分局:负责",
        "区市场监管局:负责",
    ]
    assert len(told(parsed, "谁负责什么")) == 3


def test_a_sentence_about_a_body_that_the_bracket_does_not_name_is_doubted():
    parsed = document("1.加强监测。区卫健局做好风险监测工作。开展抽检。（区市场监管局负责）")

    assert who(parsed) == ["区市场监管局:负责"]
    (doubt,) = told(parsed, "后面的括号里没有它")
    assert doubt.text == "区卫健局"


def test_small_headings_without_a_number_are_no_tasks():
    parsed = document(
        "1.抓好小作坊。开展整治。（区市场监管局负责）",
        "食品流通环节",
        "2.抓好市场。开展检查。（区市场监管局负责）",
        "二、社会共治",
        "源头治理",
        "推进产地准出，实施合格证制度。（区市场监管局负责）",
        "过程监管",
        "加强餐饮监管，开展量化分级。（区市场监管局负责）",
    )

    assert [task.text for task in parsed.plan.tasks] == [
        "开展整治。", "开展检查。", "推进产地准出，实施合格证制度。", "加强餐饮监管，开展量化分级。"
    ]  # fmt: skip
    assert [doubt.text for doubt in told(parsed, "没有编号的小标题")] == ["食品流通环节"]


def test_lines_that_begin_with_who_does_it_need_no_bracket():
    parsed = read_pasted(
        "2026年食品安全任务清单\n"
        "区农业农村局要加强农药管理，定点经营率100%。\n"
        "区检察院、区法院要健全公益诉讼机制，发布典型案例2批。\n"
    )

    assert who(parsed) == ["区农业农村局:负责", "区检察院:负责 区法院:负责"]
    assert len(told(parsed, "谁负责什么")) == 2
