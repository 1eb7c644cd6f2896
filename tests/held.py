"""What a workspace holds, asked from outside its services."""

from __future__ import annotations

from fsdesk.store.records import attachments, submissions


def review_of(workspace, unit, period):
    """Give what the office said of a unit's report; None when it has not yet."""
    with workspace.reading() as session:
        return submissions.find_review(session, unit, str(period))


def attachments_of(workspace, key):
    """Give the files that prove a record."""
    with workspace.reading() as session:
        return tuple(a for a in attachments.attachments(session) if a.record == key)
