"""What the demo year holds beside plan and reports: its agenda."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.agenda import Event, EventKind
from fsdesk.services import agenda

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace


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
