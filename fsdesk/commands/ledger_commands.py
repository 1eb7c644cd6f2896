"""`ledger …`: what ledgers there are, and their rows from and to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, PARTLY, answer
from fsdesk.services.as_json import ledgers_json
from fsdesk.services.ledger import ledger_files
from fsdesk.services.ledger import ledgers as ledgers_
from fsdesk.services.ledger.ledger_files import ListOptions
from fsdesk.services.plan import planning

if TYPE_CHECKING:
    from argparse import Namespace


# What may be said of hidden rows.
TAKE, SKIP = "take", "skip"
# What becomes of columns that the ledger doesn't have.
COLUMN = "column"


def ledgers(options: Namespace) -> int:
    """List the ledgers, or take, write or prepare the rows of one."""
    actions = {
        "list": _list,
        "import": _import,
        "export": _export,
        "template": _template,
        "seal": _seal,
    }
    return actions[options.action](options)


def _list(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        listed, rules = planning.ledgers(workspace), workspace.rules
    lines = [
        f"{ledger.code}\t{ledger.title}\t{count} 行\t{'、'.join(c.title for c in ledger.columns)}"
        + ("\t密封报送" if rules.seals(ledger.code) else "")
        for ledger, count in listed
    ]
    answer(options, ledgers_json(listed, rules), lines)
    return DONE


def _import(options: Namespace) -> int:
    chosen = ListOptions(
        unit=options.unit,
        sheets=tuple(options.sheet),
        every_sheet=options.all_sheets,
        hidden_rows=None if options.hidden_rows is None else options.hidden_rows == TAKE,
        alike_are_new=options.alike_are_new,
    )
    with opened(options, write=True) as workspace:
        preview = ledger_files.preview_list(workspace, options.name, options.file, chosen)
        if options.extra and preview.extra:
            choices = preview.choices.with_extra(preview.extra, as_new=options.extra == COLUMN)
            preview = ledger_files.preview_list(
                workspace, options.name, options.file, chosen, choices
            )
        result = ledger_files.take_list(workspace, preview, whole=options.whole)
    rejected: list[dict[str, Any]] = [
        {"sheet": r.sheet, "row": r.row, "column": r.column, "message": r.message, "value": r.value}
        for r in result.rejected
    ]
    plain = {
        "added": result.added,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "rejected": rejected,
        "sheets": [{"sheet": sheet.name, "rows": sheet.entries} for sheet in preview.sheets],
        "told": [str(finding) for finding in preview.findings],
    }
    rows = len({(r.sheet, r.row) for r in result.rejected})
    counts = f"新增 {result.added} 行，更新 {result.updated} 行，未变 {result.unchanged} 行"
    lines = [f"{counts}，未导入 {rows} 行"]
    lines += [f"读取了{sheet}" for sheet in preview.sheets]
    several = len(preview.sheets) > 1
    lines += [
        f"{f'工作表“{r.sheet}”' if several else ''}第 {r.row} 行“{r.column}”：{r.message}"
        for r in result.rejected
    ]
    lines += [f"{finding.level}：{finding}" for finding in preview.findings]
    if options.whole and rejected:
        lines.append("有不合格的行，按要求全部没有导入")
    answer(options, plain, lines)
    return PARTLY if rejected else DONE


def _export(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        count = ledger_files.export_ledger(
            workspace, options.name, options.file, personal=options.personal
        )
    answer(options, {"file": str(options.file), "rows": count}, [f"已导出 {count} 行"])
    return DONE


def _seal(options: Namespace) -> int:
    """Choose what travels sealed: one ledger, or without a name all, and evidence files."""
    with opened(options, write=True) as workspace:
        named = [ledgers_.find_ledger(workspace, options.name)] if options.name else []
        code = named[0].code if named else ""
        rules = planning.choose_sealing(workspace, code, sealed=not options.off)
    what = f"台账“{named[0].title}”" if named else "全部台账和佐证材料"
    words = "不再单独要求密封" if options.off else "今后密封，只有收件单位能打开"
    facts = {"all": rules.seal_all, "ledgers": list(rules.sealed_ledgers)}
    answer(options, facts, [f"{what}{words}；重新下发计划后各单位同步更新"])
    return DONE


def _template(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        ledger_files.write_template(workspace, options.name, options.file)
    answer(options, {"file": str(options.file), "rows": 0}, [f"已写入 {options.file}"])
    return DONE
