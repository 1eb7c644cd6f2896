"""What can't be sealed since no key of its receiver is known: told, and asked before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import FindingCode, FsdeskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.desk import Desk

_ANYWAY = "不密封也要发出"
_DETAIL = (
    "要求密封的内容，没有收件单位的密钥就不能密封。请先导入对方用本程序生成的文件，首次导入时登记密钥。"
    "现在发出的，任何拿到文件的人都能看到这些内容。"
)


def or_ask(desk: Desk, go_on: Callable[[], object], where: str) -> Callable[[Exception], None]:
    """Return what to do when writing a packet fails: ask where a key is missing, else tell.

    `go_on`: writes without sealing.
    `where`: what is being done, for the words of another failure.
    """

    def failed(problem: Exception) -> None:
        if not isinstance(problem, FsdeskError) or not problem.tells(FindingCode.NO_RECEIVER_KEY):
            desk.messages.error(problem, where)
            return
        question = f"{problem.findings[0].message}。不密封也要发出吗？"
        if desk.messages.ask(question, _DETAIL, (_ANYWAY,), danger=True) == _ANYWAY:
            go_on()

    return failed
