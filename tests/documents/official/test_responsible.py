"""Who answers, as documents say it: brackets, labels, roles, and marks that went wrong."""

from __future__ import annotations

import pytest

from fsdesk.documents.official.answers.closers import MISMATCHED, NOT_CLOSED, NOT_OPENED, groups
from fsdesk.documents.official.answers.names import split_names
from fsdesk.documents.official.sources.passage import plain
from fsdesk.domain.plan.plan import Role

WORDS = {Role.LEAD: "牵头", Role.SOLE: "负责", Role.SHARED: "分工", Role.SUPPORT: "配合"}
# Each clause with those who answer; a question mark where the words don't say how.
SAID = {
    "做好甲事。[区食药安办负责]": "区食药安办:负责",
    "做好甲事。（区市场监管局、区卫健局按职责分工负责）": "区市场监管局:分工 区卫健局:分工",
    "做好甲事。【区检察院牵头，区法院按职责分工负责】": "区检察院:牵头 区法院:分工",
    "做好甲事（由县教育局牵头，县卫健委配合）。": "县教育局:牵头 县卫健委:配合",
    "做好甲事。〔县公安局牵头、县市场监管局配合〕": "县公安局:牵头 县市场监管局:配合",
    "做好甲事。（区公安分局会同区教育局负责）": "区公安分局:牵头 区教育局:配合",
    "做好甲事。（区市场监管局（牵头）、区教育局）": "区市场监管局:牵头 区教育局:配合?",
    "做好。（市人力资源和社会保障局和各区政府负责）": "市人力资源和社会保障局:负责 各区政府:负责",
    "做好甲事。（各市、县（市、区）人民政府负责）": "各市、县(市、区)人民政府:负责",
    "做好甲事。（区教育局、区卫健局等有关部门参与）": "区教育局:配合 区卫健局:配合",
    "做好甲事。（区教育局、区卫健局）": "区教育局:负责? 区卫健局:负责?",
    "做好甲事。责任单位：区教育局、各镇（街道）": "区教育局:负责 各镇(街道):负责",
    "做好甲事。牵头单位：区教育局；配合单位：区卫健局": "区教育局:牵头 区卫健局:配合",
    "做好甲事。（牵头单位：区教育局 责任单位：区卫健局）": "区教育局:牵头 区卫健局:分工",
    "做好甲事。（牵头单位：区教育局）（配合单位：区卫健局）": "区教育局:牵头 区卫健局:配合",
    "做好甲事。【牵头单位】区教育局【配合单位】区卫健局": "区教育局:牵头 区卫健局:配合",
    "做好甲事。（牵头单位为区教育局，配合单位为区卫健局）": "区教育局:牵头 区卫健局:配合",
    "做好甲事。区教育局牵头，区卫健局配合。": "区教育局:牵头 区卫健局:配合",
    "做好甲事。（责任领导：某某；责任单位：区教育局）": "区教育局:负责",
    "做好甲事。（区教育局负责，6月底前完成）": "区教育局:负责",
    "做好甲事。（区发改局(农业农村局)负责）": "区发改局(农业农村局):负责",
    "做好甲事。[区发改局(农业农村局负责]": "区发改局(农业农村局):负责",
    "做好甲事。（区市监局为主，各镇街属地负责）": "区市监局:牵头 各镇街:负责",
}
SILENT = [
    "落实“三书一函”(《挂牌督办通知书》《约谈通知书》)机制。",
    "严打走私农食产品(含冻品)行为。",
    "推进“三同”(同线同标同质)建设。",
    "企业负责人抽查考核（以下简称“抽考”）。",
    "公安部门按照职责分工予以打击。",
]
FAULTS = {
    "做好甲事。[区教育局负责）": MISMATCHED,
    "做好甲事。[区教育局负责": NOT_CLOSED,
    "做好甲事。（区委宣传部（网信办）、区教育局负责": NOT_CLOSED,
    "做好甲事。区教育局负责】": NOT_OPENED,
}


def said(text):
    found = groups(plain(text))
    return " ".join(
        f"{one.name}:{WORDS[one.role]}{'' if one.stated else '?'}"
        for _, _, closers in found
        for closer in closers
        for one in closer.phrase.named
    )


@pytest.mark.parametrize("text", SAID)
def test_who_answers_is_read_with_its_role(text):
    assert said(text) == SAID[text]
    assert plain(text)[slice(*groups(plain(text))[0][:2])].rstrip("。") in {"做好甲事", "做好"}


@pytest.mark.parametrize("text", SILENT)
def test_other_brackets_say_nothing_about_who_answers(text):
    assert said(text) == ""


@pytest.mark.parametrize("text", FAULTS)
def test_brackets_that_went_wrong_are_mended_and_told(text):
    ((_, _, (closer,)),) = groups(plain(text))

    assert closer.fault == FAULTS[text]
    assert closer.phrase.named


def test_groups_follow_each_other_without_a_gap():
    text = plain("甲。[区教育局负责]乙[区卫健局负责 丙。[区公安分局负责]丁。")
    found = [(text[start:end], len(closers)) for start, end, closers in groups(text)]

    assert found == [("甲。", 1), ("乙", 1), ("丙。", 1), ("丁。", 0)]


def test_a_name_that_was_broken_over_lines_is_one_name():
    assert [name for name, *_ in split_names("区市场 监管局、区教育局 区卫健局")] == [
        "区市场 监管局",
        "区教育局",
        "区卫健局",
    ]
