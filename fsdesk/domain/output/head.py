"""Whose paper it is, and on whose reports its figures rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.office import UNTOLD, OfficeIdentity
from fsdesk.domain.output.reporting import Reporting
from fsdesk.domain.periods import date_text

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.domain.status.results import YearStatus

NOBODY = Reporting()


class PaperHead(Struct, frozen=True):
    """What stands over every paper.

    Attributes:
        maker: In whose name it is: the office's full name, or the unit's.
        unit: Code of the unit whose own tasks it shows; empty for the office's papers.
        office: What the coordinating office has said of itself.
        reporting: Which units have reported; of nobody where none is expected to.
    """

    maker: str
    made_on: date
    unit: str = ""
    reporting: Reporting = NOBODY
    office: OfficeIdentity = UNTOLD


def source_line(
    status: YearStatus, head: PaperHead | None, before: YearStatus | None = None
) -> str:
    """Say at a picture's foot where its figures come from, whose it is, and of which day.

    ``before`` is last year's status, where it is compared with that.
    """
    reports = status.reports
    if status.unit:
        source, share = "本单位填报", f"覆盖{status.coverage}项内容"
    elif reports.expected:
        what = "个单位" if status.period.length == 1 else "期次"
        source, share = "各单位报送", f"覆盖{reports}{what}"
    else:
        source, share = "各单位报送", "本期不要求报送"
    then = f"与{before.period.label}" if before else ""
    words = f"数据来源：{source}，报告期{status.period.label}{then}，{share}"
    return f"{words}　制图：{head.maker}　{date_text(head.made_on)}" if head else words
