"""`report …`."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import nullcontext
from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, PARTLY, REFUSED, after, answer, followed, tell
from fsdesk.services import word_templates
from fsdesk.services.output import bulletin, charts, evidence_pack, layouts, outputs
from fsdesk.services.output.evidence_pack import Pack
from fsdesk.services.output.month_set import WrittenSet
from fsdesk.services.output.publishing import PutOut
from fsdesk.services.status import aggregation
from fsdesk.services.supervision import letters

if TYPE_CHECKING:
    from argparse import Namespace
    from contextlib import AbstractContextManager
    from pathlib import Path

    from fsdesk.domain.output.arrangement import Arrangement
    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace


def _arrangement(workspace: Workspace, options: Namespace) -> Arrangement:
    """Return the layout that is named, changed by the options that are given."""
    from msgspec.structs import replace

    from fsdesk.domain.output.pages import PaperSize

    said = vars(options)
    wanted = layouts.named(workspace, said.get("kind", ""), said.get("layout", ""))
    if said.get("columns"):
        titles = options.columns.replace("，", ",").replace("、", ",").split(",")
        wanted = replace(wanted, columns=tuple(title.strip() for title in titles))
    if said.get("paper"):
        wanted = replace(wanted, size=PaperSize[options.paper])
    if said.get("upright"):
        wanted = replace(wanted, landscape=False)
    return replace(wanted, **{who: said[who] for who in ("preparer", "reviewer") if said.get(who)})


def _last_year(workspace: Workspace, period: Period, kind: str) -> Path | None:
    """Return last year's workspace of the same people, where a chart needs it and it is known."""
    from fsdesk.services.care import other_years

    return other_years.workspace_of(workspace, period.year - 1) if kind == charts.YEARS else None


def _write(workspace: Workspace, period: Period, options: Namespace) -> int | None:
    """Write an output and return its number of pages; None where only Word will tell."""
    said = vars(options)
    chosen = outputs.Chosen(
        item=said.get("item", ""),
        arrangement=_arrangement(workspace, options),
        earlier=said.get("last_year") or _last_year(workspace, period, said.get("kind", "")),
        issue=said.get("issue", 0),
        personal=said.get("personal", False),
        publish=said.get("publish", False),
    )
    output = outputs.find(options.action, said.get("kind", ""))
    made = output.save(workspace, period, chosen, options.out)
    if isinstance(made, PutOut):
        if made.remark:
            tell(made.remark)
        return None
    if not isinstance(made, Generator):
        return made
    result = followed(made)
    if isinstance(result, Pack):
        for name in result.missing:
            tell(f"佐证材料缺失：{name}")
    return None


def _issue(workspace: Workspace, period: Period, options: Namespace) -> int:
    """Issue a reminder: it is drafted, numbered and written in one step."""
    letters.issue_reminder(workspace, options.unit, period, options.out, options.reply_days)
    return 1


def _kept_first(workspace: Workspace, options: Namespace) -> AbstractContextManager[None]:
    """Keep a template or a layout, which stays even if the output can't be written."""
    stored = ""
    if getattr(options, "template", None) is not None:
        word_templates.take(workspace, bulletin.TEMPLATE, options.template)
        stored = "通报模板已换用"
    if getattr(options, "save_layout", ""):
        layouts.save(workspace, options.kind, options.save_layout, _arrangement(workspace, options))
        stored = f"版式“{options.save_layout}”已保存"
    return after(f"{stored}，但没有生成文件") if stored else nullcontext()


def check_inspection(options: Namespace) -> int:
    """Check a pack for inspections against its list of digests."""
    problems = evidence_pack.check_pack(options.check)
    answer(options, {"ok": not problems, "problems": list(problems)}, list(problems) or ["完好"])
    return PARTLY if problems else DONE


def _report_set(options: Namespace) -> int:
    """Write the month's set, and say of each file what became of it."""
    with opened(options, write=False) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        output = outputs.find(outputs.Form.SET)
        earlier = _last_year(workspace, period, charts.YEARS)
        made = output.save(workspace, period, outputs.Chosen(earlier=earlier), options.out)
        result = followed(made) if isinstance(made, Generator) else None
    if not isinstance(result, WrittenSet):  # only tells the type checker
        return REFUSED
    missing = [{"file": line.name, "why": line.why} for line in result.missing]
    plain = {"folder": str(result.folder), "files": list(result.written), "missing": missing}
    lines = [f"已生成：{name}" for name in result.written]
    lines += [f"没有生成：{line.name}（{line.why}）" for line in result.missing]
    answer(options, plain, lines)
    return PARTLY if missing else DONE


def report(options: Namespace) -> int:
    """Write one output; the file's ending picks the format."""
    if getattr(options, "check", None) is not None:
        return check_inspection(options)
    if options.action == outputs.Form.SET:
        return _report_set(options)
    # A letter takes a number in the register; a layout, published figures are kept there too.
    kept = (getattr(options, name, "") for name in ("save_layout", "publish"))
    writes = options.action == outputs.Form.LETTER or any(kept)
    with opened(options, write=writes) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        with _kept_first(workspace, options):
            write = _issue if options.action == outputs.Form.LETTER else _write
            pages = write(workspace, period, options)
    answer(options, {"file": str(options.out), "pages": pages}, [f"已生成：{options.out}"])
    return DONE
