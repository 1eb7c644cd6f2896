"""The pages of the window; a new page is added here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.plan.units import WorkspaceRole
from ui.page import NavigationPlace, PageSpec

if TYPE_CHECKING:
    from ui.appearance import Theme
    from ui.desk import Desk
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


def page_specs(desk: Desk, theme: Theme) -> tuple[PageSpec, ...]:
    """Return all pages in the order of the navigation; a unit begins with what is due."""
    word = "总览" if desk.is_office else "今日"
    overview = PageSpec(
        "overview", word, "layout-dashboard", lambda: _overview()(desk, theme), load=_overview
    )
    plan = PageSpec("plan", "计划", "list-tree", lambda: _plan()(desk), load=_plan)
    recording = PageSpec(
        "recording", "填报", "square-pen", lambda: _recording()(desk), load=_recording
    )
    # The bold words or the heading of the handbook's paragraph, where that isn't the title.
    incoming = "下发" if desk.is_office else "交换"
    rest = (
        PageSpec("ledger", "台账", "table-2", lambda: _ledger()(desk), load=_ledger),
        PageSpec(
            "exchange",
            "交换",
            "arrow-left-right",
            lambda: _exchange()(desk),
            load=_exchange,
            help=incoming,
        ),
        PageSpec(
            "aggregate",
            "汇总",
            "chart-column-big",
            lambda: _aggregate()(desk, theme),
            load=_aggregate,
        ),
        (
            PageSpec(
                "supervision",
                "督办",
                "mail-warning",
                lambda: _supervision()(desk),
                load=_supervision,
            )
            if desk.is_office
            else PageSpec("supervision", "来函", "mail", lambda: _inbox()(desk), load=_inbox)
        ),
        PageSpec("quality", "数据质量", "clipboard-list", lambda: _quality()(desk), load=_quality),
        PageSpec(
            "printing",
            "打印",
            "printer",
            lambda: _printing()(desk, theme),
            help="打印输出",
            load=_printing,
        ),
        PageSpec(
            "duty", "包保督导", "users", lambda: _inspection_duty()(desk), load=_inspection_duty
        ),
        PageSpec(
            "assessment",
            "评议考核",
            "target",
            lambda: _assessment()(desk),
            load=_assessment,
            roles=frozenset({WorkspaceRole.OFFICE}),
        ),
        PageSpec(
            "plan-document",
            "读取文件",
            "file-up",
            lambda: _plan_document()(desk),
            help="新的工作要点文件",
            load=_plan_document,
            roles=frozenset({WorkspaceRole.OFFICE}),
            place=NavigationPlace.NOWHERE,
        ),
        PageSpec(
            "drill",
            "数据溯源",
            "search",
            lambda: _drill()(desk),
            place=NavigationPlace.NOWHERE,
            load=_drill,
        ),
        PageSpec(
            "plan-editing",
            "编辑计划",
            "pencil",
            lambda: _plan_editing()(desk),
            load=_plan_editing,
            roles=frozenset({WorkspaceRole.OFFICE}),
            place=NavigationPlace.NOWHERE,
        ),
        PageSpec(
            "about",
            "关于",
            "info",
            lambda: _about()(desk),
            load=_about,
            place=NavigationPlace.NOWHERE,
            help="更新",
        ),
        PageSpec(
            "calendar",
            "日程",
            "calendar-days",
            lambda: _calendar()(desk),
            load=_calendar,
            place=NavigationPlace.TOP_BAR,
        ),
        PageSpec(
            "settings",
            "设置",
            "settings",
            lambda: _settings()(desk, theme),
            help="设置和数据安全",
            load=_settings,
            place=NavigationPlace.TOP_BAR,
        ),
    )
    if desk.is_office:
        return (overview, plan, recording, *rest)
    # Only who is an office as well has an aggregate of its own.
    ladder = PageSpec("ladder", "取数", "download", lambda: _ladder()(desk), load=_ladder)
    return (overview, recording, *((ladder,) if desk.climbs else ()), plan, *rest)


# A page's module is loaded when its page is first shown, or before in a quiet moment.


def _calendar() -> type[CalendarPage]:
    from ui.pages.agenda.agenda import CalendarPage

    return CalendarPage


def _assessment() -> type[AssessmentPage]:
    from ui.pages.assessment.assessment import AssessmentPage

    return AssessmentPage


def _exchange() -> type[ExchangePage]:
    from ui.pages.exchange.exchange import ExchangePage

    return ExchangePage


def _inspection_duty() -> type[InspectionDutyPage]:
    from ui.pages.inspection_duty.inspection_duty import InspectionDutyPage

    return InspectionDutyPage


def _ladder() -> type[LadderPage]:
    from ui.pages.ladder.page import LadderPage

    return LadderPage


def _ledger() -> type[LedgerPage]:
    from ui.pages.ledger.ledger import LedgerPage

    return LedgerPage


def _overview() -> type[OverviewPage]:
    from ui.pages.overview.overview import OverviewPage

    return OverviewPage


def _plan() -> type[PlanPage]:
    from ui.pages.plan.plan import PlanPage

    return PlanPage


def _plan_document() -> type[PlanDocumentPage]:
    from ui.pages.plan_document.page import PlanDocumentPage

    return PlanDocumentPage


def _plan_editing() -> type[PlanEditingPage]:
    from ui.pages.plan_editing.page import PlanEditingPage

    return PlanEditingPage


def _printing() -> type[PrintingPage]:
    from ui.pages.printing.printing import PrintingPage

    return PrintingPage


def _quality() -> type[QualityPage]:
    from ui.pages.quality.quality import QualityPage

    return QualityPage


def _recording() -> type[RecordingPage]:
    from ui.pages.recording.recording import RecordingPage

    return RecordingPage


def _about() -> type[AboutPage]:
    from ui.pages.settings.about import AboutPage

    return AboutPage


def _settings() -> type[SettingsPage]:
    from ui.pages.settings.settings import SettingsPage

    return SettingsPage


def _aggregate() -> type[AggregatePage]:
    from ui.pages.status.aggregate import AggregatePage

    return AggregatePage


def _drill() -> type[DrillPage]:
    from ui.pages.status.drill_down import DrillPage

    return DrillPage


def _inbox() -> type[InboxPage]:
    from ui.pages.supervision.inbox import InboxPage

    return InboxPage


def _supervision() -> type[SupervisionPage]:
    from ui.pages.supervision.supervision import SupervisionPage

    return SupervisionPage
