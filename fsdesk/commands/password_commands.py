"""`password set`, `recover`, `remove` and `code`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import folder_of, opened
from fsdesk.commands.output import DONE, answer, followed, tell
from fsdesk.commands.passphrase import new_password, recovery_code
from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import reject
from fsdesk.services.care import protecting
from fsdesk.services.packet import recovering
from fsdesk.workspace import holds_workspace, open_workspace

if TYPE_CHECKING:
    from argparse import Namespace


def password(options: Namespace) -> int:
    """Set, change, give up or recover a workspace's password, or read out a unit's code."""
    if options.database:
        raise reject("只有本机数据库可以设密码", "请用数据库服务器自己的加密功能")
    if options.action == "code":
        return _read_out(options)
    folder = folder_of(options)
    protecting.check_can_have(folder)
    if not holds_workspace(folder):
        raise reject(f"文件夹“{folder}”中没有工作区", "请用 --workspace 指定位置")
    protected = protecting.is_protected(folder)
    if options.action != "set" and not protected:
        raise reject(f"工作区“{folder}”没有密码", "不需要这一步")
    if options.action == "remove":
        followed(protecting.give_up_password(folder))
        answer(options, {"password": False}, ["已取消密码，工作区不再加密"])
        return DONE
    if options.action == "recover":
        tell(f"密码的标记：{protecting.mark_of(folder)}")
        protecting.unlock_by_code(folder, recovery_code(options))
    wanted = protecting.new_password(folder, new_password(options))
    # Before anything is changed: what fails later must not keep the code from being shown.
    with open_workspace(folder, write=False) as workspace:
        keeper = recovering.about_code(workspace)
    left = protecting.left_readable(folder)
    followed(protecting.set_password(folder, wanted))
    facts = {"password": True, "mark": wanted.mark, "code": wanted.code, "readable": list(left)}
    lines = [
        f"已{'更换' if protected else '设置'}密码，标记 {wanted.mark}",
        f"恢复码（请抄下，另处保存，只显示这一次）：{wanted.code}",
        keeper,
    ]
    if left:
        lines.append(f"工作区中这些文件没有加密：{'、'.join(left)}")
    answer(options, facts, lines)
    return DONE


def _read_out(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        if options.unit:
            code = recovering.read_out(workspace, options.unit, options.mark)
            answer(options, {"unit": options.unit, "code": code}, [code])
            return DONE
        held = recovering.held_codes(workspace)
    plain = [{"unit": it.unit_name, "mark": it.mark, "since": it.since} for it in held]
    lines = [f"{it.unit_name}\t标记 {it.mark}\t{clock_text(it.since)} 收到" for it in held]
    answer(options, plain, lines or ["还没有收到过恢复码"])
    return DONE
