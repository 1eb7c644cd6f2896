"""What the district's plan asks for, counted clause by clause from the official document.

The table was written from the document alone, before the shipped plan file. One entry a task:
who answers, in the document's order and with the role that the clause's closing words give;
the quantified targets; and the number of concrete things that the clause names beside them.
A task that names nothing beside its targets still has one thing to do.
"""

from __future__ import annotations

from typing import NamedTuple


class Expected(NamedTuple):
    """One task as the document has it."""

    parties: str
    things: int
    targets: tuple[str, ...] = ()


SECTIONS = {1: (1, 2), 2: (3, 4), 3: (5, 6, 7, 8), 4: (9, 10, 11), 5: (12, 13), 6: (14, 15)}

OFFICE = "区食药安办"
MARKET = "区市场监管局"
FARM = "区发改局(农业农村局)"
POLICE = "区公安分局"
HEALTH = "区卫健局"
SCHOOLS = "区教育局"
CIVIL = "区民政局"
TRADE = "区商务局"
CUSTOMS = "钱江海关萧然办事处"
MEDIA = "区委宣传部(网信办)"
COURT = "区法院"


def alone(*parties: str) -> str:
    """Give the words of a clause that ends in 负责."""
    return "、".join(f"{party}:SOLE" for party in parties)


def shared(*parties: str) -> str:
    """Give the words of a clause that ends in 按职责分工负责."""
    return "、".join(f"{party}:SHARED" for party in parties)


def led(*parties: str) -> str:
    """Give the words of a clause with a first unit that 牵头 and others 按职责分工负责."""
    return f"{parties[0]}:LEAD、{shared(*parties[1:])}"


TASKS = {
    "T01-1": Expected(alone(OFFICE), 1),
    "T01-2": Expected(alone(OFFICE, "各街道"), 4, ("=100%", "=100%", "=100%")),
    "T01-3": Expected(shared("成员单位"), 2),
    "T02-1": Expected(alone(MARKET), 3),
    "T02-2": Expected(alone(FARM), 2),
    "T02-3": Expected(alone(MARKET), 4),
    "T03-1": Expected(alone(MARKET), 7),
    "T03-2": Expected(alone(FARM), 1),
    "T03-3": Expected(alone(POLICE), 3),
    "T03-4": Expected(alone(MARKET), 3),
    "T03-5": Expected(alone(OFFICE), 1),
    "T03-6": Expected(shared("成员单位"), 1),
    "T04-1": Expected(
        shared(MARKET, FARM, HEALTH),
        4,
        ("≥22家", "=100%", "≥1900批次", "≥910批次", "≥3.5批次/千人"),
    ),
    "T04-2": Expected(alone(MARKET), 1, ("≥100批次", "≥27批次", "≥76批次")),
    "T04-3": Expected(alone(HEALTH), 3, ("≥1批次/千人",)),
    "T05-1": Expected(alone("区生态环境分局"), 1),
    "T05-2": Expected(shared(FARM, MARKET, POLICE), 3),
    "T06-1": Expected(shared(FARM, MARKET), 2),
    "T06-2": Expected(shared(POLICE, FARM, MARKET), 1),
    "T06-3": Expected(alone(FARM), 1),
    "T07-1": Expected(shared(SCHOOLS, CIVIL, MARKET, HEALTH), 2, ("≥30%", "≥60%", "=100%")),
    "T07-2": Expected(shared(SCHOOLS, POLICE, HEALTH, MARKET), 3, ("≥20%",)),
    "T07-3": Expected(shared(TRADE, CUSTOMS, MARKET), 6),
    "T08-1": Expected(shared(SCHOOLS, CIVIL, MARKET, HEALTH), 1, ("≥8家", "≥10个", "≥5家")),
    "T08-2": Expected(alone(MARKET), 4),
    "T09-1": Expected(shared(MARKET, FARM, HEALTH), 4, ("≥90%",)),
    "T09-2": Expected(alone(FARM), 1),
    "T10-1": Expected(alone(MARKET), 5),
    "T11-1": Expected(alone(MARKET), 5),
    "T11-2": Expected(shared(COURT, MARKET), 2),
    "T11-3": Expected(shared(POLICE, FARM, MARKET), 4),
    "T11-4": Expected(shared(CUSTOMS, POLICE, TRADE), 2),
    "T11-5": Expected(shared(MARKET, POLICE, MEDIA), 1),
    "T11-6": Expected(led("区检察院", COURT, FARM, MARKET), 1),
    "T11-7": Expected(alone(COURT), 1),
    "T12-1": Expected(alone(MARKET), 5),
    "T12-2": Expected(shared(MARKET, TRADE), 1),
    "T13-1": Expected(shared(MARKET, "区经信局", "区科技局"), 6),
    "T14-1": Expected(
        led(OFFICE, MEDIA, SCHOOLS, "区司法局", HEALTH, MARKET, COURT, "区科技局"),
        8,
    ),
    "T14-2": Expected(alone(MARKET), 2),
    "T15-1": Expected(led(OFFICE, "成员单位"), 2),
    "T15-2": Expected(led(OFFICE, "成员单位"), 1),
    "T15-3": Expected(alone(MARKET), 1),
    "T15-4": Expected(shared(OFFICE, MEDIA), 1),
    "T15-5": Expected(shared(MEDIA, MARKET), 3),
    "T15-6": Expected(led(OFFICE, "成员单位"), 2),
}

# Names that the document puts in quotation marks or that are campaigns, each a thing of its own.
NAMED = {
    "T01-1": ("三书一函",),
    "T02-1": ("日管控、周排查、月调度",),
    "T02-3": ("头雁",),
    "T03-1": ("入市第一课", "实训中心"),
    "T03-4": ("尖兵领航", "664铸军"),
    "T05-2": ("治违禁 控药残 促提升",),
    "T08-2": ("菜篮子", "浙里食安", "药事"),
    "T10-1": ("互联网+核查", "净网"),
    "T11-1": ("铁拳", "亮剑", "药剑"),
    "T11-2": ("处罚到人",),
    "T11-4": ("国门守护",),
    "T11-5": ("特供酒",),
    "T12-1": ("铁皮石斛", "入市第一课"),
    "T12-2": ("阳光餐饮街区",),
    "T14-1": ("食品安全宣传周", "安全用药月"),
    "T14-2": ("浙里食安", "浙药科普"),
}
