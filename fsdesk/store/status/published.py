"""Published figures in the database; every publishing and revoking is a line of the change log."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.periods import Period
from fsdesk.domain.status.published import Publication
from fsdesk.store import audit
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from fsdesk.store.session import Session, Writing


class PublishedRow(Base):
    """The figures of a period as they were published; of several, the newest counts."""

    __tablename__ = "published"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    at: Mapped[str]
    who: Mapped[str]
    occasion: Mapped[str]
    change: Mapped[int]
    status: Mapped[bytes]


_COLUMNS = (
    PublishedRow.id, PublishedRow.period, PublishedRow.at, PublishedRow.who,
    PublishedRow.occasion, PublishedRow.change,
)  # fmt: skip


def save(writing: Writing, period: Period, occasion: str, figures: object) -> Publication:
    """Keep plain figures of a period as they are published now."""
    session = writing.session
    change = audit.position(session)
    plain = json.dumps(figures, ensure_ascii=False).encode()
    row = PublishedRow(
        period=str(period),
        at=writing.at,
        who=writing.author.who,
        occasion=occasion,
        change=change,
        status=zlib.compress(plain),
    )
    session.add(row)
    session.flush()
    after = {"occasion": occasion, "change": change, "digest": hashlib.sha256(plain).hexdigest()}
    audit.log(writing, "publish", f"published/{period}", None, after)
    return Publication(row.id, period, row.at, row.who, occasion, change)


def remove(writing: Writing, publication: Publication) -> None:
    """Forget a publication with its figures; the change log keeps that it was."""
    row = writing.session.get_one(PublishedRow, publication.id)
    before = {"at": row.at, "who": row.who, "occasion": row.occasion, "change": row.change}
    audit.log(writing, "revoke", f"published/{row.period}", before, None)
    writing.session.delete(row)


def publications(session: Session) -> tuple[Publication, ...]:
    """Return every publication that was not revoked, oldest first."""
    return tuple(
        _publication(*row) for row in session.execute(select(*_COLUMNS).order_by(PublishedRow.id))
    )


def newest(session: Session, period: Period) -> Publication | None:
    """Return the publication of a period that counts; None where it was not published."""
    query = select(*_COLUMNS).where(PublishedRow.period == str(period))
    row = session.execute(query.order_by(PublishedRow.id.desc()).limit(1)).first()
    return None if row is None else _publication(*row)


def figures(session: Session, publication: Publication) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the plain figures that were kept with a publication."""
    return plain_figures(session.get_one(PublishedRow, publication.id).status)


def plain_figures(status: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return plain figures from the form in which they are stored."""
    return json.loads(zlib.decompress(status))


def _publication(
    id_: int, period: str, at: str, who: str, occasion: str, change: int
) -> Publication:
    return Publication(id_, Period.parse(period), at, who, occasion, change)
