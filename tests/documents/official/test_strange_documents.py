"""What is no plan gets a clear answer at once: other kinds of files, damage, stories, bombs."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.sources.text import read_text
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import FindingCode, FsdeskError
from fsdesk.services.plan_document import corrections
from fsdesk.services.plan_document.plan_documents import MOST_BYTES, read_document, read_pasted
from tests.documents.official.corpus_files import CORPUS, built, sources, word_file

CHINESE = re.compile(r"[一-鿿]")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SECONDS = 8  # of the processor, however busy the machine is
KNOWN = Known(load_builtin_plan(2026).directory, year=2026)
TEXT = (CORPUS / "county_2024.txt").read_text(encoding="utf-8")


def answered(read):
    """Return what was read, or None and the words of the refusal."""
    try:
        return read(), []
    except FsdeskError as refused:
        return None, [finding.message for finding in refused.findings]


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


def word(body):
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = (
        f'<?xml version="1.0"?><w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
    )
    return zipped(**{"word__document.xml": document})


def story():
    lines = ["第一章 归乡"]
    pieces = [
        "他推开门，",
        "雨下得很大。",
        "“你回来了？”她问。",
        "三年前的那个夜晚，",
        "没有人说话。",
    ]
    rng = random.Random(1)
    lines += ["".join(rng.choices(pieces, k=40)) for _ in range(400)]
    return "\n".join(lines).encode()


# What is large is made when it is needed: every process that tests reads this table.
STRANGE = {
    "nothing.txt": b"",
    "blank.txt": b" \n \n",
    "story.txt": story,
    "letters.txt": b"Lorem ipsum dolor sit amet. " * 400,
    "noise.txt": random.Random(2).randbytes(20_000),
    "long.txt": lambda: "食品药品安全工作。\n".encode() * 200_000,
    "one line.txt": lambda: "食品安全（" .encode() * 300_000,
    "old.doc": OLE + "WordDocument".encode("utf-16-le"),
    "old.docx": OLE + "WordDocument".encode("utf-16-le"),
    "old.wps": OLE,
    "locked.docx": OLE + "EncryptedPackage".encode("utf-16-le"),
    "plan.pdf": b"%PDF-1.7\n" + bytes(300),
    "plan.txt": b"%PDF-1.7\n" + bytes(300),
    "no parts.ofd": zipped(**{"OFD.xml": "<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>"}),
    "bad xml.ofd": zipped(**{"OFD.xml": "<OFD><"}),
    "entity.ofd": zipped(**{"OFD.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "odd numbers.ofd": zipped(
        **{
            "OFD.xml": "<OFD><DocRoot>D.xml</DocRoot></OFD>",
            "D.xml": "<D><Page BaseLoc='P.xml'/></D>",
            "P.xml": "<P><TextObject Boundary='a b'><TextCode>甲</TextCode></TextObject></P>",
        }
    ),
    "only a picture.ofd": zipped(
        **{
            "OFD.xml": "<OFD><DocRoot>D.xml</DocRoot></OFD>",
            "D.xml": "<D><Page BaseLoc='P.xml'/></D>",
            "P.xml": "<P><ImageObject/></P>",
        }
    ),
    "plan.rtf": b"{\\rtf1\\ansi }",
    "plan.html": b"<!DOCTYPE html><html></html>",
    "plan.mht": b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n<p>1</p>",
    "plan.xml": b"<?xml version='1.0'?><plan/>",
    "menu.html": "<html><p>首页</p><p>主办单位：区政府办公室</p></html>".encode(),
    "scan.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "plan.zip": zipped(a="b"),
    "plan.7z": b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "broken.docx": lambda: word_file(TEXT)[:3000],
    "no document.docx": zipped(**{"word__other.xml": "<a/>"}),
    "no words.docx": word(""),
    "bad xml.docx": zipped(**{"word__document.xml": "<w:document><"}),
    "entity.docx": zipped(
        **{"word__document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}
    ),
    "bomb.docx": lambda: word("<w:p><w:r><w:t>" + "甲" * 30_000_000 + "</w:t></w:r></w:p>"),
    "deep.docx": lambda: word("<w:tbl>" * 3000 + "</w:tbl>" * 3000),
    "wide.docx": lambda: word(
        "<w:tbl>" + ("<w:tr>" + "<w:tc><w:tcPr><w:gridSpan w:val='999999'/></w:tcPr><w:p/></w:tc>"
        * 50 + "</w:tr>") * 200 + "</w:tbl>"
    ),
    "bomb.xlsx": lambda: zipped(
        **{"xl__workbook.xml": "<workbook/>", "xl__worksheets__sheet1.xml": " " * 300_000_000}
    ),
    "report.odt": zipped(
        mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<a/>"}
    ),
    "big.txt": lambda: b"a" * (MOST_BYTES + 1),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", STRANGE)
def test_a_file_that_is_no_plan_is_refused_clearly_and_soon(tmp_path, name):
    path = tmp_path / name
    content = STRANGE[name]
    path.write_bytes(content() if callable(content) else content)
    begin = time.process_time()
    with pytest.raises(FsdeskError) as refused:
        read_document(path)

    assert time.process_time() - begin < SECONDS
    for finding in refused.value.findings:
        assert CHINESE.search(finding.message)
        assert CHINESE.search(finding.remedy)
        assert finding.place.file == name


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(FsdeskError, match=r"不存在|这是文件夹"):
            read_document(path)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_any_usual_encoding_gives_the_same_plan(tmp_path, encoding):
    path = tmp_path / "plan.txt"
    path.write_bytes(TEXT.encode(encoding))

    assert read_document(path).plan == read_pasted(TEXT).plan


@pytest.mark.parametrize("end", ["\r\n", "\r", "\v", "\u2028", "\f"])
def test_line_ends_do_not_matter(end):
    assert read_pasted(TEXT.replace("\n", end)).plan == read_pasted(TEXT).plan


def test_a_long_document_is_read_in_seconds():
    lines = TEXT.splitlines()
    body = [line for line in lines if line.startswith("（")]
    many = "\n".join([*lines[:12], "一、加强治理", *(body * 150)])
    begin = time.process_time()
    parsed = read_pasted(many)

    assert len(parsed.plan.tasks) > 1000
    assert time.process_time() - begin < 4 * SECONDS


PIECES = st.sampled_from(
    [
        "（",
        "）",
        "[",
        "】",
        "负责",
        "区教育局",
        "、",
        "，",
        "。",
        "一、",
        "（一）",
        "1.",
        "100%",
        "不少于",
        "批次",
        "其中",
        "分别",
        "全覆盖",
        "责任单位：",
        "牵头单位：",
        "完成时限：",
        "6月底前",
        "\n",
        "等部门",
        "会同",
        "“",
        "”",
        "每千人",
        "3.5批次/千人",
        "1,900",
        "万",
        "百分之",
        "按职责分工",
        "\t",
        "|",
        "2026年",
        "①",
        "第一条",
        "各街道",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, min_size=1, max_size=60).map("".join))
def test_any_mixture_of_marks_gives_a_plan_or_a_refusal(text):
    parsed, told = answered(lambda: parse(read_text(text, "文字"), KNOWN))

    if parsed is None:
        assert all(CHINESE.search(message) for message in told)
    else:
        assert all(doubt.text == parsed.text_of(doubt.span) for doubt in parsed.doubts)
        assert len(set(parsed.plan.indicators_by_code)) == len(parsed.plan.indicators)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_document_with_any_letters_lost_is_still_answered(data):
    source = data.draw(st.sampled_from([s for s in sources() if s.name.count(".") == 1]))
    text = source.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + text[at + data.draw(st.integers(1, 12)) :]
        if not text:
            return
    parsed, told = answered(lambda: parse(read_text(text, "文字"), KNOWN))

    assert told if parsed is None else parsed.plan.tasks


@pytest.mark.parametrize("seed", range(12))
def test_a_word_file_with_spoilt_bytes_is_answered(tmp_path, seed):
    rng = random.Random(seed)
    source = next(s for s in sources() if s.name.startswith("breakdown"))
    name, whole = built(source)
    spoilt = bytearray(whole)
    for _ in range(40):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    path = tmp_path / name
    path.write_bytes(bytes(spoilt))
    parsed, told = answered(lambda: read_document(path))

    assert all(CHINESE.search(message) for message in told) if parsed is None else parsed.plan.tasks


OWN = """区市场监管局2026年食品安全工作要点
一、强化日常监管
（一）开展风险分级检查。全年检查食品生产企业不少于200家次。
（二）开展专项整治。聚焦校园食品安全，开展春秋季检查。
"""
ONE = "2026年食品安全工作要点\n一、压实责任\n1.落实包保制度，全年督导2次。\n"
LIST = (
    "食品安全责任清单\n序号\t责任事项\t工作内容\t完成时限\n"
    "1\t监督抽检\t全年完成抽检500批次\t12月底前\n2\t隐患排查\t开展校园食堂检查\t6月底前\n"
)
SCHOOL = """实验小学2026年食品安全工作计划
一、指导思想
坚持安全第一、预防为主。
二、工作措施
1.每学期开展食堂检查2次。
2.组织从业人员培训。
"""


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (OWN, 2),
        (ONE, 1),
        ("2026年食品安全工作要点\n全年开展食品抽检500批次。\n", 1),
        (LIST, 2),
        (SCHOOL, 2),
    ],
)
def test_a_plan_that_names_nobody_is_a_draft_that_asks_once(text, tasks):
    parsed = parse(read_text(text, "plan.txt"), KNOWN)

    assert len(parsed.plan.tasks) == tasks
    asked = [d for d in parsed.doubts if d.code is FindingCode.NOBODY_NAMED]
    assert [doubt.message for doubt in asked] == ["文件没有写明任何责任单位"]
    settled = corrections.all_assigned(parsed, "scjg")
    assert not [d for d in settled.doubts if d.code is FindingCode.NOBODY_NAMED]
    assert all([a.party for a in task.assignments] == ["scjg"] for task in settled.plan.tasks)


MINUTES = """区食药安委第一次全体会议纪要
2026年3月5日，区食药安委召开全体会议。会议研究了2026年重点工作。会议强调，要压实责任。（区市场监管局负责）
会议议定以下事项：
一、关于校园食品安全。会议要求，区教育局牵头开展排查。
二、关于经费。会议原则同意。
"""
NOVEL = "他推开门，雨下得很大。\n" * 60 + "老张说这件事（由王局长负责）。\n" + "没有人说话。\n" * 90
SUMMARY = """2025年食品安全工作总结
一、主要做法
（一）强化监管。全年抽检1900批次，合格率98%。（区市场监管局负责）
二、存在问题
基层力量不足。
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (MINUTES, "开头写的是“会议纪要”"),
        ("会议纪要〔2026〕3号\n会议要求：加强抽检。（区市场监管局负责）\n", "开头写的是“会议纪要”"),
        (SUMMARY, "开头写的是“工作总结”"),
        ("第一章 归乡\n" + NOVEL, "开头写的是“第一章”"),
        (NOVEL, "只有 1 处写明责任单位"),
        ("关于开会的通知\n一、时间。\n二、地点。\n三、人员。\n", "没有写明责任单位"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_reason(text, reason):
    with pytest.raises(FsdeskError, match=f"不像工作要点：.*{reason}"):
        parse(read_text(text, "plan.txt"), KNOWN)
