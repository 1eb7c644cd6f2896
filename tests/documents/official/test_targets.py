"""Targets in running text: number, comparison, unit and what is counted, with the exact words."""

from __future__ import annotations

import pytest

from fsdesk.documents.official.numerals import chinese, circled, from_chinese, uncircled
from fsdesk.documents.official.sources.passage import plain
from fsdesk.documents.official.targets.targets import find_targets
from fsdesk.domain.plan.indicators import number_text

# Each sentence with its targets: name, comparison with number and unit, and the words.
FOUND = {
    "全年完成食品监督抽检4500批次以上": ["食品监督抽检批次 ≥4500批次 4500批次以上"],
    "食品抽检不少于1,900批次，其中食用农产品抽检不少于９１０批次": [
        "食品抽检批次 ≥1900批次 不少于1,900批次",
        "其中:食用农产品抽检批次 ≥910批次 不少于910批次",
    ],
    "药品、医疗器械、化妆品监督抽检分别不少于100批次、27 批次、76批次": [
        "药品监督抽检批次 ≥100批次 分别不少于100批次",
        "医疗器械监督抽检批次 ≥27批次 27 批次",
        "化妆品监督抽检批次 ≥76批次 76批次",
    ],
    "检查小作坊、小餐饮不少于50、800家": ["小作坊 ≥50家 不少于50", "小餐饮 ≥800家 800家"],
    "按照3.5批次/千人的标准，食品抽检不少于1900批次": [
        "食品抽检强度 ≥3.5批次 3.5批次/千人",
        "食品抽检批次 ≥1900批次 不少于1900批次",
    ],
    "每千人食品抽检量不少于5批次": ["食品抽检量 ≥5批次 不少于5批次"],
    "学校食堂A级、B级比例分别达到30%、60%以上": [
        "学校食堂A级比例 ≥30% 分别达到30%",
        "学校食堂B级比例 ≥60% 60%以上",
    ],
    "在产在营企业督导完成率达到100%": ["在产在营企业督导完成率 =100% 达到100%"],
    "建档率、整改率均达100%": ["建档率 =100% 均达100%", "整改率 =100% 均达100%"],
    "开展包保干部全覆盖培训": ["包保干部培训覆盖率 =100% 全覆盖"],
    "检出率控制在1%以内": ["检出率 ≤1% 控制在1%以内"],
    "许可办理时限压缩至5个工作日以内": ["许可办理时限 ≤5个工作日 压缩至5个工作日以内"],
    "合格率达到百分之九十八以上": ["合格率 ≥98% 达到百分之九十八以上"],
    "组织应急演练不少于两次": ["应急演练 ≥2次 不少于两次"],
    "建成5家“信息公开、后厨清洁”的养老机构食堂“阳光厨房”": ["养老机构食堂“阳光厨房” ≥5家 5家"],
    "设立22家哨点": ["哨点 ≥22家 22家"],
    "每季度召开1次会商会议": ["会商会议 ≥1次/季度 1次"],
    "罚没金额力争达到300万元": ["罚没金额 ≥300万元 力争达到300万元"],
    "发放宣传资料1.2万份": ["宣传资料 ≥12000份 1.2万份"],
    "产值增长12%以上": ["产值增长率 ≥12% 12%以上"],
    "推动3个以上创新药、10个以上医疗器械上市": [
        "创新药 ≥3个 3个以上",
        "医疗器械上市 ≥10个 10个以上",
    ],
    "推动50%以上的学校食堂达到A级": ["学校食堂达到A级比例 ≥50% 50%以上"],
    "做好300批次抽检（其中国抽100批次、省抽200批次）": [
        "抽检批次 ≥300批次 300批次",
        "其中:国抽批次 ≥100批次 100批次",
        "其中:省抽批次 ≥200批次 200批次",
    ],
}
NONE = [
    "深入实施“664 铸军”工程",
    "2026年3月31日前，第二季度召开会议",
    "对连续2次抽检不合格的企业开展约谈",
    "为500平方米以上餐饮单位建立档案",
    "落实“四个最严”，聚焦10个重点领域，开展3个专项行动",
    "查办一批食品药品违法案件，推进一件事改革",
    "去年全区共抽检食品2300批次",
    "现有食品生产企业120家",
    "创建3A级景区，推广5G应用",
]
UNSURE = {
    "检查企业100余家": "不是准数",
    "安全利用率达到93%左右": "不是准数",
    "培育示范超市3-5家": "范围",
    "各镇街建成工作站1个": "不是合计数",
    "甲、乙、丙抽检分别不少于10批次、20批次": "个数",
}


@pytest.mark.parametrize("text", FOUND)
def test_targets_are_found_with_their_words(text):
    words = plain(text)
    found = [
        f"{t.name} {t.operator.value}{number_text(t.value)}{t.unit} {words[t.start : t.end]}"
        for t in find_targets(words)
    ]

    assert found == FOUND[text]


@pytest.mark.parametrize("text", NONE)
def test_other_numbers_are_no_targets(text):
    assert find_targets(plain(text)) == []


@pytest.mark.parametrize("text", UNSURE)
def test_what_is_unsure_says_why(text):
    assert all(UNSURE[text] in target.doubt for target in find_targets(plain(text)))
    assert find_targets(plain(text))


def test_a_part_names_its_whole_and_a_rate_by_heads_its_source():
    text = plain("按2批次/千人的标准，抽检不少于800批次，其中校园食品不少于90批次")
    rate, whole, part = find_targets(text)

    assert (rate.per, rate.source) == (1000, 1)
    assert part.part_of == 1
    assert whole.part_of is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("两千", 2000),
        ("三万", 30_000),
        ("二〇二六", 2026),
    ],
)
def test_chinese_numbers_are_read(text, number):
    assert from_chinese(text) == number


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 21, 99, 100, 101, 110, 305, 9999])
def test_chinese_numbers_come_back(number):
    assert from_chinese(chinese(number)) == number


def test_numbers_beyond_are_written_plainly():
    assert (chinese(0), chinese(10_000), circled(3), circled(30)) == ("0", "10000", "③", "(30)")
    assert (uncircled("⑳"), uncircled("a"), from_chinese("甲")) == (20, 0, None)


def test_a_name_that_begins_with_a_term_is_no_doubt():
    (target,) = find_targets(plain("在产在营企业督导完成率达到100%"))

    assert not target.doubt
