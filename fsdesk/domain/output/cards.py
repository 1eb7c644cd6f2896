"""What stands on the one-page cards (使用卡): the month's steps for who never saw the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import date_text
from fsdesk.domain.records.attachments import LARGEST

if TYPE_CHECKING:
    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.settings import Rules

# Where the office has named nobody yet, it is written in by hand.
_TO_FILL_IN = "联系人：＿＿＿＿＿＿，联系电话：＿＿＿＿＿＿＿＿"


class Card(Struct, frozen=True):
    """One page: a title, whose it is, numbered steps under headings, and whom to ask."""

    title: str
    whose: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    foot: str


def unit_card(head: PaperHead, year: int, rules: Rules) -> Card:
    """Return the card that the office gives to its units; days are those of its rules."""
    return Card(
        "食药安工作台使用卡（责任单位）",
        f"{head.maker}　{year}年度",
        (
            (
                "第一次使用",
                (
                    "双击安装程序，按提示装好。",
                    (
                        "打开程序，点“打开下发包…”选中收到的下发包，或把文件拖进窗口，"
                        "单位、年度和任务自动填好；直接双击会用 WPS 打开。"
                    ),
                ),
            ),
            (
                "每期填报",
                (
                    "打开程序，“今日”页列出还没有填的任务和截止日期，双击一项开始填。",
                    (
                        "填本期数，不填累计数。没有发生填 0，没有这类对象选“无此项”，"
                        "没有统计出来留空。填完自动保存。"
                    ),
                    f"佐证材料拖到事项下面，一个文件不超过 {LARGEST >> 20} MB。",
                    (
                        "按 F9“检查并导出”，看过没有填的和存疑的，点“导出报送包”，"
                        f"把文件交给{head.maker}。"
                    ),
                    f"{_due(rules)}。窗口底部写“已全部交出并收到回执”，才是收到了。",
                ),
            ),
            (
                "收到反馈包、函件",
                (
                    (
                        "打开程序，把反馈包拖到“交换”页（直接双击会用 WPS 打开），"
                        "看清会改变什么，点“全部接收”。"
                    ),
                    "被退回的，在“今日”点“去修改”，逐条选“改了”或写一句说明，再导出交来。",
                    (
                        "“来函”页有待回复的函件：写明情况，点“保存回复”，再导出交来；"
                        "来不及的在期限以前“申请延期”。"
                    ),
                ),
            ),
            (
                "遇到问题",
                (
                    "填错了按 Ctrl+Z 撤销；填错月份的点“移到其他月份…”。",
                    "突然断电、忘了保存都不要紧，重新打开还在。",
                    "换电脑、文件损坏：右上角“工作区”点“从备份恢复…”。",
                    "在任何页面按 F1 看说明；找东西按 Ctrl+K。",
                ),
            ),
        ),
        _foot(head),
    )


def office_card(head: PaperHead, year: int, rules: Rules) -> Card:
    """Return the card for who does the office's month."""
    return Card(
        "食药安工作台使用卡（汇总端）",
        f"{head.maker}　{year}年度",
        (
            (
                "年初",
                (
                    "“设置”填写所在地区、联系人和文号；“计划”页读取工作要点文件，逐处核对后确认。",
                    "“交换”页点“下发计划”，每个单位一个下发包，连同安装程序和单位使用卡交去。",
                    "第一次收到单位的文件，打电话核对密钥指纹的后 4 位。",
                ),
            ),
            (
                "每月",
                (
                    (
                        "“总览”的“今天要做的”列出等着办的事，点击就到；没有报的点“提醒单位”复制文字。"
                        f"{_due(rules)}。"
                    ),
                    "把收到的文件拖到“交换”页，看过会改变什么，点“全部接收”。",
                    "处理“待处理差异”；在“审核”逐项看，接收或退回，生成反馈包发给单位。",
                    "“数据质量”列出可疑的数；“汇总”选中一行看怎样算的，双击看来源。",
                    "“打印”页生成工作通报、各种表和图，或“生成本月一套”；随通报发布本月数字。",
                ),
            ),
            (
                "督办",
                (
                    "“督办”页看建议，点“同意”拟稿，改好正文和期限，按“印发”编定文号。",
                    "生成反馈包，函件随包送达；回复随报送包回来，达到要求的“销号”。",
                    "印发错了：送出以前“撤回印发”，送出以后“作废…”。",
                ),
            ),
            (
                "遇到问题",
                (
                    "接收错了点“撤销接收…”；审核错了点“撤销审核”。",
                    "“设置”点“备份…”另存一份；“从备份恢复…”先说明会失去什么。",
                    "在任何页面按 F1 看说明；找东西按 Ctrl+K。",
                ),
            ),
        ),
        _foot(head),
    )


def _due(rules: Rules) -> str:
    moved = "（逢休息日都顺延到下一个工作日）" if rules.shift_to_working else ""
    due = f"报告期结束后 {rules.due_days} 日内" if rules.due_days else "报告期最后一天以前"
    later = f"第 {rules.lock_days} 日以后“日程”不再催报{moved}，仍可补报；已接收的才锁定"
    return f"{due}报送，{later}"


def _foot(head: PaperHead) -> str:
    who = head.office.contact_line.strip("（）") or _TO_FILL_IN
    return f"{who}　印制：{date_text(head.made_on)}"
