"""Titles and deliverables as a coordinator would write them."""

from __future__ import annotations

import re

import pytest

from fsdesk.documents.official.lines.titles import LONGEST, short_title, thing_of, title_of
from fsdesk.documents.official.lines.verbs import EMPTY
from fsdesk.documents.official.sources.passage import plain
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.services.plan_document.plan_documents import read_document, read_pasted
from tests.documents.official.corpus_files import built, sources

# What a clause begins with, its title, and the thing that shows that it is done.
NAMED = {
    "建成“15分钟购药圈”，设点10个": ("建成“15分钟购药圈”", "“15分钟购药圈”"),
    "深化、落实食品安全责任制。": ("落实食品安全责任制", "食品安全责任制落实"),
    "完善、落实风险会商制度": ("落实风险会商制度", "风险会商制度"),
    "进一步完善食品安全标准体系，提升能力": ("完善食品安全标准体系", "食品安全标准体系"),
    "提升基层农产品质量安全监管能力。": (
        "提升基层农产品质量安全监管能力",
        "基层农产品质量安全监管能力提升",
    ),
    "指导企业依法依规配齐食品安全总监和食品安全员": (
        "指导企业配齐食品安全总监",
        "企业配齐食品安全总监和食品安全员",
    ),
    "积极开展持有人“头雁”质量安全主体责任意识提升行动": (
        "开展“头雁”提升行动",
        "持有人“头雁”质量安全主体责任意识提升行动",
    ),
    "对鳊鱼、鲈鱼、牛蛙等养殖水产品药物残留问题开展精准整治": (
        "开展养殖水产品药物残留精准整治",
        "养殖水产品药物残留精准整治",
    ),
    "抓好学校、养老机构等集中用餐单位食堂准入和后厨改造提升": (
        "抓好集中用餐单位食堂准入",
        "集中用餐单位食堂准入和后厨改造提升",
    ),
    "药品、医疗器械、化妆品监督抽检分别不少于100批次、27批次、76批次": (
        "开展药品等监督抽检",
        "药品、医疗器械、化妆品监督抽检",
    ),
    "学校食堂A级比例达30%以上": ("提升学校食堂A级比例", "学校食堂A级比例"),
    "力争实现食品生产企业自查率100%": ("提升食品生产企业自查率", "食品生产企业自查率"),
    "实现学校食堂全覆盖": ("实现学校食堂全覆盖", "学校食堂全覆盖"),
    "学校食堂": ("规范学校食堂", "学校食堂"),
    "示范食堂10家": ("建设示范食堂", "示范食堂"),
    "蔬菜农残检出率控制在2%以内": ("控制蔬菜农残检出率", "蔬菜农残检出率控制"),
    "严厉打击走私农食产品（含冻品）等违法犯罪活动": (
        "严厉打击走私农食产品违法犯罪活动",
        "走私农食产品等违法犯罪活动打击",
    ),
    "加强政府、企业、媒体等之间的食品安全风险交流": (
        "加强食品安全风险交流",
        "政府、企业、媒体等之间的食品安全风险交流",
    ),
    "市委常委会、市政府常务会议分别至少听取1次食品安全工作汇报": (
        "听取食品安全工作汇报",
        "食品安全工作汇报听取",
    ),
    "结合本地特色打造“浙里食安”和“浙药科普”品牌": (
        "打造“浙里食安”品牌",
        "“浙里食安”和“浙药科普”品牌",
    ),
    "根据省市要求，推进豇豆专项整治": ("推进豇豆专项整治", "豇豆专项整治"),
    "将食品安全纳入政府考核": ("将食品安全纳入政府考核", "食品安全纳入政府考核"),
    "实施“铁拳”“亮剑”“药剑”行动": (
        "实施“铁拳”“亮剑”“药剑”行动",
        "“铁拳”“亮剑”“药剑”行动",
    ),
    "县商务局负责督促市场开办者配齐快检设备": ("督促市场开办者配齐快检设备",
                                     "市场开办者配齐快检设备"),
}  # fmt: skip
WITH_HEADING = {
    ("压实属地责任", "开展督导。"): "压实属地责任",
    ("公益诉讼", "深化探索。"): "深化公益诉讼",
    ("豇豆", "开展专项整治。"): "开展豇豆专项整治",
    ("严格校园食品安全监管", "对学校食堂开展全覆盖检查。"): "严格校园食品安全监管",
    ("持续深化专项整治", "开展专项检查。"): "持续深化专项整治",
    ("食品抽检", "全年抽检食品960批次。"): "抽检食品",
    ("推广规模养殖，新建示范场3个", ""): "推广规模养殖",
}


@pytest.mark.parametrize("words", NAMED)
def test_a_task_is_a_deed_and_a_deliverable_a_thing(words):
    assert (short_title(plain(words)), thing_of(plain(words))) == NAMED[words]


@pytest.mark.parametrize(("heading", "text"), WITH_HEADING)
def test_a_heading_says_what_or_only_about_what(heading, text):
    assert title_of(plain(heading), plain(text)) == WITH_HEADING[heading, text]


_ONLY_VERBS = re.compile(rf"^(?:{EMPTY}|、|和)+$")


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_no_title_is_long_empty_or_said_again_by_a_deliverable(source, tmp_path):
    name, data = built(source)
    file = tmp_path / name
    file.write_bytes(data)
    for task in read_document(file).plan.tasks:
        assert 1 < len(task.title) <= LONGEST
        assert not _ONLY_VERBS.match(task.title)
        titles = [item.title for item in task.deliverables]
        assert titles
        assert task.title not in titles
        assert len(set(titles)) == len(titles)
        for title in titles:
            assert title.count("“") == title.count("”")
            assert title[-1] not in "、，的和及与"


KINDS = {
    "制定风险管控清单": "未定时限",
    "建成区级实训中心": "未定时限",
    "组织应急演练2次": "每年2次",
    "举办食品安全宣传周活动": "每年1次",
    "开展食品安全满意度调查": "每年1次",
    "加强网络餐饮监管": "长期坚持",
    "严打非法添加行为": "长期坚持",
    "每季度召开风险会商会议": "每季度1次",
    "6月底前修订应急预案": "2026年6月30日前完成",
}


@pytest.mark.parametrize("words", KINDS)
def test_when_a_thing_is_done_is_proposed_by_what_it_is(words):
    parsed = read_pasted(
        f"2026年滨江区食品安全工作要点\n一、重点任务\n1.做好工作。{words}。（区市场监管局负责）"
    )
    (item,) = parsed.plan.tasks[0].deliverables

    assert item.schedule_text == KINDS[words]


def test_a_task_of_targets_alone_has_one_deliverable():
    parsed = read_pasted(
        "2026年滨江区食品安全工作要点\n一、重点任务\n"
        "1.做好督导。督导完成率100%，问题整改率100%。（区市场监管局负责）"
    )
    (item,) = parsed.plan.tasks[0].deliverables

    assert item.title == "督导工作情况"
    assert item.kind is DeliverableKind.ONCE


def test_a_title_that_says_nothing_is_told():
    text = "2026年工作要点\n一、监管\n1.抽检。开展抽检。（甲局负责）\n2.工作\n（乙局负责）\n"
    doubts = [doubt.message for doubt in read_pasted(text).warnings]

    assert "任务标题“工作”看不出做什么" in doubts
