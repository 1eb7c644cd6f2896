"""What a workspace remembers of having been brought back to an earlier state."""

from __future__ import annotations

from msgspec import Struct, field

from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import Finding, notice

# Name of the setting under which it is kept.
RESTORED = "restored"


class Restored(Struct, frozen=True):
    """A state that was put back, and what had happened since.

    Attributes:
        at: When it was put back, ISO text in UTC.
        copy: Name of the file that was put back.
        as_of: When the newest change in it was made, ISO text in UTC; empty when it has none.
        lost: How many changes made since are not in it; None when that can't be told.
        kept: Where the state before lies, relative to the workspace, or the schema on the server;
            empty when there was none.
        reports: Reports that were sent or came in since, such as ``市场监管局2026年3月``.
        letters: Highest number given since or before, by series such as ``reminder/2026``: none of
            them is given again.
        revision: The plan's highest revision known: the next one is higher.
        plan_lost: The highest revision of the plan that was made since; 0 when none was.
        told: Whether the user was told.
        desks: On a server, the desks whose users were told.
    """

    at: str
    copy: str
    as_of: str
    lost: int | None = None
    kept: str = ""
    reports: tuple[str, ...] = ()
    letters: dict[str, int] = field(default_factory=dict[str, int])
    revision: int = 0
    plan_lost: int = 0
    told: bool = False
    desks: tuple[str, ...] = ()

    def is_told(self, desk: str) -> bool:
        """Tell whether the user at a desk was told; `desk` is empty where there is only one."""
        return self.told and (not desk or not self.desks or desk in self.desks)

    def finding(self, *, office: bool) -> Finding:
        """Tell the user at the next opening.

        `office`: whether the workspace is the coordinating office's.
        """
        until = f"（数据截至 {clock_text(self.as_of)}）" if self.as_of else ""
        words = [f"已恢复到副本“{self.copy}”{until}"]
        if self.lost is None:
            words.append("之后的改动不在其中，有多少无法得知")
        elif self.lost:
            words.append(f"之后的 {self.lost} 处改动不在其中")
        if self.kept:
            words.append(f"恢复前的数据保存在 {self.kept}")
        return notice("；".join(words), self._remedy(office=office))

    def _remedy(self, *, office: bool) -> str:
        parts = [self._about_reports(office=office)]
        if office and self.plan_lost:
            parts.append(
                f"其间计划曾修订到第 {self.plan_lost} 版，如已下发，各单位的计划比这里新，"
                "请修改计划后重新下发"
            )
        return "。".join(filter(None, parts))

    def _about_reports(self, *, office: bool) -> str:
        if not self.reports and self.lost is not None:
            return ""
        reports = "、".join(self.reports)
        if office:
            told = f"其间收到的报送（{reports}）" if reports else "其间收到的报送包"
            return f"{told}仍在 packets 文件夹，请在“交换”页重新接收"
        told = f"其间已报送{reports}" if reports else "其间如已报送"
        return f"{told}，现在显示为未报送；重新报送前请先核对，并告知汇总端"
