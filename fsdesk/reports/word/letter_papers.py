"""The four letters as Word files: a 函 in letter form, the 通知书 as documents with a red head.

Laid out after GB/T 9704—2012: A4 with margins of 37, 28, 26 and 35 mm; title 2号小标宋, body
3号仿宋 at a pitch of 28.99 points, 22 lines of 28 characters. 小标宋 and 仿宋 are licensed fonts:
the file names them, and the PC that opens it shows its own. Each kind is a template with places
for what the data say, so that an office may put a template of its own in its stead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import date_text
from fsdesk.domain.supervision.causes import LetterCause
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.reports.word.official_document import OfficialDocument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

REPLY_FORM = "督办事项回复表"
_BLANK = "\n" * 5
_PERIOD, _NUMBER, _UNIT, _DUE = "报告期", "文号", "主送单位", "回复期限"
_ISSUER, _DAY, _BODY, _LAST = "制发单位", "日期", "正文", "结尾"
_SEAL, _CONTACT = "落款单位", "联系方式"
_TITLE_HEAD, _TITLE_TAIL = "题首", "题尾"
_PRINTER = "印发机关"


class LetterPaper(Struct, frozen=True):
    """All that stands on a letter; a draft has no number, the period is in words.

    Attributes:
        signatory: In whose name it is, in the red head.
        seal: Whose seal it bears (落款); the same where it isn't told.
        contact: Whom to ask, in brackets under the date; empty where nobody is named.
        cause: Why it is written, which its title says.
        printer: Who printed it, for the imprint of a 通知书; empty for none.
        subject: What the plan is about, e.g. 食品药品安全; empty where it doesn't say.
    """

    kind: LetterKind
    number: str
    period: str
    addressee: str
    body: Sequence[str]
    signatory: str
    day: date
    reply_by: date
    seal: str = ""
    contact: str = ""
    cause: LetterCause = LetterCause.BEHIND
    printer: str = ""
    subject: str = ""

    @property
    def imprint(self) -> tuple[str, str] | None:
        """Who printed it and when (版记); a 函 in letter form has none."""
        if is_letter_form(self.kind) or not self.printer:
            return None
        return self.printer, f"{date_text(self.day)}印发"

    @property
    def signed(self) -> str:
        """Whose name stands over the date."""
        return self.seal or self.signatory

    @property
    def shown_number(self) -> str:
        """What stands for the number: a draft has none yet."""
        return self.number or "（拟稿，未编号）"

    @property
    def name(self) -> str:
        """What the letter is called, e.g. in a file's properties."""
        return "".join(title_lines(self))


def is_letter_form(kind: LetterKind) -> bool:
    """Tell whether a kind is a 函 in letter form; the others are documents with a red head."""
    return kind is LetterKind.REMINDER


def title_lines(paper: LetterPaper) -> tuple[str, str]:
    """Return a letter's title, cut into lines by its sense."""
    return _title(paper.kind, *_matter(paper))


def _title(kind: LetterKind, head: str, tail: str) -> tuple[str, str]:
    return f"关于{head}", f"{tail}的{kind.label}"


def _matter(paper: LetterPaper) -> tuple[str, str]:
    """Return what a letter is about, by its cause: what was not reported is not called behind."""
    if paper.cause is LetterCause.NO_REPORT:
        return f"报送{paper.subject}重点工作", "进展和数据"
    if paper.cause is LetterCause.FOUND:
        return f"核实{paper.period}{paper.subject}", "重点工作填报数据"
    if not is_letter_form(paper.kind):
        return f"{paper.period}{paper.subject}重点工作", ""
    if paper.cause is LetterCause.BOTH:
        return f"{paper.period}重点工作推进", "和报送情况"
    return f"{paper.period}重点工作", "进度滞后"


def reply_rows(number: str, unit: str, due: str) -> tuple[tuple[str, str], ...]:
    """Return the rows of the form for the reply, the header first; empty lines are room."""
    return (
        ("项目", "内容"),
        ("来函文号", number),
        ("承办单位", unit),
        ("回复期限", due),
        ("办理情况", _BLANK),
        ("整改措施", _BLANK),
        ("完成时限", ""),
        ("佐证材料", "\n\n"),
        ("负责人签字", "\n年　　月　　日（盖章）"),
    )


def default_template(kind: LetterKind, signatory: str, seal: str = "") -> bytes:
    """Return the template of a kind as a Word file, with a form for the reply as its annex.

    The length of the names decides how large the head is and where the signature stands.
    """
    document = OfficialDocument(kind.label, letter=is_letter_form(kind))
    if is_letter_form(kind):
        document.letterhead(_place(_ISSUER), _place(_NUMBER), signatory)
    else:
        document.red_head(_place(_ISSUER), _place(_NUMBER), signatory)
    document.title(_title(kind, _place(_TITLE_HEAD), _place(_TITLE_TAIL)))
    document.addressee(_place(_UNIT))
    document.paragraph(f"{{%p for 段 in {_BODY} %}}")
    document.paragraph("{{ 段 }}")
    document.paragraph("{%p endfor %}")
    # The signature and its seal never stand alone on a page.
    document.paragraph(_place(_LAST), keep=True)
    document.annex_list((REPLY_FORM,))
    document.signature(_place(_SEAL), _place(_DAY), seal or signatory)
    document.note_line(_CONTACT)
    document.annex("附件", REPLY_FORM)
    document.form(reply_rows(_place(_NUMBER), _place(_UNIT), _place(_DUE)), (34, 122))
    if not is_letter_form(kind):
        document.imprint(((_place(_PRINTER), f"{_place(_DAY)}印发"),))
    return document.data()


def _place(name: str) -> str:
    return f"{{{{ {name} }}}}"


def letter_document(paper: LetterPaper, template: bytes) -> bytes:
    """Return a letter as a Word file.

    Raises:
        InputRejectedError: When the template names what there is not, or is no Word file.
    """
    from fsdesk.reports.word.imprint import on_an_even_page
    from fsdesk.reports.word.letter_pages import imprint_place
    from fsdesk.reports.word.template import fill_template

    made = fill_template(template, _words(paper), paper.day)
    return on_an_even_page(made, imprint_place(paper))


def check_template(paper: LetterPaper, template: bytes) -> None:
    """Make sure that an edited template makes a whole letter of a paper.

    Raises:
        InputRejectedError: When it lacks what no letter may lack, names what there is not, or is
            no Word file.
    """
    from fsdesk.reports.word.template import places_of

    known = places_of(template)
    lacking = [name for name in (_NUMBER, _UNIT, _BODY, _LAST, _DAY) if name not in known]
    if lacking:
        words = "、".join(_place(name) for name in lacking)
        raise reject(f"模板中缺少{words}", "请在 Word 中补上，或恢复默认模板后重新编辑")
    letter_document(paper, template)


def _words(paper: LetterPaper) -> Mapping[str, object]:
    *body, last = paper.body
    head, tail = _matter(paper)
    return {
        _PERIOD: paper.period,
        _NUMBER: paper.shown_number,
        _UNIT: paper.addressee,
        _BODY: body,
        _LAST: last,
        _DUE: date_text(paper.reply_by),
        _ISSUER: paper.signatory,
        _SEAL: paper.signed,
        _CONTACT: paper.contact,
        _DAY: date_text(paper.day),
        _TITLE_HEAD: head,
        _TITLE_TAIL: tail,
        _PRINTER: paper.printer,
    }
