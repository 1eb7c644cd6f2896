"""When and how often something must be done, in the words of offices."""

from __future__ import annotations

import pytest

from fsdesk.documents.official.targets.schedules import Schedule, schedule_in, schedule_said
from fsdesk.domain.plan.plan import Deliverable
from fsdesk.services.plan_document.plan_documents import read_document

YEAR = 2026
NOTHING = Schedule()


def text_of(schedule):
    return (schedule or NOTHING).of(Deliverable("D01-1-1", "事项")).schedule_text


IN_A_SENTENCE = {
    "每月召开一次调度会": "每月1次",
    "每个月至少检查2次": "每月2次",
    "按月通报抽检情况": "每月1次",
    "逐月更新台账": "每月1次",
    "每周巡查1次": "每月4次",
    "每季度组织1次会商": "每季度1次",
    "每季开展不少于两次督导": "每季度2次",
    "会商不少于1次/季度": "每季度1次",
    "每三个月评估一次": "每季度1次",
    "每半年组织一次演练": "每年2次",
    "每两个月检查1次": "每年6次",
    "隔月检查": "每年6次",
    "每年开展应急演练2次": "每年2次",
    "上、下半年各举办1期培训班": "每年2次",
    "每学期检查不少于2轮": "每年4次",
    "每年举办科普活动3至5场": "每年3次",
    "全年举办培训班不少于4期": "每年4次",
    "年内组织集中宣传三次": "每年3次",
    "每年组织一次满意度调查": "每年1次",
    "A类主体每季度督导1次、B类主体每半年督导1次": "每季度1次",
    "由每月通报改为每季度通报": "每季度1次",
    "6月底前建成实训中心": "2026年6月30日前完成",
    "11月底前完成整改，并长期坚持": "2026年11月30日前完成",
    "每年6月底前开展一次演练": "2026年6月30日前完成",
    "12月底前每季度检查一次": "每季度1次",
    "常态化开展宣传": "长期坚持",
    "长期坚持日常巡查": "长期坚持",
    "持续整治非法添加": "长期坚持",
    "不定期开展抽查": "长期坚持",
    "建立健全常态化会商机制": "长期坚持",
    "定期通报风险信息": "每季度1次",
}
# What looks like such words and means something else, or takes them back.
NO_SCHEDULE = [
    "建设实训中心",
    "不再每月报送纸质材料",
    "无需按季度填报",
    "停止常态化收费",
    "推动产业可持续发展",
    "检查持续时间不超过两天",
    "整改长期停业企业",
    "全年确保不发生重大事件",
    "全年抽检1900批次",
    "年内培训200人次",
    "落实“日管控、周排查、每月调度”制度",
    "按季节调整检查重点",
    "第一次会议作出部署",
    "每两年评估一次",
    "2027年3月底前建成基地",
]


@pytest.mark.parametrize("words", IN_A_SENTENCE)
def test_a_sentence_says_when_or_how_often(words):
    assert text_of(schedule_in(words.replace("，", ","), YEAR)) == IN_A_SENTENCE[words]


@pytest.mark.parametrize("words", NO_SCHEDULE)
def test_a_sentence_that_says_neither(words):
    assert schedule_in(words, YEAR) is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("全年", "长期坚持"),
        ("长期坚持", "长期坚持"),
        ("全年推进", "长期坚持"),
        ("贯穿全年", "长期坚持"),
        ("持续推进", "长期坚持"),
        ("一季度开始，全年", "长期坚持"),
        ("每季度末", "每季度1次"),
        ("每月25日前", "每月1次"),
        ("每半年", "每年2次"),
        ("11月底前，并长期坚持", "2026年11月30日前完成"),
        ("6月底完成，之后常态化推进", "2026年6月30日前完成"),
        ("年底前", "2026年12月31日前完成"),
        ("13月", "未定时限"),
    ],
)
def test_a_column_of_dates_says_it_for_all_that_stands_beside_it(words, meant):
    assert text_of(schedule_said(words, YEAR)) == meant


DOCUMENT = """\
2026年全区食品安全工作要点
一、强化监管
1.加强会商。每季度召开一次风险会商会议。开展节日检查。常态化开展科普宣传。定期通报抽检情况。[区市场监管局负责]
2.抓好整治。推进校园周边整治。组织应急演练2次。（责任单位：区教育局；完成时限：11月底前，并长期坚持）
3.做好宣传。组建宣传队伍。（责任单位：区教育局；完成时限：长期坚持）
4.抓好督查。持续开展暗访。每月调度进度。（责任单位：区教育局；完成时限：9月底）
"""


@pytest.fixture
def parsed(tmp_path):
    file = tmp_path / "要点.txt"
    file.write_text(DOCUMENT, encoding="utf-8")
    return read_document(file)


def test_what_a_document_asks_for_gets_its_kind_and_cadence(parsed):
    found = [[item.schedule_text for item in task.deliverables] for task in parsed.plan.tasks]

    assert found[0] == ["每季度1次", "长期坚持", "长期坚持", "每季度1次"]
    assert set(found[1]) == {"2026年11月30日前完成"}
    assert found[2] == ["长期坚持"]
    assert found[3] == ["2026年9月30日前完成", "每月1次"]


def test_a_cadence_that_is_not_told_is_pointed_out(parsed):
    guessed = parsed.plan.tasks[0].deliverables[3]
    told = [doubt for doubt in parsed.doubts if doubt.item == guessed.code]

    assert [doubt.remedy for doubt in told] == ["请核对频次"]
    assert "按每季度1次读取" in told[0].message
    assert told[0].text == "定期通报抽检情况"


def test_a_deadline_behind_which_the_work_goes_on_is_a_date_and_told(parsed):
    told = [doubt for doubt in parsed.doubts if "之后仍要坚持" in doubt.message]

    assert [doubt.text for doubt in told] == ["11月底前，并长期坚持"]


def test_words_that_set_no_time_are_doubted(tmp_path):
    file = tmp_path / "要点.txt"
    file.write_text(
        "2026年食品安全工作要点\n一、监管\n1.加强会商。召开会议。"
        "（责任单位：区教育局；完成时限：另行通知）\n",
        encoding="utf-8",
    )
    (doubt,) = [d for d in read_document(file).warnings if "看不出日期或频次" in d.message]

    assert doubt.text == "另行通知"
