"""Evidence files that their receiver may not be able to open are told, and taken."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import Severity
from fsdesk.domain.records.attachments import hard_to_open


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("会场.heic", "HEIC"),
        ("IMG_0001.HEIF", "兼容性最佳"),
        ("方案.docm", "另存为 .docx"),
        ("台账.XLSM", "另存为 .xlsx"),
        ("汇报.ppsm", "另存为 .pptx"),
    ],
)
def test_the_hint_says_how_to_get_another_file(name, words):
    (finding,) = hard_to_open([name, name])
    assert finding.level is Severity.NOTICE
    assert f"“{name}”" in finding.message
    assert words in str(finding)


def test_what_everybody_opens_needs_no_hint():
    assert not list(
        hard_to_open(["照片.jpg", "方案.docx", "通知.pdf", "heic", ".docm", "heic.png"])
    )
