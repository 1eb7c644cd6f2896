"""Numbers in the words of offices: the right figure, or a doubt at its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdesk.documents.official.sources.passage import plain
from fsdesk.documents.official.targets.passed_over import passed_over
from fsdesk.documents.official.targets.targets import find_targets
from fsdesk.domain.plan.indicators import number_text
from fsdesk.services.plan_document.plan_documents import read_pasted

# Each sentence with its targets; a question mark where there is a doubt.
FOUND = {
    # A word of comparison further before the number.
    "投诉办结时间不高于法定时限的80%": ["投诉办结时间与法定时限之比 ≤80%?"],
    "药占比不高于全省平均水平的30%": ["药占比与全省平均水平之比 ≤30%?"],
    "办理时间不超过上年的50%": ["办理时间与上年之比 ≤50%?"],
    "不合格率控制在上年水平的2%以内": ["不合格率与上年水平之比 ≤2%?"],
    "发病率低于全省平均2个百分点": ["发病率与全省平均之差 ≤2个百分点?"],
    "合格率高于全市平均水平3个百分点以上": ["合格率与全市平均水平之差 ≥3个百分点?"],
    # Down to, up to, within, at least.
    "不合格率降低到1.5%": ["不合格率 ≤1.5%"],
    "案件数减少到20件以下": ["案件数 ≤20件"],
    "检出率下降至2‰以内": ["检出率 ≤2‰"],
    "处置时间较法定时限压缩50%以上": ["处置时间压缩率 ≥50%"],
    "食品抽检合格率保持在98%以上": ["食品抽检合格率 ≥98%"],
    "较大以上事故不得超过1起": ["较大以上事故 ≤1起"],
    "投诉率不能高于3%": ["投诉率 ≤3%"],
    "覆盖率不得低于95%": ["覆盖率 ≥95%"],
    "力争创建示范店20家": ["示范店 ≥20家"],
    # What is done to them stands behind the number.
    "对养老机构食堂开展100%全覆盖检查": ["养老机构食堂检查率 =100%"],
    "对疫苗生产企业进行100%巡查": ["疫苗生产企业巡查率 =100%"],
    # Ranges.
    "每个街道打造1—2家示范店": ["示范店 ≥1家?"],
    "打造1——2家示范店": ["示范店 ≥1家?"],
    "覆盖率达到80%—85%": ["覆盖率 ≥80%?"],
    "新增示范单位3～5家": ["新增示范单位 ≥3家?"],
    "新建农贸市场快检室3至5家": ["农贸市场快检室 ≥3家?"],
    "检出率控制在2%-3%以内": ["检出率 ≤3%?"],
    # What it was before.
    "明厨亮灶覆盖率从80%提高到95%": ["明厨亮灶覆盖率 ≥95% 原80"],
    "配备率由上年的90%提升至100%": ["配备率 =100% 原90"],
    "示范店由20家增加到35家": ["示范店 ≥35家 原20"],
    "审批时限从15个工作日压缩到5个工作日": ["审批时限 ≤5个工作日 原15"],
    # Other units, and none.
    "人均预期寿命提高到81.5岁以上": ["人均预期寿命 ≥81.5岁"],
    "系统响应时间不超过200ms": ["系统响应时间 ≤200ms"],
    "孕产妇死亡率控制在4/10万以下": ["孕产妇死亡率 ≤4例/10万"],
    "每10万人口不良反应报告数不少于50份": ["不良反应报告数 ≥50份/10万"],
    "婴儿死亡率控制在3‰以内": ["婴儿死亡率 ≤3‰"],
    "使用率达九成以上": ["使用率 ≥90%"],
    "示范食堂占比达到三分之二以上": ["示范食堂占比 ≥66.67%"],
    "培训从业人员2万人次": ["培训从业人员人次 ≥20000人次"],
    "群众满意度达85": ["群众满意度 ≥85分?"],
    "满意度达到85以上": ["满意度 ≥85分?"],
    "上线率不低于90": ["上线率 ≥90%?"],
    "群众满意度达到85分以上，力争进入全省前三名": [
        "群众满意度 ≥85分",
        "群众满意度全省排名 ≤3名?",
    ],
    "注册审查周期压缩至4个月以内": ["注册审查周期 ≤4个月"],
    "开展一次应急演练": ["应急演练 ≥1次"],
    "新辟公交线路10条，新投放自行车3000辆": ["公交线路 ≥10条", "自行车 ≥3000辆"],
    # Lists: numbers first, numbers last, three rates.
    "为每人免费提供1次职业指导、3次岗位推荐、1次职业培训": [
        "职业指导 ≥1次",
        "岗位推荐 ≥3次",
        "职业培训 ≥1次",
    ],
    "新增3家示范店、2个示范街区、1条示范街": ["示范店 ≥3家", "示范街区 ≥2个", "示范街 ≥1条"],
    "开展检查3次、培训5场": ["检查 ≥3次", "培训 ≥5场"],
    "示范店3家、示范街区2个": ["示范店 ≥3家", "示范街区 ≥2个"],
    "完成率100%、整改率95%以上": ["完成率 =100%", "整改率 ≥95%"],
    "覆盖率、合格率、整改率均达100%": ["覆盖率 =100%", "合格率 =100%", "整改率 =100%"],
    "学校“明厨亮灶”、持证率、落实率分别达到98%、100%、99%": [
        "学校“明厨亮灶”率 ≥98%",
        "持证率 =100%",
        "落实率 ≥99%",
    ],
    "组织业务培训3期、不少于120人次": ["业务培训 ≥3期", "业务培训人次 ≥120人次"],
    "对全县86家药店、23家医院检查覆盖率达到100%": ["医院检查覆盖率 =100%"],
    "区政府常务会议每年至少研究食品安全工作2次以上": ["研究食品安全工作 ≥2次"],
    "每万名常住人口配备食品安全协管员不少于2名": ["食品安全协管员 ≥2名/万"],
    "覆盖率由60%提升到80%，覆盖率力争达到85%": ["覆盖率 ≥80% 原60", "覆盖率 ≥85%?"],
    # Goals in quotation marks.
    "实现“抽检合格率达到98%以上、投诉办结率达到100%”目标": [
        "抽检合格率 ≥98%",
        "投诉办结率 =100%",
    ],
    "确保“抽检量达到6批次/千人”的目标": ["抽检量 ≥6批次/千"],
    # How many rates there are, how old people are, and how things are counted is no goal.
    "专职保安配备率、封闭化管理率“2个100%”": ["专职保安配备率 =100%", "封闭化管理率 =100%"],
    "完成65岁以上老年人免费体检5万人": ["老年人免费体检 ≥50000人"],
    "食品安全总监考核合格率要达到九成五以上": ["食品安全总监考核合格率 ≥95%"],
    "全年检查工地不少于400个次": ["工地 ≥400个次"],
    "药品不良反应报告每百万人口1500份": ["药品不良反应报告 ≥1500份/百万"],
    "每百万人口1500份": ["数量 ≥1500份/百万?"],
    # What is counted is all that the words share, without words of comparison.
    "疫苗使用单位检查每年不少于2次，覆盖率100%": [
        "疫苗使用单位检查 ≥2次",
        "疫苗使用单位检查覆盖率 =100%",
    ],
    "高血压、糖尿病患者规范管理率分别达到70%和68%": [
        "高血压率 ≥70%?",
        "糖尿病患者规范管理率 ≥68%?",
    ],
    "重点人群签约率达到75%": ["重点人群签约率 ≥75%"],
    "每站配备不少于5名专职人员": ["专职人员 ≥5名?"],
    "食品安全满意度80分以上，知晓率85%以上": ["食品安全满意度 ≥80分", "食品安全知晓率 ≥85%"],
    "办理投诉举报，5个工作日内受理率100%": ["受理率 =100%"],
    "支出进度11月底前达90%": ["支出进度 ≥90%"],
    # A number of each one is no sum, wherever each is named.
    "飞行检查每家每年不少于4次": ["飞行检查 ≥4次?"],
    "干部年度培训人均不少于50学时": ["干部年度培训 ≥50学时?"],
    # The subject of the part before is not this one's.
    "每半年开展一次应急演练，每年培训不少于40学时": ["应急演练 ≥1次/半年", "培训 ≥40学时"],
    "蔬菜300批次、水果120批次，合格率98.5%以上": [
        "蔬菜批次 ≥300批次",
        "水果批次 ≥120批次",
        "合格率 ≥98.5%",
    ],
}
PER = {1e3: "千", 1e4: "万", 1e5: "10万", 1e6: "百万"}
# Numbers that set no goal are told at their place.
PASSED_OVER = {
    "对被投诉3次以上的企业开展约谈": ["3次以上"],
    "对得分低于60分的单位进行通报": ["60分"],
    "开展“1次指导、3次推荐”服务": ["1次", "3次"],
    "给予每家5万元奖励": ["5万元"],
}
SILENT = [
    "综合排名后3位的街道由区政府约谈",
    "落实“日管控、周排查、月调度”制度",
    "推进“1+3+N”体系建设",
    "推动一窗受理、限时办结、最多跑一次",
    "实现企业一次登录、一次认证、一次提交",
    "学习贯彻市委十三届五次全会精神",
    "查处一批案件，压实两个责任",
]


def shown(target):
    per = f"/{PER[target.per]}" if target.per else ""
    before = "" if target.baseline is None else f" 原{number_text(target.baseline)}"
    figure = f"{target.operator.value}{number_text(target.value)}{target.unit}{per}"
    return f"{target.name} {figure}{before}{'?' if target.doubt else ''}"


@pytest.mark.parametrize("text", FOUND)
def test_a_figure_is_read_as_it_is_worded(text):
    assert [shown(target) for target in find_targets(plain(text))] == FOUND[text]


@pytest.mark.parametrize("text", PASSED_OVER)
def test_a_number_that_is_no_goal_is_pointed_out(text):
    words = plain(text)
    targets = find_targets(words)

    assert targets == []
    found = [words[start:end] for start, end in passed_over(words, targets)]
    assert len(found) == len(PASSED_OVER[text])
    assert all(said in shown for said, shown in zip(PASSED_OVER[text], found, strict=True))


@pytest.mark.parametrize("text", SILENT)
def test_turns_of_speech_are_no_numbers(text):
    assert find_targets(plain(text)) == []
    assert passed_over(plain(text), []) == []


SUBJECTS = [
    "食品抽检合格率",
    "包保督导完成率",
    "群众满意度",
    "示范食堂",
    "不良反应报告数",
    "办理时限",
]
UNITS = ["%", "家", "批次", "个", "分", "人次", "岁", "‰", "个百分点", "个工作日", ""]
BEFORE = {
    "不少于": "≥", "不低于": "≥", "不得低于": "≥", "至少": "≥", "超过": "≥",
    "不高于": "≤", "不超过": "≤", "不得超过": "≤", "低于": "≤", "降低到": "≤", "控制在": "≤",
    "压缩至": "≤", "减少到": "≤", "达到": "", "达": "", "力争达到": "", "提高到": "",
}  # fmt: skip
RELATIONS = ["", "上年水平的", "全省平均水平的", "法定时限的"]


@st.composite
def goals(draw):
    """A goal in some wording, with its number, how it compares, and what is put before it."""
    number = draw(st.integers(2, 999))
    unit = draw(st.sampled_from(UNITS))
    compared = draw(st.sampled_from(sorted(BEFORE)))
    relation = draw(st.sampled_from(RELATIONS)) if unit == "%" and BEFORE[compared] else ""
    second = draw(st.sampled_from([0, 1])) if not relation and unit else 0
    figure = f"{number}{f'—{number + 5}' if second else ''}{unit}"
    baseline = draw(st.integers(1, 1500)) if compared == "提高到" and unit and not second else 0
    before = f"从{baseline}{unit}" if baseline else ""
    subject = draw(st.sampled_from(SUBJECTS))
    said = "≤" if baseline > number else BEFORE[compared]
    return f"{subject}{before}{compared}{relation}{figure}", number, second, baseline, said


@settings(deadline=None)
@given(goals())
def test_a_goal_of_any_wording_is_right_or_told(made):
    text, number, second, baseline, said = made
    words = plain(text)
    targets = find_targets(words)

    if not targets:
        assert passed_over(words, targets)
        return
    (target,) = targets
    sure = not target.doubt
    assert target.value in {number, number + 5 * second}
    whole = number == 100 and said == "≥"  # what must be whole can't be more than whole
    assert said in {"", target.operator.value} or whole
    assert (target.baseline or 0) == baseline
    if second or "的" in text:
        assert not sure


@settings(deadline=None)
@given(st.lists(goals(), min_size=1, max_size=4, unique_by=lambda goal: goal[1]))
def test_every_number_of_a_clause_is_in_the_draft_or_in_a_doubt_at_its_place(made):
    text = "，".join(goal[0] for goal in made)
    parsed = read_pasted(
        f"2026年滨江区食品安全工作要点\n一、重点任务\n1.做好工作。{text}。（区市场监管局负责）"
    )
    values = {i.target for i in parsed.plan.indicators} | {
        i.baseline for i in parsed.plan.indicators
    }
    doubts = " ".join(doubt.text for doubt in parsed.doubts)

    for _, number, second, _, _ in made:
        assert values & {number, number + 5 * second} or str(number) in doubts, text


def test_the_target_of_another_year_is_doubted():
    parsed = read_pasted(
        "2026年滨江区食品安全工作要点\n一、重点任务\n"
        "1.创建示范店。到2027年底建成示范店50家。（区市场监管局负责）"
    )

    assert any("2027年的目标" in doubt.message for doubt in parsed.warnings)
    assert any("不在 2026 年内" in doubt.message for doubt in parsed.doubts)


def test_a_small_figure_is_shown_as_it_is_written():
    parsed = read_pasted(
        "2026年滨江区食品安全工作要点\n一、重点任务\n"
        "1.遏制事故。亿元GDP死亡率不超过0.008‰。（区市场监管局负责）"
    )

    assert [indicator.target_text for indicator in parsed.plan.indicators] == ["≤0.008‰"]
