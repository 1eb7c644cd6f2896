"""A YAML file as nodes that know their line, so that every problem can be pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from fsdesk.domain.findings import Finding, InputRejectedError, Place, error, reject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(slots=True)
class Problems:
    """All that is wrong with a file."""

    file: str
    found: list[Finding]

    def add(self, line: int | None, message: str, remedy: str) -> None:
        """Note a problem at a line."""
        self.found.append(error(message, remedy, Place(self.file, line=line)))

    def raise_all(self) -> None:
        """Raise when anything is wrong.

        Raises:
            InputRejectedError: With all problems, in the order of lines.
        """
        if self.found:
            raise InputRejectedError(*sorted(self.found, key=lambda f: f.place.line or 0))


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping of the file.

    Attributes:
        value: The mapping as the YAML library gives it.
        line: Line on which it begins, from 1.
        problems: Where problems are noted.
    """

    value: Any
    line: int
    problems: Problems

    def only(self, *names: str) -> Node:
        """Note every key that is not among the names."""
        for key in self.value:
            if key not in names:
                self.note(f"不认识的项“{key}”", f"可用的项：{'、'.join(names)}", str(key))
        return self

    def note(self, message: str, remedy: str, key: str = "") -> None:
        """Note a problem at the line of a key, or of the node."""
        self.problems.add(self.line_of(key), message, remedy)

    def line_of(self, key: str) -> int:
        """Return the line of a key's value; the node's own when there is none."""
        places: dict[str, list[int]] = self.value.lc.data or {}
        return places[key][2] + 1 if key in places else self.line

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without default it must be there."""
        found = self.value.get(key, default)
        if isinstance(found, str) and (found.strip() or default is not None):
            return found.strip()
        if found is None or found == "":
            self.note(f"缺少“{key}”", "请补上")
        else:
            self.note(f"“{key}”应为文字", "请改成文字，必要时加引号", key)
        return ""

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number that isn't negative; without default it must be there."""
        found = self.value.get(key, default)
        if isinstance(found, int | float) and not isinstance(found, bool) and found >= 0:
            return float(found)
        if found is None:
            self.note(f"缺少“{key}”", "请补上数字")
        else:
            self.note(f"“{key}”应为不小于 0 的数字", "请改成数字", key)
        return 0.0

    def list_of(self, key: str) -> list[Any]:
        """Return a list; empty when the key is missing."""
        found: Any = self.value.get(key, [])
        if isinstance(found, list):
            return cast("list[Any]", found)
        self.note(f"“{key}”应为列表", "请每项一行，以“- ”开头", key)
        return []

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when the key is missing."""
        found = self.list_of(key)
        if not all(isinstance(item, str) for item in found):
            self.note(f"“{key}”应全部为文字", "请检查这一项", key)
            return ()
        return tuple(found)

    def nodes(self, key: str) -> Iterable[Node]:
        """Yield the mappings of a list."""
        items = self.list_of(key)
        lines: dict[int, list[int]] = self.value[key].lc.data if items else {}
        for number, item in enumerate(items):
            line = lines[number][0] + 1
            if isinstance(item, dict):
                yield Node(item, line, self.problems)
            else:
                self.problems.add(line, f"“{key}”中的这一项应为若干“名称: 值”", "请检查缩进")

    def child(self, key: str) -> Node | None:
        """Return a mapping below this one; None when it is missing or something else."""
        found = self.value.get(key)
        if isinstance(found, dict):
            return Node(found, self.line_of(key), self.problems)
        if found is not None:
            self.note(f"“{key}”应为若干“名称: 值”", "请检查缩进", key)
        return None


def read_yaml(path: Path) -> Node:
    """Read a YAML file.

    Raises:
        InputRejectedError: When it can't be read, is empty, or is no YAML; with the line.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    place = Place(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise reject("文件不是 UTF-8 编码的文本", "请另存为 UTF-8 编码", place) from problem
    except OSError as problem:
        raise reject("文件打不开", "请确认文件存在并允许读取", place) from problem
    try:
        yaml: Any = YAML(typ="rt")
        value: Any = yaml.load(text)
    except MarkedYAMLError as problem:
        told: Any = problem
        mark = told.problem_mark or told.context_mark
        line = mark.line + 1 if mark else None
        raise reject(
            "格式有误，不能识别", "请检查这一行的缩进、冒号和引号", Place(path.name, line=line)
        ) from problem
    except YAMLError as problem:
        raise reject("文件中有不能识别的字符", "请用文本编辑器检查", place) from problem
    if not isinstance(value, dict) or not value:
        raise reject("文件是空的，或不是计划文件", "请参照内置计划的格式", Place(path.name, line=1))
    return Node(value, 1, Problems(path.name, []))
