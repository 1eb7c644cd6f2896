"""Every figure that is shown: its one name, what it is made of, and how finely it is written.

Pages, tables, charts, letters and commands take the names from here; F1 on a figure and the
handbook show the definitions. What counts differently bears another name.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Precision(StrEnum):
    """How finely a figure is written; 必要时 is where it would read as what it is not."""

    SHARE = "百分数，一位小数，必要时增加位数"
    FINE = "百分数，两位小数"
    POINTS = "百分点，一位小数，必要时增加位数"
    COUNT = "整数"
    VALUE = "最多两位小数，必要时增加位数"


_DISTRICT = "区级"  # by which names say that all units are judged together


class Measure(StrEnum):
    """A figure.

    Attributes:
        label: Its name everywhere.
        definition: Formula and what counts, as a sentence.
    """

    label: str
    definition: str
    precision: Precision

    def __new__(cls, value: str, label: str, definition: str, precision: Precision) -> Self:
        """Make a member that equals its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.definition = definition
        member.precision = precision
        return member

    def at(self, level: str) -> str:
        """Return its name in a plan of a level, such as 市级; the label is that of a district."""
        return self.label.replace(_DISTRICT, level)

    @property
    def explanation(self) -> str:
        """Name and definition, as a tip says them."""
        return f"{self.label}：{self.definition}"

    OVERALL = (
        "overall",
        "总进度",
        "有数据的各项任务进度（按全部单位整体计）的平均数；没有填报的任务不计入，不当作零。",
        Precision.SHARE,
    )
    UNIT_PROGRESS = (
        "unit_progress",
        "单位进度",
        "一个单位有数据的各项任务进度的平均数，只计本单位的数据；没有填报的任务不计入，不当作零。",
        Precision.SHARE,
    )
    TASK_PROGRESS = (
        "task_progress",
        "任务进度",
        (
            "一项任务中有数据的各指标完成率（最多计 100%）和各事项进度的平均数；"
            "在单位名下列出的，只计该单位的数据。"
        ),
        Precision.SHARE,
    )
    THING_PROGRESS = (
        "thing_progress",
        "事项进度",
        (
            "已完成计 100%，进行中计 50%，未启动计 0%；有次数要求的，为已完成次数 ÷ "
            "全年应完成次数；长期工作正在进行的，视为达到序时进度；由几个单位承担的，为已填报单位的平均数。"
        ),
        Precision.SHARE,
    )
    ATTAINMENT = (
        "attainment",
        "完成率",
        (
            "完成值 ÷ 目标，超过目标的照实显示；“≤”的指标没有超过目标计 100%，"
            "超过后为目标 ÷ 完成值。单位有分解目标的，按分解目标计算。"
        ),
        Precision.SHARE,
    )
    VALUE = (
        "value",
        "完成值",
        (
            "计数指标为各单位数值之和，比率指标为各单位分子之和 ÷ 分母之和。逐期累加的，各期相加；"
            "取最近一期的，各单位只取最近一期，不是本期的注明截至几月。"
        ),
        Precision.VALUE,
    )
    PACE = (
        "pace",
        "序时进度",
        (
            "到报告期末应当完成的比例，报告期还没有结束的，算到最近一个已结束的月份。按月匀速的为"
            "月数 ÷ 12，始终达标的为 100%，按月设定的取当月的设定，有时限的事项到时限月为 100%；"
            "任务、单位和全年的序时进度，为其中有数据的各项的平均数。"
        ),
        Precision.SHARE,
    )
    GAP = (
        "gap",
        "差距",
        "序时进度减去进度或完成率，等于所列两数之差。",
        Precision.POINTS,
    )
    LAGGING_TASKS = (
        "lagging_tasks",
        "区级任务滞后",
        "亮灯为滞后的任务项数，每项任务按全部单位合在一起判断，只计一项。",
        Precision.COUNT,
    )
    LAGGING_PAIRS = (
        "lagging_pairs",
        "单位任务滞后",
        "各单位的每项任务分别亮灯，滞后的合计；同一任务有几个单位滞后，就计几项次。",
        Precision.COUNT,
    )
    LAGGING_OWN = (
        "lagging_own",
        "本单位任务滞后",
        "本单位承担的任务中亮灯为滞后的项数，只按本单位的数据判断。",
        Precision.COUNT,
    )
    REPORTING_RATE = (
        "reporting_rate",
        "本期报送率",
        (
            "本期已收到报送的单位数 ÷ 本期应报送的单位数；退回后没有重新报来的不算已收到，"
            "汇总端不计入。"
        ),
        Precision.SHARE,
    )
    TIMELINESS = (
        "timeliness",
        "本期及时率",
        "本期在报送截止日以前报来的单位数 ÷ 本期应报送的单位数。",
        Precision.SHARE,
    )
    REPORTING_TO_DATE = (
        "reporting_to_date",
        "累计报送率",
        "年初至本期，一个单位已报送的月数 ÷ 应报送的月数。",
        Precision.SHARE,
    )
    TIMELINESS_TO_DATE = (
        "timeliness_to_date",
        "累计及时率",
        "年初至本期，一个单位按时报送的月数 ÷ 应报送的月数。",
        Precision.SHARE,
    )
    MISSED = (
        "missed",
        "累计逾期未报",
        "年初至本期各月，报送截止日已过仍没有收到的报送；一个单位一个月计一期次。",
        Precision.COUNT,
    )
    COVERAGE = (
        "coverage",
        "数据覆盖",
        (
            "有数据的项数 ÷ 应有数据的项数，一个单位的一项指标或一个事项计一项；"
            "低于“设置”中的比例时不亮绿灯和黄灯。"
        ),
        Precision.COUNT,
    )
    RANKING = (
        "ranking",
        "排名进度",
        "单位排名所用的进度：没有填报的指标和事项按 0 计，其余与单位进度相同。",
        Precision.SHARE,
    )
    FORECAST = (
        "forecast",
        "全年预计",
        (
            "后续各月按已有月份的平均进度推算到年末，区间按月际波动估计，假定以后各月与以前相似；"
            "有数据的月份不足三个月时不预计。"
        ),
        Precision.SHARE,
    )
    DUTY_COMPLETION = (
        "duty_completion",
        "包保督导完成率",
        (
            "按督导记录：年初以来已结束的各督导周期，已督导的主体数之和 ÷ 应督导的主体数之和，"
            "一个主体在一个周期内只计一次。各单位另有填报数的，两数并列，并注明汇总采用哪一个。"
        ),
        Precision.FINE,
    )
    DUTY_WINDOW = (
        "duty_window",
        "本周期督导完成率",
        "所看报告期末所在的督导周期，已督导的主体数 ÷ 应督导的主体数；周期可能还没有结束。",
        Precision.SHARE,
    )
    DUTY_OVERDUE = (
        "duty_overdue",
        "逾期未督导",
        "督导周期已经结束、周期内没有督导过、以后也没有补上的在产在营主体数。",
        Precision.COUNT,
    )
    DUTY_CURED = (
        "duty_cured",
        "问题整改率",
        "按督导记录：本年督导的已整改问题数之和 ÷ 发现问题数之和。",
        Precision.FINE,
    )
    DUTY_TRAINED = (
        "duty_trained",
        "包保干部培训覆盖率",
        "按“包保干部”名单：本年已培训的人数 ÷ 名单上的人数。",
        Precision.FINE,
    )
    DUE_THIS_WEEK = (
        "due_this_week",
        "本周到期",
        "本周一至本周日到期、还没有完成的日程；本周以前已逾期的另外列出，本周还没有到期的不计入。",
        Precision.COUNT,
    )
    OPEN_TASKS = (
        "open_tasks",
        "待办任务",
        "本期还有内容没有填写，或有事项已过时限、30 天内到时限的任务。",
        Precision.COUNT,
    )
    MARKS = (
        "marks",
        "得分比例",
        (
            "评议考核中一个得分项达到的比例，为其各项的平均数，每项最多计 100%；"
            "得分 = 满分 × 得分比例。"
        ),
        Precision.FINE,
    )
