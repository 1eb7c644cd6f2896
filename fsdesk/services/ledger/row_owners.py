"""Whose the rows of a list are, what is held of them, and which keys are only alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import Finding, InputRejectedError, Place, notice
from fsdesk.domain.ledger.keys import likeness
from fsdesk.domain.ledger.ledger import KEY_JOINT, LedgerEntry, natural_key
from fsdesk.packets.lists.headers import UNIT
from fsdesk.packets.lists.reading import Rejected
from fsdesk.services.ledger.ledgers import allowed_unit
from fsdesk.services.plan.planning import plan_in
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.packets.lists.reading import ListReading, ListRow
    from fsdesk.services.ledger.ledger_files import ListOptions
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

_MOST_TOLD = 20
_ALIKE = (
    "（如字母 O 与数字 0、开头的 0、横线），看不出是不是同一条记录。"
    "是同一条的请改成一样；确是新记录的，请选择按新记录导入（命令行用 --alike-are-new）"
)
# Where a row stands: sheet and row.
_Row = tuple["ListReading", "ListRow"]


class RowOwners:
    """Finds out whose rows they are and what is held of them.

    Attributes:
        rejected: Rows that can't be taken.
        findings: What is to be told of rows that are taken.
        alike: How many rows are refused because their keys are like known ones.
    """

    def __init__(
        self, workspace: Workspace, session: Session, ledger: Ledger, options: ListOptions
    ) -> None:
        """Begin; refused when the unit that was chosen can't be written for here."""
        self.rejected: list[Rejected] = []
        self.findings: list[Finding] = []
        self.alike = 0
        self._workspace, self._session, self._ledger = workspace, session, ledger
        self._alike_are_new = options.alike_are_new
        self._plan = plan_in(session, workspace.identity.year)
        self._units: dict[str, str] = {"": allowed_unit(workspace, session, options.unit)}

    def entries(self, readings: Sequence[ListReading]) -> list[LedgerEntry]:
        """Return whole rows: what a list does not say stays as it is held."""
        found: list[tuple[_Row, LedgerEntry]] = []
        seen: dict[tuple[str, str], tuple[_Row, LedgerEntry]] = {}
        for reading in readings:
            for row in reading.rows:
                unit = self._unit(reading, row)
                if unit is None:
                    continue
                values = row.over({}, self._ledger.note_column)
                entry = LedgerEntry("", self._ledger.code, unit, values)
                key = unit, natural_key(self._ledger, row.values)
                first, other = seen.setdefault(key, ((reading, row), entry))
                if other is entry or other.values == entry.values:
                    found.append(((reading, row), entry))
                    continue
                same = first[0].sheet == reading.sheet
                where = (
                    f"第 {first[1].number} 行"
                    if same
                    else f"“{first[0].sheet}”第 {first[1].number} 行"
                )
                self._reject((reading, row), f"与{where}是同一条记录，但内容不同，请只保留一行")
        held = ledgers.entries_by_key(self._session, self._ledger.code, [e for _, e in found])
        triples = [(row, entry, old) for (row, entry), old in zip(found, held, strict=True)]
        doubtful = self._alike(triples)
        kept = [each for each in triples if id(each[0][1]) not in doubtful]
        return [self._over(*each) for each in kept]

    def _unit(self, reading: ListReading, row: ListRow) -> str | None:
        name = row.beside
        if name not in self._units:
            try:
                code = allowed_unit(self._workspace, self._session, name)
                self._units[name] = code
                self._tell_former_name((reading, row), name, code)
            except InputRejectedError as problem:
                finding = problem.findings[0]
                self._reject((reading, row), f"{finding.message}。{finding.remedy}", UNIT)
                return None
        return self._units[name]

    def _tell_former_name(self, row: _Row, name: str, code: str) -> None:
        unit = self._plan.units_in_year[code]
        former = unit.former_name(name)
        if former:
            words = f"“{former}”按曾用名识别为“{unit.name}”"
            place = Place(sheet=row[0].sheet, cell=row[1].cell(UNIT))
            self.findings.append(notice(words, "不是这个单位的，请改成现在的单位名称", place))

    def _alike(self, rows: Iterable[tuple[_Row, LedgerEntry, LedgerEntry | None]]) -> set[int]:
        """Refuse new rows whose keys people may take for those of others."""
        new = [(row, entry) for row, entry, held in rows if held is None]
        if not new or self._alike_are_new:
            return set()
        held = ledgers.held_keys(self._session, self._ledger.code)
        known = {(unit, _likeness(key)): key for unit, key in held}
        found: set[int] = set()
        for row, entry in new:
            key = natural_key(self._ledger, entry.values)
            other = known.setdefault((entry.unit, _likeness(key)), key)
            if other == key:
                continue
            found.add(id(row[1]))
            self.alike += 1
            shown = "、".join(str(entry.values.get(title, "")) for title in self._ledger.key)
            other = other.replace(KEY_JOINT, "、")
            self._reject(row, f"“{shown}”与“{other}”很像{_ALIKE}")
        return found

    def _over(self, row: _Row, new: LedgerEntry, held: LedgerEntry | None) -> LedgerEntry:
        if held is None or held.gone:
            return new if held is None else replace(new, id=held.id)
        values = row[1].over(held.values, self._ledger.note_column)
        for title in self._ledger.key:
            before, now = held.values.get(title), new.values.get(title)
            if before != now:
                # Another way of writing the same key is no correction of it.
                values[title] = before
                self._tell(row, f"“{now}”与已有的“{before}”写法不同，按同一条记录处理")
        return replace(new, id=held.id, values=values)

    def _tell(self, row: _Row, words: str) -> None:
        if len(self.findings) < _MOST_TOLD:
            place = Place(sheet=row[0].sheet, cell=row[1].cell(self._ledger.key[0]))
            self.findings.append(notice(words, "要改编号的，请在台账页改那一行", place))

    def _reject(self, row: _Row, words: str, column: str = "") -> None:
        reading, each = row
        value = str(each.values.get(self._ledger.key[0], "")) if not column else each.beside
        title = column or self._ledger.key[0]
        where = reading.sheet, each.cell(title)
        self.rejected.append(Rejected(each.number, title, words, value, *where))


def _likeness(key: str) -> str:
    return KEY_JOINT.join(likeness(part) for part in key.split(KEY_JOINT))
