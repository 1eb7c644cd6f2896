"""What the demo year holds beside plan and reports: agenda, points by hand, 包保督导."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.agenda.agenda import Event, EventKind
from fsdesk.domain.assessment import Adjustment
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.services import assessment
from fsdesk.services.agenda import agenda
from fsdesk.services.ledger import ledgers
from fsdesk.services.plan.planning import plan_in

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace

_BUSINESSES, _UPPER = 24, 2
_TRADES = ("面馆", "生鲜超市", "学校食堂", "烘焙坊", "食品厂", "酒楼", "药房", "奶茶店")


def fill_agenda(office: Workspace) -> None:
    """Put campaigns and meetings on the office's agenda."""
    year = office.identity.year
    for kind, title, first, last, note in (
        (EventKind.CAMPAIGN, "校园食品安全专项行动", (3, 2), (4, 30), "春季学期，覆盖全部学校食堂"),
        (EventKind.CAMPAIGN, "夏季食品安全专项行动", (6, 15), (8, 31), "夜市、冷饮、烧烤"),
        (EventKind.CAMPAIGN, "冬季药品安全专项行动", (11, 16), (12, 20), "感冒药、退烧药"),
        (EventKind.MEETING, "食药安委全体会议", (3, 26), (3, 26), "部署全年工作"),
        (EventKind.MEETING, "第四季度联席会议", (11, 26), (11, 26), "通报督导和抽检情况"),
        (EventKind.MEETING, "年度评议考核会商", (12, 10), (12, 10), "核对各单位得分"),
    ):
        event = Event("", kind, title, date(year, *first), date(year, *last), note)
        agenda.save_event(office, event)


def give_points(office: Workspace) -> None:
    """Give and take a few points by hand."""
    year = office.identity.year
    for unit, points, reason, day in (
        ("区公安分局", 1.5, "联合办案经验在全市推广", (6, 3)),
        ("区教育局", 1.0, "校园食品安全工作获通报表扬", (9, 18)),
        ("区民政局", -1.5, "专项检查发现问题整改不到位", (8, 3)),
    ):
        given = Adjustment("", unit, points, reason, date(year, *day))
        assessment.save_adjustment(office, given)


def fill_inspection_duty(street: Workspace, turn: int) -> None:
    """Fill a street's ledgers of 包保督导: businesses, cadres, visits of the first three quarters.

    ``turn`` numbers the streets, whose figures differ by it.
    """
    year, whose = street.identity.year, street.identity
    with street.reading() as session:
        name = plan_in(session, year).unit_name(whose.unit)
    cadres = [f"{family}{given}" for family in "陈林周" for given in ("明", "芳")]
    rows = [
        LedgerEntry("", "cadre", whose.unit, {
            "姓名": cadre, "街道": name, "层级": "街道" if place < _UPPER else "村社",
            "培训日期": date(year, 3, 12) if (place + turn) % 7 else None,
        })
        for place, cadre in enumerate(cadres)
    ]  # fmt: skip
    for place in range(_BUSINESSES):
        business = f"{name[:2]}{_TRADES[place % len(_TRADES)]}{place + 1}号"
        gone = (place + turn) % 17 == 0
        rows.append(
            LedgerEntry("", "subject", whose.unit, {
                "主体": business, "分级": "ABCD"[min(place // 3, 3)], "街道": name,
                "包保干部": cadres[place % len(cadres)],
                "经营状态": "已注销" if gone else "在产在营",
                "退出日期": date(year, 5, 20) if gone else None,
            })
        )  # fmt: skip
        for month in (2, 5, 8):
            if (place * 7 + month + turn) % 13 == 0:
                continue  # a visit that was missed
            found = float((place + month + turn) % 3)
            cured = found if (place + turn) % 9 else 0.0
            rows.append(
                LedgerEntry("", "inspection", whose.unit, {
                    "主体": business, "分级": "ABCD"[min(place // 3, 3)], "街道": name,
                    "包保干部": cadres[place % len(cadres)],
                    "督导日期": date(year, month, 1 + (place * 3 + turn) % 27),
                    "发现问题数": found, "已整改数": cured,
                })
            )  # fmt: skip
    ledgers.save_rows(street, rows)
