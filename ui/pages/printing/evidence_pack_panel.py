"""The pack for inspections (迎检台账): made as a folder or zip, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QPushButton

from fsdesk.services.output import evidence_pack
from fsdesk.services.output.outputs import Chosen
from ui.pages.printing.panel import OutputPanel
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.fields import passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.services.output.evidence_pack import Pack
    from ui.desk import Desk

ZIP = "压缩包 (*.zip)"
_WORDS = (
    "按任务各建一个文件夹，放入填报记录（PDF 和 Excel）、相关台账和佐证材料，并附总目录和"
    "SHA-256 校验清单。交出后可随时核对文件是否被改动、缺少或多出。"
)


class EvidencePackPanel(OutputPanel):
    """Makes and checks packs; what came of it stands below."""

    def __init__(self, desk: Desk) -> None:
        """Build the buttons and the place for results."""
        super().__init__(desk)
        self.personal = passing(QCheckBox("台账包含涉及个人信息的列"))
        self.make_folder = button("生成文件夹", self._make_folder)
        self.make_zip = QPushButton("生成压缩包")
        set_role(self.make_zip, "primary")
        self.make_zip.clicked.connect(self._make_zip)
        self.check_zip = button("核对压缩包", self._check_zip)
        self.check_folder = button("核对文件夹", self._check_folder)
        self.result = QPlainTextEdit()
        self.result.setReadOnly(True)
        self.result.setAccessibleName("结果")
        self.result.setPlaceholderText("生成或核对的结果列在这里")
        make, check = (self.make_zip, self.make_folder), (self.check_zip, self.check_folder)
        column_of(
            label("迎检台账", "section"),
            label(_WORDS, "muted", wrap=True),
            self.personal,
            row_of(*make, *check, None, spacing=-1),
            (self.result, 1),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )

    @property
    def chosen(self) -> Chosen:
        """What is chosen."""
        return Chosen(personal=self.personal.isChecked())

    def _make_folder(self) -> None:
        parent = self._desk.files.folder("把迎检台账放到哪个文件夹中", "inspection")
        if parent is not None:
            self._make(parent / f"迎检台账-{self._period}")

    def _make_zip(self) -> None:
        name = f"迎检台账-{self._period}.zip"
        file = self._desk.files.save("保存迎检台账", name, (ZIP,), "inspection")
        if file is not None:
            self._make(file if file.suffix else file.with_suffix(".zip"))

    def _make(self, out: Path) -> None:
        output, period = self._output, self._period
        chosen = self.chosen
        self._desk.run(
            lambda w: output.save(w, period, chosen, out), self._made, title="正在生成迎检台账"
        )

    def _made(self, pack: Pack) -> None:
        lines = [f"已生成：{pack.file.name}", f"{pack.tasks} 项任务，{pack.files} 个文件"]
        lines += [f"佐证材料缺失：{name}" for name in pack.missing]
        self.result.setPlainText("\n".join(lines))
        self._desk.messages.info(
            f"已生成：{pack.file.name}", "打开所在位置", lambda: self._desk.files.reveal(pack.file)
        )

    def _check_zip(self) -> None:
        file = self._desk.files.open_one("选择迎检台账压缩包", (ZIP,), "inspection")
        if file is not None:
            self._check(file)

    def _check_folder(self) -> None:
        folder = self._desk.files.folder("选择迎检台账文件夹", "inspection")
        if folder is not None:
            self._check(folder)

    def _check(self, place: Path) -> None:
        self._desk.runner.run(
            lambda: evidence_pack.check_pack(place),
            lambda problems: self._checked(place, problems),
            title="正在核对迎检台账",
        )

    def _checked(self, place: Path, problems: tuple[str, ...]) -> None:
        if problems:
            head = f"“{place.name}”与校验清单不符，共 {len(problems)} 处："
            self.result.setPlainText("\n".join([head, *problems]))
        else:
            self.result.setPlainText(f"“{place.name}”完好，与校验清单一致。")
