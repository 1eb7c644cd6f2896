"""What is typed before there is a workspace: kept beside what the window remembers of itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fsdesk.domain.drafts import FieldDraft
from ui import remember

if TYPE_CHECKING:
    from fsdesk.domain.drafts import FieldValue

_GROUP = "unmade"


class UnmadeDrafts:
    """Drafts by place, as `ui.drafts.Drafts` has them in a workspace; written with every change."""

    def get(self, place: str) -> FieldDraft | None:
        """Return the draft of a place."""
        kept = remember.recall(f"{_GROUP}/{place}")
        return FieldDraft(*json.loads(kept)) if kept else None

    def put(self, place: str, value: FieldValue, base: FieldValue) -> None:
        """Note what stands in a field; what is proposed there is no draft."""
        if value == base:
            self.end(place)
        else:
            text = json.dumps([value, base], ensure_ascii=False)
            remember.store(f"{_GROUP}/{place}", text)

    def end(self, place: str) -> None:
        """Note that a field's content was used or given up."""
        if remember.recall(f"{_GROUP}/{place}"):
            remember.store(f"{_GROUP}/{place}", "")


def forget() -> None:
    """Forget all of it: the workspace was made, or is not wanted."""
    remember.forget(_GROUP)
