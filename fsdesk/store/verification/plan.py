"""The plan in its tables beside the state of it that was kept whole."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.orm import Session

from fsdesk.domain.plan.changes import compare_plans
from fsdesk.domain.plan.history import summary
from fsdesk.store.care import raw
from fsdesk.store.care.integrity import label
from fsdesk.store.plan import history, rows
from fsdesk.store.plan.history import PLAN_REVISION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def compare(file: Path, *, finished: bool = False) -> Iterator[str]:
    """Say which kept states of a plan can't be read, and where it differs from the newest one."""
    connect = partial(raw.reader, file, finished=finished)
    engine = create_engine("sqlite://", poolclass=NullPool, creator=connect)
    with Session(engine) as session:
        try:
            states = session.execute(
                select(PLAN_REVISION.c.id, PLAN_REVISION.c.year).order_by(PLAN_REVISION.c.id)
            ).all()
        except Exception:  # noqa: BLE001 - a damaged database ends in anything
            return
        newest = {year: id_ for id_, year in states}
        for id_, year in states:
            try:
                kept = history.plan_at(session, id_)
            except Exception:  # noqa: BLE001 - likewise
                yield f"表{label('plan_revision')}：{year} 年计划的第 {id_} 个状态已读不出"
                continue
            if newest[year] != id_:
                continue
            try:
                stands = rows.read(session, year)
            except Exception:  # noqa: BLE001 - likewise
                yield f"表{label('plan')}：{year} 年的计划已读不出"
                continue
            if stands != kept:
                what = summary(compare_plans(kept, stands)) if stands else "库中没有"
                yield f"表{label('plan')}：{year} 年的计划与最近一次修订时不同：{what}"
