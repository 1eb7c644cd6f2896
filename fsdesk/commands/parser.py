"""The command line: names and options are promises, the help is Chinese."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_GLOBAL = ("--workspace", "--database")
_OWN_ENDINGS = (".fsdesk", ".fsupdate")


class ChineseParser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and leave with 2."""
        for english, chinese in _WORDS:
            message = message.replace(english, chinese)
        sys.stderr.write(f"错误：{message}。\n用法见：{self.prog} --help\n")
        sys.exit(2)

    def format_help(self) -> str:
        """Return the help with its headings in Chinese."""
        text = super().format_help()
        for english, chinese in _HEADINGS:
            text = text.replace(english, chinese)
        return text


_WORDS = (
    ("the following arguments are required: ", "缺少参数："),
    ("unrecognized arguments: ", "不认识的参数："),
    ("expected one argument", "后面要跟一个值"),
    ("expected at least one argument", "后面至少要跟一个值"),
    ("invalid choice: ", "取值无效："),
    ("invalid int value: ", "应为整数："),
    ("invalid float value: ", "应为数字："),
    ("not allowed with argument ", "不能同时使用参数 "),
    ("choose from", "可选"),
    ("argument ", "参数 "),
)
_HEADINGS = (
    ("usage: ", "用法："),
    ("positional arguments:", "参数："),
    ("options:", "选项："),
    ("show this help message and exit", "显示帮助"),
)


_DEFAULT_PERIOD = "报告期，默认最近一个已结束的月份（责任单位：最早一个还没有报送的报告期）"

# The keys of tables and charts; named here too, so that the help loads nothing.
_TABLES = (
    "tasks", "indicators", "units", "comparison", "reports", "breakdown", "assessment", "score",
    "register", "ledger",
)  # fmt: skip
_LETTERS = ("reminder", "rectification", "interview", "listed")
_CHARTS = ("indicators", "trend", "heat", "units", "completeness", "sections", "years")


def wants_window(arguments: list[str]) -> bool:
    """Tell whether the arguments name no command, so that the window opens.

    Files of the program's own kinds open it too: so the system hands them over. So do others that
    are there, which somebody dragged onto the program or named.
    """
    rest = _after_options(arguments, _GLOBAL)
    if rest and any(rest[0] in names for names in _parts()):
        return False  # also where a file has its name
    return all(_is_file(Path(argument)) for argument in rest)


def _is_file(file: Path) -> bool:
    return file.suffix.lower() in _OWN_ENDINGS or file.is_file()


def _after_options(arguments: Sequence[str], options: Sequence[str]) -> list[str]:
    rest = list(arguments)
    while rest and rest[0].split("=")[0] in options:
        rest = rest[1:] if "=" in rest[0] else rest[2:]
    return rest


def global_options() -> ChineseParser:
    """Return the parser of the options that hold for the window and for every command."""
    parser = ChineseParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--workspace", type=Path, metavar="文件夹", help="工作区文件夹")
    parser.add_argument("--database", metavar="地址", help="数据库地址，默认为工作区内的数据库")
    return parser


def build_parser(arguments: Sequence[str] = ()) -> ChineseParser:
    """Return the parser of all commands; of arguments that name one, only of those about it.

    To make all of them takes a tenth of a command's start.
    """
    parser = ChineseParser(
        prog="main.py",
        parents=[global_options()],
        description="食药安工作台。不带命令时打开窗口。",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--password-file", type=Path, metavar="文件", help="工作区的密码在这个文件的第一行"
    )
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True)
    asked = _after_options(arguments, (*_GLOBAL, "--password-file"))[:1]
    about = [add for names, add in _parts().items() if asked and asked[0] in names]
    for add in about or _parts().values():
        add(commands)
    return parser


def _parts() -> dict[tuple[str, ...], Callable[[_Commands[ChineseParser]], None]]:
    """Return what adds which commands."""
    return {
        ("init", "demo"): _add_setup,
        ("server",): _add_server,
        ("plan", "units"): _add_plan,
        ("ledger",): _add_ledgers,
        ("record",): _add_recording,
        ("ladder",): _add_ladder,
        ("packet",): _add_packets,
        ("conflicts", "submission", "keys"): _add_decisions,
        ("supervision",): _add_supervision,
        ("assessment", "quality"): _add_judgements,
        ("office",): _add_office,
        ("status", "publish"): _add_figures,
        ("report",): _add_outputs,
        ("calendar", "backup", "restore", "verify"): _add_care,
        ("password",): _add_password,
        ("diagnose", "update", "bench"): _add_program,
    }


# argparse gives the type no public name.
_Commands = argparse._SubParsersAction  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _command(
    commands: _Commands[ChineseParser], name: str, text: str, *, json: bool = True
) -> ChineseParser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    if json:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    return parser


def _group(commands: _Commands[ChineseParser], name: str, text: str) -> _Commands[ChineseParser]:
    parser = _command(commands, name, text, json=False)
    return parser.add_subparsers(dest="action", metavar="操作", required=True)


def _add_setup(commands: _Commands[ChineseParser]) -> None:
    init = _command(commands, "init", "建立工作区")
    init.add_argument("--role", choices=("office", "unit"), required=True, help="汇总端或责任单位")
    init.add_argument("--unit", metavar="单位", help="责任单位名称")
    init.add_argument("--year", type=int, metavar="年度", help="计划年度，默认今年")
    init.add_argument("--district", default="", metavar="地区", help="汇总端所在地区，如 某市某区")
    init.add_argument(
        "--plan", type=Path, metavar="文件", help="计划文件、工作要点文件或下发包，默认内置计划"
    )
    init.add_argument(
        "--from",
        dest="former",
        type=Path,
        metavar="文件夹",
        help="由上一年度的工作区接续：密钥、设置一并带来，默认建在它旁边",
    )
    demo = _command(commands, "demo", "生成一个完整年度的演示")
    where = demo.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="文件夹", help="一个区的完整年度，输出到")
    where.add_argument(
        "--city", type=Path, metavar="文件夹", help="省、市、区三级逐级报送的演示，输出到"
    )
    for name, default, words in (
        ("--districts", 13, "区的个数"),
        ("--units", 20, "每个区的责任单位数"),
        ("--months", 3, "月数"),
    ):
        told = f"与 --city 同用：{words}，默认 {default}"
        demo.add_argument(name, type=int, default=default, metavar="个数", help=told)


def _add_server(commands: _Commands[ChineseParser]) -> None:
    server = _group(commands, "server", "共享数据库：管理员的脚本和检查，各区对比")
    script = _command(server, "script", "建立账号、角色、模式和权限的 SQL 脚本，不连接", json=False)
    script.add_argument("--admin", required=True, metavar="账号", help="管理员：表的所有者")
    script.add_argument(
        "--clerk", action="append", default=[], metavar="账号", help="经办，可以多次"
    )
    script.add_argument(
        "--reader", action="append", default=[], metavar="账号", help="只读，可以多次"
    )
    script.add_argument("--out", dest="file", type=Path, metavar="文件", help="默认在标准输出写出")
    check = _command(server, "check", "连接服务器，核对账号实际能做什么；不改变任何数据")
    check.add_argument(
        "--role", choices=("admin", "clerk", "reader"), required=True, help="管理员、经办或只读"
    )
    check.add_argument("--account", default="", metavar="账号", help="核对哪个账号，默认登录的账号")
    for each in (script, check):
        each.add_argument(
            "address", metavar="地址", help="如 postgresql://账号@服务器/数据库?schema=模式"
        )
    views = _command(server, "views", "建立或更新各区对比的视图（管理员）")
    views.add_argument(
        "--reader", action="append", default=[], metavar="账号", help="允许读取对比，可多次"
    )
    compare = _command(server, "compare", "各区在一个报告期发布的指标排位，谁没有发布、没有报送")
    compare.add_argument("--period", required=True, help="报告期")
    compare.add_argument("--indicator", default="", metavar="指标", help="指标名称或编码，默认全部")
    compare.add_argument("--out", type=Path, metavar="文件", help="另存为表格（.xlsx）")
    for each in (views, compare):
        each.add_argument("address", metavar="地址", help="如 postgresql://账号@服务器/数据库")


def _add_plan(commands: _Commands[ChineseParser]) -> None:
    plan = _group(commands, "plan", "年度计划")
    _command(plan, "show", "显示计划")
    _command(plan, "baselines", "由本机上一年度的工作区更新各指标的上年完成值")
    _command(plan, "confirm", "把沿用的草案确认为本年度正式计划")
    issued = _command(plan, "issued", "查看或设置计划下发日期：在此以前结束的报告期不要求报送")
    issued.add_argument(
        "day", nargs="?", metavar="日期", help="以纸质方式下发的日期，如 2026-03-05；不写则只查看"
    )
    issued.add_argument("--automatic", action="store_true", help="改回按首个下发包的日期")
    parse = _command(plan, "parse", "读取工作要点文件，不保存")
    parse.add_argument(
        "file", type=Path, metavar="文件", help=".docx、.pdf、.ofd、.html、.mht、.txt 或 .xlsx"
    )
    take = _command(plan, "import", "把工作要点文件纳入工作区的计划")
    take.add_argument(
        "--accept-doubts", action="store_true", help="文件中需要核对的地方都已看过，照读出的导入"
    )
    diff = _command(plan, "diff", "比较工作要点文件与工作区的计划，不保存")
    export = _command(plan, "export", "导出计划（.xlsx 可再导入，.docx 为任务分解表）")
    export.add_argument("file", type=Path, metavar="文件", help="输出文件，结尾决定格式")
    for each in (take, diff):
        each.add_argument(
            "--since", metavar="日期", help="从哪一天起按这份文件，如 2026-09-01；默认对全年更正"
        )
    for each in (parse, take, diff):
        each.add_argument("--year", type=int, metavar="年度", help="计划年度，默认按文件所写")
        each.add_argument("--owner", metavar="单位", help="没有写明责任单位的任务由谁负责")
    take.add_argument(
        "file", type=Path, metavar="文件", help=".docx、.pdf、.ofd、.html、.mht、.txt 或 .xlsx"
    )
    diff.add_argument(
        "file", type=Path, metavar="文件", help=".docx、.pdf、.ofd、.html、.mht、.txt 或 .xlsx"
    )
    _command(commands, "units", "显示责任单位和单位组")


def _add_ledgers(commands: _Commands[ChineseParser]) -> None:
    ledger = _group(commands, "ledger", "台账")
    _command(ledger, "list", "有哪些台账，各有哪些列")
    take = _command(ledger, "import", "导入明细清单（.xlsx、.xls、.ods、.csv）")
    take.add_argument("--unit", default="", help="清单里没有责任单位时，属于哪个单位")
    take.add_argument("--whole", action="store_true", help="有一行不合格就全部不导入")
    take.add_argument(
        "--sheet", action="append", default=[], metavar="工作表", help="只读这一张，可写几次"
    )
    take.add_argument("--all-sheets", action="store_true", help="像清单的工作表全部合并读取")
    take.add_argument(
        "--hidden-rows", choices=("take", "skip"), help="筛选或隐藏的行：take 一并读取，skip 不读取"
    )
    take.add_argument(
        "--extra",
        choices=("column", "note"),
        help="台账没有的列：column 作为新列（汇总端），note 并入备注；不写则不读取并列出",
    )
    take.add_argument(
        "--alike-are-new", action="store_true", help="编号与已有记录很像的行，按新记录导入"
    )
    export = _command(ledger, "export", "导出台账（.xlsx）")
    export.add_argument("--personal", action="store_true", help="连同涉及个人信息的列")
    form = _command(ledger, "template", "空白台账表（.xlsx）")
    seal = _command(ledger, "seal", "报送和下发时密封，只有收件单位能打开（汇总端设置）")
    seal.add_argument(
        "name", nargs="?", default="", metavar="台账", help="台账；不写为全部台账和佐证材料"
    )
    seal.add_argument("--off", action="store_true", help="不再密封")
    for each in (take, export, form):
        each.add_argument("name", metavar="台账", help="台账名称或编码")
        each.add_argument("file", type=Path, metavar="文件")


def _add_recording(commands: _Commands[ChineseParser]) -> None:
    record = _group(commands, "record", "填报")
    value = _command(record, "value", "填报一项指标")
    value.add_argument("item", metavar="指标", help="指标编码或名称")
    value.add_argument("--value", type=float, help="本期数")
    value.add_argument("--numerator", type=float, help="分子")
    value.add_argument("--denominator", type=float, help="分母")
    value.add_argument("--none", action="store_true", help="无此项")
    value.add_argument("--note", default="", help="备注")
    progress = _command(record, "progress", "填报一项任务的进展")
    progress.add_argument("item", metavar="任务", help="任务编码或名称")
    progress.add_argument("--status", required=True, help="未启动、进行中、已完成")
    progress.add_argument("--text", required=True, help="进展情况")
    progress.add_argument("--problems", default="", help="存在问题")
    progress.add_argument("--next", dest="next_steps", default="", help="下步打算")
    milestone = _command(record, "milestone", "填报一个事项的状态")
    milestone.add_argument("item", metavar="事项", help="事项编码或名称")
    milestone.add_argument("--status", required=True, help="未启动、进行中、已完成")
    milestone.add_argument("--date", help="完成日期，如 2026-03-05")
    milestone.add_argument("--evidence", default="", help="佐证材料说明")
    milestone.add_argument("--attach", type=Path, action="append", default=[], help="佐证材料文件")
    for parser in (value, progress, milestone):
        parser.add_argument("--period", required=True, help="报告期，如 2026-03 或 2026-Q1")
        parser.add_argument("--unit", help="责任单位（汇总端代填时使用）")


def _add_ladder(commands: _Commands[ChineseParser]) -> None:
    ladder = _group(commands, "ladder", "按上级的计划报送：对应关系、从本级汇总取数、分解下达")
    own = _command(ladder, "own", "本级办公室自己的工作区是哪一个")
    own.add_argument("--own", type=Path, metavar="文件夹", help="选择它")
    listed = _command(ladder, "matches", "上级计划与本级计划的对应关系")
    listed.add_argument("--confirm", action="store_true", help="确认全部建议")
    match = _command(ladder, "match", "确定一项的对应关系")
    match.add_argument(
        "kind", choices=("indicator", "task", "deliverable"), help="指标、任务、事项"
    )
    match.add_argument("upper", metavar="上级编码", help="上级计划中的编码")
    match.add_argument("lower", metavar="本级编码", nargs="?", help="本级计划中的编码")
    match.add_argument("--none", action="store_true", help="无对应，手工填报")
    match.add_argument("--take-back", action="store_true", help="撤销已确定的，重新建议")
    show = _command(ladder, "show", "本级汇总与已填报的对照")
    draw = _command(ladder, "draw", "从本级汇总取数")
    draw.add_argument("--again", action="store_true", help="手工填报和更改过的也改回汇总数")
    draw.add_argument("--correct", action="store_true", help="只更正与已报送不同的")
    for parser in (show, draw):
        parser.add_argument("--period", help=_DEFAULT_PERIOD)
        parser.add_argument("--latest", action="store_true", help="已发布的月份也按最新数据取")
    _command(ladder, "differences", "哪些已报送的数与现在的汇总不同")
    down = _command(ladder, "hand-down", "把上级任务分解下达给本级的单位")
    down.add_argument("task", metavar="任务", help="上级计划中的任务编码或名称")
    down.add_argument("--unit", action="append", default=[], help="责任单位，可以多次")
    down.add_argument("--lead", action="append", default=[], help="牵头单位，可以多次")


def _add_packets(commands: _Commands[ChineseParser]) -> None:
    packet = _group(commands, "packet", "下发包和报送包")
    issue = _command(packet, "issue", "为每个单位生成下发包")
    issue.add_argument("--period", required=True, help="报告期")
    issue.add_argument("--out", type=Path, required=True, help="输出文件夹")
    export = _command(packet, "export", "导出本单位报送包")
    export.add_argument("--period", required=True, help="报告期")
    export.add_argument(
        "--out", type=Path, required=True, help="输出文件（.xlsx，带佐证材料时用 .zip）"
    )
    export.add_argument(
        "--early", action="store_true", help="报告期尚未结束、此前还有没报送的，也照样导出"
    )
    export.add_argument("--changed-rows", action="store_true", help="台账只带上次接收后改动过的行")
    feedback = _command(packet, "feedback", "为审核过的单位生成反馈包")
    feedback.add_argument("--period", required=True, help="报告期")
    feedback.add_argument("--out", type=Path, required=True, help="输出文件夹")
    for each in (issue, export, feedback):
        each.add_argument(
            "--unsealed", action="store_true", help="收件单位的密钥还没有登记时，不密封也照样写出"
        )
    check = _command(packet, "check", "检查文件，不改变任何数据")
    check.add_argument("paths", type=Path, nargs="+", metavar="文件")
    check.add_argument("--annotated", type=Path, metavar="文件夹", help="不合格的另存一份并加批注")
    take = _command(packet, "import", "导入文件或文件夹")
    take.add_argument("paths", type=Path, nargs="+", metavar="文件")
    take.add_argument("--accept-unsigned", action="store_true", help="接收未签名的文件")
    take.add_argument(
        "--accept-missing-signature",
        action="store_true",
        help="接收应有签名而没有的文件（已打电话核实）",
    )
    take.add_argument(
        "--accept-plan", action="store_true", help="接收不是由已知密钥签名的计划（已打电话核实）"
    )
    for command in (check, take):
        command.add_argument(
            "--heading",
            choices=("hidden", "title"),
            help="标题与隐藏信息不一致时：hidden 按隐藏信息，title 按标题（当作手工填写）",
        )
        which = command.add_mutually_exclusive_group()
        which.add_argument(
            "--all-sheets", action="store_true", help="与原有的表相像的工作表，合并读取"
        )
        which.add_argument(
            "--sheet",
            action="append",
            default=[],
            metavar="工作表",
            help="相像的工作表中只读这一张，代替原有的表，可写几次",
        )
        which.add_argument(
            "--own-sheets", action="store_true", help="相像的工作表不读，只读原有的表"
        )
    _command(packet, "undo", "撤销最近一次导入")


def _add_decisions(commands: _Commands[ChineseParser]) -> None:
    parser = _command(commands, "conflicts", "两边都改过、等待处理的项目")
    decisions = parser.add_subparsers(dest="action", metavar="操作")
    resolve = _command(decisions, "resolve", "处理一项，或全部")
    which = resolve.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", metavar="编号")
    which.add_argument("--all", action="store_true", help="全部按同一方处理")
    resolve.add_argument("--keep", choices=("mine", "theirs"), required=True, help="保留哪一方")
    submission = _group(commands, "submission", "报送情况和审核")
    listed = _command(submission, "list", "各单位报送情况")
    accept = _command(submission, "accept", "接收一个单位的报送")
    give_back = _command(submission, "return", "退回一个单位的报送")
    for review in (accept, give_back):
        review.add_argument("unit", metavar="单位", help="单位名称")
        review.add_argument("--comment", default="", help="审核意见，退回时必填")
        review.add_argument(
            "--row", action="append", default=[], metavar="编码=意见", help="对某一项的意见，可多次"
        )
    reopened = _command(submission, "reopen", "重新开放已接收锁定的报送")
    reopened.add_argument("--reason", required=True, help="原因，随反馈包告知单位")
    leave_out = _command(submission, "exclude", "一个单位的数据不计入汇总")
    leave_out.add_argument("--reason", required=True, help="原因；写成空文字则恢复计入")
    for each in (reopened, leave_out):
        each.add_argument("unit", metavar="单位", help="单位名称")
    for each in (listed, accept, give_back, reopened, leave_out):
        each.add_argument("--period", required=True, help="报告期")
    keys = _group(commands, "keys", "签名密钥")
    _command(keys, "list", "已登记的密钥")
    trust = _command(keys, "accept", "登记一份文件的签名密钥")
    trust.add_argument("file", type=Path, metavar="文件")
    trust.add_argument("last", metavar="后4位", help="对方在电话里说的指纹后 4 位")
    trust.add_argument("--instead", action="store_true", help="该单位原有密钥同时作废")
    compared = _command(keys, "compared", "首次收到的密钥已与该单位核对过指纹")
    compared.add_argument("fingerprint", metavar="指纹")
    compared.add_argument("last", metavar="后4位", help="对方在电话里说的指纹后 4 位")
    revoke = _command(keys, "revoke", "作废一个密钥")
    revoke.add_argument("fingerprint", metavar="指纹")


def _add_supervision(commands: _Commands[ChineseParser]) -> None:
    steps = _group(commands, "supervision", "督办函件：登记簿和每一步")
    _command(steps, "list", "登记簿（责任单位：来函）")
    propose = _command(steps, "propose", "下一步建议")
    draft = _command(steps, "draft", "拟稿，未编号")
    draft.add_argument("--kind", choices=_LETTERS, default=_LETTERS[0], help="哪一种，默认提醒函")
    which = draft.add_mutually_exclusive_group(required=True)
    which.add_argument("--unit", metavar="单位", help="发给哪个单位，写明其全部滞后事项")
    which.add_argument("--all", action="store_true", help="按全部建议拟稿")
    which.add_argument("--found", metavar="单位", help="发给哪个单位，写明其全部数据疑点")
    arrange = _command(steps, "arrange", "约谈通知书拟稿：时间、地点、约谈人、联系人")
    arrange.add_argument("draft", metavar="拟稿", help="拟稿编号，见 list")
    arrange.add_argument("--time", metavar="时间", help="如 2026-06-05T09:30")
    arrange.add_argument("--place", metavar="地点", help="约谈地点")
    arrange.add_argument("--host", metavar="约谈人", help="谁主持约谈")
    arrange.add_argument("--contact", metavar="联系人", help="联系人和电话")
    issue = _command(steps, "issue", "印发拟稿，编定文号")
    issue.add_argument("--preview", action="store_true", help="只显示将编定的文号，不印发")
    withdraw = _command(steps, "withdraw", "撤回拟稿，不占用文号")
    for each in (issue, withdraw):
        each.add_argument("drafts", nargs="+", metavar="拟稿", help="拟稿编号，见 list")
    escalate = _add_letter_steps(steps)
    for each in (propose, draft, escalate):
        each.add_argument("--period", help=_DEFAULT_PERIOD)
    export = _command(steps, "export", "导出登记簿（.xlsx 或 .pdf）")
    save = _command(steps, "save", "存拟稿或函件（.docx 或 .pdf）；已印发的是印发时的原件")
    save.add_argument(
        "letter", metavar="文号", help="文号或编号（拟稿、更正、复函的也可），见 list"
    )
    for each in (export, save):
        each.add_argument("file", type=Path, metavar="文件", help="输出文件，结尾决定格式")


def _add_letter_steps(steps: _Commands[ChineseParser]) -> ChineseParser:
    """Add what may become of a letter; gives the step that looks at a period."""
    extend = _command(steps, "extend", "延期：责任单位申请，汇总端答复")
    extend.add_argument("--until", metavar="日期", help="申请延期到，如 2026-06-05")
    extend.add_argument("--why", default="", metavar="理由", help="申请理由和进展，或答复的理由")
    says = extend.add_mutually_exclusive_group()
    says.add_argument("--grant", action="store_true", help="同意")
    says.add_argument("--refuse", action="store_true", help="不同意")
    objection = _command(steps, "object", "异议：责任单位提出，汇总端裁定")
    objection.add_argument("--text", required=True, help="异议的事实和依据，或裁定的理由")
    rules = objection.add_mutually_exclusive_group()
    rules.add_argument("--uphold", action="store_true", help="成立，函件销号")
    rules.add_argument("--overrule", action="store_true", help="不成立，仍须回复")
    reply = _command(steps, "reply", "回复（汇总端：登记纸质回复）")
    reply.add_argument("--text", required=True, help="整改落实情况")
    reply.add_argument("--attach", type=Path, action="append", default=[], help="佐证材料文件")
    escalate = _command(steps, "escalate", "期限已过，起草下一种函件")
    close = _command(steps, "close", "销号")
    close.add_argument("--evidence", required=True, metavar="依据", help="办结依据")
    back = _command(steps, "take-back", "撤回还没有送出的印发或销号，如同没有办过")
    void = _command(steps, "void", "作废已送出的函件，文号保留")
    reopen = _command(steps, "reopen", "撤销已告知单位的销号")
    correct = _command(steps, "correct", "更正已送出的函件，另发更正通知，原件不变")
    correct.add_argument("--text", required=True, help="原文和更正后的内容，分行写几处")
    for each in (void, reopen):
        each.add_argument("--why", required=True, metavar="原因", help="原因，随反馈包告知单位")
    for each in (extend, objection, reply, escalate, void, reopen, correct):
        each.add_argument("letter", metavar="文号", help="文号或编号，见 list")
    for each in (close, back):
        each.add_argument("letters", nargs="+", metavar="文号", help="文号或编号，见 list")
    return escalate


def _add_office(commands: _Commands[ChineseParser]) -> None:
    office = _group(commands, "office", "本办的名称、机关代字、文号和联系方式")
    _command(office, "show", "查看")
    setting = _command(office, "set", "修改；没有写的保持不变")
    for name, words in _OFFICE:
        setting.add_argument(f"--{name}", metavar="文字", help=words)
    setting.add_argument(
        "--word", action="append", default=[], metavar="种类=代字",
        help="一种函件的机关代字，如 reminder=某食药安办函；可以写几次",
    )  # fmt: skip
    setting.add_argument(
        "--next", action="append", default=[], metavar="种类=序号",
        help="一种函件的下一号，此前的已在纸上用过，如 reminder=5；可以写几次",
    )  # fmt: skip


_OFFICE = (
    ("district", "所在地区，如 某市某区"),
    ("name", "办公室全称"),
    ("committee", "委员会全称"),
    ("seal", "落款（印章）单位"),
    ("signatory", "签发人"),
    ("contact", "联系人"),
    ("phone", "联系电话"),
)


def _add_figures(commands: _Commands[ChineseParser]) -> None:
    status = _command(commands, "status", "汇总情况")
    status.add_argument("--period", help=_DEFAULT_PERIOD)
    status.add_argument("--now", action="store_true", help="已发布的月份也按最新数据")
    _add_publishing(commands)


def _add_outputs(commands: _Commands[ChineseParser]) -> None:
    report = _group(commands, "report", "输出表格、图和函件")
    table = _command(report, "table", "进展情况表（.pdf 或 .xlsx）")
    _add_table_options(table)
    chart = _command(report, "chart", "图（.png、.svg 或 .pdf）")
    chart.add_argument("--kind", choices=_CHARTS, default="indicators")
    chart.add_argument("--item", default="", metavar="指标", help="走势图的指标，默认为总进度")
    chart.add_argument("--last-year", type=Path, metavar="文件夹", help="同比图的上一年度工作区")
    letter = _command(report, "letter", "提醒敦促函（.docx 或 .pdf）")
    letter.add_argument("--unit", required=True, help="发给哪个单位")
    letter.add_argument("--reply-days", type=int, help="几个工作日内回复，默认按督办规则")
    bulletin = _command(report, "bulletin", "工作通报（.docx）")
    bulletin.add_argument("--issue", type=int, default=0, metavar="期号", help="默认为月份")
    bulletin.add_argument(
        "--template", type=Path, metavar="文件", help="先换用这份在 Word 中改过的模板"
    )
    bulletin.add_argument("--publish", action="store_true", help="同时发布本期数字")
    poster = _command(report, "poster", "一图读懂（.pdf 或 .png）")
    poster.add_argument("--paper", choices=("A4", "A3"), default="A4", help="纸张，默认 A4")
    card = _command(report, "card", "使用卡（.pdf，一页）：发给各单位的，或本办用的")
    card.add_argument("--kind", choices=("unit", "office"), default="unit")
    card.set_defaults(period=None)
    pack = _command(report, "inspection", "迎检台账（文件夹或 .zip）")
    pack.add_argument("--personal", action="store_true", help="台账包含涉及个人信息的列")
    what = pack.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="输出到新文件夹或 .zip 文件")
    what.add_argument("--check", type=Path, metavar="位置", help="核对已有的迎检台账")
    month = _command(report, "set", "本月一套：常用的表、图和通报放进一个文件夹")
    month.add_argument("--out", type=Path, required=True, help="输出到新文件夹")
    for parser in (table, chart, letter, bulletin, poster, card):
        parser.add_argument("--out", type=Path, required=True, help="输出文件，结尾决定格式")
    for parser in (table, chart, letter, bulletin, poster, pack, month):
        parser.add_argument("--period", help=_DEFAULT_PERIOD)


def _add_publishing(commands: _Commands[ChineseParser]) -> None:
    publish = _command(commands, "publish", "发布一期的数字，以后查看这一期以此为准")
    publish.add_argument("--period", help=_DEFAULT_PERIOD)
    which = publish.add_mutually_exclusive_group()
    which.add_argument(
        "--occasion", default="", metavar="场合", help="随什么发布，如 工作通报第3期"
    )
    which.add_argument("--revoke", action="store_true", help="撤销最近一次发布")
    which.add_argument("--list", action="store_true", help="全部发布")
    which.add_argument("--differences", action="store_true", help="现在的数据与发布时的不同和原因")


def _add_judgements(commands: _Commands[ChineseParser]) -> None:
    assessment = _command(commands, "assessment", "评议考核：各单位得分和名次")
    assessment.add_argument("--period", help=_DEFAULT_PERIOD)
    assessment.add_argument("--unit", default="", metavar="单位", help="只看或只输出这个单位")
    assessment.add_argument("--out", type=Path, metavar="文件", help="输出为 .pdf 或 .xlsx")
    doubts = _command(commands, "quality", "数据质量：检查填报数据和台账")
    doubts.add_argument("--period", help=_DEFAULT_PERIOD)
    doubts.add_argument("--unit", default="", metavar="单位", help="只检查这个单位")
    doubts.add_argument("--out", type=Path, metavar="文件", help="输出问题清单（.xlsx）")


def _add_table_options(table: ChineseParser) -> None:
    table.add_argument("--kind", choices=_TABLES, default="tasks")
    table.add_argument("--item", default="", metavar="名称", help="台账明细的台账，计分表的单位")
    table.add_argument("--layout", default="", metavar="名称", help="用已保存的版式")
    table.add_argument("--columns", default="", metavar="列,列", help="要哪些列，按此顺序")
    table.add_argument("--paper", choices=("A4", "A3"), help="纸张，默认 A4")
    table.add_argument("--upright", action="store_true", help="纵向，默认横向")
    table.add_argument("--preparer", default="", metavar="姓名", help="制表人")
    table.add_argument("--reviewer", default="", metavar="姓名", help="审核人")
    table.add_argument("--save-layout", default="", metavar="名称", help="把版式保存下来")


def _add_passphrase(parser: ChineseParser, words: str) -> None:
    # Never the passphrase itself: arguments are seen by other users and kept by shells.
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--passphrase", action="store_true", help=words)
    ways.add_argument("--passphrase-file", type=Path, metavar="文件", help="口令在这个文件的第一行")


def _add_password(commands: _Commands[ChineseParser]) -> None:
    password = _group(commands, "password", "工作区的密码")
    setting = _command(password, "set", "设置或更换密码：整个工作区重新加密，给出恢复码")
    recover = _command(password, "recover", "忘记密码时用恢复码打开，设置新密码")
    recover.add_argument(
        "--code-file", type=Path, metavar="文件", help="恢复码在这个文件的第一行，默认运行时输入"
    )
    for each in (setting, recover):
        each.add_argument(
            "--new-password-file", type=Path, metavar="文件",
            help="新密码在这个文件的第一行，默认运行时输入",
        )  # fmt: skip
    _command(password, "remove", "取消密码，工作区不再加密")
    code = _command(password, "code", "读出单位的恢复码（汇总端）；不写单位时列出有哪些")
    code.add_argument("--unit", default="", metavar="单位")
    code.add_argument("--mark", default="", metavar="标记", help="密码的标记，默认最近的一个")


def _add_care(commands: _Commands[ChineseParser]) -> None:
    calendar = _group(commands, "calendar", "日程")
    agenda = _command(calendar, "export", "导出日程，可导入手机和各种日历")
    agenda.add_argument("file", type=Path, metavar="文件", help="日历文件（.ics）")
    backup = _command(commands, "backup", "备份整个工作区")
    backup.add_argument("file", type=Path, metavar="文件", help="备份文件（.zip）")
    _add_passphrase(backup, "用口令加密，运行时输入；忘记口令，任何人都不能打开")
    restore = _command(commands, "restore", "从备份或自动副本恢复；不写文件时列出有哪些")
    restore.add_argument(
        "file", type=Path, nargs="?", metavar="文件", help="备份文件，或自动副本的文件名"
    )
    restore.add_argument("--list", action="store_true", help="列出可以恢复到的副本")
    restore.add_argument(
        "--yes", action="store_true", help="工作区已有数据时，确认恢复；不加时只说明会失去什么"
    )
    _add_passphrase(restore, "备份用口令加密时，运行时输入口令")
    _command(commands, "verify", "检查数据库、变更记录和文件")


def _add_program(commands: _Commands[ChineseParser]) -> None:
    diagnose = _command(
        commands, "diagnose", "写出诊断包：版本、设置、数量和检查结果，没有填报内容"
    )
    diagnose.add_argument("file", type=Path, metavar="文件", help="诊断包（.txt）")
    update = _group(commands, "update", "更新包")
    make = _command(update, "make", "把新版本的安装程序签名打成更新包（汇总端）")
    make.add_argument("files", type=Path, nargs="+", metavar="文件", help="安装程序")
    make.add_argument("--out", type=Path, required=True, help="更新包（.fsupdate）")
    check = _command(update, "check", "核对更新包，取出适合本机的安装程序")
    check.add_argument("file", type=Path, metavar="文件")
    bench = _command(commands, "bench", "本程序的性能测量")
    bench.add_argument("--packets", type=int, default=50, help="报送包个数")
    bench.add_argument("--ledger-rows", type=int, default=0, help="每个报送包的台账行数")
    told = "只测逐级报送：区的个数，可以写几个，如 3 13 39"
    bench.add_argument("--districts", type=int, nargs="+", metavar="个数", help=told)
    told = "只测旧电脑：一半的速度、10 毫秒的硬盘、4 GB 内存上，一个月的工作中窗口最长停顿多久"
    bench.add_argument("--small-pc", action="store_true", help=told)
    told = "只测共享数据库：自己启动一个临时的 PostgreSQL，要装有它的服务器程序"
    bench.add_argument("--server", action="store_true", help=told)
