"""The default wording of the bulletin, as a Word file that the office may edit.

`python -m fsdesk.reports.word.bulletin_template` writes it to resources/templates; the file that is
kept there is what the program uses.
"""

from __future__ import annotations

from fsdesk.files import save_bytes
from fsdesk.places import project_file
from fsdesk.reports.word.official_document import OfficialDocument

TEMPLATE = "resources/templates/bulletin.docx"


def default_template() -> bytes:
    """Return the default template as a Word file."""
    paper = OfficialDocument("工作通报", letter=False)
    paper.masthead("{{ 领域 }}工作通报", "第{{ 期号 }}期", "{{ 制发单位 }}", "{{ 日期 }}")
    paper.note_line("签发")
    paper.title(("关于{{ 报告期 }}{{ 领域 }}", "重点工作进展情况的通报"))
    paper.addressee("各成员单位")
    paper.paragraph("根据《{{ 计划 }}》，现将截至{{ 报告期 }}的工作进展情况通报如下。")
    _overall(paper)
    _achievements(paper)
    _lagging(paper)
    _reporting(paper)
    paper.heading("五、下一步工作")
    paper.paragraph("{%p for 项 in 下步要点 %}")
    paper.subheading("（{{ 项.序号 }}）{{ 项.标题 }}")
    # The signature never stands alone on a page: the last paragraph goes with it.
    paper.paragraph("{%p if loop.last %}")
    paper.paragraph("{{ 项.内容 }}", keep=True)
    paper.paragraph("{%p else %}")
    paper.paragraph("{{ 项.内容 }}")
    paper.paragraph("{%p endif %}")
    paper.paragraph("{%p endfor %}")
    paper.annex_list(("主要指标完成情况", "各单位进度"))
    paper.signature("{{ 落款单位 }}", "{{ 日期 }}")
    paper.note_line("联系方式")
    _annex(paper)
    paper.imprint((("抄送：{{ 抄送 }}。", ""), ("{{ 印发机关 }}", "{{ 日期 }}印发")))
    return paper.data()


def _overall(paper: OfficialDocument) -> None:
    paper.heading("一、总体情况")
    paper.paragraph(
        "截至{{ 报告期 }}，{{ 辖区 }}{{ 领域 }}重点工作总进度为{{ 总进度 }}，"
        "序时进度为{{ 序时进度 }}，"
        "总体{{ 总体情况 }}。{{ 任务总数 }}项任务按整体计算（各责任单位合并），"
        "正常{{ 正常任务数 }}项、"
        "偏慢{{ 偏慢任务数 }}项、滞后{{ 滞后任务数 }}项、数据不足{{ 无数据任务数 }}项；"
        "{{ 指标总数 }}项量化指标中，达到序时进度{{ 达到序时指标数 }}项、"
        "未达到{{ 未达序时指标数 }}项、数据不足{{ 无数据指标数 }}项。{{ 全年预测 }}{{ 发布说明 }}"
    )
    paper.paragraph("以上数字的依据：{{ 数据依据 }}。没有数据的任务不计入进度，不表示没有滞后。")
    paper.picture("{{ 走势图 }}", "图1　总进度走势")
    paper.caption("表1　各部分任务亮灯情况（按任务整体计算）")
    titles = ("部分", "任务数", "正常", "偏慢", "滞后", "数据不足")
    places = ("名称", "任务数", "正常", "偏慢", "滞后", "无数据")
    paper.table(titles, places, "各部分", (51, 21, 21, 21, 21, 21))


def _achievements(paper: OfficialDocument) -> None:
    paper.heading("二、工作成效")
    paper.paragraph("{%p if 成效 %}")
    paper.paragraph("{%p for 项 in 成效 %}")
    paper.paragraph("（{{ loop.index }}）{{ 项 }}")
    paper.paragraph("{%p endfor %}")
    paper.paragraph("{%p else %}")
    paper.paragraph("{{ 无成效说明 }}")
    paper.paragraph("{%p endif %}")


def _lagging(paper: OfficialDocument) -> None:
    paper.heading("三、滞后任务")
    paper.paragraph("{%p if 滞后单位 %}")
    paper.paragraph(
        "按各单位承担的部分分别计算，滞后共{{ 滞后家次 }}家次（一项任务在一个单位计一家次）；"
        "按任务整体计算（各责任单位合并），滞后{{ 滞后任务数 }}项。分单位情况如下："
    )
    paper.paragraph("{%p for 项 in 滞后单位 %}")
    paper.paragraph(
        "（{{ loop.index }}）{{ 项.名称 }}承担的任务滞后{{ 项.数量 }}项：{{ 项.任务 }}。"
    )
    paper.paragraph("{%p endfor %}")
    paper.caption("表2　滞后任务明细（按单位）")
    titles = ("单位", "任务", "任务进度", "序时进度", "差距")
    places = ("单位", "任务", "进度", "序时", "差距")
    paper.table(titles, places, "滞后任务", (38, 54, 18, 20, 26))
    paper.paragraph("{%p else %}")
    paper.paragraph("{{ 无滞后说明 }}")
    paper.paragraph("{%p endif %}")


def _reporting(paper: OfficialDocument) -> None:
    paper.heading("四、报送情况")
    paper.paragraph(
        "本期应报送单位{{ 应报单位数 }}家，已报送{{ 已报单位数 }}家，其中按时报送"
        "{{ 按时单位数 }}家；本期报送率{{ 报送率 }}，本期及时率{{ 及时率 }}。"
        "未报送：{{ 未报单位 }}；逾期报送：{{ 逾期单位 }}。"
    )
    paper.picture("{{ 报送图 }}", "图2　各单位逐月报送情况")


def _annex(paper: OfficialDocument) -> None:
    paper.annex("附件1", "主要指标完成情况")
    titles = ("指标", "年度目标", "完成值", "完成率", "序时进度", "亮灯")
    places = ("名称", "目标", "完成", "完成率", "序时", "亮灯")
    paper.table(titles, places, "指标", (43, 27, 27, 18, 19, 22))
    paper.annex("附件2", "各单位进度")
    titles = (
        "名次", "单位", "任务数", "滞后任务", "排名进度", "单位进度", "序时进度", "亮灯"
    )  # fmt: skip
    places = ("名次", "名称", "任务数", "滞后数", "排名进度", "进度", "序时", "亮灯")
    paper.table(titles, places, "单位", (17, 39, 14, 13, 17, 17, 17, 22))
    paper.remark(
        "注：名次按排名进度，没有填报的内容按零计；进度相同的并列，办公室不参加排名。"
        "滞后任务按单位承担的部分计算。"
    )


if __name__ == "__main__":
    save_bytes(project_file(TEMPLATE), default_template())
