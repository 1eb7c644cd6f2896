"""What the pages need of the core: loaded in a worker, while the window stays alive.

Nothing of it may import Qt. A class of Qt that is made in one thread while another one draws can
end the program with a fault of memory; so the pages' own modules are loaded on the window's thread,
a few at a time (`ui.system.page_modules`), and find here what takes long.
"""

from __future__ import annotations

from importlib import import_module

# What the modules of pages import of the core, without what comes along with these.
_NAMES = (
    "domain.ledger.filters",
    "domain.plan.indicator_edits",
    "services.agenda.agenda",
    "services.care.about",
    "services.care.next_year",
    "services.care.restoring",
    "services.care.updating",
    "services.inspection_duty",
    "services.ladder.drawing",
    "services.ladder.handing_down",
    "services.ladder.matching",
    "services.ladder.own_workspace",
    "services.output.faces",
    "services.output.outputs",
    "services.output.published_papers",
    "services.packet.conflict_origins",
    "services.packet.export_look",
    "services.packet.history",
    "services.packet.report_history",
    "services.packet.result_list",
    "services.packet.reviewing",
    "services.pending",
    "services.plan_document.keeping",
    "services.plan_document.marking",
    "services.plan_document.parties",
    "services.records.undo",
    "services.status.drill_down",
)


def load() -> None:
    """Load what the pages need of the core."""
    for name in _NAMES:
        import_module(f"fsdesk.{name}")
