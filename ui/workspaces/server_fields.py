"""Where a shared database lies and who signs in there: the fields that its pages have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QWidget

from fsdesk.domain.accounts import Encryption, SharedDatabase
from ui.files import ALL
from ui.theme import SPACE_M
from ui.widgets.boxes import boxed, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit, named, passing
from ui.widgets.kept_fields import KeptFields
from ui.widgets.passphrase import secret_field
from ui.workspaces.unmade import UnmadeDrafts

if TYPE_CHECKING:
    from fsdesk.domain.drafts import FieldValue
    from ui.files import Files

_CERTIFICATES = "证书 (*.crt *.pem *.cer)"
_PORT_WIDTH = 84
_ENCRYPTIONS = (
    ("按服务器设置", Encryption.USUAL),
    ("必须加密", Encryption.REQUIRED),
    ("加密并核对证书", Encryption.VERIFIED),
)


class ServerFields(QWidget):
    """Server, database, account, password and encryption; what is typed is kept but the password.

    `changed` tells that what was found before may not hold any more.
    """

    changed = Signal()

    def __init__(self, files: Files, thing: str, known: SharedDatabase | None) -> None:
        """Begin with what is known of a database; `thing` is the form's name for what is kept."""
        super().__init__()
        self._files = files
        self.server = line_edit("服务器", "名称或地址，如 db.office.local")
        self.port = line_edit("端口", "5432")
        self.port.setFixedWidth(_PORT_WIDTH)
        self.database = line_edit("数据库", "管理员给的数据库名")
        self.account = line_edit("账号", "您自己的数据库账号")
        self.password = secret_field("密码")
        self.keeps = passing(named(QCheckBox("在本机记住密码"), "在本机记住密码"))
        self.keeps.setToolTip(
            "存进您的密码文件（pgpass），只有您的系统账号能读；不勾选则每次启动时输入"
        )
        self.encryption = Choice("加密连接", _ENCRYPTIONS)
        self.certificate = line_edit("证书文件", "管理员给的根证书")
        self._choose = button("选择…", self._choose_certificate)
        self.kept = KeptFields(UnmadeDrafts(), self, quiet=True)
        self._lay_out()
        self._keep(thing, known)
        for field in (self.server, self.port, self.database, self.account, self.certificate):
            field.textChanged.connect(self.changed)
        self.password.textChanged.connect(self.changed)
        self.encryption.currentIndexChanged.connect(self._offer)
        self._offer()

    @property
    def wanted(self) -> SharedDatabase:
        """What is filled in; the schema comes from elsewhere."""
        return SharedDatabase(
            self.server.text(),
            self.database.text(),
            self.account.text(),
            port=self.port.text(),
            encryption=Encryption(self.encryption.value),  # Qt holds its bare text
            certificate=self.certificate.text().strip(),
        )

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(SPACE_M)
        # Boxes of their own: a form gives the rows of a layout in it too little height.
        form.addRow("服务器", boxed(row_of((self.server, 1), self.port)))
        form.addRow("数据库", self.database)
        form.addRow("账号", self.account)
        form.addRow("密码", boxed(row_of((self.password, 1), self.keeps)))
        form.addRow("加密连接", self.encryption)
        self._certificate = boxed(row_of((self.certificate, 1), self._choose))
        form.addRow("证书文件", self._certificate)
        self.form = form

    def _keep(self, thing: str, known: SharedDatabase | None) -> None:
        begun = known or SharedDatabase("", "", "")
        words = next(word for word, value in _ENCRYPTIONS if value is begun.encryption)
        stored: dict[str, FieldValue] = {
            "server": begun.server,
            "port": begun.port,
            "database": begun.database,
            "account": begun.account,
            "encryption": words,
            "certificate": begun.certificate,
        }
        for name, field in (
            ("server", self.server),
            ("port", self.port),
            ("database", self.database),
            ("account", self.account),
            ("encryption", self.encryption),
            ("certificate", self.certificate),
        ):
            self.kept.add(name, field)
        self.kept.show(thing, stored)

    def _offer(self) -> None:
        verified = Encryption(self.encryption.value) is Encryption.VERIFIED
        self.form.setRowVisible(self._certificate, verified)
        self.changed.emit()

    def _choose_certificate(self) -> None:
        file = self._files.open_one("选择服务器的根证书", (_CERTIFICATES, ALL), "certificate")
        if file is not None:
            self.certificate.setText(str(file))
