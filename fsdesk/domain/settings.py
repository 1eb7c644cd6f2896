"""Settings of the district that rules depend on; the screen shows them beside each result."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - field types are read at run time

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject


class Rules(Struct, frozen=True):
    """Rules of practice that the office may change.

    Attributes:
        yellow_margin: How far below pace is still yellow, as a fraction (0.10 = 10 points).
        due_days: A report is on time within this many days after the period's end (按时截止日).
        lock_days: Days after the period's end until which the agenda asks for it (锁定日).
        shift_to_working: Whether a reporting or lock day that nobody works on moves to the next
            working day (顺延至下一个工作日).
        duty_a: Within how many months a subject of level A is supervised once (包保督导); likewise
            `duty_b`, `duty_c` and `duty_d`. Practice differs, the default is every quarter.
        remind_days: Working days for the reply to a reminder (提醒敦促函); likewise `rectify_days`,
            `interview_days` (the written report after an interview) and `listed_days`.
        drop_share: A level that falls by more than this fraction is flagged.
        least_coverage: What rests on less than this share of what it should is not called green.
        count_returned: Whether figures of a returned report count until it comes again.
        sealed_ledgers: Codes of the ledgers whose rows travel sealed for their receiver alone.
        seal_all: Whether those of all ledgers do, and the evidence files.
        mend_days: Working days in which a report that was returned is to come again; until then
            it is not late.
        issued_on: Day on which the units had the year's plan, as the office says; None: the day of
            the first packet that handed it down. See `owing.plan_since`.
    """

    yellow_margin: float = 0.10
    due_days: int = 5
    lock_days: int = 20
    drop_share: float = 0.2
    shift_to_working: bool = False
    duty_a: int = 3
    duty_b: int = 3
    duty_c: int = 3
    duty_d: int = 3
    remind_days: int = 10
    rectify_days: int = 15
    interview_days: int = 5
    listed_days: int = 30
    least_coverage: float = 0.5
    count_returned: bool = True
    sealed_ledgers: tuple[str, ...] = ()
    seal_all: bool = False
    issued_on: date | None = None
    mend_days: int = 3

    def seals(self, ledger: str) -> bool:
        """Tell whether the rows of a ledger, by its code, travel sealed."""
        return self.seal_all or ledger in self.sealed_ledgers

    def sealing(self, ledger: str = "", *, sealed: bool) -> Rules:
        """Return rules by which a ledger, by its code, travels sealed or not; without one all."""
        if not ledger:
            return replace(self, seal_all=sealed)
        others = {code for code in self.sealed_ledgers if code != ledger}
        return replace(self, sealed_ledgers=tuple(sorted(others | ({ledger} if sealed else set()))))


def check_rules(rules: Rules) -> None:
    """Refuse rules that contradict themselves, saying which."""
    if not 0 <= rules.yellow_margin <= 1:
        raise reject("偏慢界限应在 0 至 100 个百分点之间", "请重新填写")
    if not 0 <= rules.least_coverage <= 1:
        raise reject("数据覆盖的最低比例应在 0 至 100% 之间", "请重新填写")
    if not 0 <= rules.due_days <= rules.lock_days:
        raise reject("锁定日不能早于按时截止日", "请重新填写这两个天数")
    if rules.mend_days < 1:
        raise reject("退回后重报的期限至少为 1 个工作日", "请重新填写")
    if min(rules.remind_days, rules.rectify_days, rules.interview_days, rules.listed_days) < 1:
        raise reject("函件的回复期限至少为 1 个工作日", "请重新填写")
