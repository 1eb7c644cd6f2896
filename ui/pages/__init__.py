"""The pages of the window; a new page is added here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.plan.units import WorkspaceRole
from ui.page import NavigationPlace, PageSpec
from ui.pages.agenda.agenda import CalendarPage
from ui.pages.assessment.assessment import AssessmentPage
from ui.pages.exchange.exchange import ExchangePage
from ui.pages.inspection_duty.inspection_duty import InspectionDutyPage
from ui.pages.ladder.page import LadderPage
from ui.pages.ledger.ledger import LedgerPage
from ui.pages.overview.overview import OverviewPage
from ui.pages.plan.plan import PlanPage
from ui.pages.plan_document.page import PlanDocumentPage
from ui.pages.plan_editing.page import PlanEditingPage
from ui.pages.printing.printing import PrintingPage
from ui.pages.quality.quality import QualityPage
from ui.pages.recording.recording import RecordingPage
from ui.pages.settings.about import AboutPage
from ui.pages.settings.settings import SettingsPage
from ui.pages.status.aggregate import AggregatePage
from ui.pages.status.drill_down import DrillPage
from ui.pages.supervision.inbox import InboxPage
from ui.pages.supervision.supervision import SupervisionPage

if TYPE_CHECKING:
    from ui.appearance import Theme
    from ui.desk import Desk


def page_specs(desk: Desk, theme: Theme) -> tuple[PageSpec, ...]:
    """Return all pages in the order of the navigation; a unit begins with what is due."""
    word = "总览" if desk.is_office else "今日"
    overview = PageSpec("overview", word, "layout-dashboard", lambda: OverviewPage(desk, theme))
    plan = PageSpec("plan", "计划", "list-tree", lambda: PlanPage(desk))
    recording = PageSpec("recording", "填报", "square-pen", lambda: RecordingPage(desk))
    rest = (
        PageSpec("ledger", "台账", "table-2", lambda: LedgerPage(desk)),
        PageSpec("exchange", "交换", "arrow-left-right", lambda: ExchangePage(desk)),
        PageSpec("aggregate", "汇总", "chart-column-big", lambda: AggregatePage(desk, theme)),
        (
            PageSpec("supervision", "督办", "mail-warning", lambda: SupervisionPage(desk))
            if desk.is_office
            else PageSpec("supervision", "来函", "mail", lambda: InboxPage(desk))
        ),
        PageSpec("quality", "数据质量", "clipboard-list", lambda: QualityPage(desk)),
        PageSpec("printing", "打印", "printer", lambda: PrintingPage(desk, theme)),
        PageSpec("duty", "包保督导", "users", lambda: InspectionDutyPage(desk)),
        PageSpec(
            "assessment",
            "评议考核",
            "target",
            lambda: AssessmentPage(desk),
            roles=frozenset({WorkspaceRole.OFFICE}),
        ),
        PageSpec(
            "plan-document",
            "读取文件",
            "file-up",
            lambda: PlanDocumentPage(desk),
            roles=frozenset({WorkspaceRole.OFFICE}),
            place=NavigationPlace.NOWHERE,
        ),
        PageSpec(
            "drill", "数据溯源", "search", lambda: DrillPage(desk), place=NavigationPlace.NOWHERE
        ),
        PageSpec(
            "plan-editing",
            "编辑计划",
            "pencil",
            lambda: PlanEditingPage(desk),
            roles=frozenset({WorkspaceRole.OFFICE}),
            place=NavigationPlace.NOWHERE,
        ),
        PageSpec(
            "about",
            "关于",
            "info",
            lambda: AboutPage(desk),
            place=NavigationPlace.NOWHERE,
            help="设置",
        ),
        PageSpec(
            "calendar",
            "日程",
            "calendar-days",
            lambda: CalendarPage(desk),
            place=NavigationPlace.TOP_BAR,
        ),
        PageSpec(
            "settings",
            "设置",
            "settings",
            lambda: SettingsPage(desk, theme),
            place=NavigationPlace.TOP_BAR,
        ),
    )
    if desk.is_office:
        return (overview, plan, recording, *rest)
    # Only who is an office as well has an aggregate of its own.
    ladder = PageSpec("ladder", "取数", "download", lambda: LadderPage(desk))
    return (overview, recording, *((ladder,) if desk.climbs else ()), plan, *rest)
