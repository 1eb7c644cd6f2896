"""Recovery codes: a unit's travels to the office sealed, which reads it out when it is asked to."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.packet.packet import Recovery
from fsdesk.domain.packet.signing import fingerprint
from fsdesk.domain.plan.naming import office_of
from fsdesk.sealed import DamagedSealError, wrap_key
from fsdesk.services.packet import sealing
from fsdesk.services.plan.planning import current_plan, require_office
from fsdesk.store import vault
from fsdesk.store.packet import keys
from fsdesk.store.settings import load_setting, save_setting

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

_SETTING = "recovery"
_MOST = 5  # passwords of a unit, the newest: a backup of long ago may be opened by an older one


class HeldCode(Struct, frozen=True):
    """A recovery code that the office holds.

    Attributes:
        unit: Code of the unit.
        mark: By which people tell its password from others.
        since: When its report came in, ISO text in UTC.
    """

    unit: str
    unit_name: str
    mark: str
    since: str


def for_office(workspace: Workspace, plan: Plan) -> Recovery | None:
    """Return the recovery code of this workspace, sealed for each key of the office.

    None where there is no password, or no key of the office is known; see `not_enclosed`.
    """
    found = vault.of(workspace.folder) if workspace.has_password else None
    if found is None:
        return None
    code = found.code.encode()
    known = _keys_of_office(workspace, plan)
    sealed = tuple((fingerprint(key), _text(wrap_key(code, key))) for key in known)
    return Recovery(found.mark, sealed) if sealed else None


def not_enclosed(workspace: Workspace, plan: Plan) -> str:
    """Say that the code of a unit's password doesn't go with its report; empty where it does."""
    if workspace.identity.is_office or not workspace.has_password:
        return ""
    return "" if _keys_of_office(workspace, plan) else _no_key(plan, "恢复码没有随包交出")


def about_code(workspace: Workspace) -> str:
    """Say who will have the code of a password that is set here, beside who writes it down."""
    plan = current_plan(workspace)
    if workspace.identity.is_office or plan.directory.office is None:
        return "这个恢复码不交给别人保管，只有您抄存的这一份。"
    if not _keys_of_office(workspace, plan):
        return _no_key(plan, "恢复码不能随报送包交出，只有您抄存的这一份")
    return (
        f"恢复码还会密封在下一次的报送包中，交{office_of(plan)}保管；在那以前，只有您抄存的这一份。"
    )


def _keys_of_office(workspace: Workspace, plan: Plan) -> tuple[str, ...]:
    """Return the keys for which a unit's code is sealed; none at the office itself."""
    office = plan.directory.office
    if office is None or workspace.identity.is_office:
        return ()
    with workspace.reading() as session:
        return sealing.keys_of(session, office.code)


def _no_key(plan: Plan, then: str) -> str:
    office = office_of(plan)
    return f"还没有登记{office}的密钥，{then}：请先导入{office}的下发包或反馈包，并抄存好恢复码。"


def keep(writing: Writing, unit: str, recovery: Recovery) -> None:
    """Keep the recovery code that came with a unit's report; one that is kept already stays."""
    held = load_setting(writing.session, _SETTING)
    codes, keys_now = list(held.get(unit, [])), dict(recovery.keys)
    known = next((each for each in codes if each["mark"] == recovery.mark), None)
    if known is not None:
        if known["keys"].keys() == keys_now.keys():
            return
        codes.remove(known)
    codes.append({"mark": recovery.mark, "keys": keys_now, "since": writing.at})
    save_setting(writing, _SETTING, {**held, unit: codes[-_MOST:]})


def held_codes(workspace: Workspace) -> tuple[HeldCode, ...]:
    """Return which recovery codes the office holds, by unit, the newest first.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, "查看恢复码")
    plan = current_plan(workspace)
    with workspace.reading() as session:
        held = load_setting(session, _SETTING)
    return tuple(
        HeldCode(unit, plan.unit_name(unit), each["mark"], each["since"])
        for unit, codes in sorted(held.items())
        for each in reversed(codes)
    )


def read_out(workspace: Workspace, unit: str, mark: str = "") -> str:
    """Return the recovery code of a unit's password, to be said to its people.

    `unit`: code or name.
    `mark`: of the password; the newest when left out.

    Raises:
        InputRejectedError: When this isn't the office, no such code is held, or it can't be opened.
    """
    require_office(workspace, "查看恢复码")
    named = current_plan(workspace).find_unit(unit)
    with workspace.reading() as session:
        codes = load_setting(session, _SETTING).get(named.code, [])
    wanted = mark.strip().upper()
    found = next((each for each in reversed(codes) if wanted in ("", each["mark"])), None)
    if found is None:
        which = f"标记为 {wanted} 的" if wanted else ""
        raise reject(
            f"没有收到过{named.name}{which}恢复码",
            "恢复码随设密码之后的报送包送来；请导入该单位最近的报送包，或由该单位找出自己抄存的恢复码",
        )
    own = keys.own_key(workspace.keys)
    sealed = found["keys"].get(fingerprint(own.public))
    if sealed is None:
        raise reject(
            f"{named.name}的恢复码密封给本机的另一把密钥，现在的密钥打不开",
            "请从备份恢复原来的密钥",
        )
    try:
        return vault.read_code(own.unwrap(base64.b64decode(sealed)).decode())
    except (DamagedSealError, ValueError, InputRejectedError) as problem:
        raise reject(f"{named.name}的恢复码已损坏，打不开", "请导入该单位最近的报送包") from problem


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
